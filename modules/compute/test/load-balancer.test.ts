import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { type LoadBalancerProps, tlsPolicies } from "../src/index.js";
import { balancer, called, fromCloudFront, idOf, leastBalancer, list, nested, secretArn } from "./support.js";

describe("a load balancer", () => {
  const { stack, made } = balancer();
  const attributes = stack.only("aws_lb");

  it("ALB-01: is an application load balancer with a public address", () => {
    expect(attributes["load_balancer_type"]).toBe("application");
    expect(attributes["internal"]).toBe(false);
  });

  it("ALB-02: stands in every subnet given, hence in their zones", () => {
    expect(attributes["subnets"]).toEqual(leastBalancer.subnetIds);
    expect(attributes["enable_zonal_shift"]).toBe(true);
  });

  it("ALB-07: keeps a connection open for longer than Reverb's ping takes", () => {
    expect(attributes["idle_timeout"]).toBe(300);
    expect(balancer({ idleTimeoutSeconds: 61 }).stack.only("aws_lb")["idle_timeout"]).toBe(61);
  });

  it("ALB-08: writes requests and connections to its buckets, is protected, and drops headers that are none", () => {
    expect(attributes["access_logs"]).toEqual({ enabled: true, bucket: "logs-bucket", prefix: "alb" });
    expect(attributes["connection_logs"]).toEqual({
      enabled: true,
      bucket: "logs-bucket",
      prefix: "alb-connections",
    });
    expect(attributes["enable_deletion_protection"]).toBe(true);
    expect(nested(attributes, "lifecycle")["prevent_destroy"]).toBe(true);
    expect(attributes["drop_invalid_header_fields"]).toBe(true);
  });

  it("writes logs without a prefix where none is given", () => {
    const { stack } = balancer({ accessLogs: { bucketName: "logs-bucket" } });

    expect(stack.only("aws_lb")["access_logs"]).toEqual({ enabled: true, bucket: "logs-bucket" });
  });

  it("closes connections that could smuggle a request, and keeps the host that was asked for", () => {
    expect(attributes["desync_mitigation_mode"]).toBe("defensive");
    expect(attributes["preserve_host_header"]).toBe(true);
    expect(attributes["enable_http2"]).toBe(true);
    expect(balancer({ desyncMitigation: "strictest" }).stack.only("aws_lb")["desync_mitigation_mode"]).toBe(
      "strictest",
    );
  });

  it("leaves the viewer's address last, where nginx believes it: CloudFront's word, or the load balancer's own", () => {
    const mode = (exposure: LoadBalancerProps["exposure"]) =>
      balancer({ exposure }).stack.only("aws_lb")["xff_header_processing_mode"];
    expect(mode(fromCloudFront)).toBe("preserve");
    expect(mode({ kind: "vpcOrigin" })).toBe("append");
    expect(mode({ kind: "internet", reason: "No CloudFront yet" })).toBe("append");
  });

  it("is called by its environment, and by its qualifier", () => {
    expect(attributes["name"]).toBe("telemedicina-prod-alb-sa-east-1");
    const other = String(balancer({ qualifier: "b" }).stack.only("aws_lb")["name"]);
    expect(other).not.toBe(attributes["name"]);
    expect(other.length).toBeLessThanOrEqual(32);
  });

  it("says on its tags why it is public, and why it may be deleted", () => {
    expect(nested(attributes, "tags")).toEqual({
      Name: "telemedicina-prod-alb-sa-east-1",
      Tier: "frontend",
      PublicBecause: "No CloudFront yet",
    });
    const free = balancer({
      exposure: { kind: "vpcOrigin" },
      deletionProtection: { on: false, reason: "Made anew each week" },
    }).stack.only("aws_lb");
    expect(nested(free, "tags")).toEqual({
      Name: "telemedicina-prod-alb-sa-east-1",
      Tier: "frontend",
      UnprotectedBecause: "Made anew each week",
    });
    expect(free["enable_deletion_protection"]).toBe(false);
    expect(free["lifecycle"]).toBeUndefined();
  });

  it("gives what others need", () => {
    const values = [
      made.arn,
      made.arnSuffix,
      made.dnsName,
      made.zoneId,
      made.targetGroupArn,
      made.targetGroupName,
      made.targetGroupArnSuffix,
      made.httpsListenerArn,
      made.certificateArn,
    ];
    expect(values.every((value) => Token.isUnresolved(value))).toBe(true);
    expect(new Set(values).size).toBe(values.length);
  });
});

