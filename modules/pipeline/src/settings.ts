import type { NameScope, PolicyStatement } from "@telemedicina/core";
import type { DeliveryProps, DeploymentsBucket, Topic } from "./props.js";
import type { Architecture, SecretVariable, Size } from "./step.js";
import type {
  BlueGreen,
  CopyAutoScalingGroup,
  DeploymentConfig,
  ServingFleet,
  Strategy,
} from "./strategy.js";
import type {
  BuildProps,
  CodePipelineTrigger,
  ConnectionSource,
  ExecutionMode,
  FilePaths,
  GitHubActionsTrigger,
  GitHubRepository,
} from "./trigger.js";

/** The props with every default in its place. */
export interface DeliverySettings {
  readonly names: NameScope;
  readonly accountId: string;
  readonly trigger: PipelineSettings | GitHubSettings;
  readonly strategy: StrategySettings;
  readonly companions: Readonly<Record<string, CompanionSettings>>;
  readonly deployments: DeploymentsBucket;
  readonly assetsBucketName: string;
  readonly distributionId: string | undefined;
  readonly contractParameterName: string | undefined;
  readonly topic: Topic;
  readonly logs: { readonly kmsKeyArn: string; readonly retentionDays: number };
  readonly permissionsBoundaryArn: string | undefined;
}

export interface StepSettings {
  readonly buildspec: string;
  readonly size: Size;
  readonly timeoutMinutes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretVariable>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
}

export interface PipelineSettings {
  readonly kind: "codePipeline";
  readonly repository: GitHubRepository;
  readonly connection: ConnectionSource;
  readonly branch: string;
  readonly filePaths: FilePaths | undefined;
  readonly executionMode: ExecutionMode;
  readonly architecture: Architecture;
  readonly build: StepSettings;
  readonly retryBuild: boolean;
  readonly approval: boolean;
  readonly afterDeployment: StepSettings | undefined;
  readonly smokeTest: StepSettings | undefined;
}

export interface GitHubSettings {
  readonly kind: "githubActions";
  readonly repository: GitHubActionsTrigger["repository"];
  readonly environment: string;
  readonly identityProviderArn: string;
}

export type StrategySettings =
  | { readonly kind: "rolling"; readonly fleet: ServingFleet; readonly deploymentConfig: DeploymentConfig }
  | (Omit<BlueGreen, "driver"> & { readonly driver: StepSettings })
  | (Omit<CopyAutoScalingGroup, "terminationWaitMinutes"> & { readonly terminationWaitMinutes: number });

export interface CompanionSettings {
  readonly autoScalingGroupName: string;
  readonly deploymentConfig: DeploymentConfig;
  readonly alarmNames: readonly string[];
}

export function resolveDelivery(props: DeliveryProps): DeliverySettings {
  return {
    names: props.names,
    accountId: props.accountId,
    trigger:
      props.trigger.kind === "githubActions"
        ? resolveGitHub(props.trigger, props.names)
        : resolvePipeline(props.trigger, props.distributionId !== undefined),
    strategy: resolveStrategy(props.strategy),
    companions: resolveCompanions(props),
    deployments: props.deployments,
    assetsBucketName: props.assetsBucketName,
    distributionId: props.distributionId,
    contractParameterName: props.contractParameterName,
    topic: props.topic,
    logs: { kmsKeyArn: props.logs.kmsKeyArn, retentionDays: props.logs.retentionDays ?? 90 },
    permissionsBoundaryArn: props.permissionsBoundaryArn,
  };
}

function resolvePipeline(trigger: CodePipelineTrigger, hasDistribution: boolean): PipelineSettings {
  const after = trigger.afterDeployment ?? (hasDistribution ? {} : undefined);
  return {
    kind: "codePipeline",
    repository: trigger.repository,
    connection: trigger.connection,
    branch: trigger.branch ?? "main",
    filePaths: trigger.filePaths,
    executionMode: trigger.executionMode ?? "QUEUED",
    architecture: trigger.architecture ?? "x86_64",
    build: resolveStep(trigger.build ?? {}, "buildspec.yml", "medium", 30),
    retryBuild: trigger.retryBuild ?? false,
    approval: trigger.approval ?? false,
    afterDeployment:
      after === undefined ? undefined : resolveStep(after, "buildspec-after-deployment.yml", "small", 30),
    smokeTest: trigger.smokeTest === undefined ? undefined : resolveStep(trigger.smokeTest, "", "small", 30),
  };
}

function resolveGitHub(trigger: GitHubActionsTrigger, { environment }: NameScope): GitHubSettings {
  return {
    kind: "githubActions",
    repository: trigger.repository,
    environment: trigger.environment ?? environment,
    identityProviderArn: trigger.identityProviderArn,
  };
}

function resolveStrategy(strategy: Strategy): StrategySettings {
  switch (strategy.kind) {
    case "rolling":
      return {
        kind: "rolling",
        fleet: strategy.fleet,
        deploymentConfig: strategy.deploymentConfig ?? "CodeDeployDefault.HalfAtATime",
      };
    case "blueGreen":
      return {
        kind: "blueGreen",
        blue: strategy.blue,
        green: strategy.green,
        // Hosts start, are deployed to, get traffic step by step while it is watched.
        driver: resolveStep(strategy.driver, "", "small", 240),
      };
    case "copyAutoScalingGroup":
      return { ...strategy, terminationWaitMinutes: strategy.terminationWaitMinutes ?? 60 };
  }
}

function resolveCompanions({ companions }: DeliveryProps): Readonly<Record<string, CompanionSettings>> {
  return Object.fromEntries(
    Object.entries(companions ?? {}).map(([key, companion]) => [
      key,
      {
        autoScalingGroupName: companion.autoScalingGroupName,
        deploymentConfig: companion.deploymentConfig ?? "CodeDeployDefault.OneAtATime",
        alarmNames: companion.alarmNames ?? [],
      },
    ]),
  );
}

function resolveStep(step: BuildProps, buildspec: string, size: Size, timeoutMinutes: number): StepSettings {
  return {
    buildspec: step.buildspec ?? buildspec,
    size: step.size ?? size,
    timeoutMinutes: step.timeoutMinutes ?? timeoutMinutes,
    variables: step.variables ?? {},
    secrets: step.secrets ?? {},
    parameters: step.parameters ?? {},
    statements: step.statements ?? [],
  };
}
