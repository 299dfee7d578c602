import { flow } from "@telemedicina/core";
import { describe, expect, it } from "vitest";
import { type NaclEntry, naclPlan, type PlannedRule, securityGroupPlan, subnetPlan } from "../src/index.js";

const { cidr, supernets } = subnetPlan("10.10.0.0/16", { a: "use1-az1", b: "use1-az2" });
const rules = securityGroupPlan({
  loadBalancerIngress: { from: "internet", reason: "No CloudFront here yet" },
  adminCidrs: [],
  hasInterfaceEndpoints: false,
  hasDatabaseProxy: false,
  httpPackages: false,
});
const nacls = naclPlan({
  cidr,
  supernets,
  adminCidrs: [],
  hasInterfaceEndpoints: false,
  httpPackages: false,
});

const rulesOf = (group: PlannedRule["group"], direction: PlannedRule["direction"]) =>
  rules.filter((rule) => rule.group === group && rule.direction === direction);

/** Whether the first entry that matches a packet lets it through: what EC2 does. */
function passes(entries: readonly NaclEntry[], direction: NaclEntry["direction"], packet: Packet): boolean {
  const first = [...entries]
    .sort((a, b) => a.number - b.number)
    .find((entry) => entry.direction === direction && matches(entry, packet));
  return first?.action === "allow";
}

interface Packet {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** A far end within this CIDR; every entry's CIDR here is either this, the VPC or the internet. */
  readonly cidr: string;
}

function matches(entry: NaclEntry, packet: Packet): boolean {
  if (entry.protocol !== "-1" && entry.protocol !== packet.protocol) return false;
  if (entry.ports !== undefined && (packet.port < entry.ports.from || packet.port > entry.ports.to))
    return false;
  return entry.cidr === "0.0.0.0/0" || entry.cidr === packet.cidr;
}

const internet = "203.0.113.0/24";

describe("what the strategy document gets wrong", () => {
  it("T-02: opens neither 80 nor 443 on application hosts", () => {
    expect(rulesOf("app", "ingress").map((rule) => rule.flow.id)).toEqual(["alb-app"]);
  });

  it("T-05: gives database and cache no egress: security groups know replies by themselves", () => {
    expect([...rulesOf("database", "egress"), ...rulesOf("cache", "egress")]).toEqual([]);
  });

  it("T-06: makes one rule for HTTPS to everywhere, not one for APIs and the same for S3", () => {
    expect(rulesOf("app", "egress").filter((rule) => rule.peer.kind === "cidr")).toHaveLength(1);
  });

  it("T-08: lets the load balancer reach one port of one group, not everything", () => {
    expect(rulesOf("alb", "egress").map(({ flow, peer }) => [flow.ports, peer])).toEqual([
      [
        { from: 8080, to: 8080 },
        { kind: "group", group: "app" },
      ],
    ]);
  });

  it("T-09: lets the load balancer's replies out to whatever port a client chose, and its requests to 8080", () => {
    for (const port of [1024, 8080, 32768, 65535]) {
      expect(passes(nacls.public, "egress", { protocol: "tcp", port, cidr: internet })).toBe(true);
    }
    expect(passes(nacls.public, "egress", { protocol: "tcp", port: 22, cidr: internet })).toBe(false);
  });

  it("T-10: lets replies from the internet into application subnets: NAT does not hide their source", () => {
    for (const port of [1024, 65535]) {
      expect(passes(nacls.app, "ingress", { protocol: "tcp", port, cidr: internet })).toBe(true);
    }
    expect(passes(nacls.app, "ingress", { protocol: "tcp", port: 443, cidr: internet })).toBe(false);
    expect(passes(nacls.app, "egress", { protocol: "tcp", port: 443, cidr: internet })).toBe(true);
  });

  it("T-11: lets UDP in and out of TURN's subnets, and of no others", () => {
    const packet = { protocol: "udp", port: 50000, cidr: internet } as const;

    for (const direction of ["ingress", "egress"] as const) {
      expect(passes(nacls.turn, direction, packet)).toBe(true);
      for (const tier of ["public", "app", "data"] as const)
        expect(passes(nacls[tier], direction, packet)).toBe(false);
    }
  });

  it("T-12: takes TURN over plain TCP as well, in group and NACL", () => {
    expect(rulesOf("turn", "ingress").map((rule) => rule.flow)).toContain(flow("turn-tcp"));
    expect(passes(nacls.turn, "ingress", { protocol: "tcp", port: 3478, cidr: internet })).toBe(true);
  });

  it("T-13: drops every packet from TURN's subnets to the application, on whatever port", () => {
    for (const port of [22, 80, 443, 8080, 50000]) {
      expect(passes(nacls.app, "ingress", { protocol: "tcp", port, cidr: supernets.turn })).toBe(false);
      expect(passes(nacls.data, "ingress", { protocol: "tcp", port, cidr: supernets.turn })).toBe(false);
    }
  });
});
