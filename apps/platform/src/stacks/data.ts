import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { LaravelCache } from "@telemedicina/cache";
import { logDeliveryStatement, readStatements } from "@telemedicina/cdn";
import { type EnvironmentConfig, hostsWithPools } from "@telemedicina/config";
import { type PolicyStatement, resourceName } from "@telemedicina/core";
import { Database, type DatabaseProps, type Pooling } from "@telemedicina/database";
import { type Bucket, Storage } from "@telemedicina/storage";
import type { Construct } from "constructs";
import { type ApplicationContract, applicationContract } from "../application-contract.js";
import { contractParameter } from "../contract-parameter.js";
import { deliveryPrefix } from "../delivered-logs.js";
import { EnvironmentStack } from "../environment-stack.js";
import type { NetworkStack } from "./network.js";
import { DATABASE_MASTER, type SecurityStack } from "./security.js";

interface Needs {
  readonly network: NetworkStack;
  readonly security: SecurityStack;
}

/** Patients' files that CloudFront hands out by signed URL; nothing else of the uploads bucket. */
const FILES_PREFIX = "files/";

/** What is stateful: buckets, database, Redis. Nothing here can be had again but from its backups. */
export class DataStack extends EnvironmentStack {
  readonly storage: Storage;
  readonly database: Database;
  readonly cache: LaravelCache;
  /** What Laravel has to be told. */
  readonly contract: ApplicationContract;

  constructor(scope: Construct, config: EnvironmentConfig, needs: Needs) {
    super(scope, config, "data");
    const { network } = needs.network;
    const { keyArns, drClinicalKeyArn, secretArns } = needs.security;
    // One provider for all that is copied: each costs every plan a process.
    const dr =
      drClinicalKeyArn === undefined ? undefined : { provider: this.drProvider(), keyArn: drClinicalKeyArn };

    this.storage = this.buckets(config, keyArns, dr);
    this.admitCloudFront(config, this.storage);
    this.database = this.postgresql(config, needs, dr);
    this.cache = this.redis(config, network, keyArns, secretArns.redis);
    this.contract = applicationContract({
      config,
      storage: this.storage,
      database: this.database,
      cache: this.cache,
      secretArns,
    });
    contractParameter(this, config.name, this.contract);
  }

  private buckets(config: EnvironmentConfig, keyArns: KeyArns, dr: DisasterRecovery | undefined): Storage {
    const { accountId, domain, drRegion, storage } = config;
    return new Storage(this, "storage", {
      names: this.names,
      accountId,
      kmsKeyArns: {
        uploads: keyArns.clinical,
        logs: keyArns.clinical,
        backups: keyArns.clinical,
        deployments: keyArns.application,
        audit: keyArns.logs,
      },
      applicationOrigins: [`https://${domain}`],
      appointmentLogReaders: storage.appointmentLogReaderRoles,
      appointmentLogWriters: [this.appointmentLogWriter(accountId)],
      logRetention: {
        applicationLogDays: storage.applicationLogArchiveDays,
        infrastructureLogDays: storage.infrastructureLogArchiveDays,
        clinicalRetentionYears: storage.clinicalRetentionYears,
      },
      dailyBackupRetentionDays: storage.dailyBackupRetentionDays,
      auditLock: storage.auditLock,
      firstAppointmentLogMonth: storage.firstAppointmentLogMonth,
      deletionProtection: storage.deletionProtection.on,
      ...(dr !== undefined && storage.crossRegionReplication
        ? {
            replication: {
              region: drRegion,
              provider: dr.provider,
              kmsKeyArns: { uploads: dr.keyArn, logs: dr.keyArn },
            },
          }
        : {}),
    });
  }

  /** The distribution is made later, so that its buckets let in every one of the account. */
  private admitCloudFront({ accountId, cdn }: EnvironmentConfig, { buckets, replicas }: Storage): void {
    const { assets, uploads, "access-logs": accessLogs } = buckets;
    allow(assets, readStatements({ accountId, bucketArn: assets.bucketArn }));
    const prefix = deliveryPrefix("cloudfront");
    allow(accessLogs, [logDeliveryStatement({ accountId, bucketArn: accessLogs.bucketArn, prefix })]);
    if (cdn.signedFiles.publicKeys.length === 0) return;
    for (const bucket of [uploads, replicas.uploads?.bucket]) {
      if (bucket === undefined) continue;
      allow(bucket, readStatements({ accountId, bucketArn: bucket.bucketArn, prefix: FILES_PREFIX }));
    }
  }

