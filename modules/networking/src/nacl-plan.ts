import { createHash } from "node:crypto";
import { ephemeralPorts, flow, type PortRange, ports } from "@telemedicina/core";
import type { SubnetTier } from "./subnet-plan.js";

/** One entry of a network ACL. EC2 takes the lowest number that matches and looks no further. */
export interface NaclEntry {
  readonly direction: "ingress" | "egress";
  /** 1 to 32766, unique for each direction of a NACL. */
  readonly number: number;
  readonly action: "allow" | "deny";
  /** `-1` is every protocol, then there are no ports. */
  readonly protocol: "tcp" | "udp" | "icmp" | "-1";
  readonly ports?: PortRange;
  /** The far end: source of what comes in, destination of what goes out. */
  readonly cidr: string;
  /** Why it is there. NACL entries have no description in AWS; the documentation prints this. */
  readonly purpose: string;
}

export interface NaclPlanInput {
  readonly cidr: string;
  readonly supernets: Readonly<Record<SubnetTier, string>>;
  readonly adminCidrs: readonly string[];
  readonly hasInterfaceEndpoints: boolean;
  /** Whether application hosts get their packages over plain HTTP. */
  readonly httpPackages: boolean;
}

export type NaclPlan = Readonly<Record<SubnetTier, readonly NaclEntry[]>>;

const INTERNET = "0.0.0.0/0";

/** First number of the entries for administrators; all above every other entry. */
const ADMIN_FROM = 1000;
const ADMIN_TO = 32766;

/**
 * The entries of every tier's NACL. NACLs are stateless: each flow needs its way back as well, and
 * who answers decides where that goes. Ways back are 1024-65535, because NAT gateways and load
 * balancers open connections from any of those.
 *
 * DNS, DHCP, time and instance metadata at the VPC's own addresses pass no NACL.
 */
export function naclPlan(input: NaclPlanInput): NaclPlan {
  return { public: publicTier(), app: appTier(input), data: dataTier(input), turn: turnTier() };
}

function publicTier(): NaclEntry[] {
  return [
    inbound(100, tcp(ports.http), INTERNET, "HTTP from anywhere"),
    inbound(110, tcp(ports.https), INTERNET, "HTTPS from anywhere"),
    inbound(120, tcpRange(ephemeralPorts), INTERNET, "Replies to the load balancer and to the NAT gateways"),
    inbound(130, fragmentationNeeded, INTERNET, "Path MTU discovery"),
    outbound(100, tcp(ports.http), INTERNET, "HTTP to the internet, through NAT"),
    outbound(110, tcp(ports.https), INTERNET, "HTTPS to the internet, through NAT"),
    outbound(
      120,
      tcpRange(ephemeralPorts),
      INTERNET,
      "Replies to clients, and the load balancer to its targets",
    ),
    outbound(130, fragmentationNeeded, INTERNET, "Path MTU discovery"),
  ];
}

function appTier(input: NaclPlanInput): NaclEntry[] {
  const { cidr, supernets, adminCidrs, hasInterfaceEndpoints, httpPackages } = input;
  const endpoints = flow("turn-endpoints");
  return [
    ...(hasInterfaceEndpoints
      ? [inbound(80, tcpRange(endpoints.ports), supernets.turn, "TURN hosts to the interface endpoints")]
      : []),
    deny(90, supernets.turn, "Nothing else from the TURN hosts: they relay strangers' packets"),
    inbound(100, tcpRange(flow("alb-app").ports), supernets.public, "Load balancer to the application"),
    // A NAT gateway leaves the sender's address as it is: replies come from the internet, not from its subnet.
    inbound(110, tcpRange(ephemeralPorts), INTERNET, "Replies from the internet, through NAT"),
    inbound(120, everything, cidr, "Inside the VPC"),
    inbound(130, fragmentationNeeded, INTERNET, "Path MTU discovery"),
    ...adminEntries(adminCidrs, "ingress"),
    outbound(100, tcpRange(flow("app-https").ports), INTERNET, "HTTPS to the internet and to S3"),
    outbound(110, everything, cidr, "Inside the VPC, replies to the load balancer included"),
    outbound(120, fragmentationNeeded, INTERNET, "Path MTU discovery"),
    ...(httpPackages
      ? [outbound(130, tcpRange(flow("app-packages").ports), INTERNET, "Packages over HTTP")]
      : []),
    ...adminEntries(adminCidrs, "egress"),
  ];
}

