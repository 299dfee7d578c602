import { z } from "zod";
import { hints, text } from "./hints.js";

const snapshotIdentifier = text(
  /^(arn:aws:rds:[a-z0-9-]+:[0-9]{12}:snapshot:)?[A-Za-z][A-Za-z0-9:-]{0,254}$/,
  {
    allowed: "the identifier of a snapshot, or the ARN of a shared one",
    fix: "Copy it from aws rds describe-db-snapshots.",
  },
);

const instanceIdentifier = text(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, {
  allowed: "the identifier of an RDS instance such as telemedicina-prod-rds",
  fix: "Copy DBInstanceIdentifier from aws rds describe-db-instances.",
});

const dbiResourceId = text(/^db-[A-Z0-9]{10,60}$/, {
  allowed: "a DbiResourceId such as db-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  fix: "Copy it from aws rds describe-db-instance-automated-backups.",
});

const automatedBackupsArn = text(/^arn:aws:rds:[a-z0-9-]+:[0-9]{12}:auto-backup:ab-[a-z0-9]+$/, {
  allowed: "the ARN of copied automated backups, arn:aws:rds:…:auto-backup:ab-…",
  fix: "Copy DBInstanceAutomatedBackupsArn from aws rds describe-db-instance-automated-backups, asked in the region that holds the copies.",
});

const source = z
  .union([
    z.strictObject({ identifier: instanceIdentifier.describe("An instance that exists.") }),
    z.strictObject({
      dbiResourceId: dbiResourceId.describe("An instance that was deleted and whose backups were kept."),
    }),
    z.strictObject({
      automatedBackupsArn: automatedBackupsArn.describe(
        "Backups that database.backupReplication copied into this region.",
      ),
    }),
  ])
  .register(hints, {
    allowed: "one of the keys identifier, dbiResourceId, automatedBackupsArn, with a text",
    fix: "Write one of the three: a live instance, a deleted one whose backups were kept, or backups copied into this region.",
  });

const moment = text(/^(latest|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)$/, {
  allowed: "latest, or a moment in UTC such as 2026-03-01T04:30:00Z",
  fix: "Write year, month and day, T, the time in UTC and Z. aws rds describe-db-instances shows LatestRestorableTime.",
});

export const restoreSchema = z
  .discriminatedUnion("from", [
    z.strictObject({ from: z.literal("none").describe("A new database starts empty.") }),
    z.strictObject({
      from: z.literal("snapshot").describe("From a snapshot, as old as that is."),
      snapshotIdentifier: snapshotIdentifier.describe("Identifier, or ARN of a shared one."),
    }),
    z.strictObject({
      from: z.literal("pointInTime").describe("From automated backups, to the second."),
      source: source.describe("Whose backups: exactly one of the three keys."),
      time: moment.describe("A moment in UTC, or `latest`, which is about five minutes ago."),
    }),
  ])
  .prefault({ from: "none" })
  .describe(
    "Where a new database takes its data from. Looked at only when the instance is made: on one that exists it changes nothing. Default: none.",
  );
