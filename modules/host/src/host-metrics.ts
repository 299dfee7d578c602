import type { HostRole } from "./props.js";

export const HOST_METRICS_NAMESPACE = "Telemedicina/App";

/** A figure that hosts send to CloudWatch, for dashboards and alarms. */
export interface HostMetric {
  readonly name: string;
  /** Of the figure; CloudWatch itself is told none but for `Percent`. */
  readonly unit: "Count" | "Percent";
  /** `delta`: counted since the last minute, so its sum means something. */
  readonly kind: "gauge" | "delta";
  /** Beside `AutoScalingGroupName` and `InstanceId`. */
  readonly dimension?: "Queue" | "path" | "exe";
  /** Hosts that send it. */
  readonly roles: readonly HostRole[];
  readonly source: "host-metrics" | "scheduler-turn" | "cloudwatch-agent";
}

/**
 * Every figure of a host, in {@link HOST_METRICS_NAMESPACE}. Each is there by `[AutoScalingGroupName]`, by
 * `[AutoScalingGroupName, InstanceId]`, and, where it has a dimension of its own, by that and the group.
 *
 * php-fpm's queue is not among them: of a Unix socket it always says 0. A full pool shows in `MaxChildrenReached`.
 */
export const hostMetrics: readonly HostMetric[] = [
  ...fpm("gauge", [
    "FpmUp",
    "ActiveProcesses",
    "IdleProcesses",
    "TotalProcesses",
    "MaxActiveProcesses",
    "MaxChildren",
  ]),
  ...fpm("delta", ["SlowRequests", "MaxChildrenReached", "AcceptedConnections"]),
  ...fpm("gauge", ["ReverbConnections"]),
  ...["QueueDepth", "DelayedJobs", "ReservedJobs"].map(
    (name): HostMetric => ({
      name,
      unit: "Count",
      kind: "gauge",
      dimension: "Queue",
      roles: ["scheduler"],
      source: "scheduler-turn",
    }),
  ),
  agent("disk_used_percent", "Percent", ["web", "worker", "scheduler"], "path"),
  agent("mem_used_percent", "Percent", ["web", "worker", "scheduler"]),
  agent("procstat_lookup_pid_count", "Count", ["web"], "exe"),
];

function fpm(kind: HostMetric["kind"], names: readonly string[]): HostMetric[] {
  return names.map((name) => ({ name, unit: "Count", kind, roles: ["web"], source: "host-metrics" }));
}

function agent(
  name: string,
  unit: HostMetric["unit"],
  roles: readonly HostRole[],
  dimension?: "path" | "exe",
): HostMetric {
  return {
    name,
    unit,
    kind: "gauge",
    roles,
    source: "cloudwatch-agent",
    ...(dimension === undefined ? {} : { dimension }),
  };
}
