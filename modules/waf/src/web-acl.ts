import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl/index.js";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js";
import { faultsError, resourceName, resourceTags } from "@telemedicina/core";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { AclLogs } from "./acl-logs.js";
import { capacityOf, MOST_CAPACITY } from "./capacity.js";
import { settingsFaults } from "./faults.js";
import { dataProtection } from "./hidden-fields.js";
import { managedGroupOrder } from "./managed-groups.js";
import { NetworkSets } from "./network-sets.js";
import type { WebAclProps } from "./props.js";
import type { PlacedRule } from "./rule.js";
import { ruleJson, visibility } from "./rule-json.js";
import { ruleSet, TOO_MANY_REQUESTS } from "./rule-set.js";
import { resolveSettings, type WebAclSettings } from "./settings.js";

/**
 * A web ACL with its rules, its log and, for a load balancer, its association. What no rule blocks is allowed.
 *
 * About 13 US dollars a month and 0.60 a million requests, both scopes and all regions; the log comes on top.
 *
 * @throws one error with every fault of the props
 */
export class WebAcl extends Construct {
  /** What CloudFront takes as `web_acl_id`. */
  readonly arn: string;
  readonly id: string;
  /** A literal, known at synth. */
  readonly name: string;
  /** Dimension `WebACL` of its metrics, a literal. With CloudFront they are in us-east-1 and have no `Region`. */
  readonly metricName: string;
  /** Dimension `Rule` of its metrics, literals, in the order in which they are asked. */
  readonly ruleNames: readonly string[];
  /** Capacity units that the rules need at most. */
  readonly capacity: number;
  readonly logGroupName: string;
  readonly logGroupArn: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const faults = settingsFaults(settings);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    const rules = ruleSet(settings, {
      allowed: this.networks("allowed", settings),
      blocked: this.networks("blocked", settings),
    });
    const acl = this.acl(settings, rules);
    const logs = this.logs(settings, acl);
    this.association(settings, acl);

    this.arn = acl.arn;
    this.id = acl.id;
    this.name = aclName(settings);
    this.metricName = this.name;
    this.ruleNames = rules.map(({ rule }) => rule.name);
    this.capacity = capacityOf(rules);
    this.logGroupName = logs.groupName;
    this.logGroupArn = logs.groupArn;
  }

  private networks(list: "allowed" | "blocked", settings: WebAclSettings): readonly string[] {
    const allowed = settings.allowedNetworks;
    const cidrs = list === "allowed" ? (allowed?.cidrs ?? []) : settings.blockedNetworks;
    if (cidrs.length === 0) return [];
    return new NetworkSets(this, list, {
      names: settings.names,
      scope: scopeWord(settings),
      provider: providerOf(settings),
      description: list === "allowed" ? "Networks that no rule sees" : "Networks that get nothing",
      cidrs,
      tags: list === "allowed" && allowed !== undefined ? { AllowedBecause: allowed.reason } : {},
    }).arns;
  }

  private acl(settings: WebAclSettings, rules: readonly PlacedRule[]): Wafv2WebAcl {
    const name = aclName(settings);
    const provider = providerOf(settings);
    const { scope, tooManyRequests } = settings;
    return new Wafv2WebAcl(this, "web-acl", {
      ...(provider === undefined ? {} : { provider }),
      name,
      description: scope.kind === "cloudfront" ? "Requests to CloudFront" : "Requests to the load balancer",
      scope: scopeWord(settings),
      defaultAction: { allow: {} },
      rule: rules.map(ruleJson),
      customResponseBody: [{ key: TOO_MANY_REQUESTS, ...tooManyRequests }],
      ...(scope.kind === "cloudfront"
        ? {
            associationConfig: {
              requestBody: [{ cloudfront: { defaultSizeInspectionLimit: `KB_${scope.bodyInspectionKiB}` } }],
            },
          }
        : {}),
      dataProtectionConfig: dataProtection(settings.logs),
      visibilityConfig: visibility(name),
      tags: aclTags(name, settings),
      // AWS deletes no ACL that stands in front of something.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private logs(settings: WebAclSettings, acl: Wafv2WebAcl): AclLogs {
    return new AclLogs(this, "logs", {
      aclName: aclName(settings),
      aclArn: acl.arn,
      accountId: settings.accountId,
      region: settings.names.region,
      provider: providerOf(settings),
      logs: settings.logs,
    });
  }

  /** CloudFront's distributions name their ACL themselves. */
  private association({ scope }: WebAclSettings, acl: Wafv2WebAcl): void {
    if (scope.kind === "cloudfront") return;
    new Wafv2WebAclAssociation(this, "association", {
      resourceArn: scope.loadBalancerArn,
      webAclArn: acl.arn,
    });
  }
}

function aclName({ names, scope }: WebAclSettings): string {
  return resourceName(names, "waf", scope.kind);
}

function scopeWord({ scope }: WebAclSettings): "CLOUDFRONT" | "REGIONAL" {
  return scope.kind === "cloudfront" ? "CLOUDFRONT" : "REGIONAL";
}

function providerOf({ scope }: WebAclSettings): TerraformProvider | undefined {
  return scope.kind === "cloudfront" ? scope.provider : undefined;
}

/** Every departure from "all rules block everywhere" stands on the ACL with its reason. */
function aclTags(name: string, settings: WebAclSettings): Record<string, string> {
  const { mode, groups, exceptions, capacity } = settings;
  const counting = managedGroupOrder.flatMap((group) => {
    const props = groups[group];
    return props.action === "count" ? [[`CountsBecause-${group}`, props.reason] as const] : [];
  });
  return {
    ...resourceTags(name, { tier: "frontend" }),
    ...(mode.action === "count" ? { CountsBecause: mode.reason } : {}),
    ...Object.fromEntries(counting),
    ...Object.fromEntries(exceptions.map(({ rule, reason }) => [`Except-${rule}`, reason])),
    ...(capacity.limit === MOST_CAPACITY ? { MoreCapacityBecause: capacity.reason } : {}),
  };
}
