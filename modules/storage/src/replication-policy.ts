import type { PolicyStatement } from "@telemedicina/core";
import type { Bucket } from "./bucket.js";

/** Only S3, and only on behalf of the one bucket. */
export function replicationTrust(source: Bucket): PolicyStatement[] {
  return [
    {
      Sid: "AllowS3ToReplicate",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": source.accountId },
        ArnLike: { "aws:SourceArn": source.bucketArn },
      },
    },
  ];
}

/** What S3 needs to copy from one bucket to the other, and nothing besides. */
export function replicationPermissions(source: Bucket, destination: Bucket): PolicyStatement[] {
  return [
    {
      Sid: "ReadReplicationConfiguration",
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: source.bucketArn,
    },
    {
      Sid: "ReadVersions",
      Effect: "Allow",
      Action: [
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionTagging",
        ...(source.objectLock ? ["s3:GetObjectLegalHold", "s3:GetObjectRetention"] : []),
      ],
      Resource: `${source.bucketArn}/*`,
    },
    {
      Sid: "WriteReplicas",
      Effect: "Allow",
      Action: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
      Resource: `${destination.bucketArn}/*`,
    },
    ...keyStatement("DecryptSource", ["kms:Decrypt"], source),
    ...keyStatement("EncryptReplicas", ["kms:Encrypt", "kms:GenerateDataKey"], destination),
  ];
}

function keyStatement(sid: string, actions: readonly string[], bucket: Bucket): PolicyStatement[] {
  if (bucket.kmsKeyArn === undefined) return [];
  return [
    {
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: bucket.kmsKeyArn,
      Condition: {
        StringEquals: { "kms:ViaService": `s3.${bucket.region}.amazonaws.com` },
        // With a bucket key the context is the bucket; what was put with a key of its own has its object.
        StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket.bucketArn, `${bucket.bucketArn}/*`] },
      },
    },
  ];
}
