import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { type NameScope, policyDocument, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";

export interface MonitoringRoleProps {
  readonly names: NameScope;
  readonly accountId: string;
  readonly qualifier: string;
}

/** Lets RDS write the operating system's figures of this account's instances to CloudWatch Logs. */
export class MonitoringRole extends Construct {
  readonly arn: string;
  /** What instances wait for: without the permission RDS refuses to make them. */
  readonly permission: IamRolePolicyAttachment;

  constructor(scope: Construct, id: string, { names, accountId, qualifier }: MonitoringRoleProps) {
    super(scope, id);
    const name = resourceName(names, "role", qualifier);
    const role = new IamRole(this, "role", {
      name,
      description: "Lets RDS Enhanced Monitoring write to its log group",
      assumeRolePolicy: trustPolicy(accountId, names.region),
      tags: resourceTags(name),
    });
    this.permission = new IamRolePolicyAttachment(this, "permission", {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    });
    this.arn = role.arn;
  }
}

/** Only for this account's instances, so that nobody can have the service write here on his behalf. */
function trustPolicy(accountId: string, region: string): string {
  return policyDocument([
    {
      Sid: "OwnInstances",
      Effect: "Allow",
      Principal: { Service: "monitoring.rds.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": `arn:aws:rds:${region}:${accountId}:db:*` },
      },
    },
  ]);
}
