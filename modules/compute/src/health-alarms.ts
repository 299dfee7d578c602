import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";

export interface HealthAlarmsProps {
  readonly names: NameScope;
  readonly qualifier: string | undefined;
  readonly loadBalancerArnSuffix: string;
  readonly targetGroupArnSuffix: string;
  readonly actionArns: readonly string[];
}

/** An alarm as those need it that watch it: a refresh wants the name, which is a literal, a deployment group too. */
export interface AlarmReference {
  readonly name: string;
  readonly arn: string;
}

/**
 * The two signs that what was just rolled out is bad: hosts that answer 5XX, and hosts that do not answer. A refresh or
 * a deployment that watches them stops. About 0.20 US dollars a month.
 */
export class HealthAlarms extends Construct {
  /** More than 10 answers of 5XX from hosts in a minute. */
  readonly target5xx: AlarmReference;
  /** For those who name the alarms and must wait for them. */
  readonly resources: readonly CloudwatchMetricAlarm[];
  /** A host unhealthy for two minutes. With two hosts "more than one" would ring only when all is lost. */
  readonly unhealthyHosts: AlarmReference;

  constructor(scope: Construct, id: string, props: HealthAlarmsProps) {
    super(scope, id);
    const target5xx = this.alarm("target-5xx", props, {
      alarmDescription: "Application hosts answer 5XX",
      metricName: "HTTPCode_Target_5XX_Count",
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 10,
      evaluationPeriods: 1,
    });
    const unhealthyHosts = this.alarm("unhealthy-hosts", props, {
      alarmDescription: "An application host fails its health check",
      metricName: "UnHealthyHostCount",
      statistic: "Maximum",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 2,
    });
    this.target5xx = referenceTo(target5xx, alarmName("target-5xx", props));
    this.unhealthyHosts = referenceTo(unhealthyHosts, alarmName("unhealthy-hosts", props));
    this.resources = [target5xx, unhealthyHosts];
  }

  private alarm(
    id: string,
    props: HealthAlarmsProps,
    metric: Omit<CloudwatchMetricAlarmConfig, "alarmName">,
  ): CloudwatchMetricAlarm {
    const name = alarmName(id, props);
    return new CloudwatchMetricAlarm(this, id, {
      ...metric,
      alarmName: name,
      namespace: "AWS/ApplicationELB",
      dimensions: {
        LoadBalancer: props.loadBalancerArnSuffix,
        TargetGroup: props.targetGroupArnSuffix,
      },
      period: 60,
      // No requests, or no hosts registered yet, is not a fault.
      treatMissingData: "notBreaching",
      ...(props.actionArns.length === 0 ? {} : { alarmActions: [...props.actionArns] }),
      tags: resourceTags(name, { tier: "backend" }),
    });
  }
}

function alarmName(id: string, { names, qualifier }: HealthAlarmsProps): string {
  return resourceName(names, "alarm", qualifier === undefined ? id : `${qualifier}-${id}`);
}

function referenceTo(alarm: CloudwatchMetricAlarm, name: string): AlarmReference {
  return { name, arn: alarm.arn };
}
