import type { EnvironmentConfig } from "@telemedicina/config";
import { ports, turnRelayPorts } from "@telemedicina/core";
import type { Attributes } from "@telemedicina/core/testing";
import {
  checkFlows,
  type Flow,
  type FlowFinding,
  type Host,
  host,
  internet,
  type NetworkModel,
  prefixList,
  readNetwork,
  renderFlows,
} from "@telemedicina/policy";
import { describe, expect, it } from "vitest";
import { EnvironmentJson, type Resource } from "./environment-json.js";
import { environments, type Stacks, synthesize } from "./environments.js";

const CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing";

/** Some of CloudFront's origin-facing networks: AWS keeps the list, the JSON only names it. */
const prefixLists = { [CLOUDFRONT]: ["13.124.199.0/24", "130.176.0.0/17", "205.251.218.0/24"] };

/** A stack's hosts by zone, and the model they live in. */
interface Scene {
  readonly model: NetworkModel;
  readonly zones: readonly string[];
  readonly hasEndpoints: boolean;
  readonly albFromInternet: boolean;
  readonly httpPackages: boolean;
  readonly hostIn: (tier: Tier, zone: string) => ReturnType<typeof host>;
}

type Tier = "alb" | "app" | "database" | "cache" | "turn" | "endpoints";

const subnetTier: Readonly<Record<Tier, string>> = {
  alb: "public",
  app: "app",
  database: "data",
  cache: "data",
  turn: "turn",
  endpoints: "app",
};

describe.each(environments)("$name", ({ config, stacks }) => {
  const scene = sceneOf(stacks, config);
  const flowsOf = (expect: Flow["expect"]) => table(scene).filter((flow) => flow.expect === expect);

  it("NET-07, SEC-01: lets every flow of the port matrix pass, request and reply, in every zone", () => {
    expectAll(scene, flowsOf("reachable"));
  });

  it("refuses every flow that nobody asked for, in every zone", () => {
    expectAll(scene, flowsOf("refused"));
  });

  it("NET-08: lets nobody on the internet reach the database or the cache, not even at a public address", () => {
    expectAll(
      scene,
      scene.zones.flatMap((zone) =>
        (["database", "cache"] as const).flatMap((tier) => {
          const port = tier === "database" ? ports.postgresql : ports.redis;
          const exposed: Host = { ...scene.hostIn(tier, zone), publicIp: true };
          return [
            refused(`internet-${tier} ${zone}`, internet(), scene.hostIn(tier, zone), port),
            refused(`internet-exposed-${tier} ${zone}`, internet(), exposed, port),
          ];
        }),
      ),
    );
  });

  it("asks enough: each zone against each zone", () => {
    const pairs = Object.keys(config.network.availabilityZones).length ** 2;
    expect(flowsOf("reachable").length).toBeGreaterThan(5 * pairs);
    expect(flowsOf("refused").length).toBeGreaterThan(5 * pairs);
  });
});

describe("a network that is not as it should be", () => {
  const [environment] = environments;
  if (environment === undefined) throw new Error("no environment");

  it("is found out when an override opens the database, and the second lock is seen to hold", () => {
    const stack = structuredClone(environment.stacks("network").document) as MutableDocument;
    const rules = stack.resource["aws_vpc_security_group_ingress_rule"] ?? {};
    const [rule] = Object.values(rules).filter((one) => one["from_port"] === ports.postgresql);
    if (rule === undefined) throw new Error("no rule for PostgreSQL");
    delete rule["referenced_security_group_id"];
    rule["cidr_ipv4"] = "0.0.0.0/0";
    const model = readNetwork(stack, { prefixLists });
    const { hostIn, zones } = sceneOf(environment.stacks, environment.config);
    const [zone = ""] = zones;
    const [finding] = checkFlows(model, [
      refused("turn-database", hostIn("turn", zone), hostIn("database", zone), ports.postgresql),
    ]);
    expect(finding?.status).toBe("pass");
    expect(finding?.reason).toContain("NACL");
  });

  it("is found out when the NACL loses its way back", () => {
    const stack = structuredClone(environment.stacks("network").document) as MutableDocument;
    const rules = stack.resource["aws_network_acl_rule"] ?? {};
    for (const [name, rule] of Object.entries(rules)) {
      if (name.includes("app-ingress-110")) delete rules[name];
      else if (rule["rule_number"] === 120 && name.includes("app-ingress")) delete rules[name];
    }
    const model = readNetwork(stack, { prefixLists });
    const { hostIn, zones } = sceneOf(environment.stacks, environment.config);
    const [finding] = checkFlows(model, [
      flow("app-https", hostIn("app", zones[0] ?? ""), internet(), ports.https),
    ]);
    expect(finding?.status).toBe("fail");
    expect(finding?.reachable).toBe(true);
    expect(finding?.reply).toBe(false);
  });
});

