import type { PolicyStatement } from "@telemedicina/core";
import { parameterArn } from "./arns.js";
import { assetStatements, invalidationStatements, releaseStatement } from "./bucket-statements.js";
import type { DeliverySettings } from "./settings.js";

/** A build, CodeBuild's or a runner's: it makes a release and puts what browsers load where they load it from. */
export function buildStatements(delivery: DeliverySettings): PolicyStatement[] {
  return [
    releaseStatement(delivery.deployments),
    ...assetStatements(delivery.assetsBucketName),
    ...invalidationStatements(delivery, delivery.distributionId),
    ...contractStatements(delivery),
  ];
}

/** The driver of blue/green names a release to CodeDeploy; all else that it may, it brings along. */
export function driverStatements({ deployments }: DeliverySettings): PolicyStatement[] {
  return [releaseStatement(deployments)];
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
