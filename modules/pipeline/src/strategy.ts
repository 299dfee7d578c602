import type { StepProps } from "./step.js";

/** How a release gets onto the fleet that serves. */
export type Strategy = Rolling | BlueGreen | CopyAutoScalingGroup;

/**
 * A fleet that may serve. CodeDeploy watches no alarm of it: hosts that are deployed to answer their load balancer with
 * 503, and the alarm for that would stop the deployment. The driver watches before and while it shifts.
 */
export interface ColouredFleet {
  readonly autoScalingGroupName: string;
}

/** A fleet that serves, and the target group that its hosts are in. */
export interface ServingFleet extends ColouredFleet {
  readonly targetGroupName: string;
  /** Alarms of this fleet, 1 to 10, that stop a deployment to it and roll it back: bad answers, ill hosts. */
  readonly alarmNames: readonly string[];
}

/**
 * How many hosts are deployed to at a time. `HalfAtATime` and fewer hosts than two do not go together: with a half of
 * one nothing may be taken out.
 */
export const deploymentConfigs = [
  "CodeDeployDefault.OneAtATime",
  "CodeDeployDefault.HalfAtATime",
  "CodeDeployDefault.AllAtOnce",
] as const;
export type DeploymentConfig = (typeof deploymentConfigs)[number];

/** In place, on the hosts that there are: each leaves the load balancer, is deployed to, and comes back. */
export interface Rolling {
  readonly kind: "rolling";
  readonly fleet: ServingFleet;
  /** @default "CodeDeployDefault.HalfAtATime" */
  readonly deploymentConfig?: DeploymentConfig | undefined;
}

/**
 * Two fleets that Terraform owns, one of which serves. A script fills the other, moves the traffic and empties the
 * first. CodePipeline's own CodeDeploy action cannot do that; it knows one application and one group.
 */
export interface BlueGreen {
  readonly kind: "blueGreen";
  readonly blue: ColouredFleet;
  readonly green: ColouredFleet;
  /** The script that does it, as a buildspec, and all that it may. It gets the release as its source, in CodeBuild. */
  readonly driver: StepProps;
}

/**
 * CodeDeploy copies the Auto Scaling group and **deletes the one that Terraform made** when a deployment succeeds. From
 * the first on, no plan sees the group that runs, its alarms name one that is gone, and hooks, tags and policies are
 * those that CodeDeploy thought to copy.
 */
export interface CopyAutoScalingGroup {
  readonly kind: "copyAutoScalingGroup";
  readonly fleet: ServingFleet;
  readonly acknowledgeUnmanagedGroup: true;
  /** Why; it becomes the tag `UnmanagedBecause`. */
  readonly reason: string;
  /** What the copy's hosts are started from. CodeDeploy may use no other. */
  readonly launchTemplateArn: string;
  /** The role of the hosts, which CodeDeploy may hand on. */
  readonly hostRoleArn: string;
  /** Minutes, 0 to 2880, that the old hosts stay after the traffic has moved: the time to go back. @default 60 */
  readonly terminationWaitMinutes?: number | undefined;
}

/** A fleet without a load balancer: workers, the scheduler. */
export interface Companion {
  readonly autoScalingGroupName: string;
  /** @default "CodeDeployDefault.OneAtATime" */
  readonly deploymentConfig?: DeploymentConfig | undefined;
  /** Alarms that stop a deployment and roll it back, up to 10. @default - none: a failure of the deployment alone does */
  readonly alarmNames?: readonly string[] | undefined;
}
