import { connectionsForPools, hostsWithPools } from "./connections.js";
import type { Rule } from "./rule.js";
import { dailyLength, weeklyLength, windowsOverlap } from "./window.js";

export const databaseReplicasBackups: Rule = {
  id: "database-replicas-backups",
  paths: ["database.readReplicas", "database.backupRetentionDays"],
  *check({ database }) {
    if (database.readReplicas === 0 || database.backupRetentionDays >= 1) return;
    yield {
      path: "database.readReplicas",
      message: "RDS makes read replicas only of a database with automated backups",
      allowed: "0 while database.backupRetentionDays is 0",
      fix: "Set database.backupRetentionDays to 1 or more, or readReplicas to 0.",
    };
  },
};

export const databaseIops: Rule = {
  id: "database-iops",
  paths: ["database.iops", "database.allocatedStorageGiB"],
  *check({ database }) {
    if (database.iops === undefined || database.allocatedStorageGiB >= 400) return;
    yield {
      path: "database.iops",
      message: `RDS refuses IOPS for PostgreSQL on gp3 under 400 GiB, and this database has ${database.allocatedStorageGiB}`,
      allowed: "no iops below 400 GiB",
      fix: "Remove the key: 3,000 IOPS come with every size. Or allocate 400 GiB.",
    };
  },
};

export const databaseStorageCeiling: Rule = {
  id: "database-storage-ceiling",
  paths: ["database.allocatedStorageGiB", "database.maxAllocatedStorageGiB"],
  *check({ database }) {
    const least = Math.ceil((database.allocatedStorageGiB * 11) / 10);
    if (database.maxAllocatedStorageGiB >= least) return;
    yield {
      path: "database.maxAllocatedStorageGiB",
      message: "RDS wants the ceiling of storage autoscaling at least 10 % above the start",
      allowed: `${least} or more with ${database.allocatedStorageGiB} allocated`,
      fix: "Raise the ceiling.",
    };
  },
};

export const databaseWindows: Rule = {
  id: "database-windows",
  paths: ["database.backupWindow", "database.maintenanceWindow"],
  *check({ database }) {
    if (!windowsOverlap(database.backupWindow, database.maintenanceWindow)) return;
    yield {
      path: "database.maintenanceWindow",
      message: `overlaps the daily backup window ${database.backupWindow}, which RDS refuses`,
      allowed: "a window outside the backup window",
      fix: "Move one of the two.",
    };
  },
};

export const databaseWindowLength: Rule = {
  id: "database-window-length",
  paths: ["database.backupWindow", "database.maintenanceWindow"],
  *check({ database }) {
    const lengths = {
      backupWindow: dailyLength(database.backupWindow),
      maintenanceWindow: weeklyLength(database.maintenanceWindow),
    };
    for (const [key, minutes] of Object.entries(lengths)) {
      if (minutes >= 30 && minutes < 24 * 60) continue;
      yield {
        path: `database.${key}`,
        message: `a window of ${minutes} minutes`,
        allowed: "30 minutes to less than 24 hours",
        fix: "Correct the window's end; half an hour to an hour is usual.",
      };
    }
  },
};

export const databaseBackupsNeeded: Rule = {
  id: "database-backups-needed",
  paths: ["database.backupRetentionDays", "database.backupReplication", "database.updateStrategy"],
  *check({ database }) {
    if (database.backupRetentionDays >= 1) return;
    if (database.backupReplication) {
      yield {
        path: "database.backupReplication",
        message: "there are no automated backups to copy",
        allowed: "false while database.backupRetentionDays is 0",
        fix: "Set database.backupRetentionDays to 1 or more, or backupReplication to false.",
      };
    }
    if (database.updateStrategy === "blueGreen") {
      yield {
        path: "database.updateStrategy",
        message: "RDS makes the copy that takes over only of a database with automated backups",
        allowed: "inPlace while database.backupRetentionDays is 0",
        fix: "Set database.backupRetentionDays to 1 or more, or updateStrategy to inPlace.",
      };
    }
  },
};

/** RDS refuses it, but only halfway through the apply. */
export const databaseManagedReplicas: Rule = {
  id: "database-managed-replicas",
  paths: ["database.credentials", "database.readReplicas"],
  *check({ database }) {
    if (database.credentials === "secret" || database.readReplicas === 0) return;
    yield {
      path: "database.credentials",
      message: `RDS makes no replica of a PostgreSQL database whose password it manages, and database.readReplicas is ${database.readReplicas}`,
      allowed: "secret with read replicas",
      fix: "Set database.credentials to secret, or database.readReplicas to 0.",
    };
  },
};

export const databaseManagedBlueGreen: Rule = {
  id: "database-managed-blue-green",
  paths: ["database.credentials", "database.updateStrategy"],
  *check({ database }) {
    if (database.credentials === "secret" || database.updateStrategy === "inPlace") return;
    yield {
      path: "database.updateStrategy",
      message:
        "RDS makes no blue/green deployment of a database whose password it manages, and database.credentials is managed",
      allowed: "inPlace with managed credentials",
      fix: "Set database.updateStrategy to inPlace, or database.credentials to secret.",
    };
  },
};

