import type { NameScope, PolicyStatement } from "@telemedicina/core";
import { type Attributes, type Block, type StackJson, synthStack } from "@telemedicina/core/testing";
import {
  type BlueGreen,
  type CodePipelineTrigger,
  type CopyAutoScalingGroup,
  Delivery,
  type DeliveryProps,
  type GitHubActionsTrigger,
  type Rolling,
  type StepProps,
} from "../src/index.js";

export const names: NameScope = { project: "telemedicina", environment: "production", region: "sa-east-1" };
export const accountId = "333333333333";
export const keyArn = `arn:aws:kms:sa-east-1:${accountId}:key/0a1b2c3d-0000-4000-8000-000000000001`;
export const topicArn = `arn:aws:sns:sa-east-1:${accountId}:telemedicina`;
export const connectionArn = `arn:aws:codeconnections:sa-east-1:${accountId}:connection/0a1b2c3d-0000-4000-8000-000000000002`;
export const templateArn = `arn:aws:ec2:sa-east-1:${accountId}:launch-template/lt-0a1b2c3d4e5f60718`;
export const hostRoleArn = `arn:aws:iam::${accountId}:role/telemedicina-prod-role-app-sa-east-1`;
export const providerArn = `arn:aws:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`;
export const secretArn = `arn:aws:secretsmanager:sa-east-1:${accountId}:secret:reverb-AbCdEf`;

export const pipelineTrigger: CodePipelineTrigger = {
  kind: "codePipeline",
  repository: { owner: "telemedicina-para-todos", repository: "application" },
  connection: { from: "arn", arn: connectionArn },
};

export const gitHubTrigger: GitHubActionsTrigger = {
  kind: "githubActions",
  repository: { owner: "telemedicina-para-todos", repository: "application" },
  identityProviderArn: providerArn,
};

export const driver: StepProps = {
  buildspec: "version: 0.2\nphases:\n  build:\n    commands: ['python3 blue-green.py ${MODE:-deploy}']\n",
  statements: [
    {
      Sid: "MoveTraffic",
      Effect: "Allow",
      Action: "elasticloadbalancing:ModifyRule",
      Resource: `arn:aws:elasticloadbalancing:sa-east-1:${accountId}:listener-rule/app/a/1/2/3`,
    },
  ],
};

export const rolling: Rolling = {
  kind: "rolling",
  fleet: { autoScalingGroupName: "asg-web", targetGroupName: "tg-web", alarmNames: ["5xx", "ill"] },
};

export const blueGreen: BlueGreen = {
  kind: "blueGreen",
  blue: { autoScalingGroupName: "asg-blue" },
  green: { autoScalingGroupName: "asg-green" },
  driver,
};

export const copy: CopyAutoScalingGroup = {
  kind: "copyAutoScalingGroup",
  fleet: { autoScalingGroupName: "asg-web", targetGroupName: "tg-web", alarmNames: ["5xx", "ill"] },
  acknowledgeUnmanagedGroup: true,
  reason: "The fleet is made by hand",
  launchTemplateArn: templateArn,
  hostRoleArn,
};

/** The least that a delivery needs. */
const least: DeliveryProps = {
  names,
  accountId,
  trigger: pipelineTrigger,
  strategy: rolling,
  deployments: { bucketName: "deployments", kmsKeyArn: keyArn },
  assetsBucketName: "assets",
  topic: { arn: topicArn },
  logs: { kmsKeyArn: keyArn },
};

/** All that a pipeline can have. */
export const everything: Partial<DeliveryProps> = {
  trigger: {
    ...pipelineTrigger,
    connection: { from: "create" },
    filePaths: { includes: ["app/**", "resources/**"], excludes: ["**/*.md"] },
    retryBuild: true,
    approval: true,
    smokeTest: { buildspec: "deploy/smoke-test.yml" },
    build: {
      variables: { VITE_REVERB_HOST: "telemedicina.example.com" },
      secrets: { VITE_REVERB_APP_KEY: { secretArn, jsonKey: "key", kmsKeyArn: keyArn } },
      parameters: { LICENSE: "/telemedicina/license" },
    },
  },
  strategy: blueGreen,
  companions: { workers: { autoScalingGroupName: "asg-workers" } },
  distributionId: "E1A2B3C4D5E6F7",
  contractParameterName: "/telemedicina/production/contract",
  topic: { arn: topicArn, kmsKeyArn: keyArn },
};

export interface Built {
  readonly stack: StackJson;
  readonly made: Delivery;
}

/** Many tests ask something of the same delivery. */
const built = new Map<string, Built>();

export function delivery(changes: Partial<DeliveryProps> = {}): Built {
  const key = JSON.stringify(changes);
  const found = built.get(key) ?? build(changes);
  built.set(key, found);
  return found;
}

function build(changes: Partial<DeliveryProps>): Built {
  let made: Delivery | undefined;
  const stack = synthStack((scope) => {
    made = new Delivery(scope, "delivery", { ...least, ...changes });
  }, names.region);
  return { stack, made: made as Delivery };
}

/** With changes of the trigger of the least pipeline. */
export function pipeline(changes: Partial<CodePipelineTrigger>, others: Partial<DeliveryProps> = {}): Built {
  return delivery({ ...others, trigger: { ...pipelineTrigger, ...changes } });
}

/** As a caller passes them who got them from a file, past the compiler. */
export function careless<T>(changes: Record<string, unknown>): T {
  return changes as T;
}

/** `aws_iam_role.delivery_pipeline_build_role_3FC5AD2F` → whether it is of `pipeline_build`. */
export function of(blocks: readonly Block[], path: string): Attributes {
  const found = blocks.filter(({ address }) => address.includes(`.delivery_${path}_`));
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`${found.length} of ${path} among ${blocks.map(({ address }) => address).join(", ")}`);
  }
  return first.attributes;
}

export function statements(document: unknown): readonly PolicyStatement[] {
  return (JSON.parse(document as string) as { readonly Statement: readonly PolicyStatement[] }).Statement;
}

/** What the role of a part may, by Sid. */
export function permissions(stack: StackJson, path: string): Readonly<Record<string, PolicyStatement>> {
  const policy = of(stack.all("aws_iam_role_policy"), `${path}_role`)["policy"];
  return Object.fromEntries(statements(policy).map((statement) => [statement.Sid, statement]));
}
