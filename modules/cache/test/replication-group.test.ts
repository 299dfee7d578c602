import { Token } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  group,
  kmsKeyArn,
  leastStore,
  logsKeyArn,
  parametersOf,
  secretArn,
  store,
  tagsOf,
} from "./support.js";

const single = { mode: "single", nodes: 2 } as const;

describe("a cluster", () => {
  const { stack, made } = store();
  const attributes = stack.only("aws_elasticache_replication_group");

  it("RED-02: is a replication group in cluster mode, with the failover that AWS demands of one", () => {
    const parameters = stack.only("aws_elasticache_parameter_group");

    expect(parametersOf(parameters)["cluster-enabled"]).toBe("yes");
    expect(attributes["automatic_failover_enabled"]).toBe(true);
    expect(attributes["parameter_group_name"]).toMatch(/^\$\{aws_elasticache_parameter_group\.\S+\.name\}$/);
    expect(attributes["num_node_groups"]).toBe(2);
    expect(attributes["replicas_per_node_group"]).toBe(1);
    expect(attributes["num_cache_clusters"]).toBeUndefined();
    // Only for the way from one mode to the other.
    expect(attributes["cluster_mode"]).toBeUndefined();
  });

  it("RED-02: fails over even where no shard has a replica, for AWS refuses it otherwise", () => {
    const lean = group({ topology: { mode: "cluster", shards: 1, replicasPerShard: 0 } });

    expect(lean["automatic_failover_enabled"]).toBe(true);
    expect(lean["multi_az_enabled"]).toBe(false);
    expect(lean["num_node_groups"]).toBe(1);
    expect(lean["replicas_per_node_group"]).toBe(0);
  });

  it("has a configuration endpoint and no other", () => {
    expect(made.endpoint).toEqual({
      mode: "cluster",
      configurationEndpoint: expect.any(String),
      port: 6379,
    });
    expect(Object.values(made.endpoint).filter((value) => Token.isUnresolved(value))).toHaveLength(1);
  });

  it("knows the ids of its nodes at synth, as CloudWatch calls them", () => {
    expect(made.nodeIds).toEqual([
      "telemedicina-prod-redis-cache-sa-east-1-0001-001",
      "telemedicina-prod-redis-cache-sa-east-1-0001-002",
      "telemedicina-prod-redis-cache-sa-east-1-0002-001",
      "telemedicina-prod-redis-cache-sa-east-1-0002-002",
    ]);
  });
});

describe("a single shard", () => {
  const { stack, made } = store({ topology: single, maxmemoryPolicy: "noeviction" });
  const attributes = stack.only("aws_elasticache_replication_group");

  it("has as many nodes as the topology says, and fails over between them", () => {
    expect(attributes["num_cache_clusters"]).toBe(2);
    expect(attributes["num_node_groups"]).toBeUndefined();
    expect(attributes["replicas_per_node_group"]).toBeUndefined();
    expect(attributes["automatic_failover_enabled"]).toBe(true);
    expect(attributes["multi_az_enabled"]).toBe(true);
    expect(parametersOf(stack.only("aws_elasticache_parameter_group"))["cluster-enabled"]).toBe("no");
  });

  it("does not fail over with one node", () => {
    const lone = group({ topology: { mode: "single", nodes: 1 } });

    expect(lone["automatic_failover_enabled"]).toBe(false);
    expect(lone["multi_az_enabled"]).toBe(false);
    expect(lone["num_cache_clusters"]).toBe(1);
  });

  it("has a primary and a reader endpoint and no configuration endpoint", () => {
    expect(made.endpoint).toEqual({
      mode: "single",
      primaryEndpoint: expect.any(String),
      readerEndpoint: expect.any(String),
      port: 6379,
    });
    expect(Object.values(made.endpoint).filter((value) => Token.isUnresolved(value))).toHaveLength(2);
  });

  it("knows the ids of its nodes at synth, as CloudWatch calls them", () => {
    expect(made.nodeIds).toEqual([
      "telemedicina-prod-redis-cache-sa-east-1-001",
      "telemedicina-prod-redis-cache-sa-east-1-002",
    ]);
  });
});

