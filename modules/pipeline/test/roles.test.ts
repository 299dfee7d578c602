import { describe, expect, it } from "vitest";
import type { DeliveryProps } from "../src/index.js";
import {
  accountId,
  blueGreen,
  connectionArn,
  copy,
  delivery,
  everything,
  gitHubTrigger,
  hostRoleArn,
  keyArn,
  of,
  permissions,
  pipeline,
  providerArn,
  statements,
  templateArn,
  topicArn,
} from "./support.js";

const type = "aws_iam_role";
const workers = { workers: { autoScalingGroupName: "asg-workers" } };

function trust(changes: Partial<DeliveryProps>, path: string) {
  return statements(of(delivery(changes).stack.all(type), `${path}_role`)["assume_role_policy"]);
}

describe("every role", () => {
  it.each<[string, Partial<DeliveryProps>, number]>([
    ["a pipeline", everything, 6],
    ["GitHub Actions", { trigger: gitHubTrigger }, 2],
  ])("is for an hour, of one service or one repository, bound to its source: %s", (_, changes, count) => {
    const roles = delivery(changes).stack.all(type);
    expect(roles).toHaveLength(count);
    for (const { attributes } of roles) {
      expect(attributes["max_session_duration"]).toBe(3600);
      const [only, ...others] = statements(attributes["assume_role_policy"]);
      expect(others).toEqual([]);
      expect(Object.keys(only?.Condition?.["StringEquals"] ?? {})).not.toEqual([]);
      expect(JSON.stringify(only?.Principal)).not.toContain("*");
    }
  });

  it("of the pipeline sets the ACL of its own artifacts, which its source action asks for, and no build does", () => {
    const { stack } = delivery(everything);
    expect(permissions(stack, "pipeline")["ShareArtifacts"]).toMatchObject({
      Action: "s3:PutObjectAcl",
      Resource: "arn:aws:s3:::deployments/telemedicina-prod-pi*",
    });
    expect(JSON.stringify(permissions(stack, "pipeline_build"))).not.toContain("PutObjectAcl");
  });

  it("has the boundary that is given, and none otherwise", () => {
    const permissionsBoundaryArn = `arn:aws:iam::${accountId}:policy/boundary`;
    for (const { attributes } of delivery({ ...everything, permissionsBoundaryArn }).stack.all(type)) {
      expect(attributes["permissions_boundary"]).toBe(permissionsBoundaryArn);
    }
    for (const { attributes } of delivery(everything).stack.all(type)) {
      expect(attributes["permissions_boundary"]).toBeUndefined();
    }
  });

  it.each([
    [
      "pipeline",
      "codepipeline.amazonaws.com",
      "codepipeline:sa-east-1:333333333333:telemedicina-prod-pipeline",
    ],
    [
      "pipeline_build",
      "codebuild.amazonaws.com",
      "codebuild:sa-east-1:333333333333:project/telemedicina-prod-codebuild-build-sa-east-1",
    ],
    [
      "deployment",
      "codedeploy.amazonaws.com",
      "codedeploy:sa-east-1:333333333333:deploymentgroup:telemedicina/*",
    ],
  ])("of %s trusts %s for its own source", (path, service, source) => {
    expect(trust({}, path)).toEqual([
      {
        Sid: "OwnService",
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:${source}` },
        },
      },
    ]);
  });
});

describe("the pipeline's role", () => {
  it("CICD-01: uses the connection by both names of the service", () => {
    expect(permissions(pipeline({}).stack, "pipeline")["UseConnection"]).toEqual({
      Sid: "UseConnection",
      Effect: "Allow",
      Action: ["codeconnections:UseConnection", "codestar-connections:UseConnection"],
      Resource: [connectionArn, connectionArn.replace("codeconnections", "codestar-connections")],
    });
  });

  it("CICD-01: uses the connection that is made", () => {
    const { stack } = pipeline({ connection: { from: "create" } });
    const [connection] = stack.all("aws_codeconnections_connection");
    expect(permissions(stack, "pipeline")["UseConnection"]?.Resource).toEqual([
      `\${${connection?.address}.arn}`,
    ]);
  });

  it("runs its own projects and deploys to its own groups", () => {
    const { stack } = pipeline({ smokeTest: { buildspec: "smoke.yml" } }, { companions: workers });
    const may = permissions(stack, "pipeline");
    const project = (name: string) =>
      `arn:aws:codebuild:sa-east-1:${accountId}:project/telemedicina-prod-codebuild-${name}-sa-east-1`;
    const deploy = (resource: string) => `arn:aws:codedeploy:sa-east-1:${accountId}:${resource}`;
    expect(may["RunProjects"]?.Resource).toEqual([project("build"), project("smoke-test")]);
    expect(may["DeployToGroups"]?.Resource).toEqual([
      deploy("deploymentgroup:telemedicina/production"),
      deploy("deploymentgroup:telemedicina/production-workers"),
    ]);
    expect(may["RegisterReleases"]?.Resource).toBe(deploy("application:telemedicina"));
    expect(may["ReadDeploymentConfigs"]?.Resource).toEqual([
      deploy("deploymentconfig:CodeDeployDefault.HalfAtATime"),
      deploy("deploymentconfig:CodeDeployDefault.OneAtATime"),
    ]);
  });

  it("does not deploy to blue and green: the driver does", () => {
    const alone = permissions(delivery({ strategy: blueGreen }).stack, "pipeline");
    expect(alone["DeployToGroups"]).toBeUndefined();
    const beside = permissions(delivery({ strategy: blueGreen, companions: workers }).stack, "pipeline");
    expect(beside["DeployToGroups"]?.Resource).toEqual([
      `arn:aws:codedeploy:sa-east-1:${accountId}:deploymentgroup:telemedicina/production-workers`,
    ]);
  });

  it("asks for an approval only where there is one, with the topic's key if it has one", () => {
    expect(permissions(pipeline({}).stack, "pipeline")["AskForApproval"]).toBeUndefined();
    const plain = permissions(pipeline({ approval: true }).stack, "pipeline");
    expect(plain["AskForApproval"]).toMatchObject({ Action: "sns:Publish", Resource: topicArn });
    expect(plain["KeyOfTheTopic"]).toBeUndefined();
    const encrypted = pipeline({ approval: true }, { topic: { arn: topicArn, kmsKeyArn: keyArn } });
    expect(permissions(encrypted.stack, "pipeline")["KeyOfTheTopic"]).toMatchObject({
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": "sns.sa-east-1.amazonaws.com" } },
    });
  });
});

describe("CodeDeploy's role", () => {
  it("IAM-02: has AWS's policy for it, and nothing else where hosts stay", () => {
    for (const strategy of [undefined, blueGreen]) {
      const { stack } = delivery(strategy === undefined ? {} : { strategy });
      expect(stack.only("aws_iam_role_policy_attachment")["policy_arn"]).toBe(
        "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole",
      );
      const own = stack.all("aws_iam_role_policy").filter(({ address }) => /deployment_role/.test(address));
      expect(own).toEqual([]);
    }
  });

  it("IAM-02: starts hosts of one template and of one role where it copies the group", () => {
    const may = permissions(delivery({ strategy: copy }).stack, "deployment");
    expect(Object.keys(may)).toEqual(["StartHostsOfTheTemplate", "TagWhatItStarts", "HandOnTheHostRole"]);
    expect(may["StartHostsOfTheTemplate"]).toMatchObject({
      Action: "ec2:RunInstances",
      Condition: { ArnEquals: { "ec2:LaunchTemplate": templateArn } },
    });
    expect(may["StartHostsOfTheTemplate"]?.Resource).toContain(templateArn);
    expect(may["TagWhatItStarts"]).toMatchObject({
      Action: "ec2:CreateTags",
      Condition: { StringEquals: { "ec2:CreateAction": "RunInstances" } },
    });
    expect(may["HandOnTheHostRole"]).toEqual({
      Sid: "HandOnTheHostRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: hostRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    });
  });
});

describe("the role of GitHub Actions", () => {
  const subject = "token.actions.githubusercontent.com:sub";

  it("is for jobs of one environment of one repository", () => {
    expect(trust({ trigger: gitHubTrigger }, "github")).toEqual([
      {
        Sid: "JobsOfOneEnvironment",
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            [subject]: "repo:telemedicina-para-todos/application:environment:production",
          },
        },
      },
    ]);
  });

  it("takes another environment, and GitHub's ids", () => {
    const repository = { ...gitHubTrigger.repository, ids: { owner: "12", repository: "34" } };
    const [only] = trust({ trigger: { ...gitHubTrigger, environment: "prod-br", repository } }, "github");
    expect(only?.Condition?.["StringEquals"]?.[subject]).toBe(
      "repo:telemedicina-para-todos@12/application@34:environment:prod-br",
    );
  });

  it("adds releases and assets, and deploys to the groups of the application", () => {
    const { stack, made } = delivery({
      trigger: gitHubTrigger,
      companions: workers,
      distributionId: "E1A2B3C4D5E6F7",
    });
    const may = permissions(stack, "github");
    expect(Object.keys(may)).toEqual([
      "AddReleases",
      "KeyOfTheBucket",
      "AddAssets",
      "ListAssets",
      "InvalidateOneDistribution",
      "DeployToGroups",
      "RegisterReleases",
      "ReadDeploymentConfigs",
    ]);
    expect(may["AddReleases"]).toMatchObject({
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::deployments/releases/*",
    });
    expect(may["DeployToGroups"]).toMatchObject({
      Action: ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"],
      Resource: ["production", "production-workers"].map(
        (name) => `arn:aws:codedeploy:sa-east-1:${accountId}:deploymentgroup:telemedicina/${name}`,
      ),
    });
    expect(made.gitHubRoleArn).toBeDefined();
  });

  it("is not there where CodePipeline deploys", () => {
    expect(delivery().made.gitHubRoleArn).toBeUndefined();
    expect(
      delivery()
        .stack.all(type)
        .filter(({ address }) => address.includes("github")),
    ).toEqual([]);
  });
});
