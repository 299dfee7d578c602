import { DbInstance, type DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance/index.js";
import { DbInstanceAutomatedBackupsReplication } from "@cdktf/provider-aws/lib/db-instance-automated-backups-replication/index.js";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group/index.js";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group/index.js";
import { ephemeralSecretVersion, ports, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { connectionAlarmThreshold } from "./connections.js";
import { commonArguments, type InstanceSurroundings } from "./instance-arguments.js";
import { InstanceLogGroups } from "./log-groups.js";
import { MonitoringRole } from "./monitoring-role.js";
import type { PgBouncerSettings } from "./pooling.js";
import type { DatabaseProps } from "./props.js";
import { RdsProxy } from "./rds-proxy.js";
import { ReadReplica } from "./read-replica.js";
import { restoreArguments } from "./restore.js";
import { type DatabaseSettings, resolveSettings } from "./settings.js";

/** Only the major version: minor ones come by themselves, and a pinned one is retired within two years. */
const ENGINE_VERSION = "16";
const FAMILY = "postgres16";

/** Where clients connect. */
export interface DatabaseEndpoint {
  /** DNS name; the certificate is for it, so `sslmode=verify-full` needs it and no alias. */
  readonly address: string;
  readonly port: number;
}

/** One instance as alarms and dashboards need it: literals, known at synth time. */
export interface DatabaseMember {
  /** `DBInstanceIdentifier` of its metrics. */
  readonly identifier: string;
  readonly role: "writer" | "reader";
  readonly instanceClass: string;
  readonly logGroupNames: readonly string[];
}

/** What stands before the database, for whoever configures the application. */
export type PoolingOutput =
  | { readonly kind: "none" }
  | {
      readonly kind: "rdsProxy";
      readonly name: string;
      readonly endpoint: DatabaseEndpoint;
      readonly logGroupName: string;
    }
  | { readonly kind: "pgbouncer"; readonly settings: PgBouncerSettings };

/**
 * RDS for PostgreSQL 16 for a Laravel application: one writer, read replicas, their logs and monitoring, backups,
 * and what stands before them. It holds patients' data: RDS and Terraform refuse to delete it, and what deletes it
 * all the same leaves a last snapshot.
 */
export class Database extends Construct {
  /** `DBInstanceIdentifier` of the writer, a literal. */
  readonly identifier: string;
  readonly arn: string;
  /** `DbiResourceId`: IAM authentication and Performance Insights name the instance by it. */
  readonly resourceId: string;
  readonly databaseName: string;
  /** The master user. Not for the application. */
  readonly masterUsername: string;
  /** Secret of the master user. */
  readonly masterSecretArn: string;
  readonly writer: DatabaseEndpoint;
  /** By the keys of `readReplicas`. */
  readonly readers: Readonly<Record<string, DatabaseEndpoint>>;
  /** The writer as `writer`, replicas by their keys. */
  readonly members: Readonly<Record<string, DatabaseMember>>;
  /** `max_connections` of every instance, a literal. */
  readonly maxConnections: number;
  /** Connections at which the alarm rings: 80 % of the same figure. */
  readonly connectionAlarmThreshold: number;
  readonly pooling: PoolingOutput;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const settings = resolveSettings(this.node.path, props);

    const subnetGroup = this.subnetGroup(settings);
    const parameterGroup = this.parameterGroup(settings);
    const monitoringRole = this.monitoringRole(settings);
    const logs = new InstanceLogGroups(this, "logs", {
      identifier: settings.identifier,
      retentionDays: settings.logRetentionDays,
      kmsKeyArn: settings.logsKmsKeyArn,
    });
    const parameterGroupName = parameterGroup.name;
    const instance = this.instance(settings, subnetGroup, {
      parameterGroupName,
      logGroups: logs.all,
      monitoringRole,
    });
    const replicas = this.replicas(settings, instance, parameterGroupName, monitoringRole);
    this.replicateBackups(settings, instance);

    this.identifier = settings.identifier;
    this.arn = instance.arn;
    this.resourceId = instance.resourceId;
    this.databaseName = settings.databaseName;
    this.masterUsername = settings.credentials.username;
    this.masterSecretArn = masterSecretArn(settings, instance);
    this.writer = endpointOf(instance);
    this.readers = mapValues(replicas, (replica) => endpointOf(replica.instance));
    this.members = {
      writer: {
        identifier: settings.identifier,
        role: "writer",
        instanceClass: settings.instanceClass,
        logGroupNames: Object.values(logs.names),
      },
      ...mapValues(replicas, memberOf),
    };
    this.maxConnections = settings.maxConnections;
    this.connectionAlarmThreshold = connectionAlarmThreshold(settings.maxConnections);
    this.pooling = this.pool(settings, instance);
  }

  private subnetGroup({ names, qualifier, subnetIds }: DatabaseSettings): DbSubnetGroup {
    const name = resourceName(names, "db-subnet-group", qualifier);
    return new DbSubnetGroup(this, "subnet-group", {
      name,
      description: "Isolated subnets of the database",
      subnetIds: [...subnetIds],
      tags: resourceTags(name, { tier: "database" }),
    });
  }

  private parameterGroup({ names, qualifier, parameters }: DatabaseSettings): DbParameterGroup {
    const name = resourceName(
      names,
      "db-parameter-group",
      qualifier === undefined ? FAMILY : `${qualifier}-${FAMILY}`,
    );
    return new DbParameterGroup(this, "parameter-group", {
      // A prefix, because a group in use cannot be deleted: the new one must stand beside it first.
      namePrefix: `${name}-`,
      family: FAMILY,
      description: "PostgreSQL 16 for Laravel",
      parameter: Object.entries(parameters)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([parameter, { value, applyMethod }]) => ({ name: parameter, value, applyMethod })),
      tags: resourceTags(name, { tier: "database" }),
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private monitoringRole(settings: DatabaseSettings): MonitoringRole | undefined {
    if (settings.monitoringIntervalSeconds === 0) return undefined;
    const { names, accountId, qualifier } = settings;
    return new MonitoringRole(this, "monitoring", {
      names,
      accountId,
      qualifier: qualifier === undefined ? "rds-monitoring" : `${qualifier}-rds-monitoring`,
    });
  }

  private instance(
    settings: DatabaseSettings,
    subnetGroup: DbSubnetGroup,
    around: InstanceSurroundings,
  ): DbInstance {
    const { identifier, deletionProtection } = settings;
    return new DbInstance(this, "instance", {
      ...commonArguments(settings, around),
      identifier,
      engine: "postgres",
      engineVersion: ENGINE_VERSION,
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      instanceClass: settings.instanceClass,
      multiAz: settings.multiAz,
      dbName: settings.databaseName,
      dbSubnetGroupName: subnetGroup.name,
      allocatedStorage: settings.storage.allocatedGiB,
      kmsKeyId: settings.kmsKeyArn,
      ...this.password(settings),
      ...restoreArguments(settings.restore),

      backupRetentionPeriod: settings.backupRetentionDays,
      backupWindow: settings.backupWindow,
      deleteAutomatedBackups: false,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: finalSnapshotName(settings),
      deletionProtection: deletionProtection.on,
      ...(settings.updateStrategy === "blueGreen" ? { blueGreenUpdate: { enabled: true } } : {}),

      tags: {
        ...resourceTags(identifier, { tier: "database", dataClassification: "sensitive" }),
        Backup: "true",
        ...(deletionProtection.on ? {} : { Reason: deletionProtection.reason }),
      },
      lifecycle: {
        preventDestroy: deletionProtection.on,
        // Both only say where a new instance came from. Without this, taking them away would replace it.
        ignoreChanges: ["snapshot_identifier", "restore_to_point_in_time"],
      },
    });
  }

  private password({
    credentials,
    kmsKeyArn,
  }: DatabaseSettings): Pick<
    DbInstanceConfig,
    "username" | "passwordWo" | "passwordWoVersion" | "manageMasterUserPassword" | "masterUserSecretKmsKeyId"
  > {
    const { username } = credentials;
    if (credentials.kind === "managed") {
      return { username, manageMasterUserPassword: true, masterUserSecretKmsKeyId: kmsKeyArn };
    }
    return {
      username,
      passwordWo: ephemeralSecretVersion(this, "master-secret", credentials.secretArn, "password"),
      passwordWoVersion: credentials.passwordVersion,
    };
  }

  private replicas(
    settings: DatabaseSettings,
    source: DbInstance,
    parameterGroupName: string,
    monitoringRole: MonitoringRole | undefined,
  ): Readonly<Record<string, ReadReplica>> {
    return Object.fromEntries(
      Object.entries(settings.readReplicas).map(([key, replica]) => [
        key,
        new ReadReplica(this, `replica-${key}`, {
          key,
          replica,
          settings,
          source,
          parameterGroupName,
          monitoringRole,
        }),
      ]),
    );
  }

  private replicateBackups(settings: DatabaseSettings, instance: DbInstance): void {
    const { backupReplication } = settings;
    if (backupReplication === undefined) return;
    new DbInstanceAutomatedBackupsReplication(this, "backup-replication", {
      provider: backupReplication.provider,
      sourceDbInstanceArn: instance.arn,
      kmsKeyId: backupReplication.kmsKeyArn,
      retentionPeriod: backupReplication.retentionDays ?? settings.backupRetentionDays,
    });
  }

  private pool(settings: DatabaseSettings, instance: DbInstance): PoolingOutput {
    const { pooling } = settings;
    if (pooling.kind === "none") return { kind: "none" };
    if (pooling.kind === "pgbouncer") return { kind: "pgbouncer", settings: pooling.pgbouncer };
    const proxy = new RdsProxy(this, "proxy", {
      names: settings.names,
      accountId: settings.accountId,
      qualifier: settings.qualifier,
      proxy: pooling.proxy,
      database: instance,
      logRetentionDays: settings.logRetentionDays,
      logKmsKeyArn: settings.logsKmsKeyArn,
    });
    return {
      kind: "rdsProxy",
      name: proxy.name,
      endpoint: { address: proxy.endpoint, port: ports.postgresql },
      logGroupName: proxy.logGroupName,
    };
  }
}

/** The same at every plan: with the time in it, every plan would show a change. */
function finalSnapshotName({ names, qualifier }: DatabaseSettings): string {
  return resourceName(names, "rds-snapshot", qualifier === undefined ? "final" : `${qualifier}-final`);
}

function masterSecretArn({ credentials }: DatabaseSettings, instance: DbInstance): string {
  return credentials.kind === "managed" ? instance.masterUserSecret.get(0).secretArn : credentials.secretArn;
}

function endpointOf(instance: DbInstance): DatabaseEndpoint {
  return { address: instance.address, port: ports.postgresql };
}

function memberOf(replica: ReadReplica): DatabaseMember {
  return {
    identifier: replica.identifier,
    role: "reader",
    instanceClass: replica.instanceClass,
    logGroupNames: Object.values(replica.logGroups.names),
  };
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