describe.each([
  ["cluster", leastStore.topology],
  ["single", single],
] as const)("every store, here a %s", (_, topology) => {
  const { stack } = store({ topology });
  const groups = stack.all("aws_elasticache_replication_group");

  it("RED-05: takes its token from the secret and writes none into the JSON", () => {
    const [secret] = stack.allData("aws_secretsmanager_secret_version");

    expect(secret?.attributes["secret_id"]).toBe(secretArn("token"));
    for (const { address, attributes } of groups) {
      expect(attributes["auth_token"], address).toBe(`\${${secret?.address}.secret_string}`);
      expect(attributes["auth_token_update_strategy"], address).toBe("ROTATE");
    }
  });

  it("takes TLS connections only", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["transit_encryption_enabled"], address).toBe(true);
      expect(attributes["transit_encryption_mode"], address).toBe("required");
    }
  });

  it("RED-06: is encrypted at rest and in transit", () => {
    for (const { address, attributes } of groups) {
      // The provider takes text here; 5.100 and 6 accept nothing but true and false.
      expect(attributes["at_rest_encryption_enabled"], address).toBe("true");
      expect(attributes["transit_encryption_enabled"], address).toBe(true);
    }
  });

  it("SEC-06: encrypts data with the key given, and logs with theirs", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["at_rest_encryption_enabled"], address).toBe("true");
      expect(attributes["kms_key_id"], address).toBe(kmsKeyArn);
    }
    const logGroups = stack.all("aws_cloudwatch_log_group");
    expect(logGroups).toHaveLength(2);
    for (const { address, attributes } of logGroups)
      expect(attributes["kms_key_id"], address).toBe(logsKeyArn);
  });

  it("RED-07: makes a snapshot every day, and a last one under a fixed name", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["snapshot_retention_limit"], address).toBe(1);
      expect(attributes["snapshot_window"], address).toBe("05:00-06:00");
      expect(attributes["final_snapshot_identifier"], address).toBe(
        "telemedicina-prod-redis-snapshot-cache-final-sa-east-1",
      );
    }
  });

  it("writes each of its two logs as JSON into a group of its own, for 60 days", () => {
    const logGroups = stack.all("aws_cloudwatch_log_group");
    const names = logGroups.map(({ attributes }) => attributes["name"]);
    const deliveries = groups.map(({ attributes }) => attributes["log_delivery_configuration"]);

    expect(names).toEqual([
      "telemedicina-prod-log-group-redis-cache-engine-log-sa-east-1",
      "telemedicina-prod-log-group-redis-cache-slow-log-sa-east-1",
    ]);
    expect(logGroups.map(({ attributes }) => attributes["retention_in_days"])).toEqual([60, 60]);
    expect(deliveries).toEqual([
      ["slow-log", "engine-log"].map((type) => ({
        log_type: type,
        log_format: "json",
        destination_type: "cloudwatch-logs",
        destination: `\${${logGroups.find(({ address }) => address.includes(type))?.address}.name}`,
      })),
    ]);
  });

  it("changes in its maintenance window, minor versions included", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["maintenance_window"], address).toBe("sun:08:00-sun:09:00");
      expect(attributes["apply_immediately"], address).toBe(false);
      expect(attributes["auto_minor_version_upgrade"], address).toBe("true");
    }
  });

  it("stands in the subnets and groups given, and tells nobody by default", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["security_group_ids"], address).toEqual(leastStore.securityGroupIds);
      expect(attributes["subnet_group_name"], address).toMatch(
        /^\$\{aws_elasticache_subnet_group\.\S+\.name\}$/,
      );
      expect(attributes["notification_topic_arn"], address).toBeUndefined();
    }
    expect(stack.only("aws_elasticache_subnet_group")["subnet_ids"]).toEqual(leastStore.subnetIds);
  });

  it("TAG-01: names what it makes by the rule, within ElastiCache's 40 characters", () => {
    for (const { address, attributes } of groups) {
      expect(attributes["replication_group_id"], address).toBe("telemedicina-prod-redis-cache-sa-east-1");
      expect(String(attributes["replication_group_id"]).length).toBeLessThanOrEqual(40);
    }
    expect(stack.only("aws_elasticache_subnet_group")["name"]).toBe(
      "telemedicina-prod-redis-subnet-group-cache-sa-east-1",
    );
    expect(stack.only("aws_elasticache_parameter_group")["name"]).toBe(
      "telemedicina-prod-redis-parameter-group-cache-valkey8-sa-east-1",
    );
  });

  it("TAG-04: is tagged as sensitive and of the database tier, and its logs too", () => {
    const sensitive = [...groups, ...stack.all("aws_cloudwatch_log_group")];

    for (const block of sensitive) {
      expect(tagsOf(block), block.address).toMatchObject({
        Tier: "database",
        DataClassification: "sensitive",
      });
    }
    expect(groups.map((block) => tagsOf(block)["Backup"])).toEqual(["true"]);
  });
});

