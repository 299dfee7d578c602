import { describe, expect, it } from "vitest";
import { logFilters, turnCapacity } from "../src/index.js";
import { moduleFile } from "../src/module-file.js";
import { certificateFailures } from "../src/relay-log.js";
import { block, logsKeyArn, relay, relays, tagsOf } from "./relays-support.js";

const { stack, made } = relays();
const alarms = stack.all("aws_cloudwatch_metric_alarm");

interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly return_data: boolean;
  readonly metric?: Readonly<Record<string, unknown>>;
}

function alarm(qualifier: string, all = alarms) {
  const name = `telemedicina-prod-alarm-${qualifier}-sa-east-1`;
  const found = all.find(({ attributes }) => attributes["alarm_name"] === name)?.attributes ?? {};
  const queries = found["metric_query"] as readonly Query[];
  return { found, expression: queries.find((query) => query.return_data)?.expression ?? "", queries };
}

describe("the relays' log", () => {
  it("LOG-06: is one group that is kept 60 days, or as long as it is told", () => {
    expect(stack.only("aws_cloudwatch_log_group")).toMatchObject({
      name: "telemedicina-prod-log-group-turn-sa-east-1",
      retention_in_days: 60,
    });
    expect(made.logGroupName).toBe("telemedicina-prod-log-group-turn-sa-east-1");
    const kept = relay({ logs: { kmsKeyArn: logsKeyArn, retentionDays: 90 } }).stack;
    expect(kept.only("aws_cloudwatch_log_group")["retention_in_days"]).toBe(90);
  });

  it("TAG-04: is sensitive: it says who spoke when", () => {
    const [group] = stack.all("aws_cloudwatch_log_group");

    expect(group === undefined ? {} : tagsOf(group)).toMatchObject({ DataClassification: "sensitive" });
  });

  it("MON-TURN-M: is counted by every pattern, noughts included", () => {
    const filters = stack.all("aws_cloudwatch_log_metric_filter").map(({ attributes }) => attributes);

    expect(filters.map((filter) => filter["name"]).sort()).toEqual(
      [...logFilters.map(({ name }) => name), "CertificateFailures"].sort(),
    );
    for (const { pattern, metricName } of [...logFilters, certificateFailures]) {
      expect(filters).toContainEqual(
        expect.objectContaining({
          name: metricName,
          pattern,
          log_group_name: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\S+\.name\}$/),
          metric_transformation: {
            name: metricName,
            namespace: "Telemedicina/TURN",
            value: "1",
            default_value: "0",
            unit: "Count",
          },
        }),
      );
    }
  });

  it("TURN-13: tells how many requests there are", () => {
    expect(logFilters.find(({ name }) => name === "Requests")).toMatchObject({ metricName: "Requests" });
    expect(
      stack.all("aws_cloudwatch_log_metric_filter").map(({ attributes }) => attributes["name"]),
    ).toContain("Requests");
  });

  it("T-20b: has the words of the program that asks for certificates", () => {
    expect(moduleFile("turn-certificate.py")).toContain(JSON.parse(certificateFailures.pattern));
  });
});

