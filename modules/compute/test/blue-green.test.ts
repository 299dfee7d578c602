import type { StackJson } from "@telemedicina/core/testing";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  type BlueGreenProps,
  blueGreenProgram,
  blueGreenSettings,
  blueGreenStatements,
  blueGreenTimeoutMinutes,
  Fleet,
  type FleetProps,
  fleetNames,
  LoadBalancer,
  type LoadBalancerProps,
} from "../src/index.js";
import {
  accountId,
  balancer,
  build,
  called,
  careless,
  fleet,
  fromCloudFront,
  leastBalancer,
  leastFleet,
  list,
  names,
  nested,
  webFleet,
} from "./support.js";

/** A load balancer with both fleets. */
function twoColours(
  balancerChanges: Partial<LoadBalancerProps> = {},
  fleetChanges: Partial<FleetProps> = {},
) {
  return build((scope) => {
    const made = new LoadBalancer(scope, "balancer", {
      ...leastBalancer,
      blueGreen: true,
      ...balancerChanges,
    });
    const { target, greenTarget } = made;
    new Fleet(scope, "web", { ...leastFleet, target, colour: "blue", ...fleetChanges });
    new Fleet(scope, "web-green", {
      ...leastFleet,
      qualifier: "web-green",
      target: greenTarget,
      colour: "green",
      ...fleetChanges,
    });
    return made;
  });
}

function groupOf(stack: StackJson, qualifier: string) {
  const { group } = fleetNames(names, qualifier);
  const found = stack.all("aws_autoscaling_group").find(({ attributes }) => attributes["name"] === group);
  if (found === undefined) throw new Error(`no group ${group}`);
  return found.attributes;
}

describe("a load balancer with two colours", () => {
  const { stack, made } = balancer({ blueGreen: true });

  it("CICD-07: gives blue all of the traffic at first", () => {
    const [action] = list(called(stack, "aws_lb_listener", "https"), "default_action");
    const blue = stack.all("aws_lb_target_group").find(({ address }) => address.includes("_target-group_"));
    const green = stack
      .all("aws_lb_target_group")
      .find(({ address }) => address.includes("_target-group-green_"));
    expect(action).toEqual({
      type: "forward",
      forward: {
        target_group: [
          { arn: `\${${blue?.address}.arn}`, weight: 100 },
          { arn: `\${${green?.address}.arn}`, weight: 0 },
        ],
      },
    });
    expect(made.greenTarget?.targetGroupArn).not.toBe(made.target.targetGroupArn);
  });

  it("CICD-07: leaves weights to the program, and of the action nothing else but the cookie that ties a browser to a colour", () => {
    expect(nested(called(stack, "aws_lb_listener", "https"), "lifecycle")["ignore_changes"]).toEqual([
      "default_action[0].forward[0].target_group",
      "default_action[0].forward[0].stickiness",
    ]);
    const behindCloudFront = balancer({ blueGreen: true, exposure: fromCloudFront }).stack;
    const rule = behindCloudFront.only("aws_lb_listener_rule");
    expect(nested(rule, "lifecycle")["ignore_changes"]).toEqual([
      "action[0].forward[0].target_group",
      "action[0].forward[0].stickiness",
    ]);
    expect(called(behindCloudFront, "aws_lb_listener", "https")).not.toHaveProperty("lifecycle");
  });

  it.each([
    ["cloudfront", fromCloudFront, "aws_lb_listener_rule"],
    ["internet", leastBalancer.exposure, "aws_lb_listener"],
  ] as const)("%s: says where the weights stand", (_, exposure, type) => {
    const { document } = build((scope) => {
      const { forwardArn } = new LoadBalancer(scope, "balancer", { ...leastBalancer, exposure });
      new TerraformOutput(scope, "forward", { staticId: true, value: forwardArn });
    }).stack;
    expect(document).toMatchObject({
      output: { forward: { value: expect.stringContaining(`\${${type}.`) } },
    });
  });

  it("ties no browser to a host: AWS refuses it among groups with weights, unless it ties it to a colour as well", () => {
    const groups = stack.all("aws_lb_target_group");
    expect(groups).toHaveLength(2);
    for (const { attributes } of groups) expect(nested(attributes, "stickiness")["enabled"]).toBe(false);
  });

  it("asks both colours alike, and has alarms for each", () => {
    const [blue, green] = stack.all("aws_lb_target_group").map(({ attributes }) => attributes);
    expect(green?.["health_check"]).toEqual(blue?.["health_check"]);
    expect(green?.["name"]).not.toBe(blue?.["name"]);
    expect(String(green?.["name"]).length).toBeLessThanOrEqual(32);
    expect(made.target.alarmNames).toEqual([
      "telemedicina-prod-alarm-target-5xx-sa-east-1",
      "telemedicina-prod-alarm-unhealthy-hosts-sa-east-1",
    ]);
    expect(made.greenTarget?.alarmNames).toEqual([
      "telemedicina-prod-alarm-green-target-5xx-sa-east-1",
      "telemedicina-prod-alarm-green-unhealthy-hosts-sa-east-1",
    ]);
    const watched = stack
      .all("aws_cloudwatch_metric_alarm")
      .map(({ attributes }) => nested(attributes, "dimensions")["TargetGroup"]);
    expect(new Set(watched).size).toBe(2);
    expect(watched).toHaveLength(4);
  });

  it("moves no address of the one with a single target group", () => {
    const single = balancer().stack;
    const addresses = (of: StackJson) =>
      ["aws_lb", "aws_lb_listener", "aws_lb_target_group", "aws_cloudwatch_metric_alarm"].flatMap((type) =>
        of.all(type).map(({ address }) => address),
      );
    expect(addresses(stack)).toEqual(expect.arrayContaining(addresses(single)));
    expect(single.all("aws_lb_target_group")).toHaveLength(1);
    expect(balancer().made.greenTarget).toBeUndefined();
  });
});

