import { logRetentionDays } from "@telemedicina/core";
import { Lazy } from "cdktf";
import { describe, expect, it } from "vitest";
import type { DeliveryProps, StepProps } from "../src/index.js";
import {
  blueGreen,
  careless,
  copy,
  delivery,
  gitHubTrigger,
  pipeline,
  pipelineTrigger,
  rolling,
  secretArn,
} from "./support.js";

function one(fault: string): Error {
  return new Error(`test/delivery has 1 fault:\n  - test/delivery: ${fault}`);
}

/** What another resource of the stack gives. */
function reference(path: string): string {
  return Lazy.stringValue({ produce: () => `\${${path}}` });
}

function withBuild(build: Partial<StepProps>) {
  return () => pipeline({ build });
}

describe("guards", () => {
  it("fails with every fault at once", () => {
    const changes = careless<Partial<DeliveryProps>>({
      accountId: "33",
      trigger: {
        ...pipelineTrigger,
        repository: { owner: "acme", repository: "*" },
        connection: { from: "arn", arn: "arn:aws:codeconnections:x" },
        branch: "release/*",
        filePaths: { includes: [], excludes: ["/app", "a/**"] },
        executionMode: "PARALLEL",
        architecture: "riscv",
        build: { buildspec: "/buildspec.yml", size: "huge", timeoutMinutes: 4 },
        smokeTest: { buildspec: "../smoke.yml", timeoutMinutes: 2161 },
      },
      strategy: {
        ...rolling,
        fleet: { ...rolling.fleet, alarmNames: [] },
        deploymentConfig: "CodeDeployDefault.Some",
      },
      companions: {
        Workers: { autoScalingGroupName: "asg-web", deploymentConfig: "CodeDeployDefault.Some" },
        blue: { autoScalingGroupName: "asg-blue", alarmNames: ["a", "a"] },
      },
      logs: { kmsKeyArn: "key", retentionDays: 91 },
    });
    const configs =
      "CodeDeployDefault.OneAtATime, CodeDeployDefault.HalfAtATime, CodeDeployDefault.AllAtOnce";
    const path =
      "a path in the source such as buildspec.yml, without a slash at the start and without .., or the text of a buildspec, which says version: 0.2.";
    const key =
      "lower-case letters, digits and inner hyphens, a letter first, and not blue, green or serving.";

    expect(() => delivery(changes)).toThrow(
      new Error(
        [
          "test/delivery has 21 faults:",
          'accountId is "33". Allowed: 12 digits.',
          'trigger.repository.repository is "*". Allowed: one owner or repository of GitHub by its exact name, letters, digits and . _ -. A pattern would let others deploy.',
          'trigger.connection.arn is "arn:aws:codeconnections:x". Allowed: the ARN of a connection, such as arn:aws:codeconnections:us-east-1:111111111111:connection/0a1b2c3d-0000-4000-8000-000000000001.',
          'trigger.branch is "release/*". Allowed: the exact name of one branch, such as main, and no pattern.',
          "trigger.filePaths.includes has 0. Allowed: 1 to 8 patterns, or leave the list out.",
          'trigger.filePaths.excludes[0] is "/app". Allowed: a pattern of 1 to 255 characters without a slash at the start, such as app/**.',
          'trigger.executionMode is "PARALLEL". Allowed: QUEUED, SUPERSEDED. PARALLEL would deploy two pushes to the same hosts at once, the older one perhaps last, and knows no rollback of a stage.',
          'trigger.architecture is "riscv". Allowed: x86_64, arm64.',
          `strategy.deploymentConfig is "CodeDeployDefault.Some". Allowed: ${configs}.`,
          "strategy.fleet.alarmNames has 0. Allowed: 1 to 10 alarms. Without an alarm a release that answers with errors stays.",
          `companions has the key "Workers". Allowed: ${key}`,
          `companions.Workers.deploymentConfig is "CodeDeployDefault.Some". Allowed: ${configs}.`,
          `companions has the key "blue". Allowed: ${key}`,
          'companions.blue.alarmNames has "a" twice. Allowed: each once.',
          '"asg-web" is the Auto Scaling group of two deployment groups. Allowed: one each. Two would deploy to every new host at once.',
          `trigger.build.buildspec is "/buildspec.yml". Allowed: ${path}`,
          'trigger.build.size is "huge". Allowed: small, medium, large.',
          "trigger.build.timeoutMinutes is 4. Allowed: a whole number from 5 to 2160.",
          `trigger.smokeTest.buildspec is "../smoke.yml". Allowed: ${path}`,
          "trigger.smokeTest.timeoutMinutes is 2161. Allowed: a whole number from 5 to 2160.",
          `logs.retentionDays is 91. Allowed: ${logRetentionDays.join(", ")}. CloudWatch Logs knows no other periods; keeping logs for ever is not offered.`,
        ]
          .map((line, index) => (index === 0 ? line : `  - test/delivery: ${line}`))
          .join("\n"),
      ),
    );
  });

  it("CICD-06: fails when there are more alarms than CodeDeploy watches", () => {
    const all = Array.from({ length: 11 }, (_, index) => `alarm-${index}`);
    const watching = (alarmNames: readonly string[]) => () =>
      delivery({ strategy: { ...rolling, fleet: { ...rolling.fleet, alarmNames } } });
    expect(watching(all)).toThrow(
      one(
        "strategy.fleet.alarmNames has 11. Allowed: 1 to 10 alarms. CodeDeploy watches no more in one group: choose those that ring when users suffer.",
      ),
    );
    expect(watching(all.slice(1))).not.toThrow();
  });

  it("fails when a list of files has more patterns than CodePipeline takes", () => {
    const includes = Array.from({ length: 9 }, (_, index) => `${index}/**`);
    expect(() => pipeline({ filePaths: { includes } })).toThrow(
      one("trigger.filePaths.includes has 9. Allowed: 1 to 8 patterns, or leave the list out."),
    );
  });
});