describe("alarms", () => {
  it("are named by the rule, as literals, and all known to the caller", () => {
    expect(made.alarmNames).toEqual(
      [
        "turn-failure-rate",
        "turn-certificate",
        "turn-a-bandwidth",
        "turn-a-out-of-service",
        "turn-b-bandwidth",
        "turn-b-out-of-service",
      ].map((qualifier) => `telemedicina-prod-alarm-${qualifier}-sa-east-1`),
    );
    expect(alarms.map(({ attributes }) => attributes["alarm_name"]).sort()).toEqual(
      [...made.alarmNames].sort(),
    );
  });

  it("tell nobody by default, and the given topics when they ring and when all is well", () => {
    const topic = "arn:aws:sns:sa-east-1:333333333333:alarms";
    for (const { address, attributes } of alarms)
      expect(attributes["alarm_actions"], address).toBeUndefined();
    for (const { address, attributes } of relays({ alarmActionArns: [topic] }).stack.all(
      "aws_cloudwatch_metric_alarm",
    )) {
      expect(attributes["alarm_actions"], address).toEqual([topic]);
      expect(attributes["ok_actions"], address).toEqual([topic]);
    }
  });

  it("MON-TURN-1, TURN-14: ring when more than 5 % of attempts are refused", () => {
    const { found, queries } = alarm("turn-failure-rate");

    expect(found).toMatchObject({
      comparison_operator: "GreaterThanThreshold",
      threshold: 5,
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
    });
    expect(queries.flatMap(({ metric }) => metric ?? [])).toEqual(
      ["AuthFailures", "Allocations"].map((metric_name) => ({
        namespace: "Telemedicina/TURN",
        metric_name,
        stat: "Sum",
        period: 300,
      })),
    );
  });

  it.each([
    ["a few lost browsers in a quiet night", 31, 0, 0],
    ["a wrong secret, so that no allocation succeeds", 100, 0, 100],
    ["some expired credentials on a busy day", 100, 2000, 100 / 21],
    ["one in ten refused", 200, 1800, 10],
    ["nothing at all", 0, 0, 0],
  ])("T-20e: judge the volume too: %s", (_, failures, allocations, percent) => {
    expect(evaluate(alarm("turn-failure-rate").expression, { failures, allocations })).toBeCloseTo(percent);
  });

  it.each(Object.entries(turnCapacity))(
    "MON-TURN-2, TURN-16: ring at 80 %% of what %s keeps up",
    (instanceType, { networkGbpsBaseline }) => {
      const all = relay({ instanceType }).stack.all("aws_cloudwatch_metric_alarm");
      const { found, expression, queries } = alarm("turn-a-bandwidth", all);
      const out = (share: number) => (networkGbpsBaseline * 1e9 * share * 300) / 8;

      expect(found).toMatchObject({ comparison_operator: "GreaterThanThreshold", threshold: 80 });
      expect(evaluate(expression, { out: out(1), period: 300 })).toBeCloseTo(100);
      expect(evaluate(expression, { out: out(0.8), period: 300 })).toBeCloseTo(80);
      expect(queries.flatMap(({ metric }) => metric ?? [])).toEqual([
        {
          namespace: "AWS/EC2",
          metric_name: "NetworkOut",
          stat: "Sum",
          period: 300,
          dimensions: { AutoScalingGroupName: "telemedicina-prod-asg-turn-a-sa-east-1" },
        },
      ]);
    },
  );

  it("ring when a zone's node neither serves nor drains for ten minutes, and when nobody knows", () => {
    const { found, expression, queries } = alarm("turn-b-out-of-service");
    const [group] = relays().stack.all("aws_autoscaling_group");
    const metrics = queries.flatMap(({ metric }) => (metric === undefined ? [] : [metric["metric_name"]]));

    expect(found).toMatchObject({
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      evaluation_periods: 10,
      treat_missing_data: "breaching",
    });
    expect(evaluate(expression, { serving: 0, draining: 0 })).toBe(0);
    expect(evaluate(expression, { serving: 0, draining: 1 })).toBe(1);
    expect(block(queries[1]?.metric, "dimensions")).toEqual({
      AutoScalingGroupName: "telemedicina-prod-asg-turn-b-sa-east-1",
    });
    expect(group?.attributes["enabled_metrics"]).toEqual(expect.arrayContaining(metrics));
    expect(group?.attributes["metrics_granularity"]).toBe("1Minute");
  });

  it("ring when certificates fail to come for hours", () => {
    expect(alarm("turn-certificate").found).toMatchObject({
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      evaluation_periods: 3,
      datapoints_to_alarm: 2,
      treat_missing_data: "notBreaching",
    });
  });
});

/** CloudWatch's metric math, as far as these alarms use it. */
function evaluate(expression: string, { period = 0, ...values }: Readonly<Record<string, number>>): number {
  const scope = {
    ...values,
    IF: (condition: boolean, yes: number, no: number) => (condition ? yes : no),
    FILL: (value: number | undefined, otherwise: number) => value ?? otherwise,
    PERIOD: () => period,
  };
  const compute = new Function(...Object.keys(scope), `return ${expression};`);
  return compute(...Object.values(scope)) as number;
}
