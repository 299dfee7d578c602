import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { NameScope } from "@telemedicina/core";
import { faultsError } from "@telemedicina/core";
import { Construct } from "constructs";
import { deliverLoadBalancerLogs } from "./access-logs.js";
import { AppointmentLogTable } from "./appointment-log-table.js";
import { Bucket, type BucketPlace } from "./bucket.js";
import { replicaProviderFaultText } from "./errors.js";
import { deliveryPrefixes } from "./lifecycle-plan.js";
import type { LogRetention } from "./log-retention.js";
import type { ObjectLock } from "./object-lock.js";
import type { BucketProfile, BucketPurpose } from "./profile.js";
import { BucketReplication } from "./replication.js";

export interface StorageProps {
  readonly names: NameScope;
  readonly accountId: string;
  /** KMS keys by the buckets that use them. The logs bucket holds clinical records: give it the key of those. */
  readonly kmsKeyArns: Readonly<Record<"uploads" | "logs" | "backups" | "deployments" | "audit", string>>;
  /** Origins of the application, such as `https://app.example.com`. */
  readonly applicationOrigins: readonly string[];
  /** Roles that may read appointment logs and the results of queries over them; nobody else can. */
  readonly appointmentLogReaders: readonly string[];
  /** Roles that may write appointment logs. */
  readonly appointmentLogWriters: readonly string[];
  readonly logRetention?: LogRetention | undefined;
  /** Days that dumps under `daily/` are kept. @default 30 */
  readonly dailyBackupRetentionDays?: number | undefined;
  /** Lock of the audit archive. Only a new bucket can be given one. @default governance, 1 year */
  readonly auditLock?: ObjectLock | undefined;
  /**
   * Copies of uploads and logs in another region. They double the price of what they copy. Turned on
   * later, it copies only what comes from then on.
   * @default - no copies: the region's loss is theirs
   */
  readonly replication?: ReplicationSettings | undefined;
  /** Month of the oldest appointment log, `yyyy/MM`. @default "2024/01" */
  readonly firstAppointmentLogMonth?: string | undefined;
  /** See `Bucket`. @default true */
  readonly deletionProtection?: boolean | undefined;
}

export interface ReplicationSettings {
  readonly region: string;
  /** The stack's provider for that region. */
  readonly provider: AwsProvider;
  /** Keys in that region. */
  readonly kmsKeyArns: Readonly<Record<ReplicatedPurpose, string>>;
  /**
   * S3's promise of 15 minutes for uploads, whose recovery point is an hour. About 0.015 US dollars a GB.
   * @default true
   */
  readonly uploadsTimeControl?: boolean | undefined;
}

export type ReplicatedPurpose = "uploads" | "logs";

/** What a replica is known by. */
export interface ReplicaOutputs {
  /** For statements of its policy. */
  readonly bucket: Bucket;
  readonly bucketName: string;
  readonly bucketArn: string;
  /** For alarms on `AWS/S3` replication metrics. */
  readonly ruleIds: readonly string[];
}

/**
 * The buckets of an environment, their copies in another region, and a table over the archived
 * appointment logs. All of it holds data.
 */
