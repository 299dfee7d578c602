import { DataAwsEc2ManagedPrefixList } from "@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list/index.js";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import {
  type NameScope,
  resourceName,
  resourceTags,
  type SecurityGroupKey,
  type Tier,
} from "@telemedicina/core";
import { Construct } from "constructs";
import { ruleQuotaFaultText } from "./errors.js";
import { type Peer, type PlannedRule, ruleCount } from "./security-group-plan.js";

export interface SecurityGroupsProps {
  readonly names: NameScope;
  readonly vpcId: string;
  readonly rules: readonly PlannedRule[];
  /** Rules that EC2 takes for each group and direction. */
  readonly quota: number;
}

const CLOUDFRONT_PREFIX_LIST = "com.amazonaws.global.cloudfront.origin-facing";

/** EC2 cannot change a description: a new text here replaces the group and moves everything that wears it. */
const groups: Readonly<Record<SecurityGroupKey, { readonly description: string; readonly tier: Tier }>> = {
  alb: { description: "Application load balancer", tier: "frontend" },
  app: { description: "Application hosts", tier: "backend" },
  database: { description: "PostgreSQL", tier: "database" },
  "database-proxy": { description: "RDS Proxy", tier: "database" },
  cache: { description: "Redis", tier: "database" },
  turn: { description: "TURN hosts", tier: "frontend" },
  endpoints: { description: "Interface endpoints of AWS services", tier: "backend" },
};

const groupKeys = Object.keys(groups) as SecurityGroupKey[];

/**
 * The groups that the rules name, and one resource for each rule, so that a changed rule is a new
 * rule and never a new group.
 */
export class SecurityGroups extends Construct {
  private readonly groups = new Map<SecurityGroupKey, SecurityGroup>();
  private prefixList: DataAwsEc2ManagedPrefixList | undefined;

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    for (const key of groupKeys.filter((key) => props.rules.some((rule) => rule.group === key))) {
      this.groups.set(key, this.group(props, key));
    }
    for (const rule of props.rules) this.rule(props.names, rule);
    this.node.addValidation({ validate: () => quotaFaults(props.rules, props.quota) });
  }

  /** Id of a group. @throws for a group without a rule: it was not made */
  idOf(key: SecurityGroupKey): string {
    const group = this.groups.get(key);
    if (group === undefined) throw new Error(`No security group "${key}" in ${this.node.path}`);
    return group.id;
  }

  has(key: SecurityGroupKey): boolean {
    return this.groups.has(key);
  }

  private group({ names, vpcId }: SecurityGroupsProps, key: SecurityGroupKey): SecurityGroup {
    const name = resourceName(names, "sg", key);
    return new SecurityGroup(this, key, {
      vpcId,
      // A group that must be replaced is made under a new name first: the old one is still worn.
      namePrefix: `${name}-`,
      lifecycle: { createBeforeDestroy: true },
      // Groups refer to each other; without this none of a ring could be deleted.
      revokeRulesOnDelete: true,
      description: groups[key].description,
      tags: resourceTags(name, { tier: groups[key].tier }),
    });
  }

  private rule(names: NameScope, rule: PlannedRule): void {
    const config = {
      securityGroupId: this.idOf(rule.group),
      description: rule.description,
      ipProtocol: rule.flow.protocol,
      ...(rule.flow.protocol === "-1" ? {} : { fromPort: rule.flow.ports.from, toPort: rule.flow.ports.to }),
      ...this.peer(rule.peer),
      tags: {
        ...resourceTags(resourceName(names, "sgr", rule.id), { tier: groups[rule.group].tier }),
        ...(rule.reason === undefined ? {} : { Reason: rule.reason }),
      },
    };
    if (rule.direction === "ingress") new VpcSecurityGroupIngressRule(this, rule.id, config);
    else new VpcSecurityGroupEgressRule(this, rule.id, config);
  }

  private peer(
    peer: Peer,
  ): { cidrIpv4: string } | { prefixListId: string } | { referencedSecurityGroupId: string } {
    switch (peer.kind) {
      case "cidr":
        return { cidrIpv4: peer.cidr };
      case "group":
        return { referencedSecurityGroupId: this.idOf(peer.group) };
      case "cloudfront":
        this.prefixList ??= new DataAwsEc2ManagedPrefixList(this, "cloudfront", {
          name: CLOUDFRONT_PREFIX_LIST,
        });
        return { prefixListId: this.prefixList.id };
    }
  }
}

function quotaFaults(rules: readonly PlannedRule[], quota: number): string[] {
  return groupKeys.flatMap((group) =>
    (["ingress", "egress"] as const).flatMap((direction) => {
      const count = ruleCount(rules.filter((rule) => rule.group === group && rule.direction === direction));
      return count > quota ? [ruleQuotaFaultText(group, direction, count, quota)] : [];
    }),
  );
}
