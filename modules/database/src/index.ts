export {
  CONNECTION_ALARM_SHARE,
  connectionAlarmThreshold,
  defaultMaxConnections,
  mostConnections,
} from "./connections.js";
export {
  Database,
  type DatabaseEndpoint,
  type DatabaseMember,
  type PoolingOutput,
} from "./database.js";
export { type AuditClass, auditClasses, type DatabaseParameter } from "./parameters.js";
export type {
  NoPooling,
  PgBouncerPooling,
  PgBouncerSettings,
  Pooling,
  RdsProxyPooling,
} from "./pooling.js";
export type {
  BackupReplication,
  DatabaseProps,
  DeletionProtection,
  ManagedCredentials,
  SecretCredentials,
  UpdateStrategy,
} from "./props.js";
export type { ReadReplicaSettings, ReadReplicas } from "./read-replica.js";
export type { PointInTimeRestore, Restore, RestoreSource, SnapshotRestore } from "./restore.js";
