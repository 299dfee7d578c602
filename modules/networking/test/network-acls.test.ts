import { turnRelayPorts } from "@telemedicina/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { naclPlan, subnetPlan } from "../src/index.js";
import { fullNetwork, idIn, naclEntries, network, tagsOf } from "./support.js";

const byDefault = network();
const full = fullNetwork();
const admins = ["10.200.0.0/24", "10.201.0.0/24"];

describe("network ACLs", () => {
  it("NET-07: writes the public tier's entries", () => {
    expect(naclEntries(byDefault, "public", "ingress")).toEqual([
      "100 allow tcp 80-80 0.0.0.0/0",
      "110 allow tcp 443-443 0.0.0.0/0",
      "120 allow tcp 1024-65535 0.0.0.0/0",
      "130 allow icmp 3/4 0.0.0.0/0",
    ]);
    expect(naclEntries(byDefault, "public", "egress")).toEqual([
      "100 allow tcp 80-80 0.0.0.0/0",
      "110 allow tcp 443-443 0.0.0.0/0",
      "120 allow tcp 1024-65535 0.0.0.0/0",
      "130 allow icmp 3/4 0.0.0.0/0",
    ]);
  });

  it("NET-07: writes the application tier's entries", () => {
    expect(naclEntries(byDefault, "app", "ingress")).toEqual([
      "90 deny all 10.10.96.0/20",
      "100 allow tcp 8080-8080 10.10.64.0/20",
      "110 allow tcp 1024-65535 0.0.0.0/0",
      "120 allow all 10.10.0.0/16",
      "130 allow icmp 3/4 0.0.0.0/0",
    ]);
    expect(naclEntries(byDefault, "app", "egress")).toEqual([
      "100 allow tcp 443-443 0.0.0.0/0",
      "110 allow all 10.10.0.0/16",
      "120 allow icmp 3/4 0.0.0.0/0",
    ]);
  });

  it("NET-07: writes the data tier's entries", () => {
    expect(naclEntries(byDefault, "data", "ingress")).toEqual([
      "100 allow tcp 5432-5432 10.10.0.0/18",
      "110 allow tcp 6379-6379 10.10.0.0/18",
      "120 allow all 10.10.80.0/20",
    ]);
    expect(naclEntries(byDefault, "data", "egress")).toEqual([
      "100 allow tcp 1024-65535 10.10.0.0/18",
      "110 allow all 10.10.80.0/20",
    ]);
  });

  it("NET-07: writes the TURN tier's entries", () => {
    expect(naclEntries(byDefault, "turn", "ingress")).toEqual([
      "100 allow udp 3478-3478 0.0.0.0/0",
      "110 allow tcp 3478-3478 0.0.0.0/0",
      "120 allow tcp 5349-5349 0.0.0.0/0",
      "130 allow udp 49152-65535 0.0.0.0/0",
      "140 allow tcp 1024-65535 0.0.0.0/0",
      "150 allow icmp 3/4 0.0.0.0/0",
    ]);
    expect(naclEntries(byDefault, "turn", "egress")).toEqual([
      "100 allow udp 1024-65535 0.0.0.0/0",
      "110 allow tcp 1024-65535 0.0.0.0/0",
      "120 allow tcp 443-443 0.0.0.0/0",
      "130 allow icmp 3/4 0.0.0.0/0",
      "140 allow tcp 80-80 0.0.0.0/0",
    ]);
  });

  it("NACL-PUB-I100: lets HTTP in from anywhere", () => {
    expect(naclEntries(byDefault, "public", "ingress")).toContain("100 allow tcp 80-80 0.0.0.0/0");
  });

  it("NACL-PUB-I110: lets HTTPS in from anywhere", () => {
    expect(naclEntries(byDefault, "public", "ingress")).toContain("110 allow tcp 443-443 0.0.0.0/0");
  });

  it("NACL-PUB-I120: lets replies in on every port a client may have chosen", () => {
    expect(naclEntries(byDefault, "public", "ingress")).toContain("120 allow tcp 1024-65535 0.0.0.0/0");
  });

  it("NACL-PUB-O100: lets HTTP out", () => {
    expect(naclEntries(byDefault, "public", "egress")).toContain("100 allow tcp 80-80 0.0.0.0/0");
  });

  it("NACL-PUB-O110: lets HTTPS out", () => {
    expect(naclEntries(byDefault, "public", "egress")).toContain("110 allow tcp 443-443 0.0.0.0/0");
  });

  it("NACL-PUB-O120*: lets replies to clients out, and the load balancer to its targets", () => {
    expect(naclEntries(byDefault, "public", "egress")).toContain("120 allow tcp 1024-65535 0.0.0.0/0");
  });

  it("NACL-PUB-TURN*: gives TURN subnets and a NACL of their own with UDP in and out", () => {
    const ofTurn = full
      .all("aws_network_acl_association")
      .filter(({ attributes }) => idIn(attributes["network_acl_id"]) === "turn")
      .map(({ attributes }) => idIn(attributes["subnet_id"]));

    expect(ofTurn).toEqual(["turn-use1-az1", "turn-use1-az2", "turn-use1-az4"]);
    expect(naclEntries(byDefault, "turn", "ingress")).toEqual(
      expect.arrayContaining([
        "100 allow udp 3478-3478 0.0.0.0/0",
        "110 allow tcp 3478-3478 0.0.0.0/0",
        "120 allow tcp 5349-5349 0.0.0.0/0",
        `130 allow udp ${turnRelayPorts.from}-${turnRelayPorts.to} 0.0.0.0/0`,
      ]),
    );
    expect(naclEntries(byDefault, "turn", "egress")).toContain("100 allow udp 1024-65535 0.0.0.0/0");
    for (const tier of ["public", "app", "data"]) {
      for (const direction of ["ingress", "egress"] as const) {
        expect(naclEntries(full, tier, direction).filter((entry) => entry.includes(" udp "))).toEqual([]);
      }
    }
  });

  it("NACL-PRV-I100: lets the load balancer's subnets in on the application's port", () => {
    expect(naclEntries(byDefault, "app", "ingress")).toContain("100 allow tcp 8080-8080 10.10.64.0/20");
  });

  it("NACL-PRV-I110: lets replies in from the internet: NAT leaves their source as it is", () => {
    expect(naclEntries(byDefault, "app", "ingress")).toContain("110 allow tcp 1024-65535 0.0.0.0/0");
  });

  it("NACL-PRV-I120: lets the VPC in", () => {
    expect(naclEntries(byDefault, "app", "ingress")).toContain("120 allow all 10.10.0.0/16");
  });

  it("NACL-PRV-O100: lets HTTPS out to anywhere", () => {
    expect(naclEntries(byDefault, "app", "egress")).toContain("100 allow tcp 443-443 0.0.0.0/0");
  });

  it("T-07: lets HTTP out where packages come by it, and nowhere else", () => {
    const http = "130 allow tcp 80-80 0.0.0.0/0";
    expect(naclEntries(byDefault, "app", "egress")).not.toContain(http);
    expect(naclEntries(network({ httpPackages: true }), "app", "egress")).toContain(http);
  });

  it("NACL-PRV-O110: lets the application answer and reach the VPC", () => {
    expect(naclEntries(byDefault, "app", "egress")).toContain("110 allow all 10.10.0.0/16");
  });

  it("T-13: stops TURN hosts from reaching the application, but for the endpoints where there are any", () => {
    expect(naclEntries(byDefault, "app", "ingress")[0]).toBe("90 deny all 10.10.96.0/20");
    expect(naclEntries(full, "app", "ingress").slice(0, 2)).toEqual([
      "80 allow tcp 443-443 10.10.96.0/20",
      "90 deny all 10.10.96.0/20",
    ]);
    expect(naclEntries(full, "data", "ingress").filter((entry) => entry.includes("10.10.96.0/20"))).toEqual(
      [],
    );
  });

  it("NET-08: lets nothing from outside the VPC into the data tier, nor out of it", () => {
    const outside = ["ingress", "egress"].flatMap((direction) =>
      naclEntries(full, "data", direction as "ingress" | "egress").filter(
        (entry) => !/ 10\.10\.(0|80)\.0\//.test(entry),
      ),
    );

    expect(outside).toEqual([]);
  });

  it("PORT-05: lets each administrator's network in for SSH, and the replies out", () => {
    const extra = (direction: "ingress" | "egress") =>
      naclEntries(full, "app", direction)
        .filter((entry) => Number(entry.split(" ")[0]) >= 1000)
        .map((entry) => entry.replace(/^\d+ /, ""))
        .sort();

    expect(extra("ingress")).toEqual(admins.map((cidr) => `allow tcp 22-22 ${cidr}`));
    expect(extra("egress")).toEqual(admins.map((cidr) => `allow tcp 1024-65535 ${cidr}`));
    expect(naclEntries(byDefault, "app", "ingress").filter((entry) => entry.includes(" 22-22 "))).toEqual([]);
  });

  it("gives every entry a number of its own between 1 and 32766, whoever administers", () => {
    const cidr = fc
      .tuple(fc.integer({ min: 8, max: 32 }), fc.nat({ max: 2 ** 32 - 1 }))
      .map(([prefix, start]) => {
        const network = prefix === 0 ? 0n : (BigInt(start) >> BigInt(32 - prefix)) << BigInt(32 - prefix);
        const octets = [24n, 16n, 8n, 0n].map((shift) => (network >> shift) & 255n);
        return `${octets.join(".")}/${prefix}`;
      });
    const { supernets } = subnetPlan("10.10.0.0/16", { a: "use1-az1", b: "use1-az2" });

    fc.assert(
      fc.property(
        fc.uniqueArray(cidr, { maxLength: 300 }),
        fc.boolean(),
        fc.boolean(),
        (adminCidrs, hasInterfaceEndpoints, httpPackages) => {
          const plan = naclPlan({
            cidr: "10.10.0.0/16",
            supernets,
            adminCidrs,
            hasInterfaceEndpoints,
            httpPackages,
          });
          for (const entries of Object.values(plan)) {
            for (const direction of ["ingress", "egress"]) {
              const numbers = entries
                .filter((entry) => entry.direction === direction)
                .map((entry) => entry.number);
              expect(new Set(numbers).size).toBe(numbers.length);
              for (const number of numbers) expect(number >= 1 && number <= 32766).toBe(true);
            }
          }
        },
      ),
    );
  });

  it("gives a rule ports only where its protocol has them", () => {
    for (const { address, attributes } of full.all("aws_network_acl_rule")) {
      const hasPorts = attributes["from_port"] !== undefined || attributes["to_port"] !== undefined;
      expect(hasPorts, address).toBe(attributes["protocol"] === "tcp" || attributes["protocol"] === "udp");
    }
  });

  it("writes entries and associations as resources of their own, never inside a NACL", () => {
    const acls = full.all("aws_network_acl");

    expect(acls.map((acl) => tagsOf(acl)["SubnetTier"])).toEqual(["app", "data", "public", "turn"]);
    for (const { attributes } of acls) {
      for (const inline of ["ingress", "egress", "subnet_ids"]) expect(attributes[inline]).toBeUndefined();
    }
  });

  it("fails when a NACL has more entries than the quota, the default deny included", () => {
    const adminCidrs = Array.from({ length: 15 }, (_, index) => `10.200.${index}.0/24`);

    expect(() => network({ adminCidrs })).toThrow(
      "Validation failed with the following errors:\n" +
        "  [test/network/nacls] network ACL app has 21 ingress entries with the default deny, the quota is 20. " +
        "Allow fewer adminCidrs, or have the quota raised (Service Quotas L-2AEEBF1A, at most 40) and set quotas.naclEntries.",
    );
    expect(() => network({ adminCidrs: adminCidrs.slice(1) })).not.toThrow();
    expect(() => network({ adminCidrs, quotas: { naclEntries: 21 } })).not.toThrow();
  });
});
