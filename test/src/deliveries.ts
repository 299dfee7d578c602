import type { NameScope } from "@telemedicina/core";
import { synthStack, type TerraformDocument } from "@telemedicina/core/testing";
import { Delivery, type DeliveryProps, driverBuildspec } from "@telemedicina/pipeline";

const region = "us-east-1";
const accountId = "111111111111";
const names: NameScope = { project: "telemedicina", environment: "development", region };
const kmsKeyArn = `arn:aws:kms:${region}:${accountId}:key/0a1b2c3d-0000-4000-8000-000000000001`;
const secretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:reverb-AbCdEf`;
const repository = { owner: "telemedicina-para-todos", repository: "application" };
const fleet = { autoScalingGroupName: "web", targetGroupName: "web", alarmNames: ["web-5xx"] };
const greenFleet = { autoScalingGroupName: "green", targetGroupName: "green", alarmNames: ["green-5xx"] };

/** Stands for what moves the traffic, with what Terraform would take for templates. */
export const program = 'print("${HOME} %{if}")';

const pipeline: DeliveryProps = {
  names,
  accountId,
  trigger: {
    kind: "codePipeline",
    repository,
    connection: { from: "create" },
    filePaths: { excludes: ["**/*.md"] },
    retryBuild: true,
    approval: true,
    build: {
      secrets: { VITE_REVERB_APP_KEY: { secretArn, jsonKey: "key", kmsKeyArn } },
      parameters: { LICENSE: "/telemedicina/license" },
    },
    smokeTest: { buildspec: "smoke-test.yml" },
  },
  strategy: { kind: "rolling", fleet },
  companions: { workers: { autoScalingGroupName: "workers" } },
  deployments: { bucketName: "telemedicina-deployments", kmsKeyArn },
  assetsBucketName: "telemedicina-assets",
  distributionId: "E1A2B3C4D5E6F7",
  contractParameterName: "/telemedicina/development/application",
  topic: { arn: `arn:aws:sns:${region}:${accountId}:telemedicina`, kmsKeyArn },
  logs: { kmsKeyArn },
};

/** Every way to deploy, each with all that it can have: what tests of several packages build. */
export const deliveries: Readonly<Record<string, () => TerraformDocument>> = {
  "pipeline, rolling": () => document(pipeline),
  "pipeline, blue and green": () =>
    document({
      ...pipeline,
      strategy: {
        kind: "blueGreen",
        blue: fleet,
        green: greenFleet,
        driver: { buildspec: driverBuildspec(program) },
      },
    }),
  "pipeline, a copied group": () =>
    document({
      ...pipeline,
      strategy: {
        kind: "copyAutoScalingGroup",
        fleet,
        acknowledgeUnmanagedGroup: true,
        reason: "Test",
        launchTemplateArn: `arn:aws:ec2:${region}:${accountId}:launch-template/lt-0a1b2c3d4e5f60718`,
        hostRoleArn: `arn:aws:iam::${accountId}:role/app`,
      },
    }),
  "GitHub Actions, rolling": () =>
    document({
      ...pipeline,
      trigger: {
        kind: "githubActions",
        repository,
        identityProviderArn: `arn:aws:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`,
      },
    }),
};

function document(props: DeliveryProps): TerraformDocument {
  return synthStack((stack) => new Delivery(stack, "delivery", props), region).document;
}
