import {
  blueGreenProgram,
  blueGreenSettings,
  blueGreenStatements,
  blueGreenTimeoutMinutes,
  type Colour,
  type FleetTarget,
  fleetNames,
  type LoadBalancer,
} from "@telemedicina/compute";
import type { EnvironmentConfig } from "@telemedicina/config";
import {
  applicationName,
  type Companion,
  Delivery,
  deploymentGroupName,
  driverBuildspec,
  type Strategy,
  type Trigger,
  topicStatement,
} from "@telemedicina/pipeline";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { contractParameterName } from "../contract-parameter.js";
import { EnvironmentStack } from "../environment-stack.js";
import { MessageTopic } from "../message-topic.js";
import { smokeTestBuildspec } from "../smoke-test.js";
import type { AppStack } from "./app.js";
import type { DataStack } from "./data.js";
import type { EdgeStack } from "./edge.js";
import type { SecurityStack } from "./security.js";

interface Needs {
  readonly security: SecurityStack;
  readonly data: DataStack;
  readonly app: AppStack;
  readonly edge: EdgeStack;
}

type Repository = NonNullable<EnvironmentConfig["pipeline"]["repository"]>;
type Shift = Extract<EnvironmentConfig["pipeline"]["strategy"], { kind: "blueGreen" }>;

/** How a push to the application's repository becomes what the hosts run. It holds nothing but the history of deployments. */
export class DeliveryStack extends EnvironmentStack {
  readonly delivery: Delivery;

  constructor(scope: Construct, config: EnvironmentConfig, repository: Repository, needs: Needs) {
    super(scope, config, "delivery");
    // Buckets, the contract and groups of hosts are named by literals, which make no dependency.
    this.addDependency(needs.data);
    this.addDependency(needs.app);
    const { keyArns } = needs.security;
    const topic = this.topic(config, keyArns.application);
    this.delivery = new Delivery(this, "delivery", {
      names: this.names,
      accountId: config.accountId,
      trigger: trigger(config, repository, needs.security),
      strategy: this.strategy(config, needs.app),
      companions: this.companions(config),
      deployments: {
        bucketName: needs.data.storage.bucketNames.deployments,
        kmsKeyArn: keyArns.application,
      },
      assetsBucketName: needs.data.storage.bucketNames.assets,
      distributionId: needs.edge.distribution.id,
      contractParameterName: contractParameterName(config.name),
      topic: { arn: topic.arn, kmsKeyArn: keyArns.application },
      logs: { kmsKeyArn: keyArns.logs, retentionDays: config.observability.infrastructureLogDays },
    });
    this.outputs();
  }

  private topic({ observability }: EnvironmentConfig, kmsKeyArn: string): MessageTopic {
    return new MessageTopic(this, "messages", {
      names: this.names,
      about: "delivery",
      kmsKeyArn,
      emails: observability.alarmEmails,
      publishers: (arn) => [topicStatement(arn)],
    });
  }

  private strategy(config: EnvironmentConfig, { loadBalancer }: AppStack): Strategy {
    const { strategy } = config.pipeline;
    return strategy.kind === "rolling"
      ? this.rolling(config, loadBalancer)
      : this.blueGreen(config, strategy, loadBalancer);
  }

  private rolling({ compute }: EnvironmentConfig, { targetGroupName, target }: LoadBalancer): Strategy {
    return {
      kind: "rolling",
      fleet: { autoScalingGroupName: this.group("web"), targetGroupName, alarmNames: target.alarmNames },
      // Half of one host is none, and none could ever be taken out.
      ...(compute.minSize < 2 ? { deploymentConfig: "CodeDeployDefault.OneAtATime" } : {}),
    };
  }

  private blueGreen(
    { region, accountId, compute }: EnvironmentConfig,
    { steps, pauseSeconds, keepMinutes, keepFailedMinutes, alarms }: Shift,
    { forwardArn, target, greenTarget, name: loadBalancerName }: LoadBalancer,
  ): Strategy {
    if (greenTarget === undefined) throw new Error(`${this.node.path}: the load balancer has one colour`);
    const groups = { blue: this.group("web"), green: this.group("web-green") };
    const colour = (name: Colour, to: FleetTarget) => ({
      target: to,
      group: groups[name],
      deploymentGroup: deploymentGroupName(this.names, name),
    });
    const settings = blueGreenSettings({
      region,
      forwardArn,
      application: applicationName(this.names),
      minSize: compute.minSize,
      steps,
      pauseSeconds,
      keepMinutes,
      keepFailedMinutes,
      alarmNames: alarms,
      colours: { blue: colour("blue", target), green: colour("green", greenTarget) },
    });
    return {
      kind: "blueGreen",
      blue: { autoScalingGroupName: groups.blue },
      green: { autoScalingGroupName: groups.green },
      driver: {
        buildspec: driverBuildspec(blueGreenProgram()),
        timeoutMinutes: blueGreenTimeoutMinutes(settings),
        statements: blueGreenStatements(settings, { accountId, loadBalancerName }),
        variables: { BLUE_GREEN_SETTINGS: JSON.stringify(settings) },
      },
    };
  }

  /** Hosts that no load balancer asks: they get a release before what serves does. */
  private companions({ compute }: EnvironmentConfig): Readonly<Record<string, Companion>> {
    if (compute.layout.kind === "together") return {};
    const companion = (name: string) => ({ autoScalingGroupName: this.group(name) });
    return { workers: companion("workers"), scheduler: companion("scheduler") };
  }

  private group(name: string): string {
    return fleetNames(this.names, name).group;
  }

  private outputs(): void {
    const { connectionStatus, connectionArn, gitHubRoleArn } = this.delivery;
    const made = {
      connection_status: connectionStatus,
      connection_arn: connectionArn,
      github_role_arn: gitHubRoleArn,
    };
    for (const [id, value] of Object.entries(made)) {
      if (value !== undefined) new TerraformOutput(this, id, { value, staticId: true });
    }
  }
}

function trigger(
  { accountId, domain, name, pipeline }: EnvironmentConfig,
  repository: Repository,
  { secretArns, keyArns }: SecurityStack,
): Trigger {
  if (pipeline.trigger === "githubActions") {
    return {
      kind: "githubActions",
      repository,
      environment: name,
      identityProviderArn: `arn:aws:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`,
    };
  }
  return {
    kind: "codePipeline",
    repository,
    connection: pipeline.connection,
    branch: pipeline.branch,
    approval: pipeline.approval,
    build: {
      // Public, but it is drawn with what is not: the other lines for browsers are the contract's.
      secrets: {
        VITE_REVERB_APP_KEY: {
          secretArn: secretArns.reverb,
          jsonKey: "app_key",
          kmsKeyArn: keyArns.application,
        },
      },
    },
    smokeTest: { buildspec: smokeTestBuildspec(domain) },
  };
}