export class Storage extends Construct {
  /** By purpose. For policies of their own: `storage.buckets.assets.addPolicyStatement(…)`. */
  readonly buckets: Readonly<Record<BucketPurpose, Bucket>>;
  readonly bucketNames: Readonly<Record<BucketPurpose, string>>;
  readonly bucketArns: Readonly<Record<BucketPurpose, string>>;
  /** Origin of CloudFront. */
  readonly assetsDomainName: string;
  /** Empty without replication. */
  readonly replicas: Readonly<Partial<Record<ReplicatedPurpose, ReplicaOutputs>>>;
  readonly appointmentLogTable: AppointmentLogTable;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const accessLogs = this.make("access-logs", props, { purpose: "access-logs" });
    const { loadBalancer, loadBalancerConnections } = deliveryPrefixes;
    accessLogs.addPolicyStatement(
      deliverLoadBalancerLogs(accessLogs, [loadBalancer, loadBalancerConnections]),
    );
    const logged = { accessLogs };
    this.buckets = {
      "access-logs": accessLogs,
      // CloudFront logs what is asked of assets; nobody else can ask.
      assets: this.make("assets", props, { purpose: "assets", corsOrigins: props.applicationOrigins }),
      uploads: this.make("uploads", props, uploads(props), logged),
      logs: this.make("logs", props, logs(props), logged),
      backups: this.make("backups", props, backups(props), logged),
      deployments: this.make("deployments", props, deployments(props), logged),
      audit: this.make("audit", props, audit(props), logged),
    };
    this.bucketNames = byPurpose(this.buckets, (bucket) => bucket.bucketName);
    this.bucketArns = byPurpose(this.buckets, (bucket) => bucket.bucketArn);
    this.assetsDomainName = this.buckets.assets.regionalDomainName;
    this.replicas = props.replication === undefined ? {} : this.replicate(props, props.replication);
    this.appointmentLogTable = new AppointmentLogTable(this, "appointment-logs", {
      names: props.names,
      bucket: this.buckets.logs,
      firstMonth: props.firstAppointmentLogMonth,
    });
  }

  private make(
    id: string,
    { names, accountId, deletionProtection }: StorageProps,
    profile: BucketProfile,
    place: Partial<BucketPlace> = {},
  ): Bucket {
    return new Bucket(this, id, { names, accountId, deletionProtection, ...place, ...profile });
  }

  private replicate(props: StorageProps, replication: ReplicationSettings): Storage["replicas"] {
    const { region, provider, kmsKeyArns, uploadsTimeControl } = replication;
    if (provider.alias === undefined) throw faultsError(this.node.path, [replicaProviderFaultText()]);
    const there = { names: { ...props.names, region }, provider };
    const accessLogs = this.make("access-logs-replica", props, { purpose: "access-logs" }, there);
    const copy = (profile: BucketProfile & { purpose: ReplicatedPurpose }, timeControl: boolean) => {
      const { purpose } = profile;
      const destination = this.make(`${purpose}-replica`, props, profile, { ...there, accessLogs });
      const { ruleIds } = new BucketReplication(this, `${purpose}-replication`, {
        names: props.names,
        source: this.buckets[purpose],
        destination,
        replicationTimeControl: timeControl,
      });
      const { bucketName, bucketArn } = destination;
      return { bucket: destination, bucketName, bucketArn, ruleIds };
    };
    return {
      uploads: copy({ ...uploads(props), kmsKeyArn: kmsKeyArns.uploads }, uploadsTimeControl ?? true),
      // Their recovery point is a day.
      logs: copy({ ...logs(props), kmsKeyArn: kmsKeyArns.logs }, false),
    };
  }
}

function uploads({ kmsKeyArns, applicationOrigins }: StorageProps) {
  return { purpose: "uploads", kmsKeyArn: kmsKeyArns.uploads, corsOrigins: applicationOrigins } as const;
}

function logs(props: StorageProps) {
  const { kmsKeyArns, appointmentLogReaders, appointmentLogWriters, logRetention } = props;
  return {
    purpose: "logs",
    kmsKeyArn: kmsKeyArns.logs,
    appointmentLogReaders,
    appointmentLogWriters,
    retention: logRetention,
  } as const;
}

function backups({ kmsKeyArns, dailyBackupRetentionDays }: StorageProps) {
  return {
    purpose: "backups",
    kmsKeyArn: kmsKeyArns.backups,
    dailyRetentionDays: dailyBackupRetentionDays,
  } as const;
}

function deployments({ kmsKeyArns }: StorageProps) {
  return { purpose: "deployments", kmsKeyArn: kmsKeyArns.deployments } as const;
}

function audit({ kmsKeyArns, auditLock }: StorageProps) {
  return { purpose: "audit", kmsKeyArn: kmsKeyArns.audit, objectLock: auditLock } as const;
}

function byPurpose<Value>(
  buckets: Readonly<Record<BucketPurpose, Bucket>>,
  value: (bucket: Bucket) => Value,
): Readonly<Record<BucketPurpose, Value>> {
  return {
    assets: value(buckets.assets),
    uploads: value(buckets.uploads),
    logs: value(buckets.logs),
    backups: value(buckets.backups),
    deployments: value(buckets.deployments),
    audit: value(buckets.audit),
    "access-logs": value(buckets["access-logs"]),
  };
}