describe("overrides", () => {
  it("RED-07: keeps snapshots as long as it is told, in the window it is told", () => {
    const kept = group({ snapshotRetentionDays: 35, snapshotWindow: "23:30-00:30" });

    expect(kept["snapshot_retention_limit"]).toBe(35);
    expect(kept["snapshot_window"]).toBe("23:30-00:30");
  });

  it("makes no snapshot at all with 0 days, and does not claim a backup", () => {
    const { stack } = store({ snapshotRetentionDays: 0 });
    const [block] = stack.all("aws_elasticache_replication_group");

    expect(block?.attributes["snapshot_retention_limit"]).toBe(0);
    expect(block?.attributes["snapshot_window"]).toBeUndefined();
    expect(block?.attributes["final_snapshot_identifier"]).toBeUndefined();
    expect(block === undefined ? undefined : tagsOf(block)["Backup"]).toBe("false");
  });

  it("runs Valkey 8.2 by default, and Redis with its own family of parameters", () => {
    const redis = store({ engine: { name: "redis", version: "7.1" } }).stack;

    expect(group()).toMatchObject({ engine: "valkey", engine_version: "8.2" });
    expect(store().stack.only("aws_elasticache_parameter_group")["family"]).toBe("valkey8");
    expect(redis.only("aws_elasticache_replication_group")).toMatchObject({
      engine: "redis",
      engine_version: "7.1",
    });
    expect(redis.only("aws_elasticache_parameter_group")).toMatchObject({
      family: "redis7",
      name: "telemedicina-prod-redis-parameter-group-cache-redis7-sa-east-1",
      lifecycle: { create_before_destroy: true },
    });
  });

  it("RED-01: runs on cache.t3.medium unless told otherwise", () => {
    expect(group()["node_type"]).toBe("cache.t3.medium");
    expect(group({ nodeType: "cache.r7g.large" })["node_type"]).toBe("cache.r7g.large");
  });

  it("RED-04: puts a shard's nodes into different zones where there is a replica, unless told otherwise", () => {
    expect(group()["multi_az_enabled"]).toBe(true);
    expect(group({ multiAz: false })["multi_az_enabled"]).toBe(false);
  });

  it("takes the remaining settings as given", () => {
    const changed = group({
      applyImmediately: true,
      autoMinorVersionUpgrade: false,
      maintenanceWindow: "mon:01:00-mon:02:00",
      authTokenUpdateStrategy: "SET",
      notificationTopicArn: "arn:aws:sns:sa-east-1:333333333333:alarms",
      description: "Something else",
    });

    expect(changed).toMatchObject({
      apply_immediately: true,
      auto_minor_version_upgrade: "false",
      maintenance_window: "mon:01:00-mon:02:00",
      auth_token_update_strategy: "SET",
      notification_topic_arn: "arn:aws:sns:sa-east-1:333333333333:alarms",
      description: "Something else",
    });
  });

  it("keeps logs as long as it is told", () => {
    const { stack } = store({ logs: { kmsKeyArn: logsKeyArn, retentionDays: 90 } });

    for (const { address, attributes } of stack.all("aws_cloudwatch_log_group")) {
      expect(attributes["retention_in_days"], address).toBe(90);
    }
  });

  it("RED-09: evicts what its content allows, and keeps a quarter of the memory free", () => {
    for (const maxmemoryPolicy of ["volatile-lru", "noeviction"] as const) {
      const parameters = parametersOf(
        store({ maxmemoryPolicy }).stack.only("aws_elasticache_parameter_group"),
      );
      expect(parameters).toEqual({
        "cluster-enabled": "yes",
        "maxmemory-policy": maxmemoryPolicy,
        "reserved-memory-percent": "25",
      });
    }
  });

  it("is protected from deletion where nothing may be evicted, and only a reason lifts it", () => {
    const reason = "Rebuilt every night";
    const open = store({ maxmemoryPolicy: "noeviction", deletionProtection: { on: false, reason } }).stack;
    const [block] = open.all("aws_elasticache_replication_group");

    expect(group({ maxmemoryPolicy: "noeviction" })["lifecycle"]).toEqual({ prevent_destroy: true });
    expect(group({ maxmemoryPolicy: "volatile-lru" })["lifecycle"]).toBeUndefined();
    expect(group({ deletionProtection: { on: true } })["lifecycle"]).toEqual({ prevent_destroy: true });
    expect(block?.attributes["lifecycle"]).toBeUndefined();
    expect(block === undefined ? undefined : tagsOf(block)["UnprotectedBecause"]).toBe(reason);
  });

  it.each([
    ["cache.t3.medium", "CPUUtilization", 45],
    ["cache.t4g.micro", "CPUUtilization", 45],
    ["cache.m7g.large", "CPUUtilization", 45],
    ["cache.t2.small", "CPUUtilization", 90],
    ["cache.r7g.xlarge", "EngineCPUUtilization", 90],
    ["cache.r7g.16xlarge", "EngineCPUUtilization", 90],
  ] as const)("T-33: knows that %s is busy at %s %i %%", (nodeType, metricName, thresholdPercent) => {
    expect(store({ nodeType }).made.cpuAlarm).toEqual({ metricName, thresholdPercent });
  });
});
