import { z } from "zod";
import { logRetentionDays } from "./common.js";
import { deletionProtection } from "./deletion-protection.js";
import { hints, text } from "./hints.js";
import { dailyWindow, weeklyWindow } from "./windows.js";

const nodeType = text(/^cache\.[a-z][a-z0-9-]*\.[a-z0-9]+$/, {
  allowed: "an ElastiCache node type such as cache.t3.medium",
  fix: "Write cache, dot, family, dot, size, in lower case.",
});

const snapshotRetentionDays = z.int().min(0).max(35).default(1);

/** Major and minor only: AWS chooses the patch, and other majors have other parameters. */
function version<Major extends number>(major: Major, example: string) {
  return z
    .templateLiteral([`${major}.`, z.int()])
    .check(z.regex(/^[0-9]\.(0|[1-9][0-9]*)$/))
    .register(hints, {
      allowed: `${major}, a dot and the minor version between quotes, such as "${example}"`,
      fix: "Write both numbers between quotes: YAML reads a bare 7.10 as 7.1. AWS chooses the patch.",
    });
}

const engine = z
  .discriminatedUnion("name", [
    z.strictObject({
      name: z.literal("redis").describe("What the strategy document names."),
      version: version(7, "7.1").describe("A lower one than the stores have replaces them."),
    }),
    z.strictObject({
      name: z
        .literal("valkey")
        .describe("What became of Redis when its licence changed: the same commands, a fifth cheaper."),
      version: version(8, "8.2").describe("A lower one than the stores have replaces them."),
    }),
  ])
  .prefault({ name: "redis", version: "7.1" })
  .describe(
    "What runs on the nodes. From Redis to Valkey it changes in place; the way back replaces both stores and loses what is in them. Default: redis 7.1.",
  );

const queueSchema = z
  .strictObject({
    nodeType: nodeType
      .default("cache.t3.small")
      .describe("Room for every job that waits, since none is evicted. Default: cache.t3.small."),
    nodes: z
      .int()
      .min(1)
      .max(6)
      .default(2)
      .describe(
        "The primary and its replicas, each the price of a node, in different zones from 2 on. With 1 its failure loses the jobs since the last snapshot. Default: 2.",
      ),
    snapshotRetentionDays: snapshotRetentionDays.describe(
      "Days that daily snapshots are kept, about US$ 0.085 a GB and month; 0 makes none. Default: 1.",
    ),
    maintenanceWindow: weeklyWindow
      .default("sun:09:30-sun:10:30")
      .describe(
        "Weekly, UTC, at least an hour, apart from the cache's so that one of the two is steady. Default: sun:09:30-sun:10:30.",
      ),
    deletionProtection: deletionProtection(
      "the queue and its waiting jobs",
      "Terraform refuses to delete the queue's store.",
    ),
  })
  .prefault({})
  .describe("A second store, a single shard that evicts nothing: queues, locks and Reverb's Pub/Sub.");

export const cacheSchema = z
  .strictObject({
    engine,
    nodeType: nodeType
      .default("cache.t3.medium")
      .describe("ElastiCache node type. Default: cache.t3.medium."),
    shards: z.int().min(1).max(90).default(2).describe("Shards of the cluster. Default: 2."),
    replicasPerShard: z
      .int()
      .min(0)
      .max(5)
      .default(1)
      .describe("Replicas of each shard. Nodes to pay: shards times (1 + replicas). Default: 1."),
    multiAz: z
      .boolean()
      .default(true)
      .describe("A shard's nodes in different zones; needs a replica. Default: true."),
    snapshotRetentionDays: snapshotRetentionDays.describe(
      "Days that daily snapshots are kept, about US$ 0.085 a GB and month; 0 makes none. Default: 1.",
    ),
    snapshotWindow: dailyWindow
      .default("05:00-06:00")
      .describe(
        "Daily, UTC, at least an hour, for both stores, not over their maintenance. Default: 05:00-06:00.",
      ),
    maintenanceWindow: weeklyWindow
      .default("sun:08:00-sun:09:00")
      .describe("Weekly, UTC, at least an hour. Default: sun:08:00-sun:09:00."),
    logRetentionDays: logRetentionDays
      .default(60)
      .describe(
        "Days of slow commands and engine messages of both stores in CloudWatch; they quote keys and values. Shorter deletes. Default: 60.",
      ),
    queue: queueSchema,
  })
  .prefault({})
  .describe("ElastiCache: a cluster for cache and sessions, and a store for queues.");