describe("fleets of two colours", () => {
  const { stack } = twoColours();
  const blue = groupOf(stack, "web");
  const green = groupOf(stack, "web-green");

  it("CICD-07: begin with all hosts on blue and none on green", () => {
    expect([blue["min_size"], blue["desired_capacity"], blue["max_size"]]).toEqual([2, 3, 10]);
    expect([green["min_size"], green["desired_capacity"], green["max_size"]]).toEqual([0, 0, 10]);
  });

  it("CICD-07: leave least and present size to the program, and the most to Terraform", () => {
    for (const group of [blue, green]) {
      expect(nested(group, "lifecycle")["ignore_changes"]).toEqual([
        "desired_capacity",
        "initial_lifecycle_hook",
        "min_size",
        "suspended_processes",
      ]);
    }
    const alone = webFleet().stack.only("aws_autoscaling_group");
    expect(nested(alone, "lifecycle")["ignore_changes"]).not.toContain("min_size");
  });

  it("stand behind a target group each, watch its alarms, and scale by its requests", () => {
    expect(blue["target_group_arns"]).not.toEqual(green["target_group_arns"]);
    for (const [group, part] of [
      [blue, "prod-alarm-target"],
      [green, "prod-alarm-green-target"],
    ] as const) {
      expect(JSON.stringify(group["instance_refresh"])).toContain(part);
    }
    const requests = stack
      .all("aws_cloudwatch_metric_alarm")
      .filter(({ attributes }) => attributes["metric_name"] === "RequestCountPerTarget")
      .map(({ attributes }) => nested(attributes, "dimensions")["TargetGroup"]);
    expect(new Set(requests).size).toBe(2);
  });

  it("have rules that do nothing for a colour without hosts: no figure is neither much nor little", () => {
    const rules = stack
      .all("aws_cloudwatch_metric_alarm")
      .map(({ attributes }) => attributes)
      .filter((alarm) => String(alarm["alarm_name"]).includes("web-green"));
    expect(rules).toHaveLength(4);
    for (const alarm of rules) {
      const silent = alarm["metric_name"] === "CPUUtilization" ? "missing" : "notBreaching";
      expect(alarm["treat_missing_data"]).toBe(silent);
    }
  });
});

describe("guards of a colour", () => {
  it("fails when there is no traffic to shift", () => {
    expect(() => fleet({ colour: "green" })).toThrow(
      'colour is "green", and the fleet has no target: there is no traffic to shift between colours. ' +
        "Give it the load balancer's target of that colour, or leave the colour out.",
    );
  });

  it("fails when there is no such colour", () => {
    expect(() => webFleet(careless<FleetProps>({ colour: "red" }))).toThrow(
      'colour is "red". Allowed: blue, green.',
    );
  });
});

const { made } = twoColours();
const target = { ...made.target };
const props: BlueGreenProps = {
  region: names.region,
  forwardArn: `arn:aws:elasticloadbalancing:sa-east-1:${accountId}:listener-rule/app/alb/1/2/3`,
  application: "telemedicina",
  colours: {
    blue: { target, group: "asg-blue", deploymentGroup: "production-blue" },
    green: { target: made.greenTarget ?? target, group: "asg-green", deploymentGroup: "production-green" },
  },
  minSize: 2,
};

