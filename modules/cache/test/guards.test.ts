import { logRetentionDays } from "@telemedicina/core";
import { describe, expect, it } from "vitest";
import { careless, laravelCache, leastCache, logsKeyArn, store } from "./support.js";

function one(fault: string): Error {
  return new Error(`test/store has 1 fault:\n  - test/store: ${fault}`);
}

describe("guards", () => {
  it("fails with every fault at once", () => {
    const props = careless({
      engine: { name: "redis", version: "7.1.0" },
      nodeType: "t3.medium",
      topology: { mode: "single", nodes: 0 },
      maxmemoryPolicy: "allkeys-lru",
      multiAz: true,
      subnetIds: [],
      securityGroupIds: [],
      snapshotRetentionDays: 36,
      snapshotWindow: "05:00-05:30",
      maintenanceWindow: "sunday",
      authTokenUpdateStrategy: "DELETE",
      logs: { kmsKeyArn: logsKeyArn, retentionDays: 61 },
      deletionProtection: { on: false, reason: "" },
    });

    expect(() => store(props)).toThrow(
      new Error(
        [
          "test/store has 13 faults:",
          '  - test/store: engine.version is "7.1.0" with engine.name "redis". Allowed: major and minor, such as "7.1". AWS chooses the patch, and other majors have other parameters.',
          '  - test/store: nodeType is "t3.medium". Allowed: an ElastiCache node type such as cache.t3.medium.',
          "  - test/store: topology.nodes is 0. Allowed: a whole number from 1 to 6.",
          '  - test/store: maxmemoryPolicy is "allkeys-lru". Allowed: volatile-lru, noeviction.',
          '  - test/store: multiAz is true, and topology {"mode":"single","nodes":0} has no replica that could stand in another zone. Give every shard a replica (replicasPerShard 1, or nodes 2), or set multiAz to false.',
          "  - test/store: subnetIds is empty. Allowed: at least one isolated subnet.",
          "  - test/store: securityGroupIds is empty. Allowed: at least one group; AWS would take the VPC's own.",
          "  - test/store: snapshotRetentionDays is 36. Allowed: a whole number from 0 to 35.",
          '  - test/store: maintenanceWindow is "sunday". Allowed: a window such as sun:08:00-sun:09:00, in UTC.',
          '  - test/store: snapshotWindow "05:00-05:30" lasts 30 minutes. Allowed: 60 minutes to 24 hours.',
          '  - test/store: authTokenUpdateStrategy is "DELETE". Allowed: ROTATE, SET.',
          `  - test/store: logs.retentionDays is 61. Allowed: ${logRetentionDays.join(", ")}. CloudWatch Logs knows no other periods; keeping logs for ever is not offered, the slow log quotes personal data.`,
          '  - test/store: deletionProtection.reason is "". Allowed: 1 to 256 letters, digits, spaces and . : / = + - @ _ (it becomes a tag of the store). Say why this store may be deleted.',
        ].join("\n"),
      ),
    );
  });

  it.each(["8", "8.2.0", "7.2", "9.0"])("fails for Valkey %s", (version) => {
    expect(() => store(careless({ engine: { name: "valkey", version } }))).toThrow(
      one(
        `engine.version is "${version}" with engine.name "valkey". Allowed: major and minor, such as "8.2". AWS chooses the patch, and other majors have other parameters.`,
      ),
    );
  });

  it("fails for an engine that a replication group cannot run", () => {
    expect(() => store(careless({ engine: { name: "memcached", version: "1.6" } }))).toThrow(
      one('engine.name is "memcached". Allowed: valkey, redis.'),
    );
  });

  it("fails for a mode that there is not", () => {
    expect(() => store(careless({ topology: { mode: "serverless" } }))).toThrow(
      one('topology.mode is "serverless". Allowed: cluster, single.'),
    );
  });

  it.each([[{ mode: "cluster", shards: 2, replicasPerShard: 0 }], [{ mode: "single", nodes: 1 }]] as const)(
    "RED-04: fails for several zones without a replica: %j",
    (topology) => {
      expect(() => store({ topology, multiAz: true })).toThrow(
        one(
          `multiAz is true, and topology ${JSON.stringify(topology)} has no replica that could stand in another zone. ` +
            "Give every shard a replica (replicasPerShard 1, or nodes 2), or set multiAz to false.",
        ),
      );
    },
  );

  it("fails for several zones in one subnet", () => {
    expect(() => store({ subnetIds: ["subnet-0a0a0a0a0a0a0a0a0"] })).toThrow(
      one(
        "subnetIds has 1, and multiAz puts the nodes of a shard into different zones. " +
          "Allowed: at least 2, in two zones. Give a second subnet, or set multiAz to false.",
      ),
    );
    expect(() => store({ subnetIds: ["subnet-0a0a0a0a0a0a0a0a0"], multiAz: false })).not.toThrow();
  });

  it.each([0, 91, 1.5])("fails for %d shards", (shards) => {
    expect(() => store({ topology: { mode: "cluster", shards, replicasPerShard: 0 } })).toThrow(
      one(`topology.shards is ${shards}. Allowed: a whole number from 1 to 90.`),
    );
  });

  it.each([-1, 6])("fails for %d replicas", (replicasPerShard) => {
    expect(() =>
      store({ topology: { mode: "cluster", shards: 1, replicasPerShard }, multiAz: false }),
    ).toThrow(one(`topology.replicasPerShard is ${replicasPerShard}. Allowed: a whole number from 0 to 5.`));
  });

  it("fails for more nodes than the account may have, and takes them where the quota was raised", () => {
    const topology = { mode: "cluster", shards: 46, replicasPerShard: 1 } as const;

    expect(() => store({ topology })).toThrow(
      one(
        "topology has 92 nodes, the quota is 90. Take fewer shards or replicas of a larger node type, " +
          "or have the quota raised (ElastiCache, nodes per cluster) and set nodeQuota.",
      ),
    );
    expect(() => store({ topology, nodeQuota: 92 })).not.toThrow();
  });

  it.each([
    ["23:30-00:30", "mon:00:00-mon:01:00"],
    ["05:00-06:00", "wed:05:59-wed:06:59"],
    ["05:00-07:00", "sun:05:30-sun:06:30"],
    ["00:00-01:00", "sun:23:30-mon:00:30"],
  ])("fails for a snapshot at %s and maintenance at %s", (snapshotWindow, maintenanceWindow) => {
    expect(() => store({ snapshotWindow, maintenanceWindow })).toThrow(
      one(
        `maintenanceWindow "${maintenanceWindow}" and snapshotWindow "${snapshotWindow}" overlap. ` +
          "A snapshot would meet a restart. The snapshot window is every day's, also past midnight. Move one.",
      ),
    );
  });

  it.each([
    ["05:00-06:00", "wed:06:00-wed:07:00"],
    ["23:00-00:00", "mon:00:00-mon:01:00"],
    ["01:00-02:00", "sun:23:30-mon:00:30"],
  ])("takes a snapshot at %s and maintenance at %s", (snapshotWindow, maintenanceWindow) => {
    expect(() => store({ snapshotWindow, maintenanceWindow })).not.toThrow();
  });

  it("does not look at the snapshot window where there are no snapshots", () => {
    expect(() => store({ snapshotRetentionDays: 0, snapshotWindow: "never" })).not.toThrow();
  });

  it.each(["25:00-26:00", "5:00-6:00", "06:00"])("fails for the snapshot window %s", (snapshotWindow) => {
    expect(() => store({ snapshotWindow })).toThrow(
      one(`snapshotWindow is "${snapshotWindow}". Allowed: a window such as 06:00-07:00, in UTC.`),
    );
  });

  it("fails for a maintenance of half an hour", () => {
    expect(() => store({ maintenanceWindow: "sun:08:00-sun:08:30" })).toThrow(
      one('maintenanceWindow "sun:08:00-sun:08:30" lasts 30 minutes. Allowed: 60 minutes to 24 hours.'),
    );
  });

  it.each(["  ", "x".repeat(257), "two\nlines", "${path.cwd}"])("fails for the reason %j", (reason) => {
    expect(() => store({ deletionProtection: { on: false, reason } })).toThrow(
      one(
        `deletionProtection.reason is ${JSON.stringify(reason)}. Allowed: 1 to 256 letters, digits, spaces and ` +
          ". : / = + - @ _ (it becomes a tag of the store). Say why this store may be deleted.",
      ),
    );
  });

  it("fails with the faults of both stores at once, and says what they share once", () => {
    const props = {
      subnetIds: [],
      cache: { ...leastCache.cache, replicasPerShard: 0, multiAz: true },
      queue: { ...leastCache.queue, nodes: 7 },
    };

    expect(() => laravelCache(props)).toThrow(
      new Error(
        [
          "test/stores has 3 faults:",
          "  - test/stores: subnetIds is empty. Allowed: at least one isolated subnet.",
          '  - test/stores: cache: multiAz is true, and topology {"mode":"cluster","shards":2,"replicasPerShard":0} has no replica that could stand in another zone. Give every shard a replica (replicasPerShard 1, or nodes 2), or set multiAz to false.',
          "  - test/stores: queue: topology.nodes is 7. Allowed: a whole number from 1 to 6.",
        ].join("\n"),
      ),
    );
  });
});
