import type { PolicyStatement } from "@telemedicina/core";
import { bucketArn, type Place } from "./arns.js";
import { pipelineName, releasesPrefix } from "./names.js";
import type { DeploymentsBucket } from "./props.js";

/** CodePipeline cuts its name to so many characters where it names a folder after it. */
const FOLDER_CHARACTERS = 20;

/** What one pipeline keeps in the bucket: sources and builds. */
export function artifactsArn({ names }: Place, { bucketName }: DeploymentsBucket): string {
  return `${bucketArn(bucketName)}/${pipelineName(names).slice(0, FOLDER_CHARACTERS)}*`;
}

/** Objects of the pipeline, with the key that encrypts them, by way of S3 alone. */
export function artifactStatements(place: Place, deployments: DeploymentsBucket): PolicyStatement[] {
  return [
    {
      Sid: "OwnArtifacts",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
      Resource: artifactsArn(place, deployments),
    },
    {
      Sid: "ArtifactsBucket",
      Effect: "Allow",
      Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
      Resource: bucketArn(deployments.bucketName),
    },
    keyStatement(place, deployments),
  ];
}

/** Looks whether a release is there, and as what. */
export function knownReleaseStatement({ bucketName }: DeploymentsBucket): PolicyStatement {
  return {
    Sid: "LookAtReleases",
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: `${bucketArn(bucketName)}/${releasesPrefix}*`,
  };
}

/** Puts releases where CodeDeploy is told to find them; takes none away. */
export function releaseStatement({ bucketName }: DeploymentsBucket): PolicyStatement {
  return {
    Sid: "AddReleases",
    Effect: "Allow",
    Action: "s3:PutObject",
    Resource: `${bucketArn(bucketName)}/${releasesPrefix}*`,
  };
}

export function keyStatement({ names }: Place, { kmsKeyArn }: DeploymentsBucket): PolicyStatement {
  return {
    Sid: "KeyOfTheBucket",
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: kmsKeyArn,
    Condition: { StringEquals: { "kms:ViaService": `s3.${names.region}.amazonaws.com` } },
  };
}

/** Adds to the assets, all or those below some folders; takes nothing away, since open pages still ask for older ones. */
export function assetStatement(assetsBucketName: string, folders: readonly string[] = [""]): PolicyStatement {
  return {
    Sid: "AddAssets",
    Effect: "Allow",
    Action: "s3:PutObject",
    Resource: folders.map((folder) => `${bucketArn(assetsBucketName)}/${folder}*`),
  };
}

/** Finds out which files of some folders are there already. */
export function assetNamesStatement(assetsBucketName: string, folders: readonly string[]): PolicyStatement {
  return {
    Sid: "ListAssets",
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: bucketArn(assetsBucketName),
    Condition: { StringEquals: { "s3:prefix": folders } },
  };
}

/** One distribution, or none at all. */
export function invalidationStatements(
  { accountId }: Place,
  distributionId: string | undefined,
): PolicyStatement[] {
  if (distributionId === undefined) return [];
  return [
    {
      Sid: "InvalidateOneDistribution",
      Effect: "Allow",
      Action: "cloudfront:CreateInvalidation",
      Resource: `arn:aws:cloudfront::${accountId}:distribution/${distributionId}`,
    },
  ];
}