describe("the settings of the program", () => {
  it("have everything that it reads, and waits that end", () => {
    const settings = blueGreenSettings(props);
    expect(settings).toMatchObject({
      steps: [10, 50, 100],
      pauseSeconds: 300,
      keepMinutes: 60,
      keepFailedMinutes: 120,
      alarms: [],
      minSize: 2,
      colours: {
        blue: { group: "asg-blue", deploymentGroup: "production-blue", alarms: made.target.alarmNames },
        green: { group: "asg-green", deploymentGroup: "production-green" },
      },
    });
    // Each name that the program asks its settings for.
    const asked = [...blueGreenProgram().matchAll(/settings\["(\w+)"\]/g)].map(([, name = ""]) => name);
    expect(asked.length).toBeGreaterThan(10);
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(asked));
  });

  it("are what is given", () => {
    const given = {
      steps: [5, 100],
      pauseSeconds: 180,
      keepMinutes: 0,
      keepFailedMinutes: 0,
    };
    expect(blueGreenSettings({ ...props, ...given, alarmNames: ["slow"] })).toMatchObject({
      ...given,
      alarms: ["slow"],
    });
  });

  it("CICD-06: say how long what runs the program has to live: every wait to its end, and each step", () => {
    const minutes = (changes: Partial<BlueGreenProps>) =>
      blueGreenTimeoutMinutes(blueGreenSettings({ ...props, ...changes }));
    expect(minutes({})).toBe(2 * (45 + 60 + 1 + 15) + 10 + 3 * (5 + 10) + 30);
    expect(minutes({ steps: [50, 100], pauseSeconds: 3600 })).toBe(
      2 * (45 + 60 + 1 + 15) + 10 + 2 * (60 + 10) + 30,
    );
  });

  it("fails with every fault at once", () => {
    const make = () =>
      blueGreenSettings({
        ...props,
        application: "",
        minSize: 0,
        steps: [50, 10],
        pauseSeconds: 60,
        keepMinutes: -1,
        keepFailedMinutes: 20_000,
        alarmNames: Array.from({ length: 99 }, (_, index) => `alarm-${index}`),
      });
    expect(make).toThrow(
      "steps is [50,10]. Allowed: whole percent from 1, each above the one before, 100 the last",
    );
    expect(make).toThrow("alarmNames has 99. Allowed: up to 98;");
    for (const prop of ["application", "minSize", "pauseSeconds", "keepMinutes", "keepFailedMinutes"]) {
      expect(make).toThrow(`${prop} `);
    }
  });

  it.each([[[]], [[0, 100]], [[10, 10, 100]], [[10.5, 100]], [[10]], [[100, 101]]])(
    "fails with the steps %j",
    (steps) => {
      expect(() => blueGreenSettings({ ...props, steps })).toThrow(`steps is ${JSON.stringify(steps)}.`);
    },
  );
});

describe("what the program may", () => {
  const statements = blueGreenStatements(blueGreenSettings(props), {
    accountId,
    loadBalancerName: made.name,
  });

  it("IAM-04: is bound to one load balancer, two groups of hosts and their deployments, where AWS knows a resource", () => {
    const everywhere = statements.filter(({ Resource }) => Resource === "*");
    expect(everywhere.map(({ Sid }) => Sid)).toEqual(["SeeTraffic", "WatchAlarms", "StopDeployments"]);
    expect(
      everywhere
        .flatMap(({ Action }) => Action)
        .filter((action) => !/:Describe|:StopDeployment/.test(String(action))),
    ).toEqual([]);
    const bySid = Object.fromEntries(statements.map(({ Sid, Resource }) => [Sid, Resource]));
    expect(bySid["ShiftTraffic"]).toEqual([
      `arn:aws:elasticloadbalancing:sa-east-1:${accountId}:listener/app/telemedicina-prod-alb-sa-east-1/*`,
      `arn:aws:elasticloadbalancing:sa-east-1:${accountId}:listener-rule/app/telemedicina-prod-alb-sa-east-1/*`,
    ]);
    expect(bySid["SizeColours"]).toEqual([
      `arn:aws:autoscaling:sa-east-1:${accountId}:autoScalingGroup:*:autoScalingGroupName/asg-blue`,
      `arn:aws:autoscaling:sa-east-1:${accountId}:autoScalingGroup:*:autoScalingGroupName/asg-green`,
    ]);
    expect(bySid["DeployToColours"]).toEqual([
      `arn:aws:codedeploy:sa-east-1:${accountId}:deploymentgroup:telemedicina/production-blue`,
      `arn:aws:codedeploy:sa-east-1:${accountId}:deploymentgroup:telemedicina/production-green`,
    ]);
  });

  it("is all that it does, and it does all of that", () => {
    const service: Readonly<Record<string, string>> = {
      elbv2: "elasticloadbalancing",
      autoscaling: "autoscaling",
      deploy: "codedeploy",
      cloudwatch: "cloudwatch",
    };
    const calls = [...blueGreenProgram().matchAll(/aws\(\s*"([a-z0-9]+)",\s*"([a-z-]+)"/g)].map(
      ([, program = "", operation = ""]) =>
        `${service[program]}:${operation.replace(/(^|-)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase())}`,
    );
    // CodeDeploy asks for these on its own when a deployment is made.
    const bySide = [
      "codedeploy:GetApplicationRevision",
      "codedeploy:GetDeploymentConfig",
      "codedeploy:RegisterApplicationRevision",
    ];
    const allowed = statements.flatMap(({ Action }) => Action).map(String);
    expect([...new Set([...calls, ...bySide])].sort()).toEqual([...allowed].sort());
  });
});
