import {
  logStatement,
  metricStatements,
  type NameScope,
  type PolicyStatement,
  sessionManagerStatement,
} from "@telemedicina/core";

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
    sessionManagerStatement,
    ...lifecycleStatements(scope),
    ...(scope.metricNamespaces.length === 0 ? [] : metricStatements(scope.names, scope.metricNamespaces)),
    ...(scope.logGroupArns.length === 0 ? [] : [logStatement(scope.logGroupArns)]),
  ];
}

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
