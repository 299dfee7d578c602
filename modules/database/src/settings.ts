import {
  faultsError,
  isReason,
  LONGEST_REASON,
  logRetentionDays,
  type NameScope,
  noneFaultText,
  resourceName,
  unknownFaultText,
} from "@telemedicina/core";
import { connectionAlarmThreshold, defaultMaxConnections, mostConnections } from "./connections.js";
import {
  autoscalingFaultText,
  blueGreenWithReplicasFaultText,
  databaseNameFaultText,
  instanceClassFaultText,
  managedWithBlueGreenFaultText,
  managedWithReplicasFaultText,
  noBackupsFaultText,
  provisionedStorageFaultText,
  reasonFaultText,
  replicaConnectionsFaultText,
  replicaKeyFaultText,
  reservedParameterFaultText,
  subnetsFaultText,
  throughputRatioFaultText,
  tooManyConnectionsFaultText,
  tooManyReplicasFaultText,
  unknownClassFaultText,
  usernameFaultText,
} from "./errors.js";
import {
  type AuditClass,
  auditClasses,
  type DatabaseParameter,
  databaseParameters,
  reservedParameters,
} from "./parameters.js";
import { type PoolingSettings, poolingFaults, poolingSettings, wholeNumber } from "./pooling.js";
import type {
  BackupReplication,
  DatabaseProps,
  DeletionProtection,
  ManagedCredentials,
  SecretCredentials,
  UpdateStrategy,
} from "./props.js";
import type { ReadReplicas } from "./read-replica.js";
import { type Restore, restoreFaults } from "./restore.js";
import { windowFaults } from "./windows.js";

/** The props with every default in its place, and known to be sound. */
export interface DatabaseSettings {
  readonly names: NameScope;
  readonly accountId: string;
  readonly qualifier: string | undefined;
  readonly identifier: string;
  readonly databaseName: string;
  readonly credentials: (SecretCredentials | ManagedCredentials) & { readonly username: string };
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly kmsKeyArn: string;
  readonly logsKmsKeyArn: string;
  readonly instanceClass: string;
  readonly multiAz: boolean;
  readonly storage: StorageSettings;
  readonly maxConnections: number;
  readonly parameters: Readonly<Record<string, DatabaseParameter>>;
  readonly backupRetentionDays: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  readonly backupReplication: BackupReplication | undefined;
  readonly applyImmediately: boolean;
  readonly updateStrategy: UpdateStrategy;
  readonly deletionProtection: DeletionProtection;
  readonly logRetentionDays: number;
  readonly monitoringIntervalSeconds: number;
  readonly databaseInsights: "standard" | "advanced";
  readonly readReplicas: ReadReplicas;
  readonly pooling: PoolingSettings;
  readonly restore: Restore | undefined;
}

interface StorageSettings {
  readonly allocatedGiB: number;
  readonly maxAllocatedGiB: number;
  readonly iops: number | undefined;
  readonly throughputMiBps: number | undefined;
}

const monitoringIntervals: readonly number[] = [0, 1, 5, 10, 15, 30, 60];
const updateStrategies: readonly UpdateStrategy[] = ["inPlace", "blueGreen"];
const insightsModes = ["standard", "advanced"] as const;
const credentialKinds = ["secret", "managed"] as const;

const DEFAULT_INSTANCE_CLASS = "db.t3.medium";
const DEFAULT_USERNAME = "telemedicina_master";
const SMALLEST_GIB = 20;
const LARGEST_GIB = 65_536;
/** Below this gp3 is one volume with fixed figures; from here on RDS stripes four. */
const STRIPED_FROM_GIB = 400;
const STRIPED_IOPS = 12_000;
const LEAST_CONNECTIONS = 10;
const MOST_REPLICAS = 15;
const LONGEST_RETENTION_DAYS = 35;

const INSTANCE_CLASS = /^db\.[a-z][a-z0-9-]*\.[a-z0-9]+$/;
const REPLICA_KEY = /^(?!writer$)[a-z][a-z0-9]{0,9}$/;
const SQL_NAME = /^[a-z][a-z0-9_]{0,62}$/;
const RESERVED_USER = /^(?:admin|rdsadmin|public|pg_.*)$/;
const RESERVED_DATABASE = /^(?:postgres|template0|template1|rdsadmin)$/;

