import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { type NameScope, type PolicyStatement, resourceTags } from "@telemedicina/core";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { deliverAccessLogs } from "./access-logs.js";
import { baselineStatements } from "./bucket-policy.js";
import { allowOrigins } from "./cors.js";
import { applyLifecycle } from "./lifecycle.js";
import { deliveryPrefixes } from "./lifecycle-plan.js";
import type { LifecycleRule } from "./lifecycle-rule.js";
import { lockObjects } from "./object-lock.js";
import { type BucketProfile, type BucketPurpose, purposeFacts } from "./profile.js";
import { type BucketSettings, resolveSettings } from "./settings.js";
import { StatementCollector } from "./statement-collector.js";

/** What every bucket needs, whatever it is for. */
export interface BucketPlace {
  /** Project, environment and region of the bucket's name. A change makes a new, empty bucket. */
  readonly names: NameScope;
  /** The account, part of the name because bucket names are shared by all of AWS. A change makes a new, empty bucket. */
  readonly accountId: string;
  /**
   * Provider configuration of another region than the stack's.
   * @default - the stack's provider
   */
  readonly provider?: AwsProvider | undefined;
  /**
   * Bucket for access logs in the same region; a record for each request, best effort. Free but for the storage.
   * @default - requests are not recorded
   */
  readonly accessLogs?: Bucket | undefined;
  /**
   * Rules beside the purpose's own, for prefixes that it does not know. They may not undercut what it keeps.
   * @default []
   */
  readonly lifecycleRules?: readonly LifecycleRule[] | undefined;
  /**
   * Terraform refuses every plan that would destroy a bucket whose content is lost with it (all but
   * assets and deployments). `false` is refused in production. S3 itself deletes no bucket that has
   * anything in it.
   * @default true
   */
  readonly deletionProtection?: boolean | undefined;
}

export type BucketProps = BucketPlace & BucketProfile;

/**
 * A bucket for one purpose: closed to the public, owned by the account alone, versioned, encrypted,
 * reachable by TLS 1.2 and better only, with one policy and one lifecycle.
 *
 * About 0.023 US dollars a GB and month (us-east-1), the same for each old version. It holds data.
 */
export class Bucket extends Construct {
  readonly purpose: BucketPurpose;
  /** A literal, known at synth: it can stand in a policy without making a dependency. */
  readonly bucketName: string;
  /** A literal, as {@link bucketName}. */
  readonly bucketArn: string;
  readonly region: string;
  readonly accountId: string;
  /** Name as Terraform reads it from the bucket, so that who uses it waits for the bucket. */
  readonly bucketId: string;
  /** `<bucket>.s3.<region>.amazonaws.com`: the origin for CloudFront. */
  readonly regionalDomainName: string;
  /** Undefined where S3's own keys encrypt. */
  readonly kmsKeyArn: string | undefined;
  readonly objectLock: boolean;
  /** What replication has to wait for. */
  readonly versioning: ITerraformDependable;
  /** What a delivery of logs has to wait for. */
  readonly policy: ITerraformDependable;

  private readonly statements: StatementCollector;
  private readonly meta: { readonly provider?: AwsProvider };

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const settings = resolveSettings(this.node.path, props);
    this.meta = props.provider === undefined ? {} : { provider: props.provider };
    this.statements = new StatementCollector(
      this.node.path,
      baselineStatements(settings.arn, settings.profile),
    );

    const bucket = this.bucket(settings);
    this.encrypt(bucket, settings);
    const versioning = this.keepVersions(bucket);
    const policy = this.close(bucket);
    const lifecycle = { bucket: bucket.id, rules: settings.lifecycle, provider: props.provider, versioning };
    applyLifecycle(this, lifecycle);
    if (settings.cors !== undefined) allowOrigins(this, bucket.id, settings.cors, props.provider);
    if (settings.lock !== undefined) {
      lockObjects(this, { bucket: bucket.id, lock: settings.lock, provider: props.provider, versioning });
    }

    this.purpose = settings.profile.purpose;
    this.bucketName = settings.name;
    this.bucketArn = settings.arn;
    this.region = settings.names.region;
    this.accountId = settings.accountId;
    this.bucketId = bucket.id;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
    this.kmsKeyArn = settings.kmsKeyArn;
    this.objectLock = settings.lock !== undefined;
    this.versioning = versioning;
    this.policy = policy;
    if (props.accessLogs !== undefined) this.recordRequests(props.accessLogs);
  }

  /**
   * Adds to the bucket's one policy, from anywhere, until the stacks are written. Name principals and
   * sources by ARNs that are known at synth: a reference to another stack's resource would turn the
   * order of the stacks round.
   *
   * @throws when the Sid is taken, or the policy has been written
   */
  addPolicyStatement(statement: PolicyStatement): void {
    this.statements.add(statement);
  }

  private bucket({ name, lock, profile, preventDestroy }: BucketSettings): S3Bucket {
    const { dataClassification, backup } = purposeFacts[profile.purpose];
    return new S3Bucket(this, "bucket", {
      bucket: name,
      forceDestroy: false,
      ...(lock === undefined ? {} : { objectLockEnabled: true }),
      tags: { ...resourceTags(name, { dataClassification }), ...(backup ? { Backup: "true" } : {}) },
      ...(preventDestroy ? { lifecycle: { preventDestroy } } : {}),
      ...this.meta,
    });
  }

  private encrypt(bucket: S3Bucket, { kmsKeyArn }: BucketSettings): void {
    const rule =
      kmsKeyArn === undefined
        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
        : {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
            // One KMS request for many objects instead of one for each.
            bucketKeyEnabled: true,
          };
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [rule],
      ...this.meta,
    });
  }

  private keepVersions(bucket: S3Bucket): S3BucketVersioningA {
    return new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
      ...this.meta,
    });
  }

  /** One after the other: S3 refuses two changes of a bucket's access at the same moment (OperationAborted). */
  private close(bucket: S3Bucket): S3BucketPolicy {
    const blocked = new S3BucketPublicAccessBlock(this, "public-access-block", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
      ...this.meta,
    });
    const policy = new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: this.statements.document(),
      dependsOn: [blocked],
      ...this.meta,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
      dependsOn: [policy],
      ...this.meta,
    });
    return policy;
  }

  private recordRequests(target: Bucket): void {
    const prefix = `${deliveryPrefixes.s3}${this.purpose}/`;
    target.addPolicyStatement(deliverAccessLogs(this, target, prefix));
    new S3BucketLoggingA(this, "logging", {
      bucket: this.bucketId,
      targetBucket: target.bucketId,
      targetPrefix: prefix,
      // account/region/bucket/year/month/day behind the prefix: Athena can be pointed at a day.
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      dependsOn: [target.policy],
      ...this.meta,
    });
  }
}
