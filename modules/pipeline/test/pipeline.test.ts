import type { Attributes } from "@telemedicina/core/testing";
import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import { type CodePipelineTrigger, type DeliveryProps, pipelineName } from "../src/index.js";
import { blueGreen, connectionArn, delivery, keyArn, names, pipeline, topicArn } from "./support.js";

interface Action {
  readonly name: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly [attribute: string]: unknown;
}

interface Stage {
  readonly name: string;
  readonly action: readonly Action[];
  readonly [attribute: string]: unknown;
}

const workers = { workers: { autoScalingGroupName: "asg-workers" } };
const smokeTest = { buildspec: "deploy/smoke-test.yml" };

function built(trigger: Partial<CodePipelineTrigger> = {}, others: Partial<DeliveryProps> = {}): Attributes {
  return pipeline(trigger, others).stack.only("aws_codepipeline");
}

function stages(trigger: Partial<CodePipelineTrigger> = {}, others: Partial<DeliveryProps> = {}) {
  return built(trigger, others)["stage"] as readonly Stage[];
}

function stage(
  name: string,
  trigger: Partial<CodePipelineTrigger> = {},
  others: Partial<DeliveryProps> = {},
) {
  return stages(trigger, others).find((one) => one.name === name) as Stage;
}

describe("the pipeline", () => {
  it("CICD-09: is called as the runbooks have it", () => {
    expect(pipelineName(names)).toBe("telemedicina-prod-pipeline");
    expect(built()["name"]).toBe("telemedicina-prod-pipeline");
  });

  it("is of type V2 and runs one push after the other", () => {
    expect(built()).toMatchObject({ pipeline_type: "V2", execution_mode: "QUEUED" });
    expect(built({ executionMode: "SUPERSEDED" })["execution_mode"]).toBe("SUPERSEDED");
  });

  it("CICD-02: has the stages source, build and deploy, and an approval only where it is asked for", () => {
    expect(stages().map(({ name }) => name)).toEqual(["Source", "Build", "Deploy"]);
    expect(stages({ approval: true }).map(({ name }) => name)).toEqual([
      "Source",
      "Build",
      "Approve",
      "Deploy",
    ]);
  });

  it("keeps its artifacts in the given bucket under the given key", () => {
    expect(built()["artifact_store"]).toEqual([
      { type: "S3", location: "deployments", encryption_key: { type: "KMS", id: keyArn } },
    ]);
  });

  it("waits for its role's permissions and for the groups that it deploys to", () => {
    const { stack } = pipeline({}, { companions: workers });
    const needs = [
      stack.all("aws_iam_role_policy").find(({ address }) => /delivery_pipeline_role/.test(address)),
      ...stack.all("aws_codedeploy_deployment_group"),
    ];
    expect([...(stack.only("aws_codepipeline")["depends_on"] as string[])].sort()).toEqual(
      needs.map((block) => block?.address).sort(),
    );
  });
});

describe("what starts it", () => {
  it("CICD-01: is a push to the branch, once", () => {
    expect(built()["trigger"]).toEqual([
      {
        provider_type: "CodeStarSourceConnection",
        git_configuration: { source_action_name: "Source", push: [{ branches: { includes: ["main"] } }] },
      },
    ]);
    expect(stage("Source").action[0]?.configuration["DetectChanges"]).toBe("false");
  });

  it("CICD-01: is a push to another branch, of some files only", () => {
    const trigger = { branch: "release", filePaths: { includes: ["app/**"], excludes: ["**/*.md"] } };
    expect(built(trigger)["trigger"]).toMatchObject([
      {
        git_configuration: {
          push: [
            {
              branches: { includes: ["release"] },
              file_paths: { includes: ["app/**"], excludes: ["**/*.md"] },
            },
          ],
        },
      },
    ]);
    expect(stage("Source", trigger).action[0]?.configuration["BranchName"]).toBe("release");
  });

  it("leaves out the list of files that is not given", () => {
    expect(built({ filePaths: { excludes: ["docs/**"] } })["trigger"]).toMatchObject([
      { git_configuration: { push: [{ file_paths: { excludes: ["docs/**"] } }] } },
    ]);
    expect(JSON.stringify(built({ filePaths: { excludes: ["docs/**"] } })["trigger"])).toContain(
      "file_paths",
    );
    expect(JSON.stringify(built({ filePaths: { excludes: ["docs/**"] } })["trigger"])).not.toContain(
      '"file_paths":{"includes"',
    );
  });
});

