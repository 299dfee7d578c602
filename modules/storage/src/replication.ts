import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import {
  S3BucketReplicationConfigurationA,
  type S3BucketReplicationConfigurationRule,
  type S3BucketReplicationConfigurationRuleDestination,
} from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration/index.js";
import { faultsError, type NameScope, policyDocument, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import type { Bucket } from "./bucket.js";
import { purposeMismatchFaultText, sameRegionFaultText } from "./errors.js";
import { logPrefixes } from "./log-retention.js";
import { replicationPermissions, replicationTrust } from "./replication-policy.js";

export interface BucketReplicationProps {
  readonly names: NameScope;
  readonly source: Bucket;
  /** A bucket for the same purpose in another region. */
  readonly destination: Bucket;
  /**
   * S3 promises 99.9 % of objects within 15 minutes and reports what is late. About 0.015 US dollars
   * a GB on top of the transfer. Without it most copies take minutes, some hours, and nothing is promised.
   */
  readonly replicationTimeControl: boolean;
}

/** The only value that S3 knows, for the promise and for the report. */
const PROMISED_MINUTES = 15;

/**
 * Copies every new version to another region as it comes, with its deletions, encrypted there by
 * that region's key. What was in the source before is not copied: S3 Batch Replication does that, once.
 *
 * About 0.02 US dollars a GB for the transfer, and the storage a second time.
 */
export class BucketReplication extends Construct {
  readonly roleArn: string;
  /** Ids of the rules, as CloudWatch names them in its replication metrics. */
  readonly ruleIds: readonly string[];

  constructor(scope: Construct, id: string, props: BucketReplicationProps) {
    super(scope, id);
    const { source, destination } = props;
    const faults = replicationFaults(source, destination);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    const role = this.role(props);
    const permissions = new IamRolePolicy(this, "permissions", {
      name: "replicate",
      role: role.id,
      policy: policyDocument(replicationPermissions(source, destination)),
    });
    const rules = replicatedPrefixes(source).map((prefix, index) => rule(props, prefix, index + 1));
    new S3BucketReplicationConfigurationA(this, "replication", {
      bucket: source.bucketId,
      role: role.arn,
      rule: rules,
      // S3 refuses the configuration until both sides keep versions.
      dependsOn: [source.versioning, destination.versioning, permissions],
    });
    this.roleArn = role.arn;
    this.ruleIds = rules.map(({ id: ruleId }) => String(ruleId));
  }

  private role({ names, source }: BucketReplicationProps): IamRole {
    const name = resourceName(names, "role", `replicate-${source.purpose}`);
    return new IamRole(this, "role", {
      name,
      description: `Lets S3 copy the ${source.purpose} bucket to another region`,
      assumeRolePolicy: policyDocument(replicationTrust(source)),
      tags: resourceTags(name),
    });
  }
}

function replicationFaults(source: Bucket, destination: Bucket): string[] {
  const faults: string[] = [];
  if (source.region === destination.region) faults.push(sameRegionFaultText(source.region));
  if (source.purpose !== destination.purpose) {
    faults.push(purposeMismatchFaultText(source.purpose, destination.purpose));
  }
  return faults;
}

/** Of the logs bucket what must be kept; results of queries can be had again. */
function replicatedPrefixes({ purpose }: Bucket): readonly string[] {
  return purpose === "logs"
    ? [logPrefixes.appointmentLogs, logPrefixes.application, logPrefixes.infrastructure]
    : [""];
}

function rule(
  { source, destination, replicationTimeControl }: BucketReplicationProps,
  prefix: string,
  priority: number,
): S3BucketReplicationConfigurationRule {
  const encrypted = destination.kmsKeyArn !== undefined;
  return {
    id: prefix === "" ? source.purpose : prefix.replace("/", ""),
    priority,
    status: "Enabled",
    filter: { prefix },
    // What was deleted here must not come back there; its versions stay for as long as the lifecycle says.
    deleteMarkerReplication: { status: "Enabled" },
    ...(encrypted ? { sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } } } : {}),
    destination: ruleDestination(destination, replicationTimeControl),
  };
}

function ruleDestination(
  { bucketArn, kmsKeyArn }: Bucket,
  timeControl: boolean,
): S3BucketReplicationConfigurationRuleDestination {
  return {
    bucket: bucketArn,
    ...(kmsKeyArn === undefined ? {} : { encryptionConfiguration: { replicaKmsKeyId: kmsKeyArn } }),
    metrics: {
      status: "Enabled",
      ...(timeControl ? { eventThreshold: { minutes: PROMISED_MINUTES } } : {}),
    },
    ...(timeControl ? { replicationTime: { status: "Enabled", time: { minutes: PROMISED_MINUTES } } } : {}),
  };
}
