import { Codepipeline, type CodepipelineTrigger } from "@cdktf/provider-aws/lib/codepipeline/index.js";
import { type NameScope, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { pipelineArn } from "./arns.js";
import { CodeConnection } from "./connection.js";
import type { Deployment } from "./deployment.js";
import { companionGroups, type DeploymentGroupPlan, servingGroups } from "./deployment-groups.js";
import { pipelineName } from "./names.js";
import { pipelineStatements } from "./pipeline-statements.js";
import { DeliveryRole, trustService } from "./role.js";
import type { DeliverySettings, PipelineSettings } from "./settings.js";
import { pipelineStages, SOURCE } from "./stages.js";
import { stepPlans } from "./step-plans.js";
import { StepProject } from "./step-project.js";
import type { ConnectionSource } from "./trigger.js";

export interface PipelineProps {
  readonly delivery: DeliverySettings;
  readonly trigger: PipelineSettings;
  readonly deployment: Deployment;
}

/** Source, build, perhaps an approval, deploy: a CodePipeline of type V2, its projects and its connection. */
export class Pipeline extends Construct {
  readonly connectionArn: string;
  /** None for a connection that was given. */
  readonly connectionStatus: string | undefined;
  readonly logGroupNames: readonly string[];

  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    const { delivery, trigger } = props;
    const { arn, status } = this.connect(trigger.connection, delivery.names);
    const projects = Object.values(stepPlans(delivery)).map(
      (plan) => new StepProject(this, plan.id, { delivery, plan, architecture: trigger.architecture }),
    );
    const role = this.role(props, arn, projects);
    this.pipeline(props, arn, role);

    this.connectionArn = arn;
    this.connectionStatus = status;
    this.logGroupNames = projects.map(({ logGroupName }) => logGroupName);
  }

  private connect(
    source: ConnectionSource,
    names: NameScope,
  ): Pick<CodeConnection, "arn"> & { status?: string } {
    return source.from === "arn" ? { arn: source.arn } : new CodeConnection(this, "connection", names);
  }

  private role(
    { delivery, trigger }: PipelineProps,
    connectionArn: string,
    projects: readonly StepProject[],
  ): DeliveryRole {
    return new DeliveryRole(this, "role", {
      names: delivery.names,
      qualifier: "codepipeline",
      description: "CodePipeline of the application",
      trust: trustService("codepipeline.amazonaws.com", delivery.accountId, pipelineArn(delivery)),
      statements: pipelineStatements({
        delivery,
        connectionArn,
        projectNames: projects.map(({ projectName }) => projectName),
        groups: deployedGroups(delivery),
        approval: trigger.approval,
      }),
      permissionsBoundaryArn: delivery.permissionsBoundaryArn,
    });
  }

  private pipeline(
    { delivery, trigger, deployment }: PipelineProps,
    connectionArn: string,
    role: DeliveryRole,
  ): void {
    const name = pipelineName(delivery.names);
    new Codepipeline(this, "pipeline", {
      name,
      pipelineType: "V2",
      executionMode: trigger.executionMode,
      roleArn: role.arn,
      artifactStore: [
        {
          type: "S3",
          location: delivery.deployments.bucketName,
          encryptionKey: { type: "KMS", id: delivery.deployments.kmsKeyArn },
        },
      ],
      trigger: [pushTrigger(trigger)],
      stage: pipelineStages({ delivery, trigger, connectionArn }),
      tags: resourceTags(name),
      dependsOn: [...(role.policy === undefined ? [] : [role.policy]), ...deployment.groups],
    });
  }
}

/** The driver of blue/green deploys to the fleets that serve; CodePipeline itself to all others. */
function deployedGroups(delivery: DeliverySettings): readonly DeploymentGroupPlan[] {
  const serving = delivery.strategy.kind === "blueGreen" ? [] : servingGroups(delivery);
  return [...serving, ...companionGroups(delivery)];
}

function pushTrigger({ branch, filePaths }: PipelineSettings): CodepipelineTrigger {
  return {
    providerType: "CodeStarSourceConnection",
    gitConfiguration: {
      sourceActionName: SOURCE,
      push: [
        {
          branches: { includes: [branch] },
          ...(filePaths === undefined
            ? {}
            : {
                filePaths: {
                  ...(filePaths.includes === undefined ? {} : { includes: [...filePaths.includes] }),
                  ...(filePaths.excludes === undefined ? {} : { excludes: [...filePaths.excludes] }),
                },
              }),
        },
      ],
    },
  };
}
