/** A security group of the platform. One per tier; their rules come from {@link flows}. */
export type SecurityGroupKey = "alb" | "app" | "database" | "database-proxy" | "cache" | "turn" | "endpoints";

/**
 * One end of a flow: a security group, or somebody outside.
 *
 * - `viewers`: whoever may open a connection to the load balancer. CloudFront's prefix list, or the
 *   internet where the environment says so with a reason.
 * - `admin`: the administrators' CIDRs; without any, a flow from them makes no rule.
 */
export type Party = SecurityGroupKey | "internet" | "viewers" | "admin";

/** A port range, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** One line of the port matrix. */
export interface Flow {
  /** Stable key; part of the addresses of the rules made from it. */
  readonly id: string;
  /** What speaks, as the operator calls it. */
  readonly service: string;
  readonly from: Party;
  readonly to: Party;
  /** `-1` is every protocol and then `ports` is ignored, as in EC2. */
  readonly protocol: "tcp" | "udp" | "-1";
  readonly ports: PortRange;
  /** Becomes the description of the rule. Characters EC2 accepts: letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ * */
  readonly purpose: string;
  /** Rows of the requirements that this line carries. */
  readonly requirements: readonly string[];
}

/** Ports with a meaning of their own: hosts, target groups and coturn's configuration read them from here. */
export const ports = {
  http: 80,
  https: 443,
  /** nginx on the application hosts; Reverb stays behind it on loopback. */
  app: 8080,
  /** Reverb's bind port on 127.0.0.1: nginx proxies /app and /apps to it, so no rule opens it. */
  reverb: 8081,
  ssh: 22,
  postgresql: 5432,
  redis: 6379,
  turn: 3478,
  turnTls: 5349,
} as const;

/** UDP ports coturn relays media on: `min-port` and `max-port`, the security group and the NACL alike. */
export const turnRelayPorts: PortRange = { from: 49152, to: 65535 };

/**
 * Ports a client may have chosen for its end of a connection. 1024 and up: NAT gateways, load
 * balancers and Windows use more than Linux's 32768-60999.
 */
export const ephemeralPorts: PortRange = { from: 1024, to: 65535 };

const all: PortRange = { from: 0, to: 65535 };
const port = (number: number): PortRange => ({ from: number, to: number });

/**
 * The port matrix. Security-group rules, NACL entries, the documentation's table and the
 * reachability tests are made from it; nothing else opens a port.
 *
 * Replies need no line: security groups are stateful. So the database and the cache have no egress.
 */