  private postgresql(config: EnvironmentConfig, needs: Needs, dr: DisasterRecovery | undefined): Database {
    const { database, accountId, security } = config;
    const { subnetIds, securityGroupIds } = needs.network.network;
    const { keyArns, secretArns } = needs.security;
    const credentials =
      database.credentials === "managed"
        ? ({ kind: "managed", username: DATABASE_MASTER } as const)
        : ({
            kind: "secret",
            secretArn: secretArns.database,
            passwordVersion: security.secretVersions.database,
            username: DATABASE_MASTER,
          } as const);
    return new Database(this, "database", {
      names: this.names,
      accountId,
      databaseName: "telemedicina",
      subnetIds: subnetIds.data,
      securityGroupIds: [securityGroupIds.database],
      kmsKeyArn: keyArns.clinical,
      logsKmsKeyArn: keyArns.logs,
      credentials,
      readReplicas: readReplicas(config),
      updateStrategy: database.updateStrategy,
      instanceClass: database.instanceClass,
      multiAz: database.multiAz,
      allocatedStorageGiB: database.allocatedStorageGiB,
      maxAllocatedStorageGiB: database.maxAllocatedStorageGiB,
      iops: database.iops,
      storageThroughputMiBps: database.storageThroughputMiBps,
      maxConnections: database.maxConnections,
      slowQueryMilliseconds: database.slowQueryMilliseconds,
      backupRetentionDays: database.backupRetentionDays,
      backupWindow: database.backupWindow,
      maintenanceWindow: database.maintenanceWindow,
      deletionProtection: database.deletionProtection,
      logRetentionDays: database.logRetentionDays,
      databaseInsights: database.insights,
      pooling: pooling(config, needs),
      ...(database.restore.from === "none" ? {} : { restore: database.restore }),
      ...(dr !== undefined && database.backupReplication
        ? { backupReplication: { provider: dr.provider, kmsKeyArn: dr.keyArn } }
        : {}),
      // The loader's rules and the module's guards refuse what the types of the union exclude.
    } as DatabaseProps);
  }

  private redis(
    { cache }: EnvironmentConfig,
    { subnetIds, securityGroupIds }: NetworkStack["network"],
    keyArns: KeyArns,
    authTokenSecretArn: string,
  ): LaravelCache {
    return new LaravelCache(this, "cache", {
      names: this.names,
      subnetIds: subnetIds.data,
      securityGroupIds: [securityGroupIds.cache],
      kmsKeyArn: keyArns.application,
      logs: { kmsKeyArn: keyArns.logs, retentionDays: cache.logRetentionDays },
      engine: cache.engine,
      snapshotWindow: cache.snapshotWindow,
      cache: {
        authTokenSecretArn,
        nodeType: cache.nodeType,
        shards: cache.shards,
        replicasPerShard: cache.replicasPerShard,
        multiAz: cache.multiAz,
        snapshotRetentionDays: cache.snapshotRetentionDays,
        maintenanceWindow: cache.maintenanceWindow,
      },
      queue: {
        authTokenSecretArn,
        nodeType: cache.queue.nodeType,
        nodes: cache.queue.nodes,
        snapshotRetentionDays: cache.queue.snapshotRetentionDays,
        maintenanceWindow: cache.queue.maintenanceWindow,
        deletionProtection: cache.queue.deletionProtection,
      },
    });
  }

  /** The application hosts' role, which the app stack will make under this name. */
  private appointmentLogWriter(accountId: string): string {
    return `arn:aws:iam::${accountId}:role/${resourceName(this.names, "role", "app")}`;
  }
}

type KeyArns = SecurityStack["keyArns"];

interface DisasterRecovery {
  readonly provider: AwsProvider;
  readonly keyArn: string;
}

function pooling({ database, compute, pipeline }: EnvironmentConfig, { network, security }: Needs): Pooling {
  const { pooling } = database;
  switch (pooling.kind) {
    case "none":
      return pooling;
    case "pgbouncer":
      return { ...pooling, maxHosts: hostsWithPools({ compute, pipeline }).most };
    case "rdsProxy":
      return {
        ...pooling,
        secretArns: [security.secretArns.database],
        secretKmsKeyArn: security.keyArns.application,
        securityGroupIds: [network.network.securityGroupIds["database-proxy"] ?? ""],
      };
  }
}

/** Replicas `a`, `b`, …: the letters stay with them when their number changes. */
function readReplicas({ database }: EnvironmentConfig): Record<string, object> {
  const letters = "abcdefghijklmno".slice(0, database.readReplicas);
  return Object.fromEntries([...letters].map((letter) => [letter, {}]));
}

function allow(bucket: Bucket, statements: readonly PolicyStatement[]): void {
  for (const statement of statements) bucket.addPolicyStatement(statement);
}
