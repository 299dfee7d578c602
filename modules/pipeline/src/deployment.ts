import { CodedeployApp } from "@cdktf/provider-aws/lib/codedeploy-app/index.js";
import {
  CodedeployDeploymentGroup,
  type CodedeployDeploymentGroupConfig,
} from "@cdktf/provider-aws/lib/codedeploy-deployment-group/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { deploymentGroupArn } from "./arns.js";
import { copyStatements } from "./copy-statements.js";
import { companionGroups, type DeploymentGroupPlan, servingGroups } from "./deployment-groups.js";
import { applicationName } from "./names.js";
import { DeliveryRole, trustService } from "./role.js";
import type { DeliverySettings, StrategySettings } from "./settings.js";

/**
 * The CodeDeploy application and a group for each fleet. A fleet is in one group only: with two, both of CodeDeploy's
 * launch hooks would deploy to a new host at once.
 */
export class Deployment extends Construct {
  readonly groups: readonly CodedeployDeploymentGroup[];

  constructor(scope: Construct, id: string, delivery: DeliverySettings) {
    super(scope, id);
    const app = this.app(delivery);
    const role = this.role(delivery);
    const managed = this.managedPolicy(role);
    const dependsOn = role.policy === undefined ? [managed] : [managed, role.policy];

    this.groups = [
      ...servingGroups(delivery).map((plan) =>
        this.group(plan, { ...common(plan, app, role), ...style(delivery.strategy, plan), dependsOn }),
      ),
      ...companionGroups(delivery).map((plan) =>
        this.group(plan, { ...common(plan, app, role), ...inPlace(plan), dependsOn }),
      ),
    ];
  }

  private app({ names }: DeliverySettings): CodedeployApp {
    const name = applicationName(names);
    return new CodedeployApp(this, "app", { name, computePlatform: "Server", tags: resourceTags(name) });
  }

  private role(delivery: DeliverySettings): DeliveryRole {
    return new DeliveryRole(this, "role", {
      names: delivery.names,
      qualifier: "codedeploy",
      description: "CodeDeploy of the application",
      trust: trustService("codedeploy.amazonaws.com", delivery.accountId, deploymentGroupArn(delivery, "*")),
      statements:
        delivery.strategy.kind === "copyAutoScalingGroup" ? copyStatements(delivery, delivery.strategy) : [],
      permissionsBoundaryArn: delivery.permissionsBoundaryArn,
    });
  }

  /** AWS keeps it in step with what CodeDeploy needs; a copy of ours would fall behind in the middle of a deployment. */
  private managedPolicy(role: DeliveryRole): IamRolePolicyAttachment {
    return new IamRolePolicyAttachment(this, "managed-policy", {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole",
    });
  }

  private group(
    { id, name }: DeploymentGroupPlan,
    config: CodedeployDeploymentGroupConfig,
  ): CodedeployDeploymentGroup {
    return new CodedeployDeploymentGroup(this, id, {
      ...config,
      tags: { ...resourceTags(name), ...config.tags },
    });
  }
}

function common(
  plan: DeploymentGroupPlan,
  app: CodedeployApp,
  role: DeliveryRole,
): CodedeployDeploymentGroupConfig {
  return {
    appName: app.name,
    deploymentGroupName: plan.name,
    deploymentConfigName: plan.deploymentConfig,
    serviceRoleArn: role.arn,
    autoscalingGroups: [plan.autoScalingGroupName],
    autoRollbackConfiguration: {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
    },
    ...(plan.alarmNames.length === 0
      ? {}
      : {
          // An alarm that CodeDeploy cannot read is no calm one.
          alarmConfiguration: { enabled: true, alarms: [...plan.alarmNames], ignorePollAlarmFailure: false },
        }),
    // A host that started during a deployment with the release before gets the new one when it is over.
    outdatedInstancesStrategy: "UPDATE",
  };
}

function style(
  strategy: StrategySettings,
  plan: DeploymentGroupPlan,
): Partial<CodedeployDeploymentGroupConfig> {
  return strategy.kind === "copyAutoScalingGroup" ? copied(strategy, plan) : inPlace(plan);
}

/** Hosts that scaling takes away run ApplicationStop first: workers end their jobs. */
function inPlace({ targetGroupName }: DeploymentGroupPlan): Partial<CodedeployDeploymentGroupConfig> {
  return {
    deploymentStyle: {
      deploymentType: "IN_PLACE",
      deploymentOption: targetGroupName === undefined ? "WITHOUT_TRAFFIC_CONTROL" : "WITH_TRAFFIC_CONTROL",
    },
    ...throughLoadBalancer(targetGroupName),
    terminationHookEnabled: true,
  };
}

function copied(
  strategy: Extract<StrategySettings, { kind: "copyAutoScalingGroup" }>,
  { targetGroupName }: DeploymentGroupPlan,
): Partial<CodedeployDeploymentGroupConfig> {
  return {
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    ...throughLoadBalancer(targetGroupName),
    blueGreenDeploymentConfig: {
      greenFleetProvisioningOption: { action: "COPY_AUTO_SCALING_GROUP" },
      deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
      terminateBlueInstancesOnDeploymentSuccess: {
        action: "TERMINATE",
        terminationWaitTimeInMinutes: strategy.terminationWaitMinutes,
      },
    },
    // From the first deployment on it is the copy, by a name that CodeDeploy makes.
    lifecycle: { ignoreChanges: ["autoscaling_groups"] },
    tags: { UnmanagedBecause: strategy.reason },
  };
}

function throughLoadBalancer(
  targetGroupName: string | undefined,
): Pick<CodedeployDeploymentGroupConfig, "loadBalancerInfo"> {
  if (targetGroupName === undefined) return {};
  return { loadBalancerInfo: { targetGroupInfo: [{ name: targetGroupName }] } };
}
