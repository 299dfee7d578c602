import { z } from "zod";
import { timeOfDay } from "./common.js";
import { text } from "./hints.js";

const instanceClass = text(/^db\.[a-z][a-z0-9-]*\.[a-z0-9]+$/, {
  allowed: "an RDS instance class such as db.t3.medium",
  fix: "Write db, dot, family, dot, size, in lower case.",
});

const backupWindow = text(new RegExp(`^${timeOfDay}-${timeOfDay}$`), {
  allowed: "two times of day in UTC such as 06:00-06:30",
  fix: "Write hh:mm-hh:mm.",
});

const weekday = "(mon|tue|wed|thu|fri|sat|sun)";

const maintenanceWindow = text(new RegExp(`^${weekday}:${timeOfDay}-${weekday}:${timeOfDay}$`), {
  allowed: "two moments of the week in UTC such as sun:07:00-sun:08:00",
  fix: "Write ddd:hh:mm-ddd:hh:mm with mon, tue, wed, thu, fri, sat or sun.",
});

export const databaseSchema = z
  .strictObject({
    instanceClass: instanceClass
      .default("db.t3.medium")
      .describe("RDS instance class. Default: db.t3.medium."),
    multiAz: z
      .boolean()
      .default(true)
      .describe(
        "A standby in another zone, doubling the price. Failover takes 1 to 2 minutes. Default: true.",
      ),
    allocatedStorageGiB: z
      .int()
      .min(20)
      .max(65536)
      .default(100)
      .describe("gp3 storage at the start. Default: 100."),
    maxAllocatedStorageGiB: z
      .int()
      .min(22)
      .max(65536)
      .default(500)
      .describe("Where storage autoscaling stops. Storage never shrinks again. Default: 500."),
    iops: z
      .int()
      .min(12000)
      .max(64000)
      .exactOptional()
      .describe("Provisioned IOPS. RDS takes it only from 400 GiB on. Default: gp3's baseline of 3,000."),
    backupRetentionDays: z
      .int()
      .min(0)
      .max(35)
      .default(7)
      .describe("Days of automated backups, hence of point-in-time recovery. 0 turns both off. Default: 7."),
    manualSnapshotRetentionDays: z
      .int()
      .min(1)
      .max(3650)
      .default(30)
      .describe("Days snapshots are kept. Default: 30."),
    backupWindow: backupWindow
      .default("06:00-06:30")
      .describe("Daily, UTC. Default: 06:00-06:30, 3 a.m. in Brasilia."),
    maintenanceWindow: maintenanceWindow
      .default("sun:07:00-sun:08:00")
      .describe("Weekly, UTC, not over the backup window. Default: sun:07:00-sun:08:00."),
    readReplicas: z
      .int()
      .min(0)
      .max(15)
      .default(0)
      .describe("Read replicas, each the price of a primary. Default: 0."),
    deletionProtection: z
      .boolean()
      .default(true)
      .describe("RDS refuses to delete the database until this is false. Default: true."),
  })
  .prefault({})
  .describe("RDS for PostgreSQL.");
