import { bucketName, faultsError, type NameScope } from "@telemedicina/core";
import { Token } from "cdktf";
import type { BucketProps } from "./bucket.js";
import { type CorsSettings, corsFaults, corsSettings } from "./cors.js";
import {
  accessLogLoopFaultText,
  accessLogRegionFaultText,
  accessLogTargetFaultText,
  accountFaultText,
  daysFaultText,
  duplicateFaultText,
  missingKeyFaultText,
  providerRegionFaultText,
  roleArnFaultText,
  unknownPurposeFaultText,
  unprotectedFaultText,
} from "./errors.js";
import { lifecycleFaults } from "./lifecycle-faults.js";
import { lifecyclePlan, retentionFloors } from "./lifecycle-plan.js";
import type { LifecycleRule } from "./lifecycle-rule.js";
import { logRetentionFaults } from "./log-retention.js";
import { type LockSettings, lockFaults, lockSettings } from "./object-lock.js";
import { type BucketProfile, type BucketPurpose, bucketPurposes, purposeFacts } from "./profile.js";

/** The props with every default in its place, and known to be sound. */
export interface BucketSettings {
  readonly names: NameScope;
  readonly accountId: string;
  readonly profile: BucketProfile;
  readonly name: string;
  readonly arn: string;
  readonly kmsKeyArn: string | undefined;
  readonly cors: CorsSettings | undefined;
  readonly lifecycle: readonly LifecycleRule[];
  readonly lock: LockSettings | undefined;
  readonly preventDestroy: boolean;
}

const ACCOUNT = /^\d{12}$/;
const KEY_ARN = /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;
const ROLE_ARN = /^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** @throws one error with every fault of the props */
export function resolveSettings(path: string, props: BucketProps): BucketSettings {
  const faults = propsFaults(props);
  if (faults.length > 0) throw faultsError(path, faults);
  const { names, accountId, purpose } = props;
  const name = bucketName(names, purpose, accountId);
  return {
    names,
    accountId,
    profile: props,
    name,
    arn: `arn:aws:s3:::${name}`,
    kmsKeyArn: keyOf(props),
    cors: corsSettings(props),
    lifecycle: rulesOf(props),
    lock: purpose === "audit" ? lockSettings(props.objectLock) : undefined,
    preventDestroy: purposeFacts[purpose].irreplaceable && (props.deletionProtection ?? true),
  };
}

function propsFaults(props: BucketProps): string[] {
  const purpose: BucketPurpose = props.purpose;
  if (!bucketPurposes.includes(purpose)) return [unknownPurposeFaultText(purpose, bucketPurposes)];
  return [
    ...(ACCOUNT.test(props.accountId) ? [] : [accountFaultText(props.accountId)]),
    ...keyFaults(props),
    ...corsFaults(props, props.names),
    ...profileFaults(props),
    ...protectionFaults(props),
    ...providerFaults(props),
    ...accessLogFaults(props),
    ...(roundFigures(props) ? lifecycleFaults(rulesOf(props), retentionFloors(props)) : []),
  ];
}

function rulesOf(props: BucketProps): readonly LifecycleRule[] {
  return [...lifecyclePlan(props), ...(props.lifecycleRules ?? [])];
}

function keyOf(profile: BucketProfile): string | undefined {
  return "kmsKeyArn" in profile && purposeFacts[profile.purpose].encryption === "kms"
    ? profile.kmsKeyArn
    : undefined;
}

function keyFaults(profile: BucketProfile): string[] {
  if (purposeFacts[profile.purpose].encryption === "s3") return [];
  const key = keyOf(profile);
  const sound = key !== undefined && (Token.isUnresolved(key) || KEY_ARN.test(key));
  return sound ? [] : [missingKeyFaultText(profile.purpose, key)];
}

function profileFaults(props: BucketProps): string[] {
  switch (props.purpose) {
    case "logs":
      return [
        ...logRetentionFaults(props.retention ?? {}, props.names),
        ...roleFaults("appointmentLogReaders", props.appointmentLogReaders),
        ...roleFaults("appointmentLogWriters", props.appointmentLogWriters),
      ];
    case "backups":
      return isDays(props.dailyRetentionDays ?? 1)
        ? []
        : [daysFaultText("dailyRetentionDays", Number(props.dailyRetentionDays), 1)];
    case "audit":
      return lockFaults(props.objectLock);
    default:
      return [];
  }
}

function roleFaults(prop: string, arns: readonly string[]): string[] {
  const repeated = new Set(arns.filter((arn, index) => arns.indexOf(arn) !== index));
  return [
    ...arns
      .filter((arn) => !(Token.isUnresolved(arn) || ROLE_ARN.test(arn)))
      .map((arn) => roleArnFaultText(prop, arn)),
    ...[...repeated].map((arn) => duplicateFaultText(prop, arn)),
  ];
}

function protectionFaults({ deletionProtection, names }: BucketProps): string[] {
  const { environment } = names;
  return deletionProtection === false && environment === "production"
    ? [unprotectedFaultText(environment)]
    : [];
}

function providerFaults({ provider, names }: BucketProps): string[] {
  const region = provider?.region;
  if (region === undefined || Token.isUnresolved(region) || region === names.region) return [];
  return [providerRegionFaultText(region, names.region)];
}

function accessLogFaults({ purpose, accessLogs, names }: BucketProps): string[] {
  if (accessLogs === undefined) return [];
  if (purpose === "access-logs") return [accessLogLoopFaultText()];
  const faults: string[] = [];
  if (accessLogs.purpose !== "access-logs") faults.push(accessLogTargetFaultText(accessLogs.purpose));
  if (accessLogs.region !== names.region) {
    faults.push(accessLogRegionFaultText(accessLogs.region, names.region));
  }
  return faults;
}

/** A plan made of wrong figures would only repeat under the rules' names what is already reported under the props'. */
function roundFigures(props: BucketProps): boolean {
  return props.purpose !== "logs" && props.purpose !== "backups" ? true : profileFaults(props).length === 0;
}

function isDays(found: number): boolean {
  return Number.isInteger(found) && found >= 1;
}
