import type { Rule } from "./rule.js";
import { dailyLength, weeklyLength, windowsOverlap } from "./window.js";

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

/** Without snapshots the window has no meaning. */
export const cacheWindows: Rule = {
  id: "cache-windows",
  paths: [
    "cache.snapshotWindow",
    "cache.maintenanceWindow",
    "cache.snapshotRetentionDays",
    "cache.queue.maintenanceWindow",
    "cache.queue.snapshotRetentionDays",
  ],
  *check({ cache }) {
    const stores = { cache, "cache.queue": cache.queue };
    for (const [store, { snapshotRetentionDays, maintenanceWindow }] of Object.entries(stores)) {
      if (snapshotRetentionDays === 0 || !windowsOverlap(cache.snapshotWindow, maintenanceWindow)) continue;
      yield {
        path: `${store}.maintenanceWindow`,
        message: `overlaps the daily cache.snapshotWindow ${cache.snapshotWindow}, so a snapshot would meet a restart`,
        allowed: "a window outside the snapshot window",
        fix: "Move one of the two.",
      };
    }
  },
};

export const cacheWindowLength: Rule = {
  id: "cache-window-length",
  paths: ["cache.snapshotWindow", "cache.maintenanceWindow", "cache.queue.maintenanceWindow"],
  *check({ cache }) {
    const lengths = {
      snapshotWindow: dailyLength(cache.snapshotWindow),
      maintenanceWindow: weeklyLength(cache.maintenanceWindow),
      "queue.maintenanceWindow": weeklyLength(cache.queue.maintenanceWindow),
    };
    for (const [key, minutes] of Object.entries(lengths)) {
      if (minutes >= 60 && minutes < 24 * 60) continue;
      yield {
        path: `cache.${key}`,
        message: `a window of ${minutes} minutes`,
        allowed: "60 minutes to less than 24 hours",
        fix: "Correct the window's end; an hour is usual.",
      };
    }
  },
};