describe("guards of a copied group", () => {
  it("CICD-07: fails without the acknowledgement and the reason", () => {
    const strategy = careless<DeliveryProps["strategy"]>({
      ...copy,
      acknowledgeUnmanagedGroup: undefined,
      reason: " ",
      launchTemplateArn: "lt-1",
      hostRoleArn: "app",
      terminationWaitMinutes: 2881,
    });
    expect(() => delivery({ strategy })).toThrow(
      new Error(
        [
          "test/delivery has 5 faults:",
          "strategy.acknowledgeUnmanagedGroup is undefined. Allowed: true, once you have read what it means: CodeDeploy deletes the Auto Scaling group that Terraform made, and no plan sees the one that runs. Without that, choose rolling or blueGreen.",
          'strategy.reason is " ". Allowed: 1 to 256 letters, digits, spaces and . : / = + - @ _ (it becomes a tag). Say why.',
          'strategy.launchTemplateArn is "lt-1". Allowed: the ARN of a launch template, such as arn:aws:ec2:us-east-1:111111111111:launch-template/lt-0a1b2c3d4e5f60718.',
          'strategy.hostRoleArn is "app". Allowed: the ARN of the hosts\' role, such as arn:aws:iam::111111111111:role/app.',
          "strategy.terminationWaitMinutes is 2881. Allowed: a whole number from 0 to 2880.",
        ]
          .map((line, index) => (index === 0 ? line : `  - test/delivery: ${line}`))
          .join("\n"),
      ),
    );
  });

  it("takes references for what Terraform makes", () => {
    const strategy = {
      ...copy,
      launchTemplateArn: reference("aws_launch_template.it.arn"),
      hostRoleArn: reference("aws_iam_role.it.arn"),
    };
    expect(() => delivery({ strategy })).not.toThrow();
  });
});

describe("guards of blue and green", () => {
  it("CICD-07: fails when both colours are one fleet", () => {
    const strategy = { ...blueGreen, green: blueGreen.blue };
    expect(() => delivery({ strategy })).toThrow(
      'test/delivery: "asg-blue" is the Auto Scaling group of two deployment groups. Allowed: one each. Two would deploy to every new host at once.',
    );
  });

  it("fails when GitHub Actions would have to drive it", () => {
    expect(() => delivery({ strategy: blueGreen, trigger: gitHubTrigger })).toThrow(
      one(
        'trigger.kind is "githubActions" and strategy.kind "blueGreen". A runner\'s credentials end after an hour, perhaps in the middle of moving the traffic. Choose codePipeline, or rolling.',
      ),
    );
  });

  it("fails when the driver has a reference in its text, or a Sid that its role has already", () => {
    const [statement] = blueGreen.driver.statements ?? [];
    const strategy = {
      ...blueGreen,
      driver: {
        buildspec: `version: 0.2 # ${reference("aws_lb.it.arn")}`,
        statements: [careless<NonNullable<typeof statement>>({ ...statement, Sid: "AddReleases" })],
      },
    };
    expect(() => delivery({ strategy })).toThrow(
      new Error(
        [
          "test/delivery has 2 faults:",
          "  - test/delivery: strategy.driver.buildspec has a reference in it that only Terraform can fill in. Allowed: a literal text. Give the value as a variable of the step.",
          '  - test/delivery: strategy.driver.statements has the Sid "AddReleases", which the policy of its role has already. IAM takes each once. Rename it.',
        ].join("\n"),
      ),
    );
  });
});

