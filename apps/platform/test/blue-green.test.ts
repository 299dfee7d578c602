import { blueGreenSettings, blueGreenStatements } from "@telemedicina/compute";
import type { EnvironmentConfig } from "@telemedicina/config";
import type { StackJson, TerraformDocument } from "@telemedicina/core/testing";
import { checkPolicies, readPolicies, renderPermissions } from "@telemedicina/policy";
import { App } from "cdktf";
import { describe, expect, it } from "vitest";
import { compose } from "../src/compose.js";
import { environment, synthesize } from "./environments.js";

const { config: production } = environment("production");

const rolling: EnvironmentConfig = {
  ...production,
  compute: {
    ...production.compute,
    layout: {
      kind: "separate",
      workers: {
        instanceTypes: ["t3.medium"],
        minSize: 2,
        desiredCapacity: 2,
        maxSize: 4,
        addAboveQueueDepth: 1000,
      },
      scheduler: { instanceTypes: ["t3.small"] },
    },
  },
  database: { ...production.database, pooling: { kind: "none" } },
};

const blueGreen: EnvironmentConfig = {
  ...rolling,
  pipeline: {
    ...rolling.pipeline,
    strategy: {
      kind: "blueGreen",
      steps: [10, 50, 100],
      pauseSeconds: 300,
      keepMinutes: 60,
      keepFailedMinutes: 120,
      alarms: [],
    },
  },
};

const before = synthesize(rolling)("app");
const after = synthesize(blueGreen)("app");

function groups(stack: StackJson) {
  return new Map(
    stack.all("aws_autoscaling_group").map(({ attributes }) => [String(attributes["name"]), attributes]),
  );
}

describe("an environment with two colours", () => {
  it("T-53: ties a browser to a host by the load balancer's cookie, and to none with two colours", () => {
    const cookies = (stack: StackJson) =>
      stack.all("aws_lb_target_group").map(({ attributes }) => attributes["stickiness"]);
    expect(cookies(before)).toMatchObject([{ enabled: true, type: "lb_cookie" }]);
    expect(cookies(after)).toMatchObject([{ enabled: false }, { enabled: false }]);
  });

  it("CICD-07: has a second group of hosts that serve, and one of workers and of the scheduler as before", () => {
    const behindBalancer = [...groups(after)].filter(([, group]) => group["target_group_arns"] !== undefined);
    expect([...groups(after).keys()].sort()).toEqual([
      "telemedicina-prod-asg-scheduler-sa-east-1",
      "telemedicina-prod-asg-web-green-sa-east-1",
      "telemedicina-prod-asg-web-sa-east-1",
      "telemedicina-prod-asg-workers-sa-east-1",
    ]);
    expect(behindBalancer.map(([name]) => name).sort()).toEqual([
      "telemedicina-prod-asg-web-green-sa-east-1",
      "telemedicina-prod-asg-web-sa-east-1",
    ]);
  });

  it("CICD-07: moves no address of the one without", () => {
    const addresses = ({ document }: StackJson) =>
      Object.entries(document.resource ?? {}).flatMap(([type, named]) =>
        Object.keys(named as object).map((name) => `${type}.${name}`),
      );
    expect(addresses(after)).toEqual(expect.arrayContaining(addresses(before)));
    expect(addresses(after).length).toBeGreaterThan(addresses(before).length);
  });

  it("lets green's hosts answer for themselves, and no other group", () => {
    const policy = after
      .all("aws_iam_role_policy")
      .map(({ attributes }) => JSON.parse(String(attributes["policy"])) as { Statement: { Sid: string }[] })
      .flatMap(({ Statement }) => Statement)
      .find(({ Sid }) => Sid === "OwnLifecycle");
    expect(JSON.stringify(policy)).toContain(
      "autoScalingGroupName/telemedicina-prod-asg-web-green-sa-east-1",
    );
    const hosts = [
      ...JSON.stringify(after.document).matchAll(/groupName[\\": ]+(telemedicina-prod-asg-[a-z-]+)-sa/g),
    ];
    expect(hosts.map(([, name]) => name).sort()).toEqual(
      ["scheduler", "web", "web-green", "workers"].map((name) => `telemedicina-prod-asg-${name}`),
    );
  });
});

describe("the program that shifts", () => {
  it("IAM-04: has real actions on named resources, where AWS knows any", async () => {
    const app = new App();
    const { app: stack } = compose(app, blueGreen);
    const [blue, green] = (["web", "web-green"] as const).map((name) => stack.fleets.get(name));
    const { loadBalancer } = stack;
    if (blue === undefined || green === undefined || loadBalancer.greenTarget === undefined)
      throw new Error("no second colour");
    const settings = blueGreenSettings({
      region: blueGreen.region,
      forwardArn: loadBalancer.forwardArn,
      application: "telemedicina",
      colours: {
        blue: { target: loadBalancer.target, group: blue.names.group, deploymentGroup: "production-blue" },
        green: {
          target: loadBalancer.greenTarget,
          group: green.names.group,
          deploymentGroup: "production-green",
        },
      },
      minSize: blueGreen.compute.minSize,
    });
    const document = {
      resource: {
        aws_iam_role_policy: {
          driver: {
            policy: JSON.stringify({
              Version: "2012-10-17",
              Statement: blueGreenStatements(settings, {
                accountId: blueGreen.accountId,
                loadBalancerName: loadBalancer.name,
              }),
            }),
          },
        },
      },
    } as unknown as TerraformDocument;
    const findings = await checkPolicies(readPolicies([document]), []);
    const faults = findings.filter(({ verdict }) => verdict !== "pass");
    expect(findings.length).toBeGreaterThan(0);
    // That one is excepted where the environments' own stacks have it.
    expect(
      faults.map(({ sid }) => sid),
      renderPermissions(faults),
    ).toEqual(["WatchAlarms"]);
  });
});