/** @throws one error with every fault of the props */
export function resolveSettings(path: string, props: DatabaseProps): DatabaseSettings {
  const instanceClass = props.instanceClass ?? DEFAULT_INSTANCE_CLASS;
  const storage = storageSettings(props);
  const backupRetentionDays = props.backupRetentionDays ?? 7;
  const backupWindow = props.backupWindow ?? "06:00-06:30";
  const maintenanceWindow = props.maintenanceWindow ?? "sun:07:00-sun:08:00";
  const maxConnections = props.maxConnections ?? defaultMaxConnections(instanceClass);
  const readReplicas: ReadReplicas = props.readReplicas ?? {};
  const identifier = resourceName(props.names, "rds", props.qualifier);
  const faults = [
    ...placeFaults(props),
    ...credentialsFaults(props),
    ...conflictFaults(props, Object.keys(readReplicas), backupRetentionDays),
    ...storageFaults(storage),
    ...instanceClassFaults("instanceClass", instanceClass),
    ...connectionFaults(instanceClass, props.maxConnections),
    ...replicaFaults(readReplicas, instanceClass, maxConnections),
    ...parameterFaults(props),
    ...windowFaults(backupWindow, maintenanceWindow),
    ...operationFaults(props, backupRetentionDays),
    ...poolingFaults(
      props.pooling,
      maxConnections === undefined ? undefined : connectionAlarmThreshold(maxConnections),
    ),
    ...restoreFaults(props.restore, identifier),
  ];
  // Undefined only together with a fault; the second half is for the compiler.
  if (faults.length > 0 || maxConnections === undefined) throw faultsError(path, faults);
  const updateStrategy = props.updateStrategy ?? "inPlace";
  return {
    names: props.names,
    accountId: props.accountId,
    qualifier: props.qualifier,
    identifier,
    databaseName: props.databaseName,
    credentials: withUsername(props.credentials),
    subnetIds: props.subnetIds,
    securityGroupIds: props.securityGroupIds,
    kmsKeyArn: props.kmsKeyArn,
    logsKmsKeyArn: props.logsKmsKeyArn,
    instanceClass,
    multiAz: props.multiAz ?? true,
    storage,
    maxConnections,
    parameters: databaseParameters({
      maxConnections,
      slowQueryMilliseconds: props.slowQueryMilliseconds ?? 1000,
      auditClasses: props.auditClasses ?? ["ddl", "role"],
      logicalReplication: updateStrategy === "blueGreen",
      overrides: props.parameters ?? {},
    }),
    backupRetentionDays,
    backupWindow,
    maintenanceWindow,
    backupReplication: props.backupReplication,
    applyImmediately: props.applyImmediately ?? false,
    updateStrategy,
    deletionProtection: props.deletionProtection ?? { on: true },
    logRetentionDays: props.logRetentionDays ?? 90,
    monitoringIntervalSeconds: props.monitoringIntervalSeconds ?? 60,
    databaseInsights: props.databaseInsights ?? "standard",
    readReplicas,
    pooling: poolingSettings(props.pooling, props.subnetIds),
    restore: props.restore,
  };
}

function storageSettings(props: DatabaseProps): StorageSettings {
  const allocatedGiB = props.allocatedStorageGiB ?? 100;
  return {
    allocatedGiB,
    maxAllocatedGiB: props.maxAllocatedStorageGiB ?? Math.min(allocatedGiB * 5, LARGEST_GIB),
    iops: props.iops,
    throughputMiBps: props.storageThroughputMiBps,
  };
}

function withUsername(credentials: SecretCredentials | ManagedCredentials): DatabaseSettings["credentials"] {
  const username = credentials.username ?? DEFAULT_USERNAME;
  return credentials.kind === "managed"
    ? { kind: "managed", username }
    : {
        kind: "secret",
        username,
        secretArn: credentials.secretArn,
        passwordVersion: credentials.passwordVersion,
      };
}