describe("an environment that opens its load balancer to the internet", () => {
  const [environment] = environments;
  if (environment === undefined) throw new Error("no environment");
  const { config } = environment;
  const open = synthesize({
    ...config,
    network: {
      ...config.network,
      loadBalancerIngress: { from: "internet", reason: "A load test until June" },
    },
  });
  const scene = sceneOf(open, config);

  it("PORT-01, PORT-02: lets the internet reach it on 80 and 443, and the reply comes back", () => {
    expect(scene.albFromInternet).toBe(true);
    expectAll(
      scene,
      scene.zones.flatMap((zone) => [
        flow(`internet-alb-http ${zone}`, internet(), scene.hostIn("alb", zone), ports.http),
        flow(`internet-alb-https ${zone}`, internet(), scene.hostIn("alb", zone), ports.https),
      ]),
    );
  });

  it("still refuses everything else", () => {
    expectAll(
      scene,
      table(scene).filter((one) => one.expect === "refused"),
    );
  });
});

type MutableDocument = { readonly resource: Record<string, Record<string, Record<string, unknown>>> };

/** The network, and in it the load balancer and the hosts where the app stack puts them. */
function sceneOf(stacks: Stacks, { compute }: EnvironmentConfig): Scene {
  const stack = stacks("network");
  const tiers = placements(new EnvironmentJson(stacks.all));
  const model = readNetwork(stack.document, { prefixLists });
  const zones = [
    ...new Set(stack.all("aws_subnet").map(({ attributes }) => String(attributes["availability_zone_id"]))),
  ];
  const groups = stack.all("aws_security_group");
  const groupOf = (tier: Tier): string => {
    const found = groups.find(({ address }) => address.includes(`_${tier}_`));
    if (found === undefined) throw new Error(`no security group for ${tier}`);
    return found.address;
  };
  return {
    model,
    zones,
    httpPackages: compute.operatingSystem === "ubuntu2404",
    hasEndpoints: groups.some(({ address }) => address.includes("_endpoints_")),
    albFromInternet: stack
      .all("aws_vpc_security_group_ingress_rule")
      .some(
        ({ attributes }) => attributes["from_port"] === ports.http && attributes["cidr_ipv4"] === "0.0.0.0/0",
      ),
    hostIn: (tier, zone) => {
      const placed = tier === "alb" || tier === "app" ? tiers[tier] : undefined;
      const inTier = `_${subnetTier[tier]}-${zone}_`;
      const subnet = placed
        ? placed.subnets.find((address) => address.includes(`-${zone}_`))
        : stack.all("aws_subnet").find(({ address }) => address.includes(inTier))?.address;
      if (subnet === undefined) throw new Error(`no subnet for ${tier} in ${zone}`);
      return host({
        subnet,
        securityGroups: placed?.securityGroups ?? [groupOf(tier)],
        publicIp: placed?.publicIp ?? tier === "turn",
        name: `${tier} in ${zone}`,
      });
    },
  };
}

interface Placement {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly publicIp: boolean;
}

/** Where the app stack puts the load balancer and the hosts of every group, which all have to be in the same place. */
function placements(json: EnvironmentJson): Readonly<Record<"alb" | "app", Placement>> {
  const ofApp = ({ stack }: Resource): boolean => stack.endsWith("-app");
  const [balancer] = json.all("aws_lb");
  const addresses = (references: unknown): string[] =>
    (references as readonly string[]).map((reference) => reference.replace(/^\$\{(.*)\.id\}$/, "$1"));
  const interfaces = json
    .all("aws_launch_template")
    .filter(ofApp)
    .flatMap(({ attributes }) => attributes["network_interfaces"] as readonly Attributes[]);
  const groups = json
    .all("aws_autoscaling_group")
    .filter(ofApp)
    .map(({ attributes }) => ({
      subnets: addresses(attributes["vpc_zone_identifier"]),
      securityGroups: addresses(interfaces[0]?.["security_groups"]),
      publicIp: interfaces.some((one) => String(one["associate_public_ip_address"]) !== "false"),
    }));
  for (const { security_groups: found } of interfaces)
    expect(addresses(found)).toEqual(groups[0]?.securityGroups);
  for (const group of groups) expect(group).toEqual(groups[0]);
  return {
    alb: {
      subnets: addresses(balancer?.attributes["subnets"]),
      securityGroups: addresses(balancer?.attributes["security_groups"]),
      publicIp: balancer?.attributes["internal"] === false,
    },
    app: groups[0] as Placement,
  };
}

/** Who must reach whom, and who must not. */
function table(scene: Scene): readonly Flow[] {
  return scene.zones.flatMap((zone) => [
    ...withOutside(scene, zone),
    ...scene.zones.flatMap((other) => between(scene, zone, other)),
  ]);
}

