import type { DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance/index.js";
import { restoreOntoItselfFaultText, restoreTimeFaultText } from "./errors.js";

/** Data for a new instance: from the automated backups, or from a snapshot. */
export type Restore = PointInTimeRestore | SnapshotRestore;

export interface PointInTimeRestore {
  readonly from: "pointInTime";
  readonly source: RestoreSource;
  /** A moment in UTC such as `2026-03-01T04:30:00Z`, or the latest there is, about 5 minutes ago. */
  readonly time: string;
}

/** Whose backups. Exactly one. */
export type RestoreSource =
  /** An instance that exists. */
  | { readonly identifier: string }
  /** An instance that was deleted and whose automated backups were kept: its `DbiResourceId`, db-…. */
  | { readonly dbiResourceId: string }
  /** Backups that were copied into this region. */
  | { readonly automatedBackupsArn: string };

export interface SnapshotRestore {
  readonly from: "snapshot";
  /** Identifier, or ARN of a shared one. */
  readonly snapshotIdentifier: string;
}

const LATEST = "latest";
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

export function restoreFaults(restore: Restore | undefined, identifier: string): string[] {
  if (restore?.from !== "pointInTime") return [];
  const { source, time } = restore;
  const itself =
    "identifier" in source && source.identifier === identifier
      ? [restoreOntoItselfFaultText(identifier)]
      : [];
  return time === LATEST || isMoment(time) ? itself : [...itself, restoreTimeFaultText(time)];
}

/** The instance's arguments for it. */
export function restoreArguments(
  restore: Restore | undefined,
): Pick<DbInstanceConfig, "snapshotIdentifier" | "restoreToPointInTime"> {
  if (restore === undefined) return {};
  if (restore.from === "snapshot") return { snapshotIdentifier: restore.snapshotIdentifier };
  return {
    restoreToPointInTime: {
      ...sourceArguments(restore.source),
      ...(restore.time === LATEST ? { useLatestRestorableTime: true } : { restoreTime: restore.time }),
    },
  };
}

function sourceArguments(source: RestoreSource) {
  if ("identifier" in source) return { sourceDbInstanceIdentifier: source.identifier };
  if ("dbiResourceId" in source) return { sourceDbiResourceId: source.dbiResourceId };
  return { sourceDbInstanceAutomatedBackupsArn: source.automatedBackupsArn };
}

/** February 30th is none, though Date.parse may take it for March 1st. */
function isMoment(text: string): boolean {
  if (!MOMENT.test(text)) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text.replace("Z", ".000Z");
}
