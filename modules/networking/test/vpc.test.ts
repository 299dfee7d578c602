import { describe, expect, it } from "vitest";
import { fullNetwork, idIn, idOf, network, tagsOf, threeZones, twoZones } from "./support.js";

const byDefault = network();
const full = fullNetwork();

describe("VPC and subnets", () => {
  it("NET-01: makes one VPC with DNS support and host names", () => {
    const vpc = byDefault.only("aws_vpc");

    expect(vpc["cidr_block"]).toBe("10.10.0.0/16");
    expect(vpc["enable_dns_support"]).toBe(true);
    expect(vpc["enable_dns_hostnames"]).toBe(true);
  });

  it("NET-02: makes public subnets in two zones, and TURN's apart from them", () => {
    const subnets = byDefault.all("aws_subnet");

    for (const tier of ["public", "turn"]) {
      const zones = subnets
        .filter((subnet) => tagsOf(subnet)["SubnetTier"] === tier)
        .map((subnet) => subnet.attributes["availability_zone_id"]);
      expect(zones).toEqual(["use1-az1", "use1-az2"]);
    }
  });

  it("NET-03: makes private subnets, apart for application and data, in two zones", () => {
    const subnets = byDefault.all("aws_subnet");

    for (const tier of ["app", "data"]) {
      const zones = subnets
        .filter((subnet) => tagsOf(subnet)["SubnetTier"] === tier)
        .map((subnet) => subnet.attributes["availability_zone_id"]);
      expect(zones).toEqual(["use1-az1", "use1-az2"]);
    }
  });

  it("NET-03: gives no subnet public addresses by itself", () => {
    const subnets = full.all("aws_subnet");

    expect(subnets).toHaveLength(12);
    for (const subnet of subnets) expect(subnet.attributes["map_public_ip_on_launch"]).toBe(false);
  });

  it("NET-04: routes public and TURN subnets to the internet gateway", () => {
    const stack = byDefault;
    const routes = stack.all("aws_route").filter((route) => route.attributes["gateway_id"] !== undefined);

    expect(stack.all("aws_internet_gateway")).toHaveLength(1);
    expect(routes.map((route) => idIn(route.attributes["route_table_id"]))).toEqual([
      "public-table",
      "turn-table",
    ]);
    for (const route of routes) {
      expect(route.attributes["destination_cidr_block"]).toBe("0.0.0.0/0");
      expect(idIn(route.attributes["gateway_id"])).toBe("internet-gateway");
    }
  });

  it("NET-06: associates every subnet with exactly one route table", () => {
    const stack = full;
    const subnets = stack.all("aws_subnet").map(idOf);
    const associated = stack
      .all("aws_route_table_association")
      .map((association) => idIn(association.attributes["subnet_id"]));

    expect(subnets).toHaveLength(12);
    expect([...associated].sort()).toEqual([...subnets].sort());
  });

  it("NET-06: sends every subnet to the table of its tier, and application subnets to that of their zone", () => {
    const tables = Object.fromEntries(
      full
        .all("aws_route_table_association")
        .map(({ attributes }) => [idIn(attributes["subnet_id"]), idIn(attributes["route_table_id"])]),
    );

    for (const zone of Object.values(threeZones)) {
      expect(tables[`public-${zone}`]).toBe("public-table");
      expect(tables[`turn-${zone}`]).toBe("turn-table");
      expect(tables[`data-${zone}`]).toBe("data-table");
      expect(tables[`app-${zone}`]).toBe(`app-${zone}-table`);
    }
  });

  it("NET-07: takes over the VPC's own security group, route table and NACL and leaves nothing in them", () => {
    const stack = byDefault;

    expect(stack.only("aws_default_security_group")).toMatchObject({ ingress: [], egress: [] });
    expect(stack.only("aws_default_route_table")).toMatchObject({ route: [] });
    expect(stack.only("aws_default_network_acl")).toMatchObject({ ingress: [], egress: [] });
    expect(stack.only("aws_default_security_group")["vpc_id"]).toBe("${aws_vpc.network_vpc_4E8F0223.id}");
    expect(stack.only("aws_default_route_table")["default_route_table_id"]).toBe(
      "${aws_vpc.network_vpc_4E8F0223.default_route_table_id}",
    );
    expect(stack.only("aws_default_network_acl")["default_network_acl_id"]).toBe(
      "${aws_vpc.network_vpc_4E8F0223.default_network_acl_id}",
    );
  });

  it("NET-07: gives every subnet the NACL of its tier", () => {
    const stack = full;
    const acls = Object.fromEntries(
      stack
        .all("aws_network_acl_association")
        .map(({ attributes }) => [idIn(attributes["subnet_id"]), idIn(attributes["network_acl_id"])]),
    );
    const subnets = stack.all("aws_subnet");

    expect(stack.all("aws_network_acl_association")).toHaveLength(subnets.length);
    for (const subnet of subnets) expect(acls[idOf(subnet)]).toBe(tagsOf(subnet)["SubnetTier"]);
  });

  it.each(["none", "single", "perAz"] as const)(
    "NET-08: gives the data subnets no way out of the VPC with nat %s",
    (nat) => {
      const stack = fullNetwork({ nat });
      const ofData = stack
        .all("aws_route")
        .filter((route) => idIn(route.attributes["route_table_id"]) === "data-table");
      const endpointTables = stack
        .all("aws_vpc_endpoint")
        .flatMap((endpoint) => (endpoint.attributes["route_table_ids"] ?? []) as string[]);

      expect(stack.all("aws_route_table").map(idOf)).toContain("data-table");
      expect(ofData).toEqual([]);
      expect(endpointTables.map(idIn)).not.toContain("data-table");
    },
  );

  it("NET-08: writes routes as resources of their own, never inside a table", () => {
    for (const table of full.all("aws_route_table")) expect(table.attributes["route"]).toBeUndefined();
  });

  it("NET-09: spreads every tier over all zones", () => {
    for (const zones of [twoZones, threeZones]) {
      const subnets = network({ availabilityZones: zones }).all("aws_subnet");
      for (const tier of ["public", "app", "data", "turn"]) {
        const used = subnets
          .filter((subnet) => tagsOf(subnet)["SubnetTier"] === tier)
          .map((subnet) => subnet.attributes["availability_zone_id"]);
        expect(used).toEqual(Object.values(zones));
      }
    }
  });
});