describe("guards of GitHub Actions", () => {
  it("fails when the subject would not be exact", () => {
    const trigger = {
      ...gitHubTrigger,
      repository: { owner: "acme*", repository: "application", ids: { owner: "1x", repository: "2" } },
      environment: "*",
      identityProviderArn: "arn:aws:iam::333333333333:oidc-provider/example.com",
    };
    expect(() => delivery({ trigger })).toThrow(
      new Error(
        [
          "test/delivery has 4 faults:",
          'trigger.repository.owner is "acme*". Allowed: one owner or repository of GitHub by its exact name, letters, digits and . _ -. A pattern would let others deploy.',
          'trigger.repository.ids.owner is "1x". Allowed: GitHub\'s number of it, digits.',
          'trigger.environment is "*". Allowed: one GitHub environment by its exact name, letters, digits and . _ -. A pattern would let other environments deploy.',
          'trigger.identityProviderArn is "arn:aws:iam::333333333333:oidc-provider/example.com". Allowed: the ARN of GitHub\'s OIDC provider, such as arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com.',
        ]
          .map((line, index) => (index === 0 ? line : `  - test/delivery: ${line}`))
          .join("\n"),
      ),
    );
  });
});

describe("guards of a step's environment", () => {
  it.each([
    "DB_PASSWORD",
    "APP_KEY",
    "REVERB_APP_SECRET",
    "STRIPE_API_KEY",
    "API_KEYS",
    "GITHUB_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "ssh_private",
    "VITE_APP_SECRET",
  ])("CICD-08: fails when %s is in plain text, without repeating its value", (name) => {
    expect(withBuild({ variables: { [name]: "hunter2" } })).toThrow(
      one(
        `trigger.build.variables has "${name}", which is called like a secret; its value would be in the JSON, the state and the console. Put it into Secrets Manager and name it in trigger.build.secrets, or rename the line if it is none.`,
      ),
    );
  });

  it.each(["VITE_REVERB_APP_KEY", "KEYBOARD", "MONKEY", "APP_URL", "NODE_ENV"])("takes %s", (name) => {
    expect(withBuild({ variables: { [name]: "public" } })).not.toThrow();
  });

  it("CICD-08: fails when a secret itself stands where its ARN belongs, without repeating it", () => {
    expect(withBuild({ secrets: { COMPOSER_AUTH: { secretArn: "hunter2", jsonKey: "a:b" } } })).toThrow(
      new Error(
        [
          "test/delivery has 2 faults:",
          "  - test/delivery: trigger.build.secrets.COMPOSER_AUTH.secretArn is not the ARN of a secret. Allowed: one such as arn:aws:secretsmanager:us-east-1:111111111111:secret:name-AbCdEf. Never write the secret itself here.",
          '  - test/delivery: trigger.build.secrets.COMPOSER_AUTH.jsonKey is "a:b". Allowed: a key of the secret\'s JSON, without a colon.',
        ].join("\n"),
      ),
    );
  });

  it("fails when a line has a name that cannot be, is taken, or comes twice", () => {
    const build = {
      variables: { "1ST": "a", CODEBUILD_ID: "b", ASSETS_BUCKET: "c", RELEASE_COMMIT: "d", LICENSE: "e" },
      secrets: { LICENSE: { secretArn } },
      parameters: { OTHER: "a b" },
    };
    const name =
      "Allowed: letters, digits and _, no digit first, and not CODEBUILD_…, which is CodeBuild's own.";
    expect(withBuild(build)).toThrow(
      new Error(
        [
          "test/delivery has 6 faults:",
          `trigger.build has the name "1ST". ${name}`,
          `trigger.build has the name "CODEBUILD_ID". ${name}`,
          'trigger.build has the name "ASSETS_BUCKET", which every step has already. Choose another name.',
          'trigger.build has the name "RELEASE_COMMIT", which every step has already. Choose another name.',
          'trigger.build has the name "LICENSE" in more than one of variables, secrets and parameters. Allowed: each name once.',
          'trigger.build.parameters.OTHER is "a b". Allowed: the name of a parameter, such as /telemedicina/production/contract.',
        ]
          .map((line, index) => (index === 0 ? line : `  - test/delivery: ${line}`))
          .join("\n"),
      ),
    );
  });

  it("fails when the text of a buildspec is longer than CodeBuild takes, whatever the step", () => {
    const ofLength = (length: number) => "version: 0.2\n".padEnd(length, "#");
    const build = { buildspec: ofLength(25_601) };
    const smokeTest = { buildspec: ofLength(39_803) };
    const why =
      "Allowed: 25600, CodeBuild takes no longer one in a project. Put it into the source and give its path, or compress what it carries.";
    expect(() => pipeline({ build, smokeTest })).toThrow(
      new Error(
        [
          "test/delivery has 2 faults:",
          `  - test/delivery: trigger.build.buildspec has 25601 characters. ${why}`,
          `  - test/delivery: trigger.smokeTest.buildspec has 39803 characters. ${why}`,
        ].join("\n"),
      ),
    );
    expect(() => pipeline({ build: { buildspec: ofLength(25_600) } })).not.toThrow();
  });

  it("takes references for secrets that Terraform makes", () => {
    const secrets = { COMPOSER_AUTH: { secretArn: reference("aws_secretsmanager_secret.it.arn") } };
    expect(withBuild({ secrets })).not.toThrow();
  });
});
