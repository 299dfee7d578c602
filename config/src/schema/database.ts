import { z } from "zod";
import { logRetentionDays } from "./common.js";
import { deletionProtection } from "./deletion-protection.js";
import { text } from "./hints.js";
import { poolingSchema } from "./pooling.js";
import { restoreSchema } from "./restore.js";
import { dailyWindow, weeklyWindow } from "./windows.js";

const instanceClass = text(/^db\.[a-z][a-z0-9-]*\.[a-z0-9]+$/, {
  allowed: "an RDS instance class such as db.t3.medium",
  fix: "Write db, dot, family, dot, size, in lower case.",
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
    storageThroughputMiBps: z
      .int()
      .min(500)
      .max(4000)
      .exactOptional()
      .describe(
        "Provisioned throughput, at most a quarter of the IOPS. RDS takes it only from 400 GiB on. Default: gp3's own, 125, or 500 from 400 GiB on.",
      ),
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
    backupWindow: dailyWindow
      .default("06:00-06:30")
      .describe("Daily, UTC. Default: 06:00-06:30, 3 a.m. in Brasilia."),
    maintenanceWindow: weeklyWindow
      .default("sun:07:00-sun:08:00")
      .describe("Weekly, UTC, not over the backup window. Default: sun:07:00-sun:08:00."),
    readReplicas: z
      .int()
      .min(0)
      .max(15)
      .default(0)
      .describe("Read replicas, each the price of a primary. Default: 0."),
    credentials: z
      .enum(["secret", "managed"])
      .default("secret")
      .describe(
        "Who makes the master's password: `secret`, Terraform in a secret of ours, new with security.secretVersions.database; `managed`, RDS, new every 7 days, without replicas and blue/green. Default: secret.",
      ),
    updateStrategy: z
      .enum(["inPlace", "blueGreen"])
      .default("inPlace")
      .describe(
        "How changes that restart are made: `inPlace`, minutes of outage, one or two with a standby; `blueGreen`, on a copy that takes over in under a minute and for that time costs the database again. Default: inPlace.",
      ),
    pooling: poolingSchema,
    maxConnections: z
      .int()
      .min(10)
      .max(5000)
      .exactOptional()
      .describe(
        "`max_connections`. A change restarts. Default: what the class's memory carries, 400 on db.t3.medium.",
      ),
    slowQueryMilliseconds: z
      .int()
      .min(0)
      .max(2_147_483_647)
      .default(1000)
      .describe(
        "Statements that take longer are logged, with the patients' data in them; 0 logs all. Default: 1000.",
      ),
    logRetentionDays: logRetentionDays
      .default(90)
      .describe(
        "Days of PostgreSQL's logs in CloudWatch, about US$ 0.50 a GB to take in (more in sa-east-1). Shorter deletes. Default: 90.",
      ),
    insights: z
      .enum(["standard", "advanced"])
      .default("standard")
      .describe(
        "Performance Insights for 7 days, free of charge, or for 465, about US$ 9 a month for each vCPU. Default: standard.",
      ),
    backupReplication: z
      .boolean()
      .default(true)
      .describe(
        "Copies the automated backups to `drRegion`: point-in-time recovery there. Costs their storage again and the traffic. False deletes the copies. Default: true.",
      ),
    restore: restoreSchema,
    deletionProtection: deletionProtection(
      "the database",
      "RDS and Terraform both refuse to delete the database; turning that off takes an apply of its own.",
    ),
  })
  .prefault({})
  .describe("RDS for PostgreSQL.");
