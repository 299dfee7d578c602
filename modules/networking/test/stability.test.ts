import type { StackJson } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { fullNetwork, twoZones } from "./support.js";

/** Attributes that name the subnets or tables of all zones, and have to change with a zone more. */
const lists = ["subnet_ids", "route_table_ids"];

describe("addresses are contract", () => {
  it.each(["none", "single", "perAz"] as const)(
    "NET-09: a third zone changes nothing of the first two with nat %s",
    (nat) => {
      const two = resources(fullNetwork({ nat, availabilityZones: twoZones }));
      const three = resources(fullNetwork({ nat }));

      expect(Object.keys(two).length).toBeGreaterThan(90);
      for (const [address, attributes] of Object.entries(two)) {
        expect(without(three[address], lists), address).toEqual(without(attributes, lists));
      }
    },
  );

  it("NET-09: lists of subnets and route tables grow at their end, in endpoints alone", () => {
    const two = resources(fullNetwork({ availabilityZones: twoZones }));
    const three = resources(fullNetwork());
    const changed = Object.keys(two).filter(
      (address) => JSON.stringify(two[address]) !== JSON.stringify(three[address]),
    );

    expect(changed.length).toBeGreaterThan(0);
    for (const address of changed) {
      expect(address).toMatch(/^aws_vpc_endpoint\./);
      for (const list of lists) {
        const before = (two[address]?.[list] ?? []) as string[];
        const after = (three[address]?.[list] ?? []) as string[];
        expect(after).toEqual(expect.arrayContaining(before));
      }
    }
  });

  it.each(["none", "single", "perAz"] as const)(
    "NET-09: what a third zone adds is named after it, with nat %s",
    (nat) => {
      const two = resources(fullNetwork({ nat, availabilityZones: twoZones }));
      const added = Object.keys(resources(fullNetwork({ nat }))).filter(
        (address) => two[address] === undefined,
      );

      expect(added.length).toBeGreaterThan(0);
      for (const address of added) expect(address).toContain("use1-az4");
    },
  );

  it("the order in which zones, endpoints and administrators are written changes nothing", () => {
    const one = fullNetwork();
    const other = fullNetwork({
      availabilityZones: { c: "use1-az4", b: "use1-az2", a: "use1-az1" },
      adminCidrs: ["10.201.0.0/24", "10.200.0.0/24"],
      gatewayEndpoints: ["dynamodb", "s3"],
      interfaceEndpoints: ["codedeploy", "ssmmessages", "ssm"],
    });

    expect(other.document).toEqual(one.document);
  });

  it("one administrator more adds rules and touches none", () => {
    const one = resources(fullNetwork({ adminCidrs: ["10.201.0.0/24"] }));
    const two = resources(fullNetwork({ adminCidrs: ["10.200.0.0/24", "10.201.0.0/24"] }));
    const added = Object.keys(two).filter((address) => one[address] === undefined);

    expect(Object.keys(one).filter((address) => two[address] === undefined)).toEqual([]);
    for (const [address, attributes] of Object.entries(one))
      expect(two[address], address).toEqual(attributes);
    expect(added.map((address) => address.split(".")[0])).toEqual([
      "aws_network_acl_rule",
      "aws_network_acl_rule",
      "aws_vpc_security_group_ingress_rule",
    ]);
  });

  it("no list position stands in an address", () => {
    // Words, zone ids, CIDRs, NACL numbers and the engine's hash; anything else would be a counter.
    for (const address of fullNetwork().addresses()) {
      const id = address.replace(/_[0-9A-F]{8}$/, "").replace(/^[^.]+\.network_/, "");
      const rest = id
        .replace(/use1-az\d/g, "")
        .replace(/(ingress|egress)-\d+$/, "$1")
        .replace(/10-20[01]-0-0-24$/, "")
        .replace(/^gateway-endpoints_s3$/, "");
      expect(rest, address).not.toMatch(/\d/);
    }
  });
});

type Resources = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function resources(stack: StackJson): Resources {
  return Object.fromEntries(stack.addresses().map((address) => [address, stack.at(address)]));
}

function without(
  attributes: Readonly<Record<string, unknown>> | undefined,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(attributes ?? {}).filter(([key]) => !keys.includes(key)));
}