function withOutside({ hostIn, albFromInternet, httpPackages }: Scene, zone: string): Flow[] {
  const turn = hostIn("turn", zone);
  // An internal one has no address that CloudFront could reach from outside: it comes through a VPC origin.
  const fromCloudFront = hostIn("alb", zone).publicIp === true ? "reachable" : "refused";
  return [
    {
      ...flow(`cloudfront-alb-https ${zone}`, prefixList(CLOUDFRONT), hostIn("alb", zone), ports.https),
      expect: fromCloudFront,
    },
    flow(`app-internet-https ${zone}`, hostIn("app", zone), internet(), ports.https),
    flow(`turn-internet-https ${zone}`, turn, internet(), ports.https),
    flow(`internet-turn-udp ${zone}`, internet(), turn, ports.turn, "udp"),
    flow(`internet-turn-tcp ${zone}`, internet(), turn, ports.turn),
    flow(`internet-turn-tls ${zone}`, internet(), turn, ports.turnTls),
    { ...flow(`internet-turn-relay ${zone}`, internet(), turn, 0, "udp"), ports: turnRelayPorts },
    // coturn sends relayed media from its relay ports; the peer may sit on any port.
    {
      ...flow(`turn-peer ${zone}`, turn, internet(), 0, "udp"),
      ports: { from: 1024, to: 65535 },
      clientPorts: turnRelayPorts,
    },
    ...(albFromInternet
      ? []
      : [refused(`internet-alb-https ${zone}`, internet("198.51.100.7"), hostIn("alb", zone), ports.https)]),
    ...(albFromInternet
      ? []
      : [refused(`internet-alb-http ${zone}`, internet(), hostIn("alb", zone), ports.http)]),
    refused(`internet-alb-app-port ${zone}`, internet(), hostIn("alb", zone), ports.app),
    refused(`internet-app-ssh ${zone}`, internet(), hostIn("app", zone), ports.ssh),
    refused(`internet-app ${zone}`, internet(), hostIn("app", zone), ports.app),
    refused(`internet-database ${zone}`, internet(), hostIn("database", zone), ports.postgresql),
    refused(`internet-cache ${zone}`, internet(), hostIn("cache", zone), ports.redis),
    refused(`internet-turn-ssh ${zone}`, internet(), turn, ports.ssh),
    refused(`database-internet ${zone}`, hostIn("database", zone), internet(), ports.https),
    refused(`cache-internet ${zone}`, hostIn("cache", zone), internet(), ports.https),
    // Ubuntu's package mirrors speak plain HTTP only.
    {
      ...flow(`app-internet-http ${zone}`, hostIn("app", zone), internet(), ports.http),
      expect: httpPackages ? "reachable" : "refused",
    },
  ];
}

function between({ hostIn, hasEndpoints }: Scene, zone: string, other: string): Flow[] {
  const where = `${zone} ${other}`;
  const [alb, app, turn] = [hostIn("alb", zone), hostIn("app", zone), hostIn("turn", zone)];
  const [database, cache] = [hostIn("database", other), hostIn("cache", other)];
  return [
    flow(`alb-app ${where}`, alb, hostIn("app", other), ports.app),
    flow(`app-database ${where}`, app, database, ports.postgresql),
    flow(`app-cache ${where}`, app, cache, ports.redis),
    ...(hasEndpoints
      ? [
          flow(`app-endpoints ${where}`, app, hostIn("endpoints", other), ports.https),
          flow(`turn-endpoints ${where}`, turn, hostIn("endpoints", other), ports.https),
        ]
      : []),
    refused(`alb-app-ssh ${where}`, alb, hostIn("app", other), ports.ssh),
    refused(`alb-reverb ${where}`, alb, hostIn("app", other), ports.reverb),
    refused(`alb-database ${where}`, alb, database, ports.postgresql),
    refused(`alb-cache ${where}`, alb, cache, ports.redis),
    refused(`turn-app ${where}`, turn, hostIn("app", other), ports.app),
    refused(`turn-database ${where}`, turn, database, ports.postgresql),
    refused(`turn-cache ${where}`, turn, cache, ports.redis),
    refused(`app-database-redis ${where}`, app, database, ports.redis),
    refused(`app-cache-postgresql ${where}`, app, cache, ports.postgresql),
    refused(`database-app ${where}`, hostIn("database", zone), hostIn("app", other), ports.app),
    refused(`cache-database ${where}`, hostIn("cache", zone), database, ports.postgresql),
  ];
}

function flow(id: string, from: Host, to: Host, port: number, protocol: "tcp" | "udp" = "tcp"): Flow {
  return { id, title: id, from, to, protocol, ports: port, expect: "reachable" };
}

function refused(id: string, from: Host, to: Host, port: number): Flow {
  return { ...flow(id, from, to, port), expect: "refused" };
}

function expectAll({ model }: Scene, flows: readonly Flow[]): void {
  expect(flows.length).toBeGreaterThan(0);
  const wrong = checkFlows(model, flows).filter((finding: FlowFinding) => finding.status !== "pass");
  expect(renderFlows(wrong)).toBe(renderFlows([]));
}
