export { Delivery } from "./delivery.js";
export { driverBuildspec } from "./driver-buildspec.js";
export { applicationName, deploymentGroupName, pipelineName, releasesPrefix } from "./names.js";
export { topicKeyStatement, topicStatement } from "./notifications.js";
export type { DeliveryLogs, DeliveryProps, DeploymentsBucket, Topic } from "./props.js";
export type { Architecture, SecretVariable, Size, StepProps } from "./step.js";
export type {
  BlueGreen,
  ColouredFleet,
  Companion,
  CopyAutoScalingGroup,
  DeploymentConfig,
  Rolling,
  ServingFleet,
  Strategy,
} from "./strategy.js";
export type {
  BuildProps,
  CodePipelineTrigger,
  ConnectionSource,
  ExecutionMode,
  FilePaths,
  GitHubActionsTrigger,
  GitHubRepository,
  Trigger,
} from "./trigger.js";
export { deliveryVariables, runVariables } from "./variables.js";
