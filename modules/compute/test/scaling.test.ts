import { describe, expect, it } from "vitest";
import type { Scaling } from "../src/index.js";
import { called, fleet, idOf, nested, webFleet } from "./support.js";

function policy(stack: ReturnType<typeof fleet>["stack"], id: string) {
  return called(stack, "aws_autoscaling_policy", id);
}

function alarm(stack: ReturnType<typeof fleet>["stack"], id: string) {
  return called(stack, "aws_cloudwatch_metric_alarm", `${id}-alarm`);
}

function scaled(scaling: Scaling) {
  return fleet({ scaling }).stack;
}

describe("steps", () => {
  const { stack, made } = webFleet();
  const cpu = {
    namespace: "AWS/EC2",
    metric_name: "CPUUtilization",
    dimensions: { AutoScalingGroupName: "telemedicina-prod-asg-web-sa-east-1" },
    statistic: "Average",
    period: 60,
    treat_missing_data: "missing",
  };

  it("ASG-02: add a host above 70 % of CPU for five minutes", () => {
    expect(alarm(stack, "cpu-high")).toMatchObject({
      ...cpu,
      comparison_operator: "GreaterThanThreshold",
      threshold: 70,
      evaluation_periods: 5,
    });
    expect(policy(stack, "cpu-high")["step_adjustment"]).toEqual([
      { scaling_adjustment: 1, metric_interval_lower_bound: "0" },
    ]);
  });

  it("MON-EC2-2: add two hosts above 90 % of CPU for three minutes, by figures of each minute", () => {
    expect(alarm(stack, "cpu-very-high")).toMatchObject({
      ...cpu,
      comparison_operator: "GreaterThanThreshold",
      threshold: 90,
      evaluation_periods: 3,
      alarm_actions: [expect.stringMatching(/^\$\{aws_autoscaling_policy\.\S+_cpu-very-high_\S+\.arn\}$/)],
    });
    expect(policy(stack, "cpu-very-high")["step_adjustment"]).toEqual([
      { scaling_adjustment: 2, metric_interval_lower_bound: "0" },
    ]);
    expect(stack.only("aws_launch_template")["monitoring"]).toEqual({ enabled: true });
  });

  it("ASG-03: take a host away below 30 % of CPU for fifteen minutes", () => {
    expect(alarm(stack, "cpu-low")).toMatchObject({
      ...cpu,
      comparison_operator: "LessThanThreshold",
      threshold: 30,
      evaluation_periods: 15,
    });
    expect(policy(stack, "cpu-low")["step_adjustment"]).toEqual([
      { scaling_adjustment: -1, metric_interval_upper_bound: "0" },
    ]);
  });

  it("ASG-04: add a host above 1000 requests a minute to each host", () => {
    expect(alarm(stack, "requests-high")).toMatchObject({
      namespace: "AWS/ApplicationELB",
      metric_name: "RequestCountPerTarget",
      dimensions: { TargetGroup: expect.stringMatching(/^\$\{aws_lb_target_group\.\S+\.arn_suffix\}$/) },
      statistic: "Sum",
      comparison_operator: "GreaterThanThreshold",
      threshold: 1000,
      period: 60,
      evaluation_periods: 3,
      treat_missing_data: "notBreaching",
    });
  });

  it("T-54: count requests for each host, and mix in no tracking, which the rule of 30 % would fight", () => {
    expect(stack.all("aws_autoscaling_policy").map(idOf).sort()).toEqual([
      "cpu-high",
      "cpu-low",
      "cpu-very-high",
      "requests-high",
    ]);
    for (const { address, attributes } of stack.all("aws_autoscaling_policy"))
      expect(attributes["policy_type"], address).toBe("StepScaling");
  });

  it("have an alarm for each policy, and the alarm its policy for an action", () => {
    for (const { address, attributes } of stack.all("aws_autoscaling_policy")) {
      const id = idOf({ address, attributes });
      expect(alarm(stack, id)["alarm_actions"], address).toEqual([`\${${address}.arn}`]);
      expect(attributes["adjustment_type"], address).toBe("ChangeInCapacity");
      expect(attributes["enabled"], address).toBe(true);
      expect(attributes["autoscaling_group_name"], address).toMatch(
        /^\$\{aws_autoscaling_group\.\S+\.name\}$/,
      );
    }
    expect(made.scalingAlarmNames).toEqual([
      "telemedicina-prod-alarm-web-cpu-high-sa-east-1",
      "telemedicina-prod-alarm-web-cpu-very-high-sa-east-1",
      "telemedicina-prod-alarm-web-cpu-low-sa-east-1",
      "telemedicina-prod-alarm-web-requests-high-sa-east-1",
    ]);
  });

  it("take other figures", () => {
    const { stack } = webFleet({
      scaling: {
        kind: "steps",
        addAboveCpuPercent: 60,
        addFastAboveCpuPercent: 80,
        removeBelowCpuPercent: 20,
        addAboveRequestsPerMinute: 500,
      },
    });
    expect(
      ["cpu-high", "cpu-very-high", "cpu-low", "requests-high"].map((id) => alarm(stack, id)["threshold"]),
    ).toEqual([60, 80, 20, 500]);
  });

  it("know no requests where there is no load balancer", () => {
    expect(scaled({ kind: "steps" }).all("aws_autoscaling_policy").map(idOf)).not.toContain("requests-high");
  });
});

