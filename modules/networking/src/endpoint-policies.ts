import { type PolicyStatement, policyDocument } from "@telemedicina/core";
import type { GatewayService } from "./endpoint-services.js";

/**
 * Own identities only: credentials of another account cannot be used to carry data out of the VPC.
 * Endpoint policies grant nothing by themselves: they are the most that may pass, IAM still decides.
 */
export function ownIdentitiesPolicy(accountId: string): string {
  return policyDocument([
    {
      Sid: "OwnIdentities",
      Effect: "Allow",
      Principal: "*",
      Action: "*",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalAccount": accountId } },
    },
  ]);
}

/** Own identities on own resources, and for S3 what AWS serves hosts from buckets of its own. */
export function gatewayPolicy(service: GatewayService, accountId: string, region: string): string {
  const own: PolicyStatement = {
    Sid: "OwnIdentitiesOnOwnResources",
    Effect: "Allow",
    Principal: "*",
    Action: "*",
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": accountId, "aws:ResourceAccount": accountId } },
  };
  return service === "s3" ? policyDocument([own, awsOwnedBuckets(region)]) : policyDocument([own]);
}

/**
 * Without these a host in a private subnet installs no package, runs no Systems Manager document and
 * updates no agent: the gateway endpoint catches S3 whether the request is signed or not.
 */
function awsOwnedBuckets(region: string): PolicyStatement {
  const buckets = [
    `al2023-repos-${region}-de612dc2`,
    `amazon-ssm-${region}`,
    `amazon-ssm-packages-${region}`,
    `amazoncloudwatch-agent-${region}`,
    "amazoncloudwatch-agent",
    `aws-codedeploy-${region}`,
    `aws-ssm-${region}`,
    `aws-ssm-distributor-file-${region}`,
    `aws-ssm-document-attachments-${region}`,
    `patch-baseline-snapshot-${region}`,
    `prod-${region}-starport-layer-bucket`,
    `${region}-birdwatcher-prod`,
  ];
  return {
    Sid: "ReadWhatAwsServes",
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: buckets.map((bucket) => `arn:aws:s3:::${bucket}/*`),
  };
}
