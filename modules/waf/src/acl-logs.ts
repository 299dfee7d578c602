import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy/index.js";
import {
  Wafv2WebAclLoggingConfiguration,
  type Wafv2WebAclLoggingConfigurationLoggingFilter,
} from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration/index.js";
import { policyDocument, resourceTags } from "@telemedicina/core";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { redactedFields } from "./hidden-fields.js";
import type { LogSettings } from "./settings.js";

export interface AclLogsProps {
  /** Name of the ACL, which the log group's name ends with. */
  readonly aclName: string;
  readonly aclArn: string;
  readonly accountId: string;
  readonly region: string;
  /** Of the ACL's region, where its log has to be too. */
  readonly provider: TerraformProvider | undefined;
  readonly logs: LogSettings;
}

/** The log of a web ACL: its group, who may write into it, and what of the requests stands in it. */
export class AclLogs extends Construct {
  readonly groupName: string;
  readonly groupArn: string;

  constructor(scope: Construct, id: string, props: AclLogsProps) {
    super(scope, id);
    const group = this.group(props);
    const policy = this.deliveryPolicy(group, props);
    this.configuration(group, policy, props);

    this.groupName = group.name;
    this.groupArn = group.arn;
  }

  private group({ aclName, provider, logs }: AclLogsProps): CloudwatchLogGroup {
    // WAF writes into no group of another name.
    const name = `aws-waf-logs-${aclName}`;
    return new CloudwatchLogGroup(this, "group", {
      ...(provider === undefined ? {} : { provider }),
      name,
      retentionInDays: logs.retentionDays,
      ...(logs.kmsKeyArn === undefined ? {} : { kmsKeyId: logs.kmsKeyArn }),
      // Who asked for what, by address.
      tags: resourceTags(name, { tier: "frontend", dataClassification: "sensitive" }),
    });
  }

  /** Without it AWS would write one of its own that no plan knows, into one of ten places of the region. */
  private deliveryPolicy(
    group: CloudwatchLogGroup,
    { aclName, accountId, region, provider }: AclLogsProps,
  ): CloudwatchLogResourcePolicy {
    return new CloudwatchLogResourcePolicy(this, "delivery-policy", {
      ...(provider === undefined ? {} : { provider }),
      policyName: `${aclName}-logs`,
      policyDocument: policyDocument([
        {
          Sid: "WafLogDelivery",
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `${group.arn}:*`,
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": `arn:aws:logs:${region}:${accountId}:*` },
          },
        },
      ]),
    });
  }

  private configuration(
    group: CloudwatchLogGroup,
    policy: CloudwatchLogResourcePolicy,
    { aclArn, provider, logs }: AclLogsProps,
  ): void {
    new Wafv2WebAclLoggingConfiguration(this, "configuration", {
      ...(provider === undefined ? {} : { provider }),
      resourceArn: aclArn,
      // The provider gives it without the `:*` that WAF refuses.
      logDestinationConfigs: [group.arn],
      redactedFields: redactedFields(logs),
      ...(logs.requests === "matched" ? { loggingFilter: matchedOnly } : {}),
      dependsOn: [policy],
    });
  }
}

/** Also what only counts: that is what one looks for before a rule may block. */
const matchedOnly: Wafv2WebAclLoggingConfigurationLoggingFilter = {
  defaultBehavior: "DROP",
  filter: [
    {
      behavior: "KEEP",
      requirement: "MEETS_ANY",
      condition: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({ actionCondition: { action } })),
    },
  ],
};
