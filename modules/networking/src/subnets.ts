import { Subnet } from "@cdktf/provider-aws/lib/subnet/index.js";
import { type NameScope, resourceName } from "@telemedicina/core";
import { Construct } from "constructs";
import type { ByAz } from "./availability-zones.js";
import { type PlannedSubnet, type SubnetPlan, type SubnetTier, subnetTiers } from "./subnet-plan.js";
import { tierTags } from "./tier-tags.js";

export interface SubnetsProps {
  readonly names: NameScope;
  readonly vpcId: string;
  readonly plan: SubnetPlan;
}

/** A planned subnet that has become one. */
export interface PlacedSubnet extends PlannedSubnet {
  readonly id: string;
}

/** The subnets of a plan, each at an address made of its tier and its zone id. */
export class Subnets extends Construct {
  readonly all: readonly PlacedSubnet[];

  constructor(scope: Construct, id: string, props: SubnetsProps) {
    super(scope, id);
    this.all = props.plan.subnets.map((planned) => ({ ...planned, id: this.subnet(props, planned).id }));
  }

  /** Ids of a tier, in the order of the zones' letters. */
  ids(tier: SubnetTier): readonly string[] {
    return this.all.filter((subnet) => subnet.tier === tier).map((subnet) => subnet.id);
  }

  idsByAz(tier: SubnetTier): ByAz<string> {
    const ofTier = this.all.filter((subnet) => subnet.tier === tier);
    return Object.fromEntries(ofTier.map((subnet) => [subnet.letter, subnet.id]));
  }

  private subnet({ names, vpcId }: SubnetsProps, planned: PlannedSubnet): Subnet {
    return new Subnet(this, planned.key, {
      vpcId,
      cidrBlock: planned.cidr,
      availabilityZoneId: planned.zoneId,
      // In public tiers too: what needs a public address gets one by name (NAT, TURN, load balancer).
      mapPublicIpOnLaunch: false,
      tags: tierTags(resourceName(names, "subnet", planned.key), planned.tier),
    });
  }
}

/** A value for each tier. */
export function byTier<T>(value: (tier: SubnetTier) => T): Readonly<Record<SubnetTier, T>> {
  return Object.fromEntries(subnetTiers.map((tier) => [tier, value(tier)])) as Record<SubnetTier, T>;
}
