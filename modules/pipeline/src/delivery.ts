import { faultsError } from "@telemedicina/core";
import { Construct } from "constructs";
import { Deployment } from "./deployment.js";
import { companionGroups, servingGroups } from "./deployment-groups.js";
import { deliveryFaults } from "./faults.js";
import { GitHubDeployRole } from "./github-deploy-role.js";
import { applicationName, pipelineName } from "./names.js";
import { Notifications } from "./notifications.js";
import { Pipeline } from "./pipeline.js";
import type { DeliveryProps } from "./props.js";
import { resolveDelivery } from "./settings.js";

/**
 * How a push becomes what the hosts run: CodeDeploy with a group for each fleet, what starts it, and who is told. About
 * 3 US dollars a month for twenty builds of ten minutes; CodeDeploy on EC2 costs nothing.
 *
 * @throws one error with every fault of the props
 */
export class Delivery extends Construct {
  /** Literals: what operators type. */
  readonly applicationName: string;
  readonly deploymentGroupNames: readonly string[];
  /** A literal; none where GitHub Actions deploys. */
  readonly pipelineName: string | undefined;
  /** `PENDING` until somebody has finished the handshake in the console; none for a connection that was given. */
  readonly connectionStatus: string | undefined;
  readonly connectionArn: string | undefined;
  /** Role that the workflow takes; none where CodePipeline deploys. */
  readonly gitHubRoleArn: string | undefined;
  /** Of the CodeBuild projects, literals. */
  readonly logGroupNames: readonly string[];

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const delivery = resolveDelivery(props);
    const faults = deliveryFaults(delivery);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    const { trigger } = delivery;
    const deployment = new Deployment(this, "deployment", delivery);
    const pipeline =
      trigger.kind === "codePipeline"
        ? new Pipeline(this, "pipeline", { delivery, trigger, deployment })
        : undefined;
    const role =
      trigger.kind === "githubActions" ? new GitHubDeployRole(this, "github", delivery, trigger) : undefined;
    new Notifications(this, "notifications", delivery);

    this.applicationName = applicationName(delivery.names);
    this.deploymentGroupNames = [...servingGroups(delivery), ...companionGroups(delivery)].map(
      ({ name }) => name,
    );
    this.pipelineName = pipeline === undefined ? undefined : pipelineName(delivery.names);
    this.connectionStatus = pipeline?.connectionStatus;
    this.connectionArn = pipeline?.connectionArn;
    this.gitHubRoleArn = role?.arn;
    this.logGroupNames = pipeline?.logGroupNames ?? [];
  }
}