describe("the connection", () => {
  it("CICD-01: is the one that is given", () => {
    const { stack, made } = pipeline({});
    expect(stack.all("aws_codeconnections_connection")).toEqual([]);
    expect(stack.document["check"]).toBeUndefined();
    expect(made.connectionArn).toBe(connectionArn);
    expect(made.connectionStatus).toBeUndefined();
    expect(stage("Source").action[0]).toMatchObject({
      provider: "CodeStarSourceConnection",
      namespace: "Source",
      output_artifacts: ["source"],
      configuration: {
        ConnectionArn: connectionArn,
        FullRepositoryId: "telemedicina-para-todos/application",
        OutputArtifactFormat: "CODE_ZIP",
      },
    });
  });

  it("CICD-01: is made, and says at every plan that somebody has to finish it", () => {
    const { stack, made } = pipeline({ connection: { from: "create" } });
    const [connection] = stack.all("aws_codeconnections_connection");
    expect(connection?.attributes).toMatchObject({
      provider_type: "GitHub",
      tags: { Name: connection?.attributes["name"] },
    });
    expect(Token.isUnresolved(made.connectionStatus)).toBe(true);
    const [check] = Object.values(
      stack.document["check"] as Record<string, { assert: readonly Attributes[] }>,
    );
    expect(check?.assert).toHaveLength(1);
    expect(check?.assert[0]?.["condition"]).toBe(
      `\${${connection?.address}.connection_status == "AVAILABLE"}`,
    );
    expect(check?.assert[0]?.["error_message"]).toContain(`\${${connection?.address}.connection_status}`);
    expect(check?.assert[0]?.["error_message"]).toContain('choose it, and then "Update pending connection".');
  });
});

describe("the build stage", () => {
  it("CICD-03: takes the source and yields deployment-artifact", () => {
    expect(stage("Build").action).toMatchObject([
      {
        category: "Build",
        provider: "CodeBuild",
        input_artifacts: ["source"],
        output_artifacts: ["deployment-artifact"],
        configuration: { ProjectName: "telemedicina-prod-codebuild-build-sa-east-1" },
      },
    ]);
  });

  it("tells the build which commit it is", () => {
    const lines = stage("Build").action[0]?.configuration["EnvironmentVariables"] ?? "";
    expect(JSON.parse(lines)).toEqual([
      { name: "RELEASE_COMMIT", value: "#{Source.CommitId}", type: "PLAINTEXT" },
      { name: "RELEASE_EXECUTION", value: "#{codepipeline.PipelineExecutionId}", type: "PLAINTEXT" },
    ]);
  });

  it("tries a failed build again only where it is asked to", () => {
    expect(stage("Build")["on_failure"]).toBeUndefined();
    expect(stage("Build", { retryBuild: true })["on_failure"]).toEqual({
      result: "RETRY",
      retry_configuration: { retry_mode: "FAILED_ACTIONS" },
    });
  });
});

describe("the approval", () => {
  it("tells the topic whose commit waits", () => {
    expect(stage("Approve", { approval: true }).action).toMatchObject([
      {
        category: "Approval",
        provider: "Manual",
        configuration: {
          NotificationArn: topicArn,
          CustomData: "Deploy commit #{Source.CommitId}: #{Source.CommitMessage}",
        },
      },
    ]);
  });
});

