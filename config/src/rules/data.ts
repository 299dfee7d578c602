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

export const cacheMultiAz: Rule = {
  id: "cache-multi-az",
  paths: ["cache.multiAz", "cache.replicasPerShard"],
  *check({ cache }) {
    if (!cache.multiAz || cache.replicasPerShard >= 1) return;
    yield {
      path: "cache.multiAz",
      message: "a shard without a replica has nothing to fail over to",
      allowed: "false while cache.replicasPerShard is 0",
      fix: "Set cache.replicasPerShard to 1, or multiAz to false.",
    };
  },
};

export const cacheNodes: Rule = {
  id: "cache-nodes",
  paths: ["cache.shards", "cache.replicasPerShard"],
  *check({ cache }) {
    const nodes = cache.shards * (1 + cache.replicasPerShard);
    if (nodes <= 90) return;
    yield {
      path: "cache.shards",
      message: `${nodes} nodes are more than ElastiCache's default quota for a cluster`,
      allowed: `at most ${Math.floor(90 / (1 + cache.replicasPerShard))} with cache.replicasPerShard at ${cache.replicasPerShard}`,
      fix: "Take fewer shards or replicas, of a larger node type.",
    };
  },
};

export const logArchive: Rule = {
  id: "log-archive",
  paths: [
    "observability.applicationLogDays",
    "observability.infrastructureLogDays",
    "storage.applicationLogArchiveDays",
    "storage.infrastructureLogArchiveDays",
  ],
  *check({ observability, storage }) {
    for (const kind of ["application", "infrastructure"] as const) {
      const hot = observability[`${kind}LogDays`];
      if (storage[`${kind}LogArchiveDays`] >= hot) continue;
      yield {
        path: `storage.${kind}LogArchiveDays`,
        message: `the archive would forget before CloudWatch does (observability.${kind}LogDays is ${hot})`,
        allowed: `${hot} or more`,
        fix: "Raise it, or lower the days in CloudWatch.",
      };
    }
  },
};
