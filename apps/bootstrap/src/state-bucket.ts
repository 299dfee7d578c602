import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { policyDocument, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { stateBucketPolicy } from "./state-bucket-policy.js";
import type { StateKey } from "./state-key.js";

export interface StateBucketProps {
  /** Name of the bucket; a change makes a new, empty one, and Terraform refuses that. */
  readonly bucket: string;
  readonly key: StateKey;
}

/**
 * The bucket that holds every stack's state. Cents a month. Terraform refuses to destroy it.
 *
 * No Object Lock: Terraform's lock file is an object too, and one that cannot be deleted blocks its stack for as
 * long as the retention lasts. Versions protect the state instead.
 */
export class StateBucket extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    const bucket = new S3Bucket(this, "bucket", {
      bucket: props.bucket,
      tags: resourceTags(props.bucket, { dataClassification: "confidential" }),
      lifecycle: { preventDestroy: true },
    });
    // Known at synth time, unlike the attribute: policies elsewhere read the same whatever is being made.
    this.arn = `arn:aws:s3:::${props.bucket}`;
    encrypt(this, bucket, props.key);
    const blocked = closeToThePublic(this, bucket);
    new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: policyDocument(
        stateBucketPolicy({ bucketArn: this.arn, keyArns: [props.key.arn, props.key.aliasArn] }),
      ),
      // S3 refuses two changes of a bucket's access at the same moment.
      dependsOn: [blocked],
    });
    expireOldVersions(this, bucket);
  }
}

function encrypt(scope: Construct, bucket: S3Bucket, key: StateKey): void {
  new S3BucketServerSideEncryptionConfigurationA(scope, "encryption", {
    bucket: bucket.id,
    rule: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
        // One KMS request for many objects instead of one for each.
        bucketKeyEnabled: true,
      },
    ],
  });
}

function closeToThePublic(scope: Construct, bucket: S3Bucket): S3BucketPublicAccessBlock {
  new S3BucketOwnershipControls(scope, "ownership", {
    bucket: bucket.id,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  return new S3BucketPublicAccessBlock(scope, "public-access-block", {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
}

/**
 * Every apply leaves an old version of the state, and of the lock file a version and a delete marker. A lifecycle
 * filter knows prefixes, tags and sizes, no suffix, and the two kinds share their prefix, so one rule serves both: a
 * version goes once it is 90 days old and 50 newer ones of the same object exist. A stack that nobody touches keeps
 * its history for ever; a busy one keeps 90 days of it.
 */
function expireOldVersions(scope: Construct, bucket: S3Bucket): void {
  const versioning = new S3BucketVersioningA(scope, "versioning", {
    bucket: bucket.id,
    versioningConfiguration: { status: "Enabled" },
  });
  new S3BucketLifecycleConfiguration(scope, "lifecycle", {
    bucket: bucket.id,
    rule: [
      {
        id: "expire-old-versions",
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrentVersionExpiration: [{ noncurrentDays: 90, newerNoncurrentVersions: 50 }],
        // The marker that is left when no version stands behind it any more.
        expiration: [{ expiredObjectDeleteMarker: true }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      },
    ],
    // Rules about versions mean something only once there are any.
    dependsOn: [versioning],
  });
}
