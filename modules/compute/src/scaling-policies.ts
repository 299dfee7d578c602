import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy/index.js";
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import type { FleetTarget } from "./load-balancer.js";
import type { ScalingSettings } from "./scaling.js";

export interface ScalingPoliciesProps {
  readonly names: NameScope;
  readonly qualifier: string;
  /** A literal. */
  readonly groupName: string;
  /** The same as a reference, so that policies wait for the group. */
  readonly groupReference: string;
  readonly scaling: ScalingSettings;
  readonly target: FleetTarget | undefined;
}

/** An alarm and what it does: so many hosts more, or fewer. */
interface Rule {
  readonly id: string;
  readonly hosts: number;
  readonly description: string;
  readonly metric: Metric;
  readonly threshold: number;
  /** Minutes that the figure must last. */
  readonly minutes: number;
}

type Metric = Pick<
  CloudwatchMetricAlarmConfig,
  "namespace" | "metricName" | "dimensions" | "statistic" | "treatMissingData"
>;

const ADD_MINUTES = 5;
const ADD_FAST_MINUTES = 3;
/** Late, so that a short calm takes away nothing that is needed again at once. */
const REMOVE_MINUTES = 15;

/**
 * What changes the size of a group. Rules and tracking are not mixed: an alarm that removes below 30 % would fight what
 * AWS adds to stay at 70 %. About 0.10 US dollars a month for each alarm.
 */
export class ScalingPolicies extends Construct {
  /** Literals; none with target tracking, whose alarms are AWS's own. */
  readonly alarmNames: readonly string[];

  constructor(scope: Construct, id: string, props: ScalingPoliciesProps) {
    super(scope, id);
    const { scaling } = props;
    this.alarmNames = rulesOf(props).map((rule) => this.rule(rule, props));
    if (scaling.kind === "targetTracking") this.track(scaling, props);
  }

  private rule(rule: Rule, props: ScalingPoliciesProps): string {
    const { names, qualifier } = props;
    const adds = rule.hosts > 0;
    const policy = new AutoscalingPolicy(this, rule.id, {
      name: resourceName(names, "scaling-policy", `${qualifier}-${rule.id}`),
      autoscalingGroupName: props.groupReference,
      enabled: true,
      policyType: "StepScaling",
      adjustmentType: "ChangeInCapacity",
      metricAggregationType: "Average",
      stepAdjustment: [
        {
          scalingAdjustment: rule.hosts,
          ...(adds ? { metricIntervalLowerBound: "0" } : { metricIntervalUpperBound: "0" }),
        },
      ],
    });
    const name = resourceName(names, "alarm", `${qualifier}-${rule.id}`);
    new CloudwatchMetricAlarm(this, `${rule.id}-alarm`, {
      ...rule.metric,
      alarmName: name,
      alarmDescription: rule.description,
      comparisonOperator: adds ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold: rule.threshold,
      period: 60,
      evaluationPeriods: rule.minutes,
      alarmActions: [policy.arn],
      tags: resourceTags(name, { tier: "backend" }),
    });
    return name;
  }

  private track(
    { cpuPercent, requestsPerMinute }: Extract<ScalingSettings, { kind: "targetTracking" }>,
    props: ScalingPoliciesProps,
  ): void {
    this.tracking("track-cpu", props, {
      targetValue: cpuPercent,
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
    });
    if (requestsPerMinute === undefined || props.target === undefined) return;
    const { loadBalancerArnSuffix, targetGroupArnSuffix } = props.target;
    this.tracking("track-requests", props, {
      targetValue: requestsPerMinute,
      disableScaleIn: true,
      predefinedMetricSpecification: {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: `${loadBalancerArnSuffix}/${targetGroupArnSuffix}`,
      },
    });
  }

  private tracking(
    id: string,
    { names, qualifier, groupReference, target }: ScalingPoliciesProps,
    configuration: AutoscalingPolicy["targetTrackingConfigurationInput"],
  ): void {
    new AutoscalingPolicy(this, id, {
      name: resourceName(names, "scaling-policy", `${qualifier}-${id}`),
      autoscalingGroupName: groupReference,
      enabled: true,
      policyType: "TargetTrackingScaling",
      ...(configuration === undefined ? {} : { targetTrackingConfiguration: configuration }),
      ...(target === undefined ? {} : { dependsOn: [...target.dependsOn] }),
    });
  }
}

function rulesOf({ scaling, groupName, target }: ScalingPoliciesProps): readonly Rule[] {
  if (scaling.kind === "queue") return queueRules(scaling);
  if (scaling.kind !== "steps") return [];
  return [...cpuRules(scaling, groupName), ...requestRules(scaling.addAboveRequestsPerMinute, target)];
}

function cpuRules(scaling: Extract<ScalingSettings, { kind: "steps" }>, groupName: string): Rule[] {
  const metric: Metric = {
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    dimensions: { AutoScalingGroupName: groupName },
    statistic: "Average",
    // Hosts that say nothing neither need help nor can be spared.
    treatMissingData: "missing",
  };
  const { addAboveCpuPercent, addFastAboveCpuPercent, removeBelowCpuPercent } = scaling;
  return [
    {
      id: "cpu-high",
      hosts: 1,
      description: `CPU above ${addAboveCpuPercent} %: one host more`,
      metric,
      threshold: addAboveCpuPercent,
      minutes: ADD_MINUTES,
    },
    {
      id: "cpu-very-high",
      hosts: 2,
      description: `CPU above ${addFastAboveCpuPercent} %: two hosts more`,
      metric,
      threshold: addFastAboveCpuPercent,
      minutes: ADD_FAST_MINUTES,
    },
    {
      id: "cpu-low",
      hosts: -1,
      description: `CPU below ${removeBelowCpuPercent} %: one host fewer`,
      metric,
      threshold: removeBelowCpuPercent,
      minutes: REMOVE_MINUTES,
    },
  ];
}

function requestRules(requestsPerMinute: number | undefined, target: FleetTarget | undefined): Rule[] {
  if (requestsPerMinute === undefined || target === undefined) return [];
  return [
    {
      id: "requests-high",
      hosts: 1,
      description: `More than ${requestsPerMinute} requests a minute to each host: one host more`,
      metric: {
        namespace: "AWS/ApplicationELB",
        metricName: "RequestCountPerTarget",
        dimensions: { TargetGroup: target.targetGroupArnSuffix },
        // The only one it has: the sum over a minute is already the figure for one host.
        statistic: "Sum",
        treatMissingData: "notBreaching",
      },
      threshold: requestsPerMinute,
      minutes: ADD_FAST_MINUTES,
    },
  ];
}

function queueRules(scaling: Extract<ScalingSettings, { kind: "queue" }>): Rule[] {
  const metric: Metric = {
    namespace: "Telemedicina/App",
    metricName: "QueueDepth",
    dimensions: { Queue: scaling.queueName },
    statistic: "Maximum",
    // No figure is no reason to take workers away, nor to add any.
    treatMissingData: "missing",
  };
  return [
    {
      id: "queue-high",
      hosts: 1,
      description: `More than ${scaling.addAboveQueueDepth} jobs wait: one host more`,
      metric,
      threshold: scaling.addAboveQueueDepth,
      minutes: ADD_FAST_MINUTES,
    },
    {
      id: "queue-low",
      hosts: -1,
      description: `Fewer than ${scaling.removeBelowQueueDepth} jobs wait: one host fewer`,
      metric,
      threshold: scaling.removeBelowQueueDepth,
      minutes: REMOVE_MINUTES,
    },
  ];
}