describe("listeners", () => {
  const { stack } = balancer();
  const https = called(stack, "aws_lb_listener", "https");

  it("are two: WebSockets have none of their own", () => {
    expect(stack.all("aws_lb_listener").map(idOf).sort()).toEqual(["http", "https"]);
  });

  it.each([
    ["internet", leastBalancer.exposure],
    ["cloudfront", fromCloudFront],
    ["vpcOrigin", { kind: "vpcOrigin" }],
  ] as const)("PORT-01: 80 only says that 443 is meant, with exposure %s", (_, exposure) => {
    const http = called(balancer({ exposure }).stack, "aws_lb_listener", "http");

    expect(http["port"]).toBe(80);
    expect(http["protocol"]).toBe("HTTP");
    expect(http["default_action"]).toEqual([
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } },
    ]);
  });

  it("PORT-02: 443 ends TLS, by a policy that has 1.3 and still 1.2", () => {
    expect(https["port"]).toBe(443);
    expect(https["protocol"]).toBe("HTTPS");
    expect(https["ssl_policy"]).toBe("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
    expect(https["certificate_arn"]).toMatch(/^\$\{aws_acm_certificate_validation\.\S+\.certificate_arn\}$/);
    expect(https["default_action"]).toEqual([
      { type: "forward", target_group_arn: expect.stringMatching(/^\$\{aws_lb_target_group\.\S+\.arn\}$/) },
    ]);
  });

  it.each(tlsPolicies)("take the policy %s", (tlsPolicy) => {
    expect(called(balancer({ tlsPolicy }).stack, "aws_lb_listener", "https")["ssl_policy"]).toBe(tlsPolicy);
  });

  it("are never without a policy, since AWS's own default still speaks TLS 1.0", () => {
    for (const exposure of [leastBalancer.exposure, fromCloudFront, { kind: "vpcOrigin" } as const]) {
      for (const { address, attributes } of balancer({ exposure }).stack.all("aws_lb_listener")) {
        if (attributes["protocol"] === "HTTPS")
          expect(tlsPolicies, address).toContain(attributes["ssl_policy"]);
      }
    }
  });
});