function placeFaults({ subnetIds, securityGroupIds, databaseName }: DatabaseProps): string[] {
  const soundName = SQL_NAME.test(databaseName) && !RESERVED_DATABASE.test(databaseName);
  return [
    ...(soundName ? [] : [databaseNameFaultText(databaseName)]),
    ...(subnetIds.length < 2 ? [subnetsFaultText(subnetIds.length)] : []),
    ...(securityGroupIds.length === 0 ? [noneFaultText("securityGroupIds", "security group")] : []),
  ];
}

function credentialsFaults({ credentials }: DatabaseProps): string[] {
  if (!credentialKinds.includes(credentials.kind)) {
    return [unknownFaultText("credentials.kind", String(credentials.kind), credentialKinds)];
  }
  const username = credentials.username ?? DEFAULT_USERNAME;
  return [
    ...(SQL_NAME.test(username) && !RESERVED_USER.test(username) ? [] : [usernameFaultText(username)]),
    ...(credentials.kind === "secret"
      ? wholeNumber("credentials.passwordVersion", credentials.passwordVersion, 1, 2_147_483_647)
      : []),
  ];
}

/** What RDS or the provider refuses together, some of it only halfway through an apply. */
function conflictFaults(
  props: DatabaseProps,
  replicaKeys: readonly string[],
  backupRetentionDays: number,
): string[] {
  const managed = props.credentials.kind === "managed";
  const blueGreen = props.updateStrategy === "blueGreen";
  const replicas = replicaKeys.length > 0;
  const noBackups = backupRetentionDays === 0;
  return [
    ...(managed && replicas ? [managedWithReplicasFaultText(replicaKeys)] : []),
    ...(managed && blueGreen ? [managedWithBlueGreenFaultText()] : []),
    ...(blueGreen && replicas ? [blueGreenWithReplicasFaultText(replicaKeys)] : []),
    ...(noBackups && replicas ? [noBackupsFaultText(`readReplicas has ${replicaKeys.join(", ")}`)] : []),
    ...(noBackups && blueGreen ? [noBackupsFaultText('updateStrategy is "blueGreen"')] : []),
    ...(noBackups && props.backupReplication !== undefined
      ? [noBackupsFaultText("backupReplication is given")]
      : []),
  ];
}

function storageFaults({ allocatedGiB, maxAllocatedGiB, iops, throughputMiBps }: StorageSettings): string[] {
  const sizes = wholeNumber("allocatedStorageGiB", allocatedGiB, SMALLEST_GIB, LARGEST_GIB);
  // The rest is measured by it.
  if (sizes.length > 0) return sizes;
  const leastMaximum = Math.min(Math.ceil((allocatedGiB * 11) / 10), LARGEST_GIB);
  const soundMaximum =
    Number.isInteger(maxAllocatedGiB) && maxAllocatedGiB >= leastMaximum && maxAllocatedGiB <= LARGEST_GIB;
  return [
    ...(soundMaximum ? [] : [autoscalingFaultText(maxAllocatedGiB, allocatedGiB, leastMaximum)]),
    ...iopsFaults(iops, allocatedGiB),
    ...throughputFaults(throughputMiBps, iops ?? STRIPED_IOPS, allocatedGiB),
  ];
}

function iopsFaults(iops: number | undefined, allocatedGiB: number): string[] {
  if (iops === undefined) return [];
  if (allocatedGiB < STRIPED_FROM_GIB) return [provisionedStorageFaultText("iops", iops, allocatedGiB)];
  // RDS's ratio of 500 for each GiB lies beyond its maximum at this size.
  return wholeNumber("iops", iops, STRIPED_IOPS, 64_000);
}

function throughputFaults(throughput: number | undefined, iops: number, allocatedGiB: number): string[] {
  if (throughput === undefined) return [];
  if (allocatedGiB < STRIPED_FROM_GIB) {
    return [provisionedStorageFaultText("storageThroughputMiBps", throughput, allocatedGiB)];
  }
  return [
    ...wholeNumber("storageThroughputMiBps", throughput, 500, 4000),
    ...(throughput * 4 > iops ? [throughputRatioFaultText(throughput, iops)] : []),
  ];
}

