import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import type { Construct } from "constructs";

export interface AlarmScope {
  readonly names: NameScope;
  readonly actionArns: readonly string[];
}

export type AlarmCondition = Pick<
  CloudwatchMetricAlarmConfig,
  | "alarmDescription"
  | "comparisonOperator"
  | "threshold"
  | "evaluationPeriods"
  | "datapointsToAlarm"
  | "treatMissingData"
>;

/** One alarm on an expression over metrics. 0.10 US dollars a month for each metric in it. @returns its name, a literal */
export function mathAlarm(
  scope: Construct,
  id: string,
  { names, actionArns }: AlarmScope,
  qualifier: string,
  condition: AlarmCondition,
  metricQuery: CloudwatchMetricAlarmMetricQuery[],
): string {
  const name = resourceName(names, "alarm", qualifier);
  new CloudwatchMetricAlarm(scope, id, {
    ...condition,
    alarmName: name,
    metricQuery,
    ...(actionArns.length === 0 ? {} : { alarmActions: [...actionArns], okActions: [...actionArns] }),
    tags: resourceTags(name, { tier: "frontend" }),
  });
  return name;
}

/** What the alarm compares with its threshold. */
export function expression(label: string, text: string): CloudwatchMetricAlarmMetricQuery {
  return { id: "result", label, expression: text, returnData: true };
}

/** A metric that the expression calls by this id. */
export function metric(
  id: string,
  namespace: string,
  metricName: string,
  stat: string,
  period: number,
  dimensions: Readonly<Record<string, string>> = {},
): CloudwatchMetricAlarmMetricQuery {
  return {
    id,
    returnData: false,
    metric: {
      namespace,
      metricName,
      stat,
      period,
      ...(Object.keys(dimensions).length === 0 ? {} : { dimensions: { ...dimensions } }),
    },
  };
}
