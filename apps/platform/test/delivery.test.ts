import type { EnvironmentConfig } from "@telemedicina/config";
import type { Attributes, StackJson } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { environment, environments, synthesize } from "./environments.js";

type Json = Readonly<Record<string, unknown>>;

interface Action {
  readonly name: string;
  readonly provider: string;
  readonly run_order?: number;
  readonly configuration: Readonly<Record<string, string>>;
}

interface Stage {
  readonly name: string;
  readonly action: readonly Action[];
}

const REPOSITORY = "telemedicina-para-todos/application";

describe.each(environments)("the delivery of $name", ({ name, config, stacks, json }) => {
  const delivery = stacks("delivery");
  const pipeline = delivery.only("aws_codepipeline");
  const stages = pipeline["stage"] as readonly Stage[];
  const stage = (of: string) => stages.find((one) => one.name === of)?.action ?? [];
  const groups = delivery.all("aws_codedeploy_deployment_group").map(({ attributes }) => attributes);
  const isShifted = config.pipeline.strategy.kind === "blueGreen";

  it("CICD-01: starts with a push to the environment's branch, once, and warns while nobody has finished the connection", () => {
    expect(pipeline["trigger"]).toMatchObject([
      { git_configuration: { push: [{ branches: { includes: [config.pipeline.branch] } }] } },
    ]);
    expect(stage("Source")[0]?.configuration).toMatchObject({
      FullRepositoryId: REPOSITORY,
      BranchName: config.pipeline.branch,
      DetectChanges: "false",
    });
    expect(JSON.stringify(delivery.document["check"])).toContain('connection_status == \\"AVAILABLE\\"');
  });

  it("CICD-02, CICD-03, CICD-04: takes the source, builds, deploys, in this order; production asks somebody first", () => {
    expect(stages.map((one) => one.name)).toEqual([
      "Source",
      "Build",
      ...(config.pipeline.approval ? ["Approve"] : []),
      "Deploy",
    ]);
    expect(config.pipeline.approval).toBe(name === "production");
    expect(stage("Build").map(({ provider }) => provider)).toEqual(["CodeBuild"]);
    const order = (of: string) => stage("Deploy").find((one) => one.name === of)?.run_order ?? 0;
    for (const { name: action } of stage("Deploy").filter((one) => /workers|scheduler/.test(one.name))) {
      expect(order(action), action).toBeLessThan(order("Deploy"));
    }
  });

  it("CICD-04, CICD-06, T-27, T-30j: deploys to every group of hosts that the app stack has, each once, to new hosts too, and goes back by itself", () => {
    const fleets = json.all("aws_autoscaling_group").filter(({ stack }) => stack === `${name}-app`);
    const deployedTo = groups.flatMap(({ autoscaling_groups: of }) => of as readonly string[]);
    expect([...deployedTo].sort()).toEqual(fleets.map(({ attributes }) => String(attributes["name"])).sort());
    for (const group of groups) {
      expect(group["deployment_style"]).toMatchObject({ deployment_type: "IN_PLACE" });
      expect(group).toMatchObject({ outdated_instances_strategy: "UPDATE", termination_hook_enabled: true });
      expect(group["auto_rollback_configuration"]).toEqual({
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
      });
    }
  });

  it("CICD-06: is stopped by alarms that there are, each fleet by its own alone", () => {
    const alarms = json
      .all("aws_cloudwatch_metric_alarm")
      .filter(({ stack }) => stack === `${name}-app`)
      .map(({ attributes }) => String(attributes["alarm_name"]));
    const watched = groups.map(
      (group) =>
        (group["alarm_configuration"] as { readonly alarms?: readonly string[] } | undefined)?.alarms ?? [],
    );
    const serving = watched.filter((names) => names.length > 0);
    // Hosts of a colour that are deployed to make its alarms ring; its driver watches them when they are done.
    expect(serving).toHaveLength(isShifted ? 0 : 1);
    expect(new Set(serving.flat()).size).toBe(serving.flat().length);
    for (const alarm of serving.flat()) expect(alarms).toContain(alarm);
  });

  it("CICD-07: with two colours the driver is told of both, and of what holds the weights", () => {
    const drivers = delivery
      .all("aws_codebuild_project")
      .map(({ attributes }) => variablesOf(attributes))
      .filter((variables) => variables.has("BLUE_GREEN_SETTINGS"));
    expect(drivers).toHaveLength(isShifted ? 1 : 0);
    if (!isShifted) return;
    const settings = JSON.parse(drivers[0]?.get("BLUE_GREEN_SETTINGS") ?? "{}") as {
      readonly forwardArn: string;
      readonly colours: Readonly<
        Record<
          string,
          { readonly group: string; readonly deploymentGroup: string; readonly alarms: readonly string[] }
        >
      >;
    };
    expect(settings.forwardArn).toMatch(/aws_lb_listener/);
    for (const { alarms } of Object.values(settings.colours)) expect(alarms.length).toBeGreaterThan(0);
    expect(Object.values(settings.colours).map((colour) => [colour.deploymentGroup, colour.group])).toEqual(
      groups
        .filter(({ deployment_group_name: of }) => /-(blue|green)$/.test(String(of)))
        .map(({ deployment_group_name: of, autoscaling_groups: fleets }) => [
          of,
          (fleets as readonly string[])[0],
        ]),
    );
  });

  it.runIf(isShifted)(
    "CICD-06: the driver lives long enough to give traffic back, with the longest shift that the configuration takes too",
    () => {
      const lives = (stack: StackJson) =>
        stack
          .all("aws_codebuild_project")
          .filter(({ attributes }) => variablesOf(attributes).has("BLUE_GREEN_SETTINGS"))
          .map(({ attributes }) => attributes["build_timeout"]);
      expect(lives(delivery)).toEqual([327]);
      // More is refused by the schema, and CodeBuild allows 2160 minutes.
      const steps = [...Array.from({ length: 19 }, (_, index) => index + 1), 100];
      const { strategy } = config.pipeline;
      const longest = { ...strategy, steps, pauseSeconds: 3600 } as typeof strategy;
      expect(lives(synthesize(withPipeline(config, { strategy: longest }))("delivery"))).toEqual([1682]);
    },
  );

  it("CICD-05, CICD-10: tells a topic of failures and of what is out, and people by e-mail", () => {
    const rules = delivery
      .all("aws_cloudwatch_event_rule")
      .map(({ attributes }) => String(attributes["name"]));
    for (const about of [
      "-pipeline-failed",
      "pipeline-rollback",
      "pipeline-succeeded",
      "-event-rule-deployment-failed",
      "after-deployment-failed",
      "host-failed",
      "smoke-test-failed",
    ]) {
      expect(
        rules.filter((rule) => rule.includes(about)),
        about,
      ).toHaveLength(1);
    }
    const topic = json.all("aws_sns_topic").find(({ stack }) => stack === `${name}-delivery`);
    const arn = `\${${topic?.address}.arn}`;
    for (const { attributes } of delivery.all("aws_cloudwatch_event_target"))
      expect(attributes["arn"]).toBe(arn);
    const told = delivery.all("aws_sns_topic_subscription").map(({ attributes }) => attributes["endpoint"]);
    expect(told).toEqual(config.observability.alarmEmails);
    const key = json.target("aws_kms_key", topic?.attributes["kms_master_key_id"]);
    // Without it every message would be dropped in silence.
    expect(JSON.parse(String(key.attributes["policy"]))).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({ Principal: { Service: "events.amazonaws.com" } }),
      ]),
    });
  });

  it("CICD-10: asks the site from outside after a deployment, and goes back if it does not answer", () => {
    const smoke = delivery
      .all("aws_codebuild_project")
      .find(({ attributes }) => String(attributes["name"]).includes("smoke-test"));
    // A buildspec stands line by line among the stack's locals.
    const local = /local\.([\w-]+)/.exec(JSON.stringify(smoke?.attributes["source"]))?.[1];
    const lines = (delivery.document["locals"] as Json)[local ?? ""];
    expect(String(lines)).toContain(`https://${config.domain}/health`);
    expect(JSON.stringify(stages.at(-1))).toContain('"result":"ROLLBACK"');
  });

  it("CICD-08: builds have secrets by reference, and lines for the scripts of the release that lead somewhere", () => {
    const bucket = (purpose: string) =>
      json.all("aws_s3_bucket").find(({ address }) => address.includes(`storage_${purpose}_bucket`))
        ?.attributes["bucket"];
    const secret = /secret|password|token|private|_key$/i;
    for (const { attributes } of delivery.all("aws_codebuild_project")) {
      const variables = variablesOf(attributes);
      expect(variables.get("ASSETS_BUCKET")).toBe(bucket("assets"));
      expect(variables.get("DEPLOYMENTS_BUCKET")).toBe(bucket("deployments"));
      const parameter = json.all("aws_ssm_parameter").map((one) => one.attributes["name"]);
      expect(parameter).toContain(variables.get("CONTRACT_PARAMETER"));
      expect(variables.get("DISTRIBUTION_ID")).toMatch(/aws_cloudfront_distribution/);
      for (const { name: line, type } of environmentOf(attributes)) {
        if (secret.test(line)) expect(type, line).toMatch(/^(SECRETS_MANAGER|PARAMETER_STORE)$/);
      }
    }
  });

  it("CICD-09: has the short names that operators type", () => {
    const short = { production: "prod", staging: "stg", development: "dev" }[config.name];
    expect(pipeline["name"]).toBe(`telemedicina-${short}-pipeline`);
    expect(delivery.only("aws_codedeploy_app")["name"]).toBe("telemedicina");
    expect(groups.map((group) => group["deployment_group_name"])).toContain(
      isShifted ? `${name}-blue` : name,
    );
  });

  it("IAM-02: CodeDeploy's role has AWS's policy for it, and only CodeDeploy for this account may take it", () => {
    const { role } = delivery.only("aws_iam_role_policy_attachment");
    const codeDeploy = delivery.at(/^\$\{(.*)\.[a-z]+\}$/.exec(String(role))?.[1] ?? "");
    expect(JSON.parse(String(codeDeploy["assume_role_policy"]))).toMatchObject({
      Statement: [
        {
          Principal: { Service: "codedeploy.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": config.accountId } },
        },
      ],
    });
  });

  it("T-30i: there is one way to deploy, and no role for the other", () => {
    const trusts = delivery
      .all("aws_iam_role")
      .map(({ attributes }) => String(attributes["assume_role_policy"]));
    expect(trusts.filter((trust) => trust.includes("AssumeRoleWithWebIdentity"))).toEqual([]);
  });
});