function dataTier({ supernets }: NaclPlanInput): NaclEntry[] {
  return [
    inbound(100, tcpRange(flow("app-postgresql").ports), supernets.app, "PostgreSQL from the application"),
    inbound(110, tcpRange(flow("app-redis").ports), supernets.app, "Redis from the application"),
    inbound(120, everything, supernets.data, "Replication among the nodes"),
    outbound(100, tcpRange(ephemeralPorts), supernets.app, "Replies to the application"),
    outbound(110, everything, supernets.data, "Replication among the nodes"),
  ];
}

function turnTier(): NaclEntry[] {
  return [
    inbound(100, udpRange(flow("turn-udp").ports), INTERNET, "STUN and TURN over UDP"),
    inbound(110, tcpRange(flow("turn-tcp").ports), INTERNET, "TURN over TCP"),
    inbound(120, tcpRange(flow("turn-tls").ports), INTERNET, "TURN over TLS"),
    inbound(130, udpRange(flow("turn-relay").ports), INTERNET, "Relayed media"),
    inbound(140, tcpRange(ephemeralPorts), INTERNET, "Replies to the host's own HTTPS"),
    inbound(150, fragmentationNeeded, INTERNET, "Path MTU discovery"),
    outbound(
      100,
      udpRange(ephemeralPorts),
      INTERNET,
      "Media and replies to peers and clients, whose ports are any",
    ),
    outbound(110, tcpRange(ephemeralPorts), INTERNET, "Replies to clients over TCP and TLS"),
    outbound(120, tcp(ports.https), INTERNET, "The host's own HTTPS: AWS services, certificates"),
    outbound(130, fragmentationNeeded, INTERNET, "Path MTU discovery"),
    outbound(140, tcp(ports.http), INTERNET, "Ubuntu's packages, which come over HTTP, signed"),
  ];
}

function adminEntries(cidrs: readonly string[], direction: NaclEntry["direction"]): NaclEntry[] {
  return [...adminNumbers(cidrs)].map(([cidr, number]) =>
    direction === "ingress"
      ? inbound(
          number,
          tcpRange(flow("admin-ssh").ports),
          cidr,
          "SSH administration, through VPN or Direct Connect",
        )
      : outbound(number, tcpRange(ephemeralPorts), cidr, "Replies to SSH administration"),
  );
}

/**
 * A number for each CIDR that follows from the CIDR, not from its place in the list: renumbering
 * entries in one apply fails, because EC2 refuses a number that the old entry still holds.
 */
function adminNumbers(cidrs: readonly string[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const taken = new Set<number>();
  for (const cidr of [...cidrs].sort()) {
    const digest = createHash("sha256").update(cidr).digest().readUInt32BE(0);
    let number = ADMIN_FROM + (digest % (ADMIN_TO - ADMIN_FROM));
    while (taken.has(number)) number = number === ADMIN_TO ? ADMIN_FROM : number + 1;
    taken.add(number);
    numbers.set(cidr, number);
  }
  return numbers;
}

type Traffic = Pick<NaclEntry, "protocol" | "ports">;

const everything: Traffic = { protocol: "-1" };
/** Type 3 code 4, "fragmentation needed": without it large packets vanish on paths with a smaller MTU. */
const fragmentationNeeded: Traffic = { protocol: "icmp" };

function tcp(port: number): Traffic {
  return { protocol: "tcp", ports: { from: port, to: port } };
}

function tcpRange(range: PortRange): Traffic {
  return { protocol: "tcp", ports: range };
}

function udpRange(range: PortRange): Traffic {
  return { protocol: "udp", ports: range };
}

function inbound(number: number, traffic: Traffic, cidr: string, purpose: string): NaclEntry {
  return { direction: "ingress", number, action: "allow", ...traffic, cidr, purpose };
}

function outbound(number: number, traffic: Traffic, cidr: string, purpose: string): NaclEntry {
  return { direction: "egress", number, action: "allow", ...traffic, cidr, purpose };
}

function deny(number: number, cidr: string, purpose: string): NaclEntry {
  return { direction: "ingress", number, action: "deny", ...everything, cidr, purpose };
}