function instanceClassFaults(prop: string, instanceClass: string): string[] {
  return INSTANCE_CLASS.test(instanceClass) ? [] : [instanceClassFaultText(prop, instanceClass)];
}

function connectionFaults(instanceClass: string, maxConnections: number | undefined): string[] {
  const most = mostConnections(instanceClass);
  if (maxConnections === undefined) {
    return most === undefined ? [unknownClassFaultText("instanceClass", instanceClass)] : [];
  }
  // A class the table does not know is the caller's own judgement.
  if (most === undefined) return wholeNumber("maxConnections", maxConnections, LEAST_CONNECTIONS, 5000);
  const sound =
    Number.isInteger(maxConnections) && maxConnections >= LEAST_CONNECTIONS && maxConnections <= most;
  return sound ? [] : [tooManyConnectionsFaultText("maxConnections", maxConnections, instanceClass, most)];
}

function replicaFaults(
  replicas: ReadReplicas,
  instanceClass: string,
  maxConnections: number | undefined,
): string[] {
  const entries = Object.entries(replicas);
  const each = entries.flatMap(([key, replica]) => {
    const own = replica.instanceClass ?? instanceClass;
    const most = mostConnections(own);
    return [
      ...(REPLICA_KEY.test(key) ? [] : [replicaKeyFaultText(key)]),
      ...(replica.instanceClass === undefined
        ? []
        : instanceClassFaults(`readReplicas.${key}.instanceClass`, own)),
      ...(own !== instanceClass && most !== undefined && maxConnections !== undefined && most < maxConnections
        ? [replicaConnectionsFaultText(key, own, most, maxConnections)]
        : []),
    ];
  });
  return entries.length > MOST_REPLICAS ? [...each, tooManyReplicasFaultText(entries.length)] : each;
}

function parameterFaults({ parameters = {}, auditClasses: chosen = [], ...props }: DatabaseProps): string[] {
  const reserved = Object.keys(parameters).flatMap((name) => {
    const by = reservedParameters[name];
    return by === undefined ? [] : [reservedParameterFaultText(name, by)];
  });
  const known: readonly string[] = auditClasses;
  const strange = chosen.filter((name: AuditClass) => !known.includes(name));
  return [
    ...wholeNumber("slowQueryMilliseconds", props.slowQueryMilliseconds ?? 1000, 0, 2_147_483_647),
    ...strange.map((name) => unknownFaultText("auditClasses", name, auditClasses)),
    ...reserved,
  ];
}

function operationFaults(props: DatabaseProps, backupRetentionDays: number): string[] {
  const { deletionProtection, logRetentionDays: logDays = 90, monitoringIntervalSeconds = 60 } = props;
  const insights = props.databaseInsights ?? "standard";
  const strategy = props.updateStrategy ?? "inPlace";
  const copiesDays = props.backupReplication?.retentionDays;
  return [
    ...wholeNumber("backupRetentionDays", backupRetentionDays, 0, LONGEST_RETENTION_DAYS),
    ...(copiesDays === undefined
      ? []
      : wholeNumber("backupReplication.retentionDays", copiesDays, 1, LONGEST_RETENTION_DAYS)),
    ...oneOf("logRetentionDays", logDays, logRetentionDays),
    ...oneOf("monitoringIntervalSeconds", monitoringIntervalSeconds, monitoringIntervals),
    ...oneOf("databaseInsights", insights, insightsModes),
    ...oneOf("updateStrategy", strategy, updateStrategies),
    ...(deletionProtection === undefined || deletionProtection.on
      ? []
      : reasonFaults(deletionProtection.reason)),
  ];
}

function oneOf(prop: string, found: string | number, allowed: readonly (string | number)[]): string[] {
  return allowed.includes(found) ? [] : [unknownFaultText(prop, found, allowed)];
}

/** RDS takes fewer characters in a tag than EC2 does. */
function reasonFaults(reason: string): string[] {
  return isReason(reason) ? [] : [reasonFaultText(reason, LONGEST_REASON)];
}
