import { NetworkAcl } from "@cdktf/provider-aws/lib/network-acl/index.js";
import { NetworkAclAssociation } from "@cdktf/provider-aws/lib/network-acl-association/index.js";
import { NetworkAclRule } from "@cdktf/provider-aws/lib/network-acl-rule/index.js";
import { type NameScope, resourceName } from "@telemedicina/core";
import { Construct } from "constructs";
import { naclQuotaFaultText } from "./errors.js";
import type { NaclEntry, NaclPlan } from "./nacl-plan.js";
import { type SubnetTier, subnetTiers } from "./subnet-plan.js";
import type { PlacedSubnet } from "./subnets.js";
import { tierTags } from "./tier-tags.js";

export interface NetworkAclsProps {
  readonly names: NameScope;
  readonly vpcId: string;
  readonly plan: NaclPlan;
  readonly subnets: readonly PlacedSubnet[];
  /** Entries that EC2 takes for each NACL and direction, its own default deny included. */
  readonly quota: number;
}

/** ICMP "destination unreachable", "fragmentation needed". */
const fragmentationNeeded = { icmpType: 3, icmpCode: 4 };

/**
 * One NACL for each tier. Entries and associations are resources of their own, so that another
 * zone or another entry changes nothing of what is there.
 */
export class NetworkAcls extends Construct {
  constructor(scope: Construct, id: string, props: NetworkAclsProps) {
    super(scope, id);
    for (const tier of subnetTiers) this.tier(props, tier);
    this.node.addValidation({ validate: () => quotaFaults(props.plan, props.quota) });
  }

  private tier({ names, vpcId, plan, subnets }: NetworkAclsProps, tier: SubnetTier): void {
    const acl = new NetworkAcl(this, tier, {
      vpcId,
      tags: tierTags(resourceName(names, "nacl", tier), tier),
    });
    for (const entry of plan[tier]) this.entry(acl, tier, entry);
    for (const subnet of subnets.filter((subnet) => subnet.tier === tier)) {
      new NetworkAclAssociation(this, subnet.key, { networkAclId: acl.id, subnetId: subnet.id });
    }
  }

  private entry(acl: NetworkAcl, tier: SubnetTier, entry: NaclEntry): void {
    new NetworkAclRule(this, `${tier}-${entry.direction}-${entry.number}`, {
      networkAclId: acl.id,
      ruleNumber: entry.number,
      egress: entry.direction === "egress",
      ruleAction: entry.action,
      protocol: entry.protocol,
      cidrBlock: entry.cidr,
      ...(entry.ports === undefined ? {} : { fromPort: entry.ports.from, toPort: entry.ports.to }),
      ...(entry.protocol === "icmp" ? fragmentationNeeded : {}),
    });
  }
}

function quotaFaults(plan: NaclPlan, quota: number): string[] {
  return subnetTiers.flatMap((tier) =>
    (["ingress", "egress"] as const).flatMap((direction) => {
      const count = plan[tier].filter((entry) => entry.direction === direction).length + 1;
      return count > quota ? [naclQuotaFaultText(tier, direction, count, quota)] : [];
    }),
  );
}
