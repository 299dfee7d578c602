import { applicationName, deploymentGroupName, releasesPrefix } from "./names.js";
import type { DeliverySettings } from "./settings.js";

/** Lines that every step of the pipeline has in its environment: what the scripts of a release go by. */
export const deliveryVariables = [
  "ASSETS_BUCKET",
  "CODEDEPLOY_APPLICATION",
  "CODEDEPLOY_GROUP",
  "CONTRACT_PARAMETER",
  "DEPLOYMENTS_BUCKET",
  "DISTRIBUTION_ID",
  "RELEASES_PREFIX",
] as const;

/** Lines that the pipeline itself gives a step when it starts it. */
export const runVariables = ["RELEASE_COMMIT", "RELEASE_EXECUTION"] as const;

type Lines = Partial<Record<(typeof deliveryVariables)[number], string>>;

/** One that there is no value for is absent: with blue and green there is no single group. */
export function deliveryLines(delivery: DeliverySettings): Readonly<Record<string, string>> {
  const { names, strategy, distributionId, contractParameterName } = delivery;
  const lines: Lines = {
    ASSETS_BUCKET: delivery.assetsBucketName,
    CODEDEPLOY_APPLICATION: applicationName(names),
    ...(strategy.kind === "blueGreen" ? {} : { CODEDEPLOY_GROUP: deploymentGroupName(names) }),
    DEPLOYMENTS_BUCKET: delivery.deployments.bucketName,
    ...(contractParameterName === undefined ? {} : { CONTRACT_PARAMETER: contractParameterName }),
    ...(distributionId === undefined ? {} : { DISTRIBUTION_ID: distributionId }),
    RELEASES_PREFIX: releasesPrefix,
  };
  return lines;
}