export const flows: readonly Flow[] = [
  {
    id: "viewers-http",
    service: "ALB",
    from: "viewers",
    to: "alb",
    protocol: "tcp",
    ports: port(ports.http),
    purpose: "HTTP, redirected to HTTPS",
    requirements: ["PORT-01", "SG-ALB-I1"],
  },
  {
    id: "viewers-https",
    service: "ALB",
    from: "viewers",
    to: "alb",
    protocol: "tcp",
    ports: port(ports.https),
    purpose: "HTTPS and WebSocket, TLS ends at the load balancer",
    requirements: ["PORT-02", "PORT-03", "SG-ALB-I2"],
  },
  {
    id: "alb-app",
    service: "EC2",
    from: "alb",
    to: "app",
    protocol: "tcp",
    ports: port(ports.app),
    purpose: "Application traffic and health checks from the load balancer",
    requirements: ["PORT-04", "PORT-11", "SG-ALB-O1", "SG-EC2-I1"],
  },
  {
    id: "admin-ssh",
    service: "EC2",
    from: "admin",
    to: "app",
    protocol: "tcp",
    ports: port(ports.ssh),
    purpose: "SSH administration",
    requirements: ["PORT-05", "SG-EC2-I2"],
  },
  {
    id: "app-postgresql",
    service: "RDS",
    from: "app",
    to: "database",
    protocol: "tcp",
    ports: port(ports.postgresql),
    purpose: "PostgreSQL from the application",
    requirements: ["PORT-06", "SG-EC2-O1", "SG-RDS-I1"],
  },
  {
    id: "app-database-proxy",
    service: "RDS Proxy",
    from: "app",
    to: "database-proxy",
    protocol: "tcp",
    ports: port(ports.postgresql),
    purpose: "PostgreSQL from the application, through the proxy",
    requirements: ["DB-10"],
  },
  {
    id: "database-proxy-database",
    service: "RDS Proxy",
    from: "database-proxy",
    to: "database",
    protocol: "tcp",
    ports: port(ports.postgresql),
    purpose: "PostgreSQL from the proxy",
    requirements: ["DB-10"],
  },
  {
    id: "app-redis",
    service: "Redis",
    from: "app",
    to: "cache",
    protocol: "tcp",
    ports: port(ports.redis),
    purpose: "Redis from the application",
    requirements: ["PORT-07", "SG-EC2-O2", "SG-RED-I1"],
  },
  {
    id: "app-https",
    service: "EC2",
    from: "app",
    to: "internet",
    protocol: "tcp",
    ports: port(ports.https),
    purpose: "External APIs, S3 and AWS services over HTTPS",
    requirements: ["SG-EC2-O3", "SG-EC2-O4"],
  },
  {
    id: "app-packages",
    service: "EC2",
    from: "app",
    to: "internet",
    protocol: "tcp",
    ports: port(ports.http),
    purpose: "Packages over HTTP, signed: only with a distribution that has no other way",
    requirements: ["T-07"],
  },
  {
    id: "app-endpoints",
    service: "VPC endpoints",
    from: "app",
    to: "endpoints",
    protocol: "tcp",
    ports: port(ports.https),
    purpose: "AWS services through interface endpoints",
    requirements: ["NET-11"],
  },
  {
    id: "turn-endpoints",
    service: "VPC endpoints",
    from: "turn",
    to: "endpoints",
    protocol: "tcp",
    ports: port(ports.https),
    purpose: "AWS services through interface endpoints",
    requirements: ["NET-11"],
  },
  {
    id: "turn-udp",
    service: "TURN/STUN",
    from: "internet",
    to: "turn",
    protocol: "udp",
    ports: port(ports.turn),
    purpose: "STUN and TURN over UDP",
    requirements: ["PORT-08", "SG-TURN-I1"],
  },
  {
    id: "turn-tcp",
    service: "TURN/STUN",
    from: "internet",
    to: "turn",
    protocol: "tcp",
    ports: port(ports.turn),
    purpose: "TURN over TCP, for clients whose network blocks UDP",
    requirements: ["SG-TURN-+"],
  },
  {
    id: "turn-tls",
    service: "TURN/STUN",
    from: "internet",
    to: "turn",
    protocol: "tcp",
    ports: port(ports.turnTls),
    purpose: "TURN over TLS",
    requirements: ["PORT-09", "SG-TURN-I2"],
  },
  {
    id: "turn-relay",
    service: "TURN/STUN",
    from: "internet",
    to: "turn",
    protocol: "udp",
    ports: turnRelayPorts,
    purpose: "Relayed media (RTP and RTCP)",
    requirements: ["PORT-10", "SG-TURN-I3"],
  },
  {
    id: "turn-any",
    service: "TURN/STUN",
    from: "turn",
    to: "internet",
    protocol: "-1",
    ports: all,
    purpose: "Relayed media to peers on any port",
    requirements: ["SG-TURN-O1"],
  },
];

/** The line with this id. @throws when there is none: an id in code that is not in the matrix is a mistake of ours. */
export function flow(id: string): Flow {
  const found = flows.find((line) => line.id === id);
  if (found === undefined) {
    throw new Error(`No flow "${id}" in the port matrix. Known: ${flows.map((line) => line.id).join(", ")}.`);
  }
  return found;
}
