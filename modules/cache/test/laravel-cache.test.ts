import { describe, expect, it } from "vitest";
import { laravelCache, leastCache, parametersOf, secretArn } from "./support.js";

const { stack, made } = laravelCache();
const cache = "telemedicina-prod-redis-cache-sa-east-1";
const queue = "telemedicina-prod-redis-queue-sa-east-1";

function groupOf(id: string, from = stack) {
  const found = from
    .all("aws_elasticache_replication_group")
    .find(({ attributes }) => attributes["replication_group_id"] === id);
  return found?.attributes ?? {};
}

function policyOf(qualifier: string) {
  const found = stack
    .all("aws_elasticache_parameter_group")
    .find(({ attributes }) => String(attributes["name"]).includes(`-${qualifier}-`));
  return parametersOf(found?.attributes ?? {});
}

describe("the stores of a Laravel application", () => {
  it("RED-03: are a cluster of 2 shards, and as many as the environment says", () => {
    const three = laravelCache({ cache: { ...leastCache.cache, shards: 3 } }).stack;

    expect(groupOf(cache)["num_node_groups"]).toBe(2);
    expect(groupOf(cache, three)["num_node_groups"]).toBe(3);
  });

  it("RED-04: have one replica for each shard, in another zone", () => {
    expect(groupOf(cache)).toMatchObject({ replicas_per_node_group: 1, multi_az_enabled: true });
    expect(groupOf(queue)).toMatchObject({ num_cache_clusters: 2, multi_az_enabled: true });
  });

  it("RED-09: keep jobs apart from the cache, in a store that evicts nothing", () => {
    expect(policyOf("cache")).toMatchObject({ "maxmemory-policy": "volatile-lru", "cluster-enabled": "yes" });
    expect(policyOf("queue")).toMatchObject({ "maxmemory-policy": "noeviction", "cluster-enabled": "no" });
  });

  it("RTO-05: the cache outlives a node and a zone, and is saved daily", () => {
    expect(groupOf(cache)).toMatchObject({
      automatic_failover_enabled: true,
      multi_az_enabled: true,
      replicas_per_node_group: 1,
      snapshot_retention_limit: 1,
    });
  });

  it("RTO-06: sessions have replicas and the cache's snapshots", () => {
    expect(made.laravel.variables["SESSION_CONNECTION"]).toBe("cache");
    expect(made.laravel.variables["REDIS_CACHE_HOST"]).toContain("TOKEN");
    expect(groupOf(cache)).toMatchObject({ replicas_per_node_group: 1, snapshot_retention_limit: 1 });
  });

  it("have a token each", () => {
    const tokens = [groupOf(cache), groupOf(queue)].map((attributes) => attributes["auth_token"]);
    const secrets = stack.allData("aws_secretsmanager_secret_version");

    expect(secrets.map(({ attributes }) => attributes["secret_id"]).sort()).toEqual([
      secretArn("cache-token"),
      secretArn("queue-token"),
    ]);
    expect(new Set(tokens).size).toBe(2);
  });

  it("are not in maintenance at the same time", () => {
    expect(groupOf(cache)["maintenance_window"]).toBe("sun:08:00-sun:09:00");
    expect(groupOf(queue)["maintenance_window"]).toBe("sun:09:30-sun:10:30");
  });

  it("protect jobs from deletion, not the cache", () => {
    expect(groupOf(queue)["lifecycle"]).toEqual({ prevent_destroy: true });
    expect(groupOf(cache)["lifecycle"]).toBeUndefined();
  });

  it("have sizes of their own", () => {
    const small = laravelCache({
      cache: { ...leastCache.cache, nodeType: "cache.t3.micro", shards: 1, replicasPerShard: 0 },
      queue: { ...leastCache.queue, nodeType: "cache.t4g.micro", nodes: 1 },
    }).stack;

    expect(groupOf(cache)["node_type"]).toBe("cache.t3.medium");
    expect(groupOf(queue)["node_type"]).toBe("cache.t3.small");
    expect(groupOf(cache, small)).toMatchObject({
      node_type: "cache.t3.micro",
      num_node_groups: 1,
      replicas_per_node_group: 0,
      automatic_failover_enabled: true,
      multi_az_enabled: false,
    });
    expect(groupOf(queue, small)).toMatchObject({
      node_type: "cache.t4g.micro",
      num_cache_clusters: 1,
      automatic_failover_enabled: false,
      multi_az_enabled: false,
    });
  });

  it("hand what they share to both", () => {
    const changed = laravelCache({
      engine: { name: "redis", version: "7.1" },
      applyImmediately: true,
      autoMinorVersionUpgrade: false,
      snapshotWindow: "03:00-04:00",
      authTokenUpdateStrategy: "SET",
      notificationTopicArn: "arn:aws:sns:sa-east-1:333333333333:alarms",
    }).stack;

    for (const id of [cache, queue]) {
      expect(groupOf(id, changed), id).toMatchObject({
        engine: "redis",
        engine_version: "7.1",
        apply_immediately: true,
        auto_minor_version_upgrade: "false",
        snapshot_window: "03:00-04:00",
        auth_token_update_strategy: "SET",
        notification_topic_arn: "arn:aws:sns:sa-east-1:333333333333:alarms",
      });
    }
  });

  it("have addresses of words, never of positions", () => {
    const addresses = stack.addresses().map((address) => address.replace(/_[0-9A-F]{8}$/, ""));

    expect(addresses).toEqual([
      "aws_cloudwatch_log_group.stores_cache_logs_engine-log",
      "aws_cloudwatch_log_group.stores_cache_logs_slow-log",
      "aws_cloudwatch_log_group.stores_queue_logs_engine-log",
      "aws_cloudwatch_log_group.stores_queue_logs_slow-log",
      "aws_elasticache_parameter_group.stores_cache_parameter-group",
      "aws_elasticache_parameter_group.stores_queue_parameter-group",
      "aws_elasticache_replication_group.stores_cache_replication-group",
      "aws_elasticache_replication_group.stores_queue_replication-group",
      "aws_elasticache_subnet_group.stores_cache_subnet-group",
      "aws_elasticache_subnet_group.stores_queue_subnet-group",
    ]);
  });

  it("write four different log groups", () => {
    const names = stack.all("aws_cloudwatch_log_group").map(({ attributes }) => attributes["name"]);

    expect(new Set(names).size).toBe(4);
  });
});
