import type { LifecycleRule, RetentionFloor, Transition } from "./lifecycle-rule.js";
import { type LogRetentionDays, logPrefixes, logRetentionDays } from "./log-retention.js";
import type { BucketProfile } from "./profile.js";

const NEVER = Number.POSITIVE_INFINITY;

/** Days after which AWS's delivered logs go. */
const DELIVERED_LOG_DAYS = 90;

/** Prefixes of the access-logs bucket; a log delivered elsewhere in it would never expire. */
export const deliveryPrefixes = {
  loadBalancer: "alb/",
  loadBalancerConnections: "alb-connections/",
  cloudfront: "cloudfront/",
  s3: "s3/",
} as const;

/**
 * Days from the export to the cheapest class: the five years in S3 after two in the database. Nobody
 * is expected to ask for a seven-year-old record in a hurry.
 */
const APPOINTMENT_LOG_STANDARD_DAYS = 1825;

const GLACIER_DAYS = 90;
/** Billed in Glacier whether the object is still there or not; a shorter stay costs more than Standard. */
const GLACIER_LEAST_STAY_DAYS = 90;
/** Time to notice a wrong overwrite or deletion. */
const UNDO_DAYS = 90;
const SHORT_UNDO_DAYS = 30;
/** The same for logs that must be there for seven years. */
const ARCHIVE_UNDO_DAYS = 365;
const QUERY_RESULT_DAYS = 7;
const DAILY_BACKUP_DAYS = 30;

/**
 * In every bucket: parts of uploads that were never completed, which are billed but not listed, and
 * delete markers with nothing behind them. It destroys no object and no version.
 */
const cleanUp: LifecycleRule = {
  id: "clean-up",
  prefix: "",
  abortUploadsAfterDays: 7,
  removeLoneDeleteMarkers: true,
};

/** Every lifecycle rule of a bucket. A key that no rule names is kept for ever. */
export function lifecyclePlan(profile: BucketProfile): readonly LifecycleRule[] {
  switch (profile.purpose) {
    case "assets":
      return [cleanUp, { id: "old-versions", prefix: "", noncurrent: { expireAfterDays: SHORT_UNDO_DAYS } }];
    case "uploads":
      return [
        cleanUp,
        {
          id: "uploads",
          prefix: "",
          // Access stays instant and there is no fee for reading, whatever S3 finds cheapest.
          transitions: [{ afterDays: 30, storageClass: "INTELLIGENT_TIERING" }],
          noncurrent: { expireAfterDays: UNDO_DAYS },
        },
      ];
    case "logs":
      return [cleanUp, ...logRules(logRetentionDays(profile.retention ?? {}))];
    case "backups":
      return [
        cleanUp,
        {
          id: "daily",
          prefix: "daily/",
          expireAfterDays: profile.dailyRetentionDays ?? DAILY_BACKUP_DAYS,
        },
        { id: "old-versions", prefix: "", noncurrent: { expireAfterDays: SHORT_UNDO_DAYS } },
      ];
    case "deployments":
      return [
        cleanUp,
        { id: "old-versions", prefix: "", noncurrent: { expireAfterDays: UNDO_DAYS, keepNewest: 10 } },
      ];
    case "audit":
      return [
        cleanUp,
        { id: "audit", prefix: "", transitions: [{ afterDays: 365, storageClass: "GLACIER_IR" }] },
      ];
    case "access-logs":
      return [cleanUp, ...Object.values(deliveryPrefixes).map(deliveredLogs)];
  }
}

/** What the rules of a bucket, the caller's own included, may not undercut. */
export function retentionFloors(profile: BucketProfile): readonly RetentionFloor[] {
  switch (profile.purpose) {
    case "uploads":
      return [{ prefix: "", days: NEVER, noncurrentDays: UNDO_DAYS }];
    case "audit":
      return [{ prefix: "", days: NEVER, noncurrentDays: NEVER }];
    case "logs":
      return logFloors(logRetentionDays(profile.retention ?? {}));
    default:
      return [];
  }
}

function logRules(days: LogRetentionDays): LifecycleRule[] {
  return [
    appointmentLogs(days.appointmentLogExpiryDays),
    {
      ...archived("app", logPrefixes.application, days.applicationLogDays),
      noncurrent: { expireAfterDays: applicationLogUndoDays(days) },
    },
    {
      ...archived("infra", logPrefixes.infrastructure, days.infrastructureLogDays),
      noncurrent: { expireAfterDays: SHORT_UNDO_DAYS },
    },
    {
      id: "athena-results",
      prefix: logPrefixes.queryResults,
      expireAfterDays: QUERY_RESULT_DAYS,
      noncurrent: { expireAfterDays: 1 },
    },
  ];
}

/**
 * Where they expire at all, an old version stays as long as the record itself: S3 counts from when it
 * was overwritten, so it may outlive the record, which is the safe side.
 */
function appointmentLogs(expiryDays: number | undefined): LifecycleRule {
  return {
    id: "appointment-logs",
    prefix: logPrefixes.appointmentLogs,
    transitions: [{ afterDays: APPOINTMENT_LOG_STANDARD_DAYS, storageClass: "DEEP_ARCHIVE" }],
    ...(expiryDays === undefined
      ? {}
      : { expireAfterDays: expiryDays, noncurrent: { expireAfterDays: expiryDays } }),
  };
}

function archived(id: string, prefix: string, expireAfterDays: number): LifecycleRule {
  const worthwhile = expireAfterDays >= GLACIER_DAYS + GLACIER_LEAST_STAY_DAYS;
  const transitions: Transition[] = [{ afterDays: GLACIER_DAYS, storageClass: "GLACIER" }];
  return { id, prefix, ...(worthwhile ? { transitions } : {}), expireAfterDays };
}

function deliveredLogs(prefix: string): LifecycleRule {
  return {
    id: prefix.replace("/", ""),
    prefix,
    expireAfterDays: DELIVERED_LOG_DAYS,
    noncurrent: { expireAfterDays: 1 },
  };
}

function logFloors(days: LogRetentionDays): RetentionFloor[] {
  const clinical = days.appointmentLogExpiryDays ?? NEVER;
  return [
    { prefix: logPrefixes.appointmentLogs, days: clinical, noncurrentDays: clinical },
    {
      prefix: logPrefixes.application,
      days: days.applicationLogDays,
      noncurrentDays: applicationLogUndoDays(days),
    },
  ];
}

function applicationLogUndoDays({ applicationLogDays }: LogRetentionDays): number {
  return Math.min(applicationLogDays, ARCHIVE_UNDO_DAYS);
}
