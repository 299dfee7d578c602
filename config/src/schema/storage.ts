import { z } from "zod";
import { roleArn } from "./common.js";
import { deletionProtection } from "./deletion-protection.js";
import { hints, text } from "./hints.js";

const month = text(/^[0-9]{4}\/(0[1-9]|1[0-2])$/, {
  allowed: "a year and a month as yyyy/MM, such as 2024/01",
  fix: "Write four digits, a slash and two digits.",
});

const acknowledgement = z.literal(true).register(hints, {
  allowed: "true",
  fix: "Write true if it is meant: until the years are over nobody can delete these objects, AWS and the root user included. Otherwise write mode: governance.",
});

const retentionYears = z.int().min(1).max(100);

const auditLock = z
  .discriminatedUnion("mode", [
    z.strictObject({
      mode: z
        .literal("governance")
        .describe("Only roles with s3:BypassGovernanceRetention can delete before the time."),
      retentionYears: retentionYears
        .default(1)
        .describe("Years that a new object is locked; its storage is paid for that long. Default: 1."),
    }),
    z.strictObject({
      mode: z
        .literal("compliance")
        .describe(
          "Nobody can delete before the time, the root user and AWS included; what it costs cannot be stopped either.",
        ),
      retentionYears: retentionYears.describe(
        "Years that a new object is locked. It can only be lengthened.",
      ),
      iUnderstandThisCannotBeUndone: acknowledgement.describe(
        "Write true: an object once written stays until its years are over.",
      ),
    }),
  ])
  .prefault({ mode: "governance" })
  .describe(
    "Object Lock of the audit archive, which is for CloudTrail; no trail writes there yet. Default: governance, 1 year.",
  );

export const storageSchema = z
  .strictObject({
    crossRegionReplication: z
      .boolean()
      .default(true)
      .describe(
        "Copies uploads and appointment logs to `drRegion` as they come; about twice the storage price. Default: true.",
      ),
    applicationLogArchiveDays: z
      .int()
      .min(30)
      .max(36500)
      .default(2557)
      .describe(
        "Days that application logs are kept in S3 and Glacier, once something copies them there: none does yet. Default: 2557, seven years.",
      ),
    infrastructureLogArchiveDays: z
      .int()
      .min(30)
      .max(36500)
      .default(365)
      .describe(
        "Days that infrastructure logs are kept in Glacier, once copied there: none are yet. Default: 365.",
      ),
    clinicalRetentionYears: z
      .int()
      .min(7)
      .max(100)
      .default(20)
      .describe(
        "Years that appointment logs are kept. The strategy's floor is 7, the law's figure 20. Default: 20.",
      ),
    dailyBackupRetentionDays: z
      .int()
      .min(1)
      .max(3650)
      .default(30)
      .describe(
        "Days that dumps under `daily/` of the backups bucket are kept. Shorter deletes. Default: 30.",
      ),
    auditLock,
    appointmentLogReaderRoles: z
      .array(roleArn)
      .default([])
      .describe(
        "Roles of this account that may read archived appointment logs; the bucket refuses everybody else. Default: nobody.",
      ),
    firstAppointmentLogMonth: month
      .exactOptional()
      .describe(
        "Month of the oldest appointment log, yyyy/MM: queries look no further back. Default: 2024/01.",
      ),
    deletionProtection: deletionProtection(
      "an emptied bucket",
      "Terraform refuses to delete buckets whose content is lost with them.",
    ),
  })
  .prefault({})
  .describe("S3: replication and how long things are kept.");
