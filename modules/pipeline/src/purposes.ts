import type { PolicyStatement } from "@telemedicina/core";
import { parameterArn } from "./arns.js";
import {
  assetNamesStatement,
  assetStatement,
  invalidationStatements,
  keyStatement,
  knownReleaseStatement,
  releaseStatement,
} from "./bucket-statements.js";
import { companionGroups, servingGroups } from "./deployment-groups.js";
import { deploymentStatements } from "./pipeline-statements.js";
import type { DeliverySettings } from "./settings.js";

/** Where files are that pages name: the application's own, and what Vite makes, most of it with a hash. */
const NAMED_BY_PAGES = ["assets/", "build/"];

/**
 * A build puts what is new where browsers load it from, before the release is anywhere: hashed files, and names that the
 * bucket has not got. What keeps its name waits.
 */
export function buildStatements(delivery: DeliverySettings): PolicyStatement[] {
  return [
    assetStatement(delivery.assetsBucketName, NAMED_BY_PAGES),
    assetNamesStatement(delivery.assetsBucketName, NAMED_BY_PAGES),
    ...contractStatements(delivery),
  ];
}

/** The driver of blue and green names a release to CodeDeploy; all else that it may, it brings along. */
export function driverStatements({ deployments }: DeliverySettings): PolicyStatement[] {
  return [knownReleaseStatement(deployments), releaseStatement(deployments)];
}

/**
 * After a deployment what keeps its name while its content changes goes out, and the old out of CloudFront's cache. The
 * release says which files these are.
 */
export function afterDeploymentStatements(delivery: DeliverySettings): PolicyStatement[] {
  return [
    assetStatement(delivery.assetsBucketName),
    ...invalidationStatements(delivery, delivery.distributionId),
  ];
}

/** A job of GitHub Actions does all of it but the build, which needs nothing of AWS. */
export function gitHubStatements(delivery: DeliverySettings): PolicyStatement[] {
  return [
    releaseStatement(delivery.deployments),
    keyStatement(delivery, delivery.deployments),
    assetStatement(delivery.assetsBucketName),
    assetNamesStatement(delivery.assetsBucketName, NAMED_BY_PAGES),
    ...invalidationStatements(delivery, delivery.distributionId),
    ...deploymentStatements(delivery, [...servingGroups(delivery), ...companionGroups(delivery)]),
  ];
}

/** The contract has `VITE_…` lines, which are public, and says where secrets are; it holds none. */
function contractStatements(delivery: DeliverySettings): PolicyStatement[] {
  const { contractParameterName } = delivery;
  if (contractParameterName === undefined) return [];
  return [
    {
      Sid: "ReadContract",
      Effect: "Allow",
      Action: "ssm:GetParameter",
      Resource: parameterArn(delivery, contractParameterName),
    },
  ];
}