describe("target tracking", () => {
  const { stack, made } = webFleet({ scaling: { kind: "targetTracking" } });

  it("T-54: keeps CPU at 70 %, and only adds for requests", () => {
    expect(policy(stack, "track-cpu")).toMatchObject({
      policy_type: "TargetTrackingScaling",
      target_tracking_configuration: {
        target_value: 70,
        predefined_metric_specification: { predefined_metric_type: "ASGAverageCPUUtilization" },
      },
    });
    expect(policy(stack, "track-requests")["target_tracking_configuration"]).toEqual({
      target_value: 1000,
      disable_scale_in: true,
      predefined_metric_specification: {
        predefined_metric_type: "ALBRequestCountPerTarget",
        resource_label: expect.stringMatching(
          /^\$\{aws_lb\.\S+\.arn_suffix\}\/\$\{aws_lb_target_group\.\S+\.arn_suffix\}$/,
        ),
      },
    });
  });

  it("waits for the listener, before which AWS knows no such label", () => {
    for (const { address, attributes } of stack.all("aws_autoscaling_policy")) {
      expect(attributes["depends_on"], address).toContainEqual(
        expect.stringMatching(/^aws_lb_listener\.\S+_https_/),
      );
    }
  });

  it("leaves the alarms to AWS", () => {
    expect(made.scalingAlarmNames).toEqual([]);
    const ours = stack.all("aws_cloudwatch_metric_alarm").map(idOf).sort();
    expect(ours).toEqual(["target-5xx", "unhealthy-hosts"]);
  });

  it("takes other figures, and no requests where there is no load balancer", () => {
    const { stack } = webFleet({
      scaling: { kind: "targetTracking", cpuPercent: 50, requestsPerMinute: 700 },
    });
    const target = (id: string) => nested(policy(stack, id), "target_tracking_configuration")["target_value"];
    expect([target("track-cpu"), target("track-requests")]).toEqual([50, 700]);
    expect(scaled({ kind: "targetTracking" }).all("aws_autoscaling_policy").map(idOf)).toEqual(["track-cpu"]);
  });
});

describe("a queue", () => {
  const stack = scaled({ kind: "queue", queueName: "default" });
  const depth = {
    namespace: "Telemedicina/App",
    metric_name: "QueueDepth",
    dimensions: { Queue: "default" },
    statistic: "Maximum",
    period: 60,
    treat_missing_data: "missing",
  };

  it("MON-Q-2: adds a host when more than 1000 jobs wait for three minutes", () => {
    expect(alarm(stack, "queue-high")).toMatchObject({
      ...depth,
      comparison_operator: "GreaterThanThreshold",
      threshold: 1000,
      evaluation_periods: 3,
      alarm_actions: [expect.stringMatching(/^\$\{aws_autoscaling_policy\.\S+_queue-high_\S+\.arn\}$/)],
    });
    expect(policy(stack, "queue-high")["step_adjustment"]).toEqual([
      { scaling_adjustment: 1, metric_interval_lower_bound: "0" },
    ]);
  });

  it("takes a host away when fewer than a tenth of that wait for fifteen minutes", () => {
    expect(alarm(stack, "queue-low")).toMatchObject({
      ...depth,
      comparison_operator: "LessThanThreshold",
      threshold: 100,
      evaluation_periods: 15,
    });
    expect(policy(stack, "queue-low")["step_adjustment"]).toEqual([
      { scaling_adjustment: -1, metric_interval_upper_bound: "0" },
    ]);
  });

  it.each([
    [{ addAboveQueueDepth: 500 }, 500, 50],
    [{ addAboveQueueDepth: 1 }, 1, 1],
    [{ addAboveQueueDepth: 200, removeBelowQueueDepth: 150 }, 200, 150],
  ])("takes other figures: %j", (changes, add, remove) => {
    const stack = scaled({ kind: "queue", queueName: "default", ...changes });
    expect(alarm(stack, "queue-high")["threshold"]).toBe(add);
    expect(alarm(stack, "queue-low")["threshold"]).toBe(remove);
  });

  it("may go down to no host at all, since the depth is not the hosts' own figure", () => {
    const { stack } = fleet({ minSize: 0, scaling: { kind: "queue", queueName: "default" } });
    expect(stack.only("aws_autoscaling_group")["min_size"]).toBe(0);
  });
});

describe("a fixed size", () => {
  it("has nothing that would change it", () => {
    const { stack, made } = fleet({ minSize: 1, maxSize: 1, scaling: { kind: "fixed" } });

    expect(stack.all("aws_autoscaling_policy")).toEqual([]);
    expect(stack.all("aws_cloudwatch_metric_alarm")).toEqual([]);
    expect(made.scalingAlarmNames).toEqual([]);
  });
});
