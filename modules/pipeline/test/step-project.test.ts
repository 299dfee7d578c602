import type { Attributes, StackJson } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import type { CodePipelineTrigger } from "../src/index.js";
import {
  accountId,
  blueGreen,
  delivery,
  driver,
  everything,
  keyArn,
  of,
  permissions,
  pipeline,
  secretArn,
} from "./support.js";

const type = "aws_codebuild_project";
const smokeTest = { buildspec: "deploy/smoke-test.yml" };

function build(trigger: Partial<CodePipelineTrigger> = {}): Attributes {
  return of(pipeline(trigger).stack.all(type), "pipeline_build");
}

interface Line {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

function lines(project: Attributes): readonly Line[] {
  return (project["environment"] as { environment_variable: readonly Line[] }).environment_variable;
}

function line(project: Attributes, name: string): Line | undefined {
  return lines(project).find((one) => one.name === name);
}

describe("every CodeBuild project", () => {
  const { stack } = delivery(everything);
  const projects = stack.all(type).map(({ attributes }) => attributes);

  it("is without privileges, on an image of AWS's", () => {
    expect(projects).toHaveLength(4);
    for (const project of projects) {
      expect(project["environment"]).toMatchObject({
        privileged_mode: false,
        type: "LINUX_CONTAINER",
        image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        image_pull_credentials_type: "CODEBUILD",
      });
    }
  });

  it("takes from the pipeline, gives to it, and encrypts with the bucket's key", () => {
    for (const project of projects) {
      expect(project["artifacts"]).toEqual({ type: "CODEPIPELINE" });
      expect(project["source"]).toMatchObject({ type: "CODEPIPELINE" });
      expect(project["encryption_key"]).toBe(keyArn);
    }
  });

  it("writes into a log group of its own, encrypted and kept for 90 days", () => {
    const groups = stack.all("aws_cloudwatch_log_group");
    expect(groups).toHaveLength(4);
    for (const { attributes } of groups) {
      expect(attributes).toMatchObject({ retention_in_days: 90, kms_key_id: keyArn });
    }
    const used = projects.map((project) => project["logs_config"]);
    expect(new Set(used.map((one) => JSON.stringify(one))).size).toBe(4);
    for (const { address } of groups) {
      expect(used).toContainEqual({
        cloudwatch_logs: { status: "ENABLED", group_name: `\${${address}.name}` },
      });
    }
  });

  it("ends: no run is without a time limit, and none waits for a machine for hours", () => {
    expect(projects.map((project) => [project["build_timeout"], project["queued_timeout"]])).toEqual([
      [30, 30],
      [240, 30],
      [30, 30],
      [30, 30],
    ]);
  });

  it("CICD-08: has no line in plain text but those that are public", () => {
    for (const project of projects) {
      const plain = lines(project).filter((one) => one.type === "PLAINTEXT");
      expect(plain.map(({ name }) => name).filter((name) => !name.startsWith("VITE_"))).toEqual([
        "ASSETS_BUCKET",
        "CODEDEPLOY_APPLICATION",
        "CONTRACT_PARAMETER",
        "DEPLOYMENTS_BUCKET",
        "DISTRIBUTION_ID",
        "RELEASES_PREFIX",
      ]);
    }
  });

  it("starts only once its role has its permissions", () => {
    for (const { address, attributes } of stack.all(type)) {
      const path = /delivery_pipeline_([a-z-]+)_project/.exec(address)?.[1] ?? "";
      const policy = stack
        .all("aws_iam_role_policy")
        .find((one) => one.address.includes(`_${path}_role_policy`));
      expect(attributes["depends_on"]).toEqual([policy?.address]);
    }
  });
});

describe("the build", () => {
  it("BLD-01: runs the buildspec of the repository, on four processors", () => {
    expect(build()["source"]).toEqual({ type: "CODEPIPELINE", buildspec: "buildspec.yml" });
    expect(build()["environment"]).toMatchObject({ compute_type: "BUILD_GENERAL1_MEDIUM" });
  });

  it("BLD-02: runs on Arm where that is asked for", () => {
    expect(build({ architecture: "arm64" })["environment"]).toMatchObject({
      type: "ARM_CONTAINER",
      image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
    });
  });

  it("BLD-03: keeps what composer and npm downloaded", () => {
    expect(build()["cache"]).toEqual({ type: "LOCAL", modes: ["LOCAL_CUSTOM_CACHE"] });
  });

  it("takes another buildspec, size and time", () => {
    const project = build({ build: { buildspec: "deploy/build.yml", size: "large", timeoutMinutes: 45 } });
    expect(project).toMatchObject({
      source: { buildspec: "deploy/build.yml" },
      environment: { compute_type: "BUILD_GENERAL1_LARGE" },
      build_timeout: 45,
    });
  });

  it("runs for several pushes at once, the driver and the smoke test for one", () => {
    const { stack } = delivery(everything);
    expect(of(stack.all(type), "pipeline_build")["concurrent_build_limit"]).toBeUndefined();
    expect(of(stack.all(type), "pipeline_blue-green")["concurrent_build_limit"]).toBe(1);
    expect(of(stack.all(type), "pipeline_smoke-test")["concurrent_build_limit"]).toBe(1);
  });

  it("has the lines that the scripts of a release go by, and none that means nothing here", () => {
    expect(lines(build()).map(({ name, value }) => `${name}=${value}`)).toEqual([
      "ASSETS_BUCKET=assets",
      "CODEDEPLOY_APPLICATION=telemedicina",
      "CODEDEPLOY_GROUP=production",
      "DEPLOYMENTS_BUCKET=deployments",
      "RELEASES_PREFIX=releases/",
    ]);
    expect(
      line(of(delivery({ strategy: blueGreen }).stack.all(type), "pipeline_build"), "CODEDEPLOY_GROUP"),
    ).toBe(undefined);
  });

  it("CICD-08: takes secrets by reference, whole or by a key, and parameters by name", () => {
    const project = build({
      build: {
        variables: { VITE_REVERB_HOST: "telemedicina.example.com" },
        secrets: {
          COMPOSER_AUTH: { secretArn },
          VITE_REVERB_APP_KEY: { secretArn, jsonKey: "key" },
        },
        parameters: { LICENSE: "/telemedicina/license" },
      },
    });
    expect(line(project, "COMPOSER_AUTH")).toMatchObject({ type: "SECRETS_MANAGER", value: secretArn });
    expect(line(project, "VITE_REVERB_APP_KEY")).toMatchObject({
      type: "SECRETS_MANAGER",
      value: `${secretArn}:key`,
    });
    expect(line(project, "LICENSE")).toMatchObject({
      type: "PARAMETER_STORE",
      value: "/telemedicina/license",
    });
    expect(line(project, "VITE_REVERB_HOST")).toMatchObject({ type: "PLAINTEXT" });
    const sorted = lines(project).map(({ name }) => name);
    expect(sorted).toEqual([...sorted].sort());
  });
});

describe("the step after a deployment", () => {
  it("runs the buildspec that comes with the release", () => {
    const { stack } = pipeline({ afterDeployment: {} });
    expect(of(stack.all(type), "pipeline_after-deployment")).toMatchObject({
      source: { buildspec: "buildspec-after-deployment.yml" },
      environment: { compute_type: "BUILD_GENERAL1_SMALL" },
    });
  });
});

describe("the driver of blue and green", () => {
  const { stack } = delivery({ strategy: blueGreen });

  it("CICD-07: runs the given text, line by line in the JSON, and its shell variables are no templates of Terraform's", () => {
    const project = of(stack.all(type), "pipeline_blue-green");
    const [[name, lines] = ["", []]] = Object.entries(stack.document["locals"] as Record<string, string[]>);
    expect(project["source"]).toEqual({ type: "CODEPIPELINE", buildspec: `\${join("\\n", local.${name})}` });
    expect(lines.join("\n")).toBe(driver.buildspec.replace("${MODE", () => "$${MODE"));
  });

  it("CICD-07: may what it brings along, see which releases are there, and add some", () => {
    const may = permissions(stack, "pipeline_blue-green");
    expect(may["MoveTraffic"]).toEqual(driver.statements?.[0]);
    const releases = "arn:aws:s3:::deployments/releases/*";
    expect(may["LookAtReleases"]).toMatchObject({ Action: "s3:GetObject", Resource: releases });
    expect(may["AddReleases"]).toMatchObject({ Action: "s3:PutObject", Resource: releases });
    expect(may["AddAssets"]).toBeUndefined();
    expect(may["DeployToGroups"]).toBeUndefined();
  });
});

describe("what a step may", () => {
  function sids(stack: StackJson, step: string): string[] {
    return Object.keys(permissions(stack, `pipeline_${step}`));
  }

  it("is what it needs and no more", () => {
    const { stack } = pipeline({ smokeTest });
    expect(sids(stack, "build")).toEqual([
      "OwnLogGroups",
      "OwnArtifacts",
      "ArtifactsBucket",
      "KeyOfTheBucket",
      "AddAssets",
      "ListAssets",
      "OwnTestReports",
    ]);
    expect(sids(pipeline({}, { distributionId: "E1A2B3C4D5E6F7" }).stack, "after-deployment")).toEqual([
      "OwnLogGroups",
      "OwnArtifacts",
      "ArtifactsBucket",
      "KeyOfTheBucket",
      "AddAssets",
      "InvalidateOneDistribution",
      "OwnTestReports",
    ]);
    expect(sids(stack, "smoke-test")).toEqual([
      "OwnLogGroups",
      "OwnArtifacts",
      "ArtifactsBucket",
      "KeyOfTheBucket",
      "OwnTestReports",
    ]);
  });

  it("reaches the pipeline's own folder, and the key by way of S3 alone", () => {
    const may = permissions(pipeline({}).stack, "pipeline_build");
    expect(may["OwnArtifacts"]?.Resource).toBe("arn:aws:s3:::deployments/telemedicina-prod-pi*");
    expect(may["KeyOfTheBucket"]).toMatchObject({
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": "s3.sa-east-1.amazonaws.com" } },
    });
  });

  it("deletes nothing", () => {
    const actions = delivery(everything)
      .stack.all("aws_iam_role_policy")
      .flatMap(({ attributes }) => (attributes["policy"] as string).match(/"[a-z0-9-]+:\w+"/gi) ?? []);
    expect(actions.length).toBeGreaterThan(20);
    expect(actions.filter((action) => /Delete|Remove|Terminate/.test(action))).toEqual([]);
  });

  it("BLD-03: adds new files to the assets, of which open pages still ask for older ones, and nothing that keeps its name elsewhere", () => {
    const may = permissions(pipeline({}).stack, "pipeline_build");
    expect(may["AddAssets"]).toMatchObject({
      Action: "s3:PutObject",
      Resource: ["arn:aws:s3:::assets/assets/*", "arn:aws:s3:::assets/build/*"],
    });
    expect(may["ListAssets"]).toMatchObject({
      Action: "s3:ListBucket",
      Resource: "arn:aws:s3:::assets",
      Condition: { StringEquals: { "s3:prefix": ["assets/", "build/"] } },
    });
  });

  it("adds what keeps its name after the deployment, with or without a distribution", () => {
    const { stack } = pipeline({ afterDeployment: {} });
    expect(permissions(stack, "pipeline_after-deployment")["AddAssets"]).toMatchObject({
      Action: "s3:PutObject",
      Resource: ["arn:aws:s3:::assets/*"],
    });
    const after = of(stack.all(type), "pipeline_after-deployment");
    expect(line(after, "ASSETS_BUCKET")?.value).toBe("assets");
  });

  it("invalidates one distribution, after the deployment, and none where there is none", () => {
    const { stack } = pipeline({}, { distributionId: "E1A2B3C4D5E6F7" });
    expect(permissions(stack, "pipeline_after-deployment")["InvalidateOneDistribution"]).toMatchObject({
      Action: "cloudfront:CreateInvalidation",
      Resource: `arn:aws:cloudfront::${accountId}:distribution/E1A2B3C4D5E6F7`,
    });
    expect(permissions(stack, "pipeline_build")["InvalidateOneDistribution"]).toBeUndefined();
    const without = pipeline({ afterDeployment: {} }).stack;
    expect(permissions(without, "pipeline_after-deployment")["InvalidateOneDistribution"]).toBeUndefined();
  });

  it("CICD-08: reads its own secrets and parameters, and the contract", () => {
    const may = permissions(delivery(everything).stack, "pipeline_build");
    expect(may["ReadSecrets"]?.Resource).toEqual([secretArn]);
    expect(may["DecryptSecrets"]).toMatchObject({
      Resource: [keyArn],
      Condition: { StringEquals: { "kms:ViaService": "secretsmanager.sa-east-1.amazonaws.com" } },
    });
    expect(may["ReadParameters"]).toMatchObject({
      Action: "ssm:GetParameters",
      Resource: [`arn:aws:ssm:sa-east-1:${accountId}:parameter/telemedicina/license`],
    });
    expect(may["ReadContract"]).toMatchObject({
      Action: "ssm:GetParameter",
      Resource: `arn:aws:ssm:sa-east-1:${accountId}:parameter/telemedicina/production/contract`,
    });
  });
});
