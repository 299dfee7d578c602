import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { acknowledgementFaultText, lockModeFaultText, lockYearsFaultText } from "./errors.js";

/** How new objects are locked against deletion and overwriting. */
export type ObjectLock = GovernanceLock | ComplianceLock;

/** Roles with `s3:BypassGovernanceRetention` can still delete. */
export interface GovernanceLock {
  readonly mode: "governance";
  /** @default 1 */
  readonly retentionYears?: number | undefined;
}

/** Nobody can delete, the root user and AWS included, until the years are over; only the whole account can be closed. */
export interface ComplianceLock {
  readonly mode: "compliance";
  readonly retentionYears: number;
  readonly iUnderstandThisCannotBeUndone: true;
}

/** The lock as S3 is told. */
export interface LockSettings {
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  readonly years: number;
}

/** S3's limit. */
const MOST_YEARS = 100;

export function lockSettings(lock: ObjectLock = { mode: "governance" }): LockSettings {
  return {
    mode: lock.mode === "compliance" ? "COMPLIANCE" : "GOVERNANCE",
    years: lock.retentionYears ?? 1,
  };
}

export function lockFaults(lock: ObjectLock = { mode: "governance" }): string[] {
  if (lock.mode !== "governance" && lock.mode !== "compliance") return [lockModeFaultText(mode(lock))];
  const faults: string[] = [];
  const years = lock.mode === "governance" ? (lock.retentionYears ?? 1) : lock.retentionYears;
  if (!Number.isInteger(years) || years < 1 || years > MOST_YEARS) faults.push(lockYearsFaultText(years));
  if (lock.mode === "compliance" && lock.iUnderstandThisCannotBeUndone !== true) {
    faults.push(acknowledgementFaultText());
  }
  return faults;
}

/** The default retention of a bucket that was made with Object Lock. */
export function lockObjects(
  scope: Construct,
  props: {
    readonly bucket: string;
    readonly lock: LockSettings;
    readonly provider: TerraformProvider | undefined;
    readonly versioning: ITerraformDependable;
  },
): void {
  const { mode, years } = props.lock;
  new S3BucketObjectLockConfigurationA(scope, "object-lock", {
    bucket: props.bucket,
    rule: { defaultRetention: { mode, years } },
    dependsOn: [props.versioning],
    ...(props.provider === undefined ? {} : { provider: props.provider }),
  });
}

function mode(lock: never): unknown {
  return (lock as { readonly mode?: unknown }).mode;
}
