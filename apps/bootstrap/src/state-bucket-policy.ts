import type { PolicyStatement } from "@telemedicina/core";

export interface StateBucketPolicyProps {
  readonly bucketArn: string;
  /** The state key under every ARN that a request may call it by: its own and its alias's. */
  readonly keyArns: readonly string[];
}

/**
 * What nobody may do with the state, administrators included. It allows nothing: that is IAM's part.
 *
 * The denials of encryption speak only of requests that ask for one. A request that asks for none gets the bucket's
 * default, which is the right key; OpenTofu 1.10 writes its lock file that way.
 */
export function stateBucketPolicy({ bucketArn, keyArns }: StateBucketPolicyProps): PolicyStatement[] {
  const objects = `${bucketArn}/*`;
  return [
    {
      Sid: "DenyPlainHttp",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, objects],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "DenyOldTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, objects],
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
    {
      // A negated condition also holds when the key is missing, so this covers `aws:kms` without a key (which S3
      // would take for AWS's own key) and `AES256` too.
      Sid: "DenyAnotherKey",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: objects,
      Condition: {
        Null: { "s3:x-amz-server-side-encryption": "false" },
        StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": keyArns },
      },
    },
    {
      Sid: "DenyKeyOfTheCaller",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: objects,
      Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
    },
  ];
}
