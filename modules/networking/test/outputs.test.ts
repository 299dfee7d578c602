import { synthStack } from "@telemedicina/core/testing";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { describe, expect, it } from "vitest";
import { Network, type NetworkProps } from "../src/index.js";
import { idIn, leastProps, threeZones } from "./support.js";

describe("Network's attributes", () => {
  it("names ids by tier, in the order of the zones' letters, and by letter", () => {
    const { subnetIds, subnetIdsByAz } = attributes({
      availabilityZones: { c: threeZones.c, b: threeZones.b, a: threeZones.a },
    });

    for (const tier of ["public", "app", "data", "turn"] as const) {
      expect(ids(subnetIds[tier])).toEqual([`${tier}-use1-az1`, `${tier}-use1-az2`, `${tier}-use1-az4`]);
      expect(idIn(subnetIdsByAz[tier].a)).toBe(`${tier}-use1-az1`);
      expect(idIn(subnetIdsByAz[tier].b)).toBe(`${tier}-use1-az2`);
      expect(idIn(subnetIdsByAz[tier].c)).toBe(`${tier}-use1-az4`);
    }
  });

  it("has no c where there are two zones", () => {
    expect(Object.keys(attributes({}).subnetIdsByAz.turn)).toEqual(["a", "b"]);
  });

  it("names the VPC by its id, its CIDRs as literals", () => {
    const { vpcId, cidr, plan } = attributes({});

    expect(idIn(vpcId)).toBe("vpc");
    expect(cidr).toBe("10.10.0.0/16");
    expect(plan.supernets.turn).toBe("10.10.96.0/20");
  });

  it("names every security group, endpoints only where there are any", () => {
    const { securityGroupIds } = attributes({});

    expect(Object.entries(securityGroupIds).map(([key, id]) => [key, idIn(id)])).toEqual(
      ["alb", "app", "cache", "database", "turn"].map((key) => [key, key]),
    );
    expect(idIn(attributes({ interfaceEndpoints: ["ssm"] }).securityGroupIds.endpoints)).toBe("endpoints");
  });

  it("names route tables by tier", () => {
    const { routeTableIds } = attributes({});

    expect(ids(routeTableIds.app)).toEqual(["app-use1-az1-table", "app-use1-az2-table"]);
    expect(ids(routeTableIds.data)).toEqual(["data-table"]);
    expect(ids(routeTableIds.public)).toEqual(["public-table"]);
    expect(ids(routeTableIds.turn)).toEqual(["turn-table"]);
  });

  it("names the addresses that the internet sees, by zone letter", () => {
    expect(Object.keys(attributes({ nat: "perAz" }).natPublicIps)).toEqual(["a", "b"]);
    expect(Object.keys(attributes({ nat: "single" }).natPublicIps)).toEqual(["a"]);
    expect(attributes({ nat: "none" }).natPublicIps).toEqual({});
    expect(attributes({ nat: "perAz" }).natPublicIps.b).toMatch(
      /^\$\{aws_nat_gateway\..+use1-az2.+\.public_ip\}$/,
    );
  });

  it("names the flow logs' group", () => {
    const { flowLogGroupName, flowLogGroupArn } = attributes({});

    expect(flowLogGroupName).toMatch(/^\$\{aws_cloudwatch_log_group\..+\.name\}$/);
    expect(flowLogGroupArn).toMatch(/^\$\{aws_cloudwatch_log_group\..+\.arn\}$/);
  });
});

type Attributes = Omit<Network, keyof Construct>;

/** The attributes as Terraform reads them, with the engine's tokens resolved. */
function attributes(changes: Partial<NetworkProps>): Attributes {
  const stack = synthStack((scope) => {
    const network = new Network(scope, "network", { ...leastProps, ...changes });
    const { node: _, ...values } = network;
    new TerraformOutput(scope, "attributes", { value: values });
  });
  const { output } = stack.document as { output?: { attributes?: { value?: Attributes } } };
  if (output?.attributes?.value === undefined) throw new Error("No output in the synthesized stack");
  return output.attributes.value;
}

function ids(references: readonly string[]): string[] {
  return references.map(idIn);
}
