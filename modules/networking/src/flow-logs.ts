import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { type NameScope, policyDocument, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";

/** Seconds. The shortest that AWS offers: an attack is seen within a minute, at the price of more records. */
const AGGREGATION_SECONDS = 60;

export interface FlowLogsProps {
  readonly names: NameScope;
  readonly vpcId: string;
  readonly accountId: string;
  readonly retentionDays: number;
  readonly kmsKeyArn: string | undefined;
}

/** Accepted and rejected connections of the whole VPC, in a log group of its own. */
export class FlowLogs extends Construct {
  readonly logGroupName: string;
  readonly logGroupArn: string;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const logGroup = this.logGroup(props);
    const role = this.role(props, logGroup);
    new FlowLog(this, "flow-log", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      maxAggregationInterval: AGGREGATION_SECONDS,
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      tags: resourceTags(resourceName(props.names, "flow-log")),
    });
    this.logGroupName = logGroup.name;
    this.logGroupArn = logGroup.arn;
  }

  private logGroup({ names, retentionDays, kmsKeyArn }: FlowLogsProps): CloudwatchLogGroup {
    const name = resourceName(names, "log-group", "flow-logs");
    return new CloudwatchLogGroup(this, "log-group", {
      name,
      retentionInDays: retentionDays,
      ...(kmsKeyArn === undefined ? {} : { kmsKeyId: kmsKeyArn }),
      tags: resourceTags(name, { dataClassification: "confidential" }),
    });
  }

  private role({ names, accountId }: FlowLogsProps, logGroup: CloudwatchLogGroup): IamRole {
    const name = resourceName(names, "role", "flow-logs");
    const role = new IamRole(this, "role", {
      name,
      description: "Lets VPC Flow Logs write to their log group",
      assumeRolePolicy: trustPolicy(accountId, names.region),
      tags: resourceTags(name),
    });
    new IamRolePolicy(this, "write", { name: "write", role: role.id, policy: writePolicy(logGroup.arn) });
    return role;
  }
}

/** Only this account's flow logs, so that nobody can have the service write here on his behalf. */
function trustPolicy(accountId: string, region: string): string {
  return policyDocument([
    {
      Sid: "OwnFlowLogs",
      Effect: "Allow",
      Principal: { Service: "vpc-flow-logs.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": `arn:aws:ec2:${region}:${accountId}:vpc-flow-log/*` },
      },
    },
  ]);
}

function writePolicy(logGroupArn: string): string {
  return policyDocument([
    {
      Sid: "WriteTheirLogGroup",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      // Streams of this group: CloudWatch writes them as the group's ARN with more behind it.
      Resource: [logGroupArn, `${logGroupArn}:*`],
    },
    // Acts on no group in particular: with an ARN it would be allowed nowhere.
    { Sid: "FindLogGroups", Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
  ]);
}
