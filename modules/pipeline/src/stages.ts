import type {
  CodepipelineStage,
  CodepipelineStageAction,
  CodepipelineStageOnSuccess,
} from "@cdktf/provider-aws/lib/codepipeline/index.js";
import { companionGroups, type DeploymentGroupPlan, servingGroups } from "./deployment-groups.js";
import { AFTER_DEPLOYMENT, applicationName } from "./names.js";
import type { DeliverySettings, PipelineSettings } from "./settings.js";
import type { StepPlan } from "./step-plans.js";
import { stepProjectName } from "./step-project.js";

export interface StagesProps {
  readonly delivery: DeliverySettings;
  readonly trigger: PipelineSettings;
  readonly connectionArn: string;
}

/** The source action; triggers name it. */
export const SOURCE = "Source";

const SOURCE_ARTIFACT = "source";
/** What the build yields and everything after it takes. */
const BUILD_ARTIFACT = "deployment-artifact";

export function pipelineStages(props: StagesProps): CodepipelineStage[] {
  return [
    { name: "Source", action: [sourceAction(props)] },
    buildStage(props),
    ...(props.trigger.approval ? [approvalStage(props)] : []),
    deployStage(props),
  ];
}

/** The trigger starts the pipeline. With `DetectChanges` as well, every push would start it twice. */
function sourceAction({ trigger, connectionArn }: StagesProps): CodepipelineStageAction {
  const { owner, repository } = trigger.repository;
  return {
    name: SOURCE,
    category: "Source",
    owner: "AWS",
    provider: "CodeStarSourceConnection",
    version: "1",
    namespace: SOURCE,
    outputArtifacts: [SOURCE_ARTIFACT],
    configuration: {
      ConnectionArn: connectionArn,
      FullRepositoryId: `${owner}/${repository}`,
      BranchName: trigger.branch,
      DetectChanges: "false",
      OutputArtifactFormat: "CODE_ZIP",
    },
  };
}

function buildStage({ delivery, trigger }: StagesProps): CodepipelineStage {
  return {
    name: "Build",
    action: [
      {
        ...projectAction(delivery, "Build", "build", SOURCE_ARTIFACT),
        outputArtifacts: [BUILD_ARTIFACT],
      },
    ],
    ...(trigger.retryBuild
      ? { onFailure: { result: "RETRY", retryConfiguration: { retryMode: "FAILED_ACTIONS" } } }
      : {}),
  };
}

function approvalStage({ delivery: { topic } }: StagesProps): CodepipelineStage {
  return {
    name: "Approve",
    action: [
      {
        name: "Approve",
        category: "Approval",
        owner: "AWS",
        provider: "Manual",
        version: "1",
        configuration: {
          NotificationArn: topic.arn,
          CustomData: "Deploy commit #{Source.CommitId}: #{Source.CommitMessage}",
        },
      },
    ],
  };
}

/**
 * Companions first: workers then know the jobs that what serves will queue. What comes after a deployment comes last.
 */
function deployStage({ delivery, trigger }: StagesProps): CodepipelineStage {
  const turns = [
    companionGroups(delivery).map((group) => deployAction(delivery, group, `Deploy-${group.id}`)),
    [servingAction(delivery)],
    trigger.afterDeployment === undefined
      ? []
      : [projectAction(delivery, AFTER_DEPLOYMENT, "after-deployment", BUILD_ARTIFACT)],
  ];
  return {
    name: "Deploy",
    action: turns
      .filter((actions) => actions.length > 0)
      .flatMap((actions, index) => actions.map((action) => ({ ...action, runOrder: index + 1 }))),
    ...(trigger.smokeTest === undefined ? {} : { onSuccess: rollBackUnlessWell(delivery) }),
  };
}

/** By CodeDeploy, or by the driver of blue and green. */
function servingAction(delivery: DeliverySettings): CodepipelineStageAction {
  const [group] = servingGroups(delivery);
  return delivery.strategy.kind === "blueGreen" || group === undefined
    ? projectAction(delivery, "Deploy", "blue-green", BUILD_ARTIFACT)
    : deployAction(delivery, group, "Deploy");
}

function deployAction(
  { names }: DeliverySettings,
  { name: group }: DeploymentGroupPlan,
  name: string,
): CodepipelineStageAction {
  return {
    name,
    category: "Deploy",
    owner: "AWS",
    provider: "CodeDeploy",
    version: "1",
    inputArtifacts: [BUILD_ARTIFACT],
    configuration: { ApplicationName: applicationName(names), DeploymentGroupName: group },
  };
}

/**
 * As a condition of success, not as an action with a rollback of the stage: a deployment that fails CodeDeploy takes
 * back itself, and a second rollback would run into the first. Here only what CodeDeploy thinks good is judged.
 */
function rollBackUnlessWell(delivery: DeliverySettings): CodepipelineStageOnSuccess {
  return {
    condition: {
      result: "ROLLBACK",
      rule: [
        {
          name: "SmokeTest",
          ruleTypeId: { category: "Rule", owner: "AWS", provider: "CodeBuild", version: "1" },
          configuration: { ProjectName: stepProjectName(delivery, "smoke-test") },
          inputArtifacts: [BUILD_ARTIFACT],
        },
      ],
    },
  };
}

function projectAction(
  delivery: DeliverySettings,
  name: string,
  project: StepPlan["id"],
  input: string,
): CodepipelineStageAction {
  return {
    name,
    category: "Build",
    owner: "AWS",
    provider: "CodeBuild",
    version: "1",
    inputArtifacts: [input],
    configuration: {
      ProjectName: stepProjectName(delivery, project),
      EnvironmentVariables: JSON.stringify([
        { name: "RELEASE_COMMIT", value: "#{Source.CommitId}", type: "PLAINTEXT" },
        { name: "RELEASE_EXECUTION", value: "#{codepipeline.PipelineExecutionId}", type: "PLAINTEXT" },
      ]),
    },
  };
}