export const databaseBlueGreenReplicas: Rule = {
  id: "database-blue-green-replicas",
  paths: ["database.updateStrategy", "database.readReplicas"],
  *check({ database }) {
    if (database.updateStrategy === "inPlace" || database.readReplicas === 0) return;
    yield {
      path: "database.updateStrategy",
      message: `after a blue/green update replicas would follow the old database, and database.readReplicas is ${database.readReplicas}`,
      allowed: "inPlace with read replicas",
      fix: "Set database.updateStrategy to inPlace, or database.readReplicas to 0 for the time of the update.",
    };
  },
};

export const databaseThroughput: Rule = {
  id: "database-throughput",
  paths: ["database.storageThroughputMiBps", "database.iops", "database.allocatedStorageGiB"],
  *check({ database: { storageThroughputMiBps, iops = stripedIops, allocatedStorageGiB } }) {
    if (storageThroughputMiBps === undefined) return;
    if (allocatedStorageGiB < 400) {
      yield {
        path: "database.storageThroughputMiBps",
        message: `RDS refuses throughput for PostgreSQL on gp3 under 400 GiB, and this database has ${allocatedStorageGiB}`,
        allowed: "no storageThroughputMiBps below 400 GiB",
        fix: "Remove the key: 125 MiB/s come with every size. Or allocate 400 GiB.",
      };
    } else if (storageThroughputMiBps * 4 > iops) {
      yield {
        path: "database.storageThroughputMiBps",
        message: `gp3 takes a quarter of the IOPS at most, and this database has ${iops}`,
        allowed: `500 to ${Math.floor(iops / 4)}`,
        fix: "Lower it, or raise database.iops.",
      };
    }
  },
};

export const databaseProxyIdle: Rule = {
  id: "database-proxy-idle",
  paths: ["database.pooling"],
  *check({ database: { pooling } }) {
    if (pooling.kind !== "rdsProxy") return;
    const { maxConnectionsPercent, maxIdleConnectionsPercent } = pooling;
    if (maxIdleConnectionsPercent <= maxConnectionsPercent) return;
    yield {
      path: "database.pooling.maxIdleConnectionsPercent",
      message: "more connections would stay idle than the proxy may open",
      allowed: `0 to ${maxConnectionsPercent}, database.pooling.maxConnectionsPercent`,
      fix: "Lower it, or raise database.pooling.maxConnectionsPercent.",
    };
  },
};

export const databasePoolsFit: Rule = {
  id: "database-pools-fit",
  paths: [
    "database.pooling",
    "database.instanceClass",
    "database.maxConnections",
    "compute.maxSize",
    "compute.layout",
    "pipeline.strategy",
  ],
  *check({ database, compute, pipeline }) {
    const { pooling } = database;
    const connections = connectionsForPools(database);
    if (pooling.kind !== "pgbouncer" || connections === undefined) return;
    const { most: hosts, counted, sizes } = hostsWithPools({ compute, pipeline });
    const wanted = pooling.defaultPoolSize * hosts;
    if (wanted <= connections.forPools) return;
    const largest = Math.floor(connections.forPools / hosts);
    yield {
      path: "database.pooling.defaultPoolSize",
      message: `on ${hosts} hosts (${counted}) the pools open ${wanted} connections, and ${connections.forPools} of max_connections ${connections.most} are theirs`,
      allowed: `${largest === 0 ? "no pool" : `at most ${largest}`} with ${sizes}`,
      fix: "Lower it or compute.maxSize, or give the database more connections (database.instanceClass, database.maxConnections). A fifth stays free for migrations and people.",
    };
  },
};

export const databaseRestoreTime: Rule = {
  id: "database-restore-time",
  paths: ["database.restore"],
  *check({ database: { restore } }) {
    if (restore.from !== "pointInTime" || restore.time === "latest" || isMoment(restore.time)) return;
    yield {
      path: "database.restore.time",
      message: "the calendar has no such moment",
      allowed: "latest, or a moment in UTC such as 2026-03-01T04:30:00Z",
      fix: "Correct the date or the time.",
    };
  },
};

export const databaseRestoreBackups: Rule = {
  id: "database-restore-backups",
  paths: ["database.restore", "region", "accountId"],
  *check({ database: { restore }, region, accountId }) {
    if (restore.from !== "pointInTime" || !("automatedBackupsArn" in restore.source)) return;
    const [, , , itsRegion, itsAccount] = restore.source.automatedBackupsArn.split(":");
    if (itsRegion === region && itsAccount === accountId) return;
    yield {
      path: "database.restore.source.automatedBackupsArn",
      message: "RDS restores copied backups only in the account and region where they are",
      allowed: `the ARN of backups of ${accountId} in ${region}, this environment's`,
      fix: "Correct the ARN, or the environment's region: backups that were copied to drRegion are restored there.",
    };
  },
};

/** What gp3 has from 400 GiB on where nothing else is written. */
const stripedIops = 12_000;

/** February 30th is none, though Date.parse may take it for March 1st. */
function isMoment(text: string): boolean {
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text.replace("Z", ".000Z");
}
