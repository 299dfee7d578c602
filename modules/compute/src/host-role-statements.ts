import type { NameScope, PolicyStatement } from "@telemedicina/core";

/** What the statements of every host are about. */
export interface HostScope {
  readonly names: NameScope;
  readonly accountId: string;
  readonly groupNames: readonly string[];
  readonly logGroupArns: readonly string[];
  readonly metricNamespaces: readonly string[];
}

/**
 * What every host may. `*` stands only where AWS knows nothing narrower: the message channels of Session Manager and
 * the reading of tags have no resource, metrics are bound to their namespace instead.
 */
export function hostStatements(scope: HostScope): PolicyStatement[] {
  return [
    ...sessionManager,
    ...lifecycleStatements(scope),
    ...metricStatements(scope),
    ...logStatements(scope),
  ];
}

/**
 * Shells and commands through Systems Manager, instead of SSH. `AmazonSSMManagedInstanceCore` would also let a host read
 * every parameter of the account.
 */
const sessionManager: readonly PolicyStatement[] = [
  {
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
  },
];

function lifecycleStatements({ names, accountId, groupNames }: HostScope): PolicyStatement[] {
  if (groupNames.length === 0) return [];
  return [
    {
      Sid: "OwnLifecycle",
      Effect: "Allow",
      Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
      // The id between the colons is AWS's own; the name is enough to tell one group from another.
      Resource: groupNames.map(
        (name) =>
          `arn:aws:autoscaling:${names.region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${name}`,
      ),
    },
  ];
}

function metricStatements({ names, metricNamespaces }: HostScope): PolicyStatement[] {
  if (metricNamespaces.length === 0) return [];
  return [
    {
      Sid: "OwnMetrics",
      Effect: "Allow",
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
      Condition: { StringEquals: { "cloudwatch:namespace": metricNamespaces } },
    },
    {
      // The CloudWatch agent learns its Auto Scaling group, a dimension of every metric, from the instance's tags.
      Sid: "GroupOfTheInstance",
      Effect: "Allow",
      Action: "ec2:DescribeTags",
      Resource: "*",
      Condition: { StringEquals: { "ec2:Region": names.region } },
    },
  ];
}

function logStatements({ logGroupArns }: HostScope): PolicyStatement[] {
  if (logGroupArns.length === 0) return [];
  return [
    {
      Sid: "OwnLogGroups",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      // Streams are written as the group's ARN with more behind it.
      Resource: logGroupArns.flatMap((arn) => [arn, `${arn}:log-stream:*`]),
    },
  ];
}
