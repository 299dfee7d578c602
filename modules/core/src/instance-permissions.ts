import type { NameScope } from "./names.js";
import type { PolicyStatement } from "./policy-document.js";

/**
 * Shells and commands through Systems Manager, instead of SSH. `AmazonSSMManagedInstanceCore` would also let an instance
 * read every parameter of the account.
 */
export const sessionManagerStatement: PolicyStatement = {
  Sid: "SessionManager",
  Effect: "Allow",
  Action: [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  Resource: "*",
};

/** What the CloudWatch agent of an instance needs for metrics in these namespaces. */
export function metricStatements({ region }: NameScope, namespaces: readonly string[]): PolicyStatement[] {
  return [
    {
      Sid: "OwnMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": namespaces } },
    },
    {
      // The agent learns its Auto Scaling group, a dimension of every metric, from the instance's tags.
      Sid: "GroupOfTheInstance",
      Effect: "Allow",
      Action: "ec2:DescribeTags",
      Resource: "*",
      Condition: { StringEquals: { "ec2:Region": region } },
    },
  ];
}

/** Lets an instance write to these log groups, and make none. */
export function logStatement(logGroupArns: readonly string[]): PolicyStatement {
  return {
    Sid: "OwnLogGroups",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    // Streams are written as the group's ARN with more behind it.
    Resource: logGroupArns.flatMap((arn) => [arn, `${arn}:log-stream:*`]),
  };
}
