import { describe, expect, it } from "vitest";
import { idIn, idOf, network, threeZones } from "./support.js";

describe("NAT", () => {
  it("NET-05: gives each zone its own gateway and routes its application subnet to it (perAz)", () => {
    const stack = network({ nat: "perAz", availabilityZones: threeZones });

    expect(stack.all("aws_nat_gateway").map((gateway) => idIn(gateway.attributes["subnet_id"]))).toEqual([
      "public-use1-az1",
      "public-use1-az2",
      "public-use1-az4",
    ]);
    expect(natRoutes(stack)).toEqual({
      "app-use1-az1-table": "gateway-use1-az1",
      "app-use1-az2-table": "gateway-use1-az2",
      "app-use1-az4-table": "gateway-use1-az4",
    });
  });

  it("NET-05: makes one gateway in zone a that serves all (single)", () => {
    const stack = network({ nat: "single", availabilityZones: threeZones });

    expect(stack.all("aws_nat_gateway").map((gateway) => idIn(gateway.attributes["subnet_id"]))).toEqual([
      "public-use1-az1",
    ]);
    expect(stack.all("aws_eip")).toHaveLength(1);
    expect(natRoutes(stack)).toEqual({
      "app-use1-az1-table": "gateway-use1-az1",
      "app-use1-az2-table": "gateway-use1-az1",
      "app-use1-az4-table": "gateway-use1-az1",
    });
  });

  it("NET-05: makes no gateway, no address and no way out (none)", () => {
    const stack = network({ nat: "none" });

    expect(stack.all("aws_nat_gateway")).toEqual([]);
    expect(stack.all("aws_eip")).toEqual([]);
    expect(natRoutes(stack)).toEqual({});
    expect(stack.all("aws_route_table").map(idOf)).toEqual([
      "app-use1-az1-table",
      "app-use1-az2-table",
      "data-table",
      "public-table",
      "turn-table",
    ]);
  });

  it("NET-05: gives each gateway an Elastic IP of the VPC kind", () => {
    const stack = network({ nat: "perAz" });

    expect(stack.all("aws_eip").map((address) => address.attributes["domain"])).toEqual(["vpc", "vpc"]);
    for (const gateway of stack.all("aws_nat_gateway")) {
      const zone = idOf(gateway).replace("gateway-", "");
      expect(idIn(gateway.attributes["allocation_id"])).toBe(`address-${zone}`);
      expect(gateway.attributes["connectivity_type"]).toBe("public");
      expect(gateway.attributes["depends_on"]).toEqual([
        "aws_internet_gateway.network_internet-gateway_E855E801",
      ]);
    }
  });

  it("NET-05: takes Elastic IPs that are kept elsewhere, and makes the others", () => {
    const stack = network({ nat: "perAz", natEipAllocationIds: { a: "eipalloc-0123456789abcdef0" } });
    const allocations = Object.fromEntries(
      stack.all("aws_nat_gateway").map((gateway) => [idOf(gateway), gateway.attributes["allocation_id"]]),
    );

    expect(stack.all("aws_eip").map(idOf)).toEqual(["address-use1-az2"]);
    expect(allocations["gateway-use1-az1"]).toBe("eipalloc-0123456789abcdef0");
    expect(idIn(allocations["gateway-use1-az2"])).toBe("address-use1-az2");
  });

  it("NET-05: keeps the tables in every mode, so that a change of mode moves routes and nothing else", () => {
    const tables = (["none", "single", "perAz"] as const).map((nat) =>
      network({ nat })
        .addresses()
        .filter((address) => address.startsWith("aws_route_table")),
    );

    expect(tables[1]).toEqual(tables[0]);
    expect(tables[2]).toEqual(tables[0]);
  });
});

function natRoutes(stack: ReturnType<typeof network>): Record<string, string> {
  return Object.fromEntries(
    stack
      .all("aws_route")
      .map((route) => route.attributes)
      .filter((route) => route["nat_gateway_id"] !== undefined)
      .map((route) => {
        expect(route["destination_cidr_block"]).toBe("0.0.0.0/0");
        return [idIn(route["route_table_id"]), idIn(route["nat_gateway_id"])];
      }),
  );
}
