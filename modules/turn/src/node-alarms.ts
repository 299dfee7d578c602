import { Construct } from "constructs";
import { type AlarmScope, expression, mathAlarm, metric } from "./alarm.js";
import type { NodeNames } from "./node-names.js";

/** Percent of the instance type's baseline. */
const BUSY_PERCENT = 80;
/** As often as EC2 reports without paid monitoring. */
const EC2_PERIOD_SECONDS = 300;
/** Of RTO's 15 minutes: a node that AWS replaces by itself takes about five. */
const MINUTES_WITHOUT_NODE = 10;

export interface NodeAlarmsProps extends AlarmScope {
  readonly node: NodeNames;
  /** What EC2 keeps up, Gbit/s. */
  readonly networkGbpsBaseline: number;
}

/** What only one node can have: too much to carry, or no life in it. */
export class NodeAlarms extends Construct {
  /** Literals. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, props: NodeAlarmsProps) {
    super(scope, id);
    this.names = [this.bandwidth(props), this.outOfService(props)];
  }

  private bandwidth({ node, networkGbpsBaseline, ...scope }: NodeAlarmsProps): string {
    const dimensions = { AutoScalingGroupName: node.group };
    const bitsPerSecond = Math.round(networkGbpsBaseline * 1e9);
    return mathAlarm(
      this,
      "bandwidth",
      scope,
      `${node.qualifier}-bandwidth`,
      {
        alarmDescription: `${node.hostName} sends more than ${BUSY_PERCENT} % of what its instance type keeps up: take a larger one`,
        comparisonOperator: "GreaterThanThreshold",
        threshold: BUSY_PERCENT,
        evaluationPeriods: 1,
        treatMissingData: "missing",
      },
      [
        expression("Percent of baseline", `100 * out * 8 / PERIOD(out) / ${bitsPerSecond}`),
        metric("out", "AWS/EC2", "NetworkOut", "Sum", EC2_PERIOD_SECONDS, dimensions),
      ],
    );
  }

  /** A node that drains still serves its calls; it counts, or every planned replacement would ring. */
  private outOfService({ node, ...scope }: NodeAlarmsProps): string {
    const dimensions = { AutoScalingGroupName: node.group };
    const count = (id: string, name: string) =>
      metric(id, "AWS/AutoScaling", name, "Maximum", 60, dimensions);
    return mathAlarm(
      this,
      "out-of-service",
      scope,
      `${node.qualifier}-out-of-service`,
      {
        alarmDescription: `${node.hostName} neither serves nor drains: its zone has had no relay for ${MINUTES_WITHOUT_NODE} minutes`,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        evaluationPeriods: MINUTES_WITHOUT_NODE,
        // The group reports every minute as long as there is one.
        treatMissingData: "breaching",
      },
      [
        expression("Nodes that serve or drain", "serving + draining"),
        count("serving", "GroupInServiceInstances"),
        count("draining", "GroupTerminatingInstances"),
      ],
    );
  }
}