describe("an environment that GitHub Actions delivers to", () => {
  const production = environment("production").config;
  const github = synthesize(withPipeline(production, { trigger: "githubActions", approval: false }))(
    "delivery",
  );

  it("T-30i, GHA-01: has no pipeline, builds nothing, and one role for the workflow", () => {
    const types = Object.keys(github.document["resource"] as object);
    expect(types.filter((type) => /codepipeline|codebuild|codeconnections/.test(type))).toEqual([]);
    expect(webIdentityTrust(github)).toHaveLength(1);
  });

  it.each<[string, Readonly<Record<string, string>>, boolean]>([
    ["the environment's job", {}, true],
    ["a job of another environment", { sub: `repo:${REPOSITORY}:environment:staging` }, false],
    ["a push to main without the environment", { sub: `repo:${REPOSITORY}:ref:refs/heads/main` }, false],
    ["a pull request", { sub: `repo:${REPOSITORY}:pull_request` }, false],
    ["a pull request of a fork", { sub: "repo:someone/application:pull_request" }, false],
    ["a fork's environment of this name", { sub: "repo:someone/application:environment:production" }, false],
    [
      "this repository's own workflow",
      { sub: "repo:telemedicina-para-todos/infrastructure:environment:production" },
      false,
    ],
    ["a repository that begins like it", { sub: `repo:${REPOSITORY}-2:environment:production` }, false],
    ["other letters", { sub: `repo:${REPOSITORY.toUpperCase()}:environment:production` }, false],
    ["another audience", { aud: "https://github.com/telemedicina-para-todos" }, false],
    ["another issuer", { iss: "app.terraform.io" }, false],
  ])("GHA-01: its role is taken or not: %s", (_, changed, may) => {
    const token = {
      iss: "token.actions.githubusercontent.com",
      aud: "sts.amazonaws.com",
      sub: `repo:${REPOSITORY}:environment:production`,
      ...changed,
    };
    expect(webIdentityTrust(github).some((statement) => admits(statement, token))).toBe(may);
  });
});