describe("exposure", () => {
  it("cloudfront: forwards what carries one of the two values of the header, and nothing else", () => {
    const { stack } = balancer({ exposure: fromCloudFront });

    expect(stack.only("aws_lb")["internal"]).toBe(false);
    expect(called(stack, "aws_lb_listener", "https")["default_action"]).toEqual([
      {
        type: "fixed-response",
        fixed_response: { content_type: "text/plain", message_body: "Forbidden", status_code: "403" },
      },
    ]);
    const rule = stack.only("aws_lb_listener_rule");
    expect(rule["condition"]).toEqual([
      {
        http_header: {
          http_header_name: "X-Origin-Verify",
          values: [
            expect.stringMatching(
              /^\$\{data\.aws_secretsmanager_secret_version\.\S+-a_\S+\.secret_string\}$/,
            ),
            expect.stringMatching(
              /^\$\{data\.aws_secretsmanager_secret_version\.\S+-b_\S+\.secret_string\}$/,
            ),
          ],
        },
      },
    ]);
    expect(rule["action"]).toEqual([
      { type: "forward", target_group_arn: expect.stringMatching(/^\$\{aws_lb_target_group\./) },
    ]);
  });

  it("cloudfront: reads the values from the secrets, and has none in the JSON", () => {
    const { stack } = balancer({ exposure: fromCloudFront });

    expect(
      stack.allData("aws_secretsmanager_secret_version").map(({ attributes }) => attributes["secret_id"]),
    ).toEqual([secretArn("a"), secretArn("b")]);
  });

  it("cloudfront: has no action that forwards without the header", () => {
    const { stack } = balancer({ exposure: fromCloudFront });

    for (const { address, attributes } of stack.all("aws_lb_listener")) {
      for (const action of list(attributes, "default_action"))
        expect(action["type"], address).not.toBe("forward");
    }
    for (const { address, attributes } of stack.all("aws_lb_listener_rule")) {
      expect(nested(attributes, "condition")["http_header"], address).toBeDefined();
    }
  });

  it("vpcOrigin: has no public address, and needs no header", () => {
    const { stack } = balancer({ exposure: { kind: "vpcOrigin" } });

    expect(stack.only("aws_lb")["internal"]).toBe(true);
    expect(stack.all("aws_lb_listener_rule")).toEqual([]);
    expect(nested(called(stack, "aws_lb_listener", "https"), "default_action")["type"]).toBe("forward");
  });
});

describe("the target group", () => {
  const { stack } = balancer();
  const group = stack.only("aws_lb_target_group");

  it("ALB-03: holds instances, on nginx's port", () => {
    expect(group["target_type"]).toBe("instance");
    expect(group["port"]).toBe(8080);
    expect(group["protocol"]).toBe("HTTP");
    expect(group["protocol_version"]).toBe("HTTP1");
  });

  it("ALB-04: takes only a 200 of /health for healthy", () => {
    expect(group["health_check"]).toEqual({
      enabled: true,
      protocol: "HTTP",
      port: "traffic-port",
      path: "/health",
      matcher: "200",
      interval: 15,
      timeout: 5,
      healthy_threshold: 2,
      unhealthy_threshold: 3,
    });
  });

  it("PORT-11: asks /health on the port that serves", () => {
    const check = nested(group, "health_check");
    expect([check["port"], group["port"], check["path"]]).toEqual(["traffic-port", 8080, "/health"]);
  });

  it("HC-01: asks as often and as patiently as it is told", () => {
    const { stack } = balancer({
      healthCheck: {
        path: "/up",
        intervalSeconds: 30,
        timeoutSeconds: 10,
        healthyThreshold: 3,
        unhealthyThreshold: 5,
      },
    });
    expect(stack.only("aws_lb_target_group")["health_check"]).toMatchObject({
      path: "/up",
      interval: 30,
      timeout: 10,
      healthy_threshold: 3,
      unhealthy_threshold: 5,
    });
  });

  it("ALB-05: ties a browser to a host by the load balancer's own cookie", () => {
    expect(group["stickiness"]).toEqual({ enabled: true, type: "lb_cookie", cookie_duration: 86400 });
    expect(
      nested(balancer({ stickinessSeconds: 600 }).stack.only("aws_lb_target_group"), "stickiness"),
    ).toMatchObject({ cookie_duration: 600 });
  });

  it("lets WebSockets go on for five minutes on a host that leaves", () => {
    expect(group["deregistration_delay"]).toBe("300");
    const { stack } = balancer({ deregistrationDelaySeconds: 0 });
    expect(stack.only("aws_lb_target_group")["deregistration_delay"]).toBe("0");
  });

  it("spares busy hosts, and has no slow start, which AWS takes with round robin only", () => {
    expect(group["load_balancing_algorithm_type"]).toBe("least_outstanding_requests");
    expect(group["slow_start"]).toBeUndefined();
    const { stack } = balancer({ algorithm: "round_robin" });
    expect(stack.only("aws_lb_target_group")["load_balancing_algorithm_type"]).toBe("round_robin");
  });

  it("can be replaced beside the old one: another name for whatever replaces it", () => {
    expect(nested(group, "lifecycle")["create_before_destroy"]).toBe(true);
    const name = String(group["name"]);
    expect(name.length).toBeLessThanOrEqual(32);
    expect(balancer({ qualifier: "b" }).stack.only("aws_lb_target_group")["name"]).not.toBe(name);
  });
});

describe("health alarms", () => {
  const { stack, made } = balancer();

  it("MON-ALB-1: ring at more than 10 answers of 5XX from hosts in a minute", () => {
    expect(called(stack, "aws_cloudwatch_metric_alarm", "target-5xx")).toMatchObject({
      namespace: "AWS/ApplicationELB",
      metric_name: "HTTPCode_Target_5XX_Count",
      statistic: "Sum",
      comparison_operator: "GreaterThanThreshold",
      threshold: 10,
      period: 60,
      evaluation_periods: 1,
    });
  });

  it("T-57: ring at one unhealthy host for two minutes, for with two hosts there may never be more", () => {
    expect(called(stack, "aws_cloudwatch_metric_alarm", "unhealthy-hosts")).toMatchObject({
      metric_name: "UnHealthyHostCount",
      statistic: "Maximum",
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      period: 60,
      evaluation_periods: 2,
    });
  });

  it("look at this load balancer and this group, and take silence for health", () => {
    const alarms = stack.all("aws_cloudwatch_metric_alarm");
    expect(alarms).toHaveLength(2);
    for (const { address, attributes } of alarms) {
      expect(attributes["dimensions"], address).toEqual({
        LoadBalancer: expect.stringMatching(/^\$\{aws_lb\.\S+\.arn_suffix\}$/),
        TargetGroup: expect.stringMatching(/^\$\{aws_lb_target_group\.\S+\.arn_suffix\}$/),
      });
      expect(attributes["treat_missing_data"], address).toBe("notBreaching");
      expect(attributes["alarm_actions"], address).toBeUndefined();
    }
  });

  it("tell the topics given", () => {
    const topic = "arn:aws:sns:sa-east-1:333333333333:p1";
    for (const { address, attributes } of balancer({ alarmActionArns: [topic] }).stack.all(
      "aws_cloudwatch_metric_alarm",
    )) {
      expect(attributes["alarm_actions"], address).toEqual([topic]);
    }
  });

  it("are given by name, a literal, and by ARN", () => {
    expect(made.alarms.target5xx.name).toBe("telemedicina-prod-alarm-target-5xx-sa-east-1");
    expect(made.alarms.unhealthyHosts.name).toBe("telemedicina-prod-alarm-unhealthy-hosts-sa-east-1");
    expect(Token.isUnresolved(made.alarms.target5xx.arn)).toBe(true);
    expect(made.target.alarmNames).toEqual([made.alarms.target5xx.name, made.alarms.unhealthyHosts.name]);
    expect(called(stack, "aws_cloudwatch_metric_alarm", "target-5xx")["alarm_name"]).toBe(
      made.alarms.target5xx.name,
    );
  });
});
