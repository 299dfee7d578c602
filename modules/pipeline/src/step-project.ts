import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import {
  CodebuildProject,
  type CodebuildProjectEnvironmentEnvironmentVariable,
} from "@cdktf/provider-aws/lib/codebuild-project/index.js";
import { resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { projectArn } from "./arns.js";
import { buildspec } from "./buildspec.js";
import { DeliveryRole, trustService } from "./role.js";
import type { DeliverySettings, StepSettings } from "./settings.js";
import { type Architecture, images, sizes } from "./step.js";
import type { StepPlan } from "./step-plans.js";
import { stepStatements } from "./step-statements.js";
import { deliveryLines } from "./variables.js";

export interface StepProjectProps {
  readonly delivery: DeliverySettings;
  readonly plan: StepPlan;
  readonly architecture: Architecture;
}

/** Minutes that a run may wait for a machine, before the pipeline says that there is none. */
const QUEUED_MINUTES = 30;

/** A CodeBuild project that takes from the pipeline and gives to it, with a role and a log of its own. */
export class StepProject extends Construct {
  /** Literals. */
  readonly projectName: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: StepProjectProps) {
    super(scope, id);
    const { delivery, plan } = props;
    this.projectName = stepProjectName(delivery, plan.id);
    this.logGroupName = resourceName(delivery.names, "log-group", `codebuild-${plan.id}`);
    const logs = this.logs(props);
    const role = this.role(props, logs);
    this.project(props, logs, role);
  }

  /** CodeBuild would make one that is unencrypted and kept for ever. */
  private logs({ delivery: { logs } }: StepProjectProps): CloudwatchLogGroup {
    return new CloudwatchLogGroup(this, "logs", {
      name: this.logGroupName,
      retentionInDays: logs.retentionDays,
      kmsKeyId: logs.kmsKeyArn,
      tags: resourceTags(this.logGroupName, { dataClassification: "confidential" }),
    });
  }

  private role({ delivery, plan }: StepProjectProps, logs: CloudwatchLogGroup): DeliveryRole {
    return new DeliveryRole(this, "role", {
      names: delivery.names,
      qualifier: `codebuild-${plan.id}`,
      description: `CodeBuild, ${plan.id} of the application`,
      trust: trustService(
        "codebuild.amazonaws.com",
        delivery.accountId,
        projectArn(delivery, this.projectName),
      ),
      statements: stepStatements({
        delivery,
        projectName: this.projectName,
        logGroupArn: logs.arn,
        plan,
      }),
      permissionsBoundaryArn: delivery.permissionsBoundaryArn,
    });
  }

  private project(props: StepProjectProps, logs: CloudwatchLogGroup, role: DeliveryRole): void {
    const { delivery, plan, architecture } = props;
    const { step } = plan;
    new CodebuildProject(this, "project", {
      name: this.projectName,
      description: plan.description,
      serviceRole: role.arn,
      encryptionKey: delivery.deployments.kmsKeyArn,
      source: { type: "CODEPIPELINE", buildspec: buildspec(this, step.buildspec) },
      artifacts: { type: "CODEPIPELINE" },
      cache: { type: "LOCAL", modes: ["LOCAL_CUSTOM_CACHE"] },
      environment: {
        ...images[architecture],
        computeType: sizes[step.size],
        imagePullCredentialsType: "CODEBUILD",
        // Nothing here builds containers; with it a build could take over its machine.
        privilegedMode: false,
        environmentVariable: environment({ ...deliveryLines(delivery), ...step.variables }, step),
      },
      logsConfig: { cloudwatchLogs: { status: "ENABLED", groupName: logs.name } },
      buildTimeout: step.timeoutMinutes,
      queuedTimeout: QUEUED_MINUTES,
      ...(plan.oneAtATime ? { concurrentBuildLimit: 1 } : {}),
      tags: resourceTags(this.projectName),
      ...(role.policy === undefined ? {} : { dependsOn: [role.policy] }),
    });
  }
}

export function stepProjectName({ names }: Pick<DeliverySettings, "names">, id: StepPlan["id"]): string {
  return resourceName(names, "codebuild", id);
}

/** In the order of their names: CodeBuild keeps them as a list, and a plan compares lists. */
function environment(
  variables: Readonly<Record<string, string>>,
  { secrets, parameters }: StepSettings,
): CodebuildProjectEnvironmentEnvironmentVariable[] {
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value, type: "PLAINTEXT" })),
    ...Object.entries(parameters).map(([name, value]) => ({ name, value, type: "PARAMETER_STORE" })),
    ...Object.entries(secrets).map(([name, { secretArn, jsonKey }]) => ({
      name,
      value: jsonKey === undefined ? secretArn : `${secretArn}:${jsonKey}`,
      type: "SECRETS_MANAGER",
    })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}
