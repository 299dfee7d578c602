export {
  AppointmentLogTable,
  type AppointmentLogTableProps,
  appointmentLogColumns,
} from "./appointment-log-table.js";
export { Bucket, type BucketPlace, type BucketProps } from "./bucket.js";
export { lifecycleFaults } from "./lifecycle-faults.js";
export { deliveryPrefixes, lifecyclePlan, retentionFloors } from "./lifecycle-plan.js";
export {
  type LifecycleRule,
  type NoncurrentVersions,
  type RetentionFloor,
  type StorageClass,
  storageClasses,
  type Transition,
} from "./lifecycle-rule.js";
export { daysAfterExport, type LogRetention, logPrefixes } from "./log-retention.js";
export type { ComplianceLock, GovernanceLock, ObjectLock } from "./object-lock.js";
export {
  type AccessLogsProfile,
  type AssetsProfile,
  type AuditProfile,
  type BackupsProfile,
  type BucketProfile,
  type BucketPurpose,
  bucketPurposes,
  type DeploymentsProfile,
  type LogsProfile,
  type PurposeFacts,
  purposeFacts,
  type UploadsProfile,
} from "./profile.js";
export { BucketReplication, type BucketReplicationProps } from "./replication.js";
export {
  type ReplicaOutputs,
  type ReplicatedPurpose,
  type ReplicationSettings,
  Storage,
  type StorageProps,
} from "./storage.js";
