import { Route } from "@cdktf/provider-aws/lib/route/index.js";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table/index.js";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association/index.js";
import { type NameScope, resourceName } from "@telemedicina/core";
import { Construct } from "constructs";
import type { AzLetter } from "./availability-zones.js";
import type { SubnetTier } from "./subnet-plan.js";
import type { PlacedSubnet } from "./subnets.js";
import { tierTags } from "./tier-tags.js";

export interface RouteTablesProps {
  readonly names: NameScope;
  readonly vpcId: string;
  readonly subnets: readonly PlacedSubnet[];
  readonly internetGatewayId: string;
  /** The NAT gateway for the application subnet of a zone; undefined for no way out. */
  readonly natGatewayFor: (letter: AzLetter) => string | undefined;
}

const INTERNET = "0.0.0.0/0";

/**
 * One table for each of public, data and turn, and one for each zone of app. The application's are
 * apart in every NAT mode, so that a change of mode changes a route and no table.
 */
export class RouteTables extends Construct {
  private readonly tables = new Map<string, { readonly tier: SubnetTier; readonly table: RouteTable }>();

  constructor(scope: Construct, id: string, props: RouteTablesProps) {
    super(scope, id);
    for (const subnet of props.subnets) {
      new RouteTableAssociation(this, subnet.key, {
        subnetId: subnet.id,
        routeTableId: this.tableFor(props, subnet).id,
      });
    }
  }

  /** Ids of a tier's tables, in the order of the zones' letters. */
  ids(tier: SubnetTier): readonly string[] {
    return [...this.tables.values()].filter((entry) => entry.tier === tier).map((entry) => entry.table.id);
  }

  private tableFor(props: RouteTablesProps, subnet: PlacedSubnet): RouteTable {
    const key = tableKey(subnet);
    const known = this.tables.get(key);
    if (known !== undefined) return known.table;
    const table = new RouteTable(this, `${key}-table`, {
      vpcId: props.vpcId,
      tags: tierTags(resourceName(props.names, "rtb", key), subnet.tier),
    });
    this.tables.set(key, { tier: subnet.tier, table });
    this.defaultRoute(props, subnet, key, table);
    return table;
  }

  private defaultRoute(props: RouteTablesProps, subnet: PlacedSubnet, key: string, table: RouteTable): void {
    const way = { routeTableId: table.id, destinationCidrBlock: INTERNET };
    switch (subnet.tier) {
      case "public":
      case "turn":
        new Route(this, `${key}-internet`, { ...way, gatewayId: props.internetGatewayId });
        return;
      case "app": {
        const natGatewayId = props.natGatewayFor(subnet.letter);
        if (natGatewayId !== undefined) new Route(this, `${key}-nat`, { ...way, natGatewayId });
        return;
      }
      case "data":
        // No way out of the VPC: what has no route cannot be opened by a mistaken rule.
        return;
    }
  }
}

function tableKey(subnet: PlacedSubnet): string {
  return subnet.tier === "app" ? subnet.key : subnet.tier;
}