describe("the deploy stage", () => {
  it("CICD-04: gives the artifact to CodeDeploy", () => {
    expect(stage("Deploy").action).toMatchObject([
      {
        name: "Deploy",
        category: "Deploy",
        provider: "CodeDeploy",
        input_artifacts: ["deployment-artifact"],
        configuration: { ApplicationName: "telemedicina", DeploymentGroupName: "production" },
        run_order: 1,
      },
    ]);
  });

  it("deploys to companions first, which then know the jobs of what serves", () => {
    const companions = { ...workers, scheduler: { autoScalingGroupName: "asg-scheduler" } };
    const actions = stage("Deploy", {}, { companions }).action;
    expect(actions.map(({ name, run_order }) => `${run_order} ${name}`)).toEqual([
      "1 Deploy-scheduler",
      "1 Deploy-workers",
      "2 Deploy",
    ]);
    expect(actions.map(({ configuration }) => configuration["DeploymentGroupName"])).toEqual([
      "production-scheduler",
      "production-workers",
      "production",
    ]);
  });

  it("CICD-07: leaves blue and green to the driver, and deploys to companions itself", () => {
    const actions = stage("Deploy", {}, { strategy: blueGreen, companions: workers }).action;
    expect(actions).toMatchObject([
      {
        name: "Deploy-workers",
        provider: "CodeDeploy",
        configuration: { DeploymentGroupName: "production-workers" },
        run_order: 1,
      },
      {
        name: "Deploy",
        provider: "CodeBuild",
        input_artifacts: ["deployment-artifact"],
        configuration: { ProjectName: "telemedicina-prod-codebuild-blue-green-sa-east-1" },
        run_order: 2,
      },
    ]);
  });

  it("has a step after the deployment where there is a distribution, or where one is asked for", () => {
    const last = (...of: Parameters<typeof stages>) => stage("Deploy", ...of).action.at(-1);
    const after = {
      name: "After",
      provider: "CodeBuild",
      input_artifacts: ["deployment-artifact"],
      configuration: { ProjectName: "telemedicina-prod-codebuild-after-deployment-sa-east-1" },
      run_order: 2,
    };
    expect(last()).toMatchObject({ name: "Deploy" });
    expect(last({}, { distributionId: "E1A2B3C4D5E6F7" })).toMatchObject(after);
    expect(last({ afterDeployment: { buildspec: "after.yml" } })).toMatchObject(after);
  });

  it("CICD-06: leaves the rollback of what failed to CodeDeploy", () => {
    for (const one of [stage("Deploy"), stage("Deploy", { smokeTest })]) {
      expect(one["on_failure"]).toBeUndefined();
    }
  });

  it("CICD-10: deploys the release before when the smoke test says that this one does not work", () => {
    expect(stage("Deploy")["on_success"]).toBeUndefined();
    expect(stage("Deploy", { smokeTest })["on_success"]).toEqual({
      condition: {
        result: "ROLLBACK",
        rule: [
          {
            name: "SmokeTest",
            rule_type_id: { category: "Rule", owner: "AWS", provider: "CodeBuild", version: "1" },
            configuration: { ProjectName: "telemedicina-prod-codebuild-smoke-test-sa-east-1" },
            input_artifacts: ["deployment-artifact"],
          },
        ],
      },
    });
  });
});

describe("GitHub Actions instead", () => {
  it("leaves no pipeline, no build and no connection beside it", () => {
    const { stack, made } = delivery({
      trigger: {
        kind: "githubActions",
        repository: { owner: "o", repository: "r" },
        identityProviderArn: "arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com",
      },
    });
    for (const type of ["aws_codepipeline", "aws_codebuild_project", "aws_codeconnections_connection"]) {
      expect(stack.all(type)).toEqual([]);
    }
    expect(made.pipelineName).toBeUndefined();
    expect(made.connectionArn).toBeUndefined();
    expect(made.logGroupNames).toEqual([]);
  });
});
