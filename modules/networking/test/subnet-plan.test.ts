import fc from "fast-check";
import { Address4 } from "ip-address";
import { describe, expect, it } from "vitest";
import { subnetPlan } from "../src/index.js";

const zones = { a: "use1-az1", b: "use1-az2", c: "use1-az4" };

/** Every VPC CIDR the plan takes: /16 to /20 in private address space. */
const vpcCidr = fc
  .record({
    prefix: fc.integer({ min: 16, max: 20 }),
    outer: fc.constantFrom(
      { start: "10.0.0.0", prefix: 8 },
      { start: "172.16.0.0", prefix: 12 },
      { start: "192.168.0.0", prefix: 16 },
      { start: "100.64.0.0", prefix: 10 },
    ),
    position: fc.nat(),
  })
  .map(({ prefix, outer, position }) => {
    const size = 2n ** BigInt(32 - prefix);
    const count = 2n ** BigInt(prefix - outer.prefix);
    const start = new Address4(outer.start).bigInt() + (BigInt(position) % count) * size;
    return `${Address4.fromBigInt(start).correctForm()}/${prefix}`;
  });

describe("subnetPlan", () => {
  it("gives a /16 the documented networks", () => {
    const plan = subnetPlan("10.10.0.0/16", zones);

    expect(plan.supernets).toEqual({
      app: "10.10.0.0/18",
      public: "10.10.64.0/20",
      data: "10.10.80.0/20",
      turn: "10.10.96.0/20",
    });
    expect(Object.fromEntries(plan.subnets.map((subnet) => [subnet.key, subnet.cidr]))).toEqual({
      "public-use1-az1": "10.10.64.0/22",
      "public-use1-az2": "10.10.68.0/22",
      "public-use1-az4": "10.10.72.0/22",
      "app-use1-az1": "10.10.0.0/20",
      "app-use1-az2": "10.10.16.0/20",
      "app-use1-az4": "10.10.32.0/20",
      "data-use1-az1": "10.10.80.0/22",
      "data-use1-az2": "10.10.84.0/22",
      "data-use1-az4": "10.10.88.0/22",
      "turn-use1-az1": "10.10.96.0/22",
      "turn-use1-az2": "10.10.100.0/22",
      "turn-use1-az4": "10.10.104.0/22",
    });
  });

  it("keeps every subnet aligned, inside its tier, its tier inside the VPC, and nothing overlapping", () => {
    fc.assert(
      fc.property(vpcCidr, (cidr) => {
        const { supernets, subnets } = subnetPlan(cidr, zones);
        const vpc = new Address4(cidr);
        const tiers = Object.values(supernets).map((text) => new Address4(text));
        const all = subnets.map((subnet) => new Address4(subnet.cidr));

        for (const tier of tiers) expect(tier.isInSubnet(vpc)).toBe(true);
        for (const subnet of subnets) {
          const network = new Address4(subnet.cidr);
          expect(network.isInSubnet(new Address4(supernets[subnet.tier]))).toBe(true);
          expect(network.startAddress().correctForm()).toBe(subnet.cidr.split("/")[0]);
        }
        for (const networks of [tiers, all]) expect(overlapping(networks)).toEqual([]);
      }),
    );
  });

  it("leaves a fourth slot of every tier and the end of the VPC free", () => {
    fc.assert(
      fc.property(vpcCidr, (cidr) => {
        const { supernets, subnets } = subnetPlan(cidr, zones);
        for (const [tier, supernet] of Object.entries(supernets)) {
          const last = new Address4(supernet).endAddress();
          const used = subnets
            .filter((subnet) => subnet.tier === tier)
            .map((subnet) => new Address4(subnet.cidr));
          expect(used).toHaveLength(3);
          expect(used.some((subnet) => last.isInSubnet(subnet))).toBe(false);
        }
        const end = new Address4(cidr).endAddress();
        expect(Object.values(supernets).some((supernet) => end.isInSubnet(new Address4(supernet)))).toBe(
          false,
        );
      }),
    );
  });

  it("gives a subnet the same CIDR with and without a third zone, in whatever order the zones are written", () => {
    fc.assert(
      fc.property(vpcCidr, (cidr) => {
        const three = subnetPlan(cidr, { c: zones.c, b: zones.b, a: zones.a });
        const two = subnetPlan(cidr, { a: zones.a, b: zones.b });

        expect(three.subnets.filter((subnet) => subnet.letter !== "c")).toEqual(two.subnets);
        expect(three.supernets).toEqual(two.supernets);
      }),
    );
  });

  it.each([
    "10.0.0.0/15",
    "10.0.0.0/21",
    "10.0.0.0/24",
    "10.0.5.0/16",
    "10.0.0.0",
    "fd00::/16",
    "ten",
    "10.0.0.0/33",
  ])("fails for %s, which is no network of /16 to /20", (cidr) => {
    expect(() => subnetPlan(cidr, zones)).toThrow(
      new Error(
        `subnetPlan has 1 fault:\n  - subnetPlan: cidr "${cidr}" cannot hold the subnet plan. ` +
          "Allowed: an IPv4 network of /16 to /20 without host bits, such as 10.0.0.0/16. " +
          "AWS makes no VPC larger than /16, and below /20 a load balancer runs out of addresses.",
      ),
    );
  });

  it("fails for a public network", () => {
    expect(() => subnetPlan("54.10.0.0/16", zones)).toThrow(
      new Error(
        'subnetPlan has 1 fault:\n  - subnetPlan: cidr "54.10.0.0/16" is public address space: its real owner would become ' +
          "unreachable from the VPC. Allowed: a network within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10.",
      ),
    );
  });
});

function overlapping(networks: readonly Address4[]): string[] {
  return networks.flatMap((network, index) =>
    networks
      .slice(index + 1)
      .filter((other) => network.isInSubnet(other) || other.isInSubnet(network))
      .map((other) => `${network.address} and ${other.address}`),
  );
}