it("an environment without an application's repository has no delivery, and its key serves no topic", () => {
  const { repository: _, ...pipeline } = environment("development").config.pipeline;
  const config = { ...environment("development").config, pipeline } as EnvironmentConfig;
  const stacks = synthesize(config);
  expect(() => stacks("delivery")).toThrow("has no stack for delivery");
  expect(JSON.stringify(stacks("security").document)).not.toContain("events.amazonaws.com");
});

interface WebIdentity {
  readonly Principal: { readonly Federated: string };
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function webIdentityTrust(stack: StackJson): WebIdentity[] {
  return stack
    .all("aws_iam_role")
    .flatMap(
      ({ attributes }) =>
        (JSON.parse(String(attributes["assume_role_policy"])) as { readonly Statement: readonly Json[] })
          .Statement,
    )
    .filter(({ Action }) => Action === "sts:AssumeRoleWithWebIdentity") as unknown as WebIdentity[];
}

/** As STS decides, of the one operator that stands in these policies. */
function admits({ Principal, Condition }: WebIdentity, token: Readonly<Record<string, string>>): boolean {
  const { StringEquals: equals = {}, ...others } = Condition;
  expect(others).toEqual({});
  expect(Object.keys(equals)).toHaveLength(2);
  return (
    Principal.Federated.endsWith(`:oidc-provider/${token["iss"]}`) &&
    Object.entries(equals).every(
      ([key, value]) => key.startsWith(`${token["iss"]}:`) && token[key.split(":").at(-1) ?? ""] === value,
    )
  );
}

function withPipeline(
  config: EnvironmentConfig,
  changes: Partial<EnvironmentConfig["pipeline"]>,
): EnvironmentConfig {
  return { ...config, pipeline: { ...config.pipeline, ...changes } };
}

interface Line {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

function environmentOf(project: Attributes): readonly Line[] {
  return (project["environment"] as { readonly environment_variable: readonly Line[] }).environment_variable;
}

function variablesOf(project: Attributes): ReadonlyMap<string, string> {
  return new Map(environmentOf(project).map(({ name, value }) => [name, value]));
}
