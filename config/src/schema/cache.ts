import { z } from "zod";
import { text } from "./hints.js";

const nodeType = text(/^cache\.[a-z][a-z0-9-]*\.[a-z0-9]+$/, {
  allowed: "an ElastiCache node type such as cache.t3.medium",
  fix: "Write cache, dot, family, dot, size, in lower case.",
});

export const cacheSchema = z
  .strictObject({
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
    snapshotRetentionDays: z
      .int()
      .min(0)
      .max(35)
      .default(1)
      .describe("Days that daily snapshots are kept; 0 makes none. Default: 1."),
  })
  .prefault({})
  .describe("ElastiCache for Redis, cluster mode.");
