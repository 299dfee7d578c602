import type { PolicyStatement } from "@telemedicina/core";
import { logPrefixes } from "./log-retention.js";
import type { BucketProfile } from "./profile.js";

/**
 * What nobody may do with a bucket, administrators and root included. It allows nothing: that is IAM's part.
 *
 * Nothing here denies an action on the bucket itself over a secure connection, so nobody can be locked
 * out: whoever may administer the bucket can still read and change this policy, Terraform among them.
 */
export function baselineStatements(bucketArn: string, profile: BucketProfile): readonly PolicyStatement[] {
  return [
    ...transportStatements(bucketArn),
    ...encryptionStatements(bucketArn, profile),
    ...(profile.purpose === "logs" ? recordStatements(bucketArn, profile) : []),
  ];
}

function transportStatements(bucketArn: string): PolicyStatement[] {
  const everything = [bucketArn, `${bucketArn}/*`];
  return [
    {
      Sid: "DenyPlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: everything,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "DenyOldTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: everything,
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
  ];
}

/**
 * They speak only of requests that ask for an encryption. One that asks for none gets the bucket's
 * default, which is the right one.
 */
function encryptionStatements(bucketArn: string, profile: BucketProfile): PolicyStatement[] {
  const put = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `${bucketArn}/*`,
  } as const;
  const keyOfTheCaller: PolicyStatement = {
    Sid: "DenyKeyOfTheCaller",
    ...put,
    Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
  };
  switch (profile.purpose) {
    case "access-logs":
      // AWS's log delivery decides for itself what it asks for.
      return [keyOfTheCaller];
    case "assets":
      return [
        {
          // CloudFront could not read what any KMS key encrypts.
          Sid: "DenyAnotherEncryption",
          ...put,
          Condition: {
            Null: { "s3:x-amz-server-side-encryption": "false" },
            StringNotEquals: { "s3:x-amz-server-side-encryption": "AES256" },
          },
        },
        keyOfTheCaller,
      ];
    default:
      return [
        {
          // A negated condition also holds when the key is missing, so this covers `aws:kms` without a key (which S3
          // would take for AWS's own key) and `AES256` too.
          Sid: "DenyAnotherKey",
          ...put,
          Condition: {
            Null: { "s3:x-amz-server-side-encryption": "false" },
            StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": profile.kmsKeyArn },
          },
        },
        keyOfTheCaller,
      ];
  }
}

/**
 * Who may touch what must be kept. `aws:PrincipalArn` of a session is the ARN of its role. A caller
 * without one, an AWS service, is refused too: a negated condition holds when its key is missing.
 *
 * Replication is not reached: it reads by `GetObjectVersionForReplication` and writes by
 * `ReplicateObject`, neither of which is denied. Nor is lifecycle, which no policy governs.
 */
function recordStatements(
  bucketArn: string,
  profile: Extract<BucketProfile, { purpose: "logs" }>,
): PolicyStatement[] {
  const under = (prefix: string) => `${bucketArn}/${prefix}*`;
  return [
    {
      Sid: "DenyReadingAppointmentLogs",
      Effect: "Deny",
      Principal: "*",
      Action: [
        "s3:GetObject",
        "s3:GetObjectAttributes",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAttributes",
        "s3:RestoreObject",
      ],
      // A query's result holds what the query read.
      Resource: [under(logPrefixes.appointmentLogs), under(logPrefixes.queryResults)],
      ...unless(profile.appointmentLogReaders),
    },
    {
      Sid: "DenyWritingAppointmentLogs",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: under(logPrefixes.appointmentLogs),
      ...unless(profile.appointmentLogWriters),
    },
    {
      Sid: "DenyDeletingRecords",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
      Resource: [under(logPrefixes.appointmentLogs), under(logPrefixes.application)],
    },
  ];
}

function unless(roleArns: readonly string[]): Pick<PolicyStatement, "Condition"> {
  // What a condition with an empty list means is not documented.
  return roleArns.length === 0 ? {} : { Condition: { ArnNotEquals: { "aws:PrincipalArn": roleArns } } };
}
