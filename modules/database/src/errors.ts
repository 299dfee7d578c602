export function managedWithReplicasFaultText(keys: readonly string[]): string {
  return (
    `credentials.kind is "managed" and readReplicas has ${keys.join(", ")}. ` +
    "RDS makes no replica of a PostgreSQL instance whose password it manages itself. " +
    'Use credentials { kind: "secret", … } with a secret of your own, or no replicas.'
  );
}

export function managedWithBlueGreenFaultText(): string {
  return (
    'credentials.kind is "managed" and updateStrategy is "blueGreen". ' +
    "RDS makes no blue/green deployment of an instance whose password it manages itself. " +
    'Use credentials { kind: "secret", … } with a secret of your own, or updateStrategy "inPlace".'
  );
}

export function blueGreenWithReplicasFaultText(keys: readonly string[]): string {
  return (
    `updateStrategy is "blueGreen" and readReplicas has ${keys.join(", ")}. ` +
    "The provider's blue/green update does not know replicas: after the switch they would follow the old instance. " +
    'Use updateStrategy "inPlace", or take the replicas away for the time of the update.'
  );
}

export function noBackupsFaultText(what: string): string {
  return (
    `backupRetentionDays is 0 and ${what}, which stands on automated backups. ` +
    `Allowed: 1 to 35 days. 0 also gives up point-in-time recovery.`
  );
}

export function autoscalingFaultText(found: number, allocated: number, lowest: number): string {
  return (
    `maxAllocatedStorageGiB is ${found} with allocatedStorageGiB ${allocated}. ` +
    `Allowed: ${lowest} to 65536, since RDS wants at least 10 % above what is allocated. ` +
    "Storage autoscaling stops there; storage never shrinks again."
  );
}

export function provisionedStorageFaultText(prop: string, found: number, allocated: number): string {
  return (
    `${prop} is ${found} with allocatedStorageGiB ${allocated}. ` +
    "RDS takes it for PostgreSQL on gp3 only from 400 GiB on; below that the volume has 3000 IOPS and 125 MiB/s. " +
    `Remove ${prop}, or allocate 400 GiB.`
  );
}

export function throughputRatioFaultText(throughput: number, iops: number): string {
  return (
    `storageThroughputMiBps is ${throughput} with ${iops} IOPS. ` +
    `Allowed: at most a quarter of the IOPS, here ${Math.floor(iops / 4)}. Raise iops, or lower storageThroughputMiBps.`
  );
}

export function windowFormatFaultText(prop: string, found: string, example: string): string {
  return `${prop} is "${found}". Allowed: ${example}, in UTC.`;
}

export function windowLengthFaultText(
  prop: string,
  found: string,
  minutes: number,
  longestHours: number,
): string {
  return `${prop} "${found}" lasts ${minutes} minutes. Allowed: 30 minutes to ${longestHours} hours.`;
}

export function overlapFaultText(backup: string, maintenance: string): string {
  return (
    `maintenanceWindow "${maintenance}" and backupWindow "${backup}" overlap. ` +
    "RDS refuses that: a backup would meet a restart. The backup window is every day's, also past midnight. Move one."
  );
}

export function tooManyConnectionsFaultText(
  prop: string,
  found: number,
  instanceClass: string,
  most: number,
): string {
  return (
    `${prop} is ${found} on ${instanceClass}. Allowed: 10 to ${most}, what its memory carries ` +
    "(one connection for every 9531392 bytes, less a tenth for the system). " +
    "Lower maxConnections, choose a larger class, or put a pooler in front."
  );
}

export function unknownClassFaultText(prop: string, found: string): string {
  return (
    `${prop} is "${found}", whose memory is not in the table, so maxConnections cannot be derived. ` +
    "Give maxConnections, or add the family to modules/database/src/instance-memory.ts."
  );
}

export function instanceClassFaultText(prop: string, found: string): string {
  return `${prop} is "${found}". Allowed: an RDS instance class such as db.t3.medium.`;
}

export function replicaConnectionsFaultText(
  key: string,
  instanceClass: string,
  most: number,
  maxConnections: number,
): string {
  return (
    `readReplicas.${key}.instanceClass is ${instanceClass}, whose memory carries ${most} connections, ` +
    `and the writer has maxConnections ${maxConnections}. A PostgreSQL standby needs as many as its source, ` +
    "or replication stops. Choose a larger class for the replica, or lower maxConnections."
  );
}

export function replicaKeyFaultText(key: string): string {
  return (
    `readReplicas has the key ${JSON.stringify(key)}. Allowed: a letter and up to 9 letters or digits, in lower case, such as a, and not writer. ` +
    "It stands in the replica's identifier and address, so it must never be a position in a list."
  );
}

export function tooManyReplicasFaultText(count: number): string {
  return `readReplicas has ${count} entries. Allowed: up to 15, RDS for PostgreSQL's limit for one source.`;
}

export function subnetsFaultText(count: number, prop = "subnetIds"): string {
  return `${prop} has ${count}. Allowed: at least 2, in two zones. RDS takes no fewer.`;
}

export function reservedParameterFaultText(name: string, by: string): string {
  return `parameters has "${name}". ${by}`;
}

export function usernameFaultText(found: string): string {
  return (
    `credentials.username is "${found}". Allowed: a letter and up to 62 letters, digits or underscores, in lower case, ` +
    "not admin, rdsadmin, public nor pg_…, which RDS keeps for itself. A change replaces the database."
  );
}

export function databaseNameFaultText(found: string): string {
  return (
    `databaseName is "${found}". Allowed: a letter and up to 62 letters, digits or underscores, in lower case, ` +
    "not postgres, template0, template1 nor rdsadmin. A change replaces the database."
  );
}

export function reasonFaultText(found: string, maxLength: number): string {
  return (
    `deletionProtection.reason is ${JSON.stringify(found)}. Allowed: 1 to ${maxLength} letters, digits, spaces and ` +
    ". : / = + - @ _ (it becomes a tag of the instance). Say why this database may be deleted."
  );
}

export function restoreOntoItselfFaultText(identifier: string): string {
  return (
    `restore.source.identifier is "${identifier}", the identifier of this very database. RDS restores only into a new instance. ` +
    'Give this one a qualifier such as "restored" and keep the old one until its data is checked.'
  );
}

export function restoreTimeFaultText(found: string): string {
  return (
    `restore.time is "${found}". Allowed: "latest", or a moment in UTC such as 2026-03-01T04:30:00Z. ` +
    "aws rds describe-db-instances shows LatestRestorableTime."
  );
}

export function poolTooLargeFaultText(poolSize: number, hosts: number, most: number): string {
  return (
    `pooling.defaultPoolSize ${poolSize} on maxHosts ${hosts} hosts can open ${poolSize * hosts} connections. ` +
    `Allowed: at most ${most}, where the alarm on connections rings. Lower defaultPoolSize, or raise maxConnections.`
  );
}
