import { describe, expect, it } from "vitest";
import { asList, plain, type Resource } from "./environment-json.js";
import { environment, environments } from "./environments.js";
import { isReplica, parametersOf, purposeOf } from "./resources.js";

/** The strategy document's seven years, leap days included. */
const SEVEN_YEARS = 2557;

interface LifecycleRule {
  readonly id: string;
  readonly filter: readonly [{ readonly prefix: string }];
  readonly expiration?: readonly [{ readonly days?: number }];
  readonly transition?: readonly { readonly days: number; readonly storage_class: string }[];
  readonly noncurrent_version_expiration?: readonly [{ readonly noncurrent_days: number }];
  readonly abort_incomplete_multipart_upload?: readonly [{ readonly days_after_initiation: number }];
}

describe("production, as the strategy document sizes it", () => {
  const { config, json } = environment("production");
  const [writer, ...replicas] = json
    .all("aws_db_instance")
    .toSorted((a, b) => Number(isReplica(a)) - Number(isReplica(b)));
  const cache = store("cluster-enabled", "yes");
  const queue = store("cluster-enabled", "no");

  describe("network", () => {
    it("NET-05: has a NAT gateway in each zone, and each zone's hosts leave through their own", () => {
      const zones = Object.values(config.network.availabilityZones);
      expect(zones).toHaveLength(3);
      expect(json.all("aws_nat_gateway")).toHaveLength(3);
      expect(json.all("aws_eip").filter(({ stack }) => stack.endsWith("-network"))).toHaveLength(3);
      for (const zone of zones) {
        const subnet = only(json.all("aws_subnet"), ({ address }) => address.includes(`_app-${zone}_`));
        const { route_table_id: table } = only(
          json.all("aws_route_table_association"),
          ({ attributes }) => attributes["subnet_id"] === `\${${subnet.address}.id}`,
        ).attributes;
        const route = only(json.all("aws_route"), ({ attributes }) => attributes["route_table_id"] === table);
        expect(route.attributes["destination_cidr_block"]).toBe("0.0.0.0/0");
        const nat = json.target("aws_nat_gateway", route.attributes["nat_gateway_id"]);
        const home = json.target("aws_subnet", nat.attributes["subnet_id"]);
        expect(home.attributes["availability_zone_id"]).toBe(zone);
        expect(home.attributes["tags"]).toMatchObject({ SubnetTier: "public" });
      }
    });

    it("RET-08, NET-10: keeps flow logs of all traffic for 60 days", () => {
      const { attributes } = only(json.all("aws_flow_log"), () => true);
      expect(attributes["traffic_type"]).toBe("ALL");
      const group = json.target("aws_cloudwatch_log_group", attributes["log_destination"]);
      expect(group.attributes["retention_in_days"]).toBe(60);
    });
  });

  describe("database", () => {
    it("DB-01: is a db.t3.medium with a standby in another zone", () => {
      expect(writer?.attributes).toMatchObject({ instance_class: "db.t3.medium", multi_az: true });
    });

    it("DB-02: is PostgreSQL 16", () => {
      expect(writer?.attributes).toMatchObject({ engine: "postgres", engine_version: "16" });
    });

    it("DB-03: has 100 GB of gp3 that grow by themselves, with the speed that they have at that size", () => {
      expect(writer?.attributes).toMatchObject({ allocated_storage: 100, storage_type: "gp3" });
      expect(writer?.attributes["max_allocated_storage"]).toBeGreaterThan(100);
      expect(writer?.attributes).not.toHaveProperty("iops");
      expect(writer?.attributes).not.toHaveProperty("storage_throughput");
    });

    it("DB-04, RET-09: keeps backups for 7 days, made in a window of their own", () => {
      expect(writer?.attributes).toMatchObject({ backup_retention_period: 7, backup_window: "06:00-06:30" });
    });

    it("DB-05: has Performance Insights on every instance, for 7 days", () => {
      for (const { address, attributes } of json.all("aws_db_instance")) {
        expect(attributes, address).toMatchObject({
          performance_insights_enabled: true,
          performance_insights_retention_period: 7,
        });
      }
    });

    it("DB-06: has a parameter group tuned for Laravel, on replicas too", () => {
      for (const { attributes } of json.all("aws_db_instance")) {
        const group = json.target("aws_db_parameter_group", attributes["parameter_group_name"]);
        expect(group.attributes["family"]).toBe("postgres16");
        expect(parametersOf(group)).toMatchObject({
          max_connections: "400",
          log_min_duration_statement: "1000",
          shared_preload_libraries: "pg_stat_statements,pgaudit",
          "rds.force_ssl": "1",
        });
      }
    });

    it("DB-09: has two replicas of its class, and the application reads from both", () => {
      expect(replicas).toHaveLength(2);
      for (const { attributes } of replicas) {
        expect(attributes).toMatchObject({
          replicate_source_db: `\${${writer?.address}.identifier}`,
          instance_class: "db.t3.medium",
        });
      }
      const lines = variables();
      const pools = contract()["pgbouncerDatabases"] as Record<string, { host: string }>;
      const names = String(lines["DB_READ_DATABASES"]).split(",");
      expect(names.map((name) => pools[name]?.host)).toEqual(
        replicas.map(({ address }) => `\${${address}.address}`),
      );
      expect(pools[String(lines["DB_DATABASE"])]?.host).toBe(`\${${writer?.address}.address}`);
    });

    it("DB-13: cannot be deleted, leaves a snapshot, and writes its logs out", () => {
      expect(writer?.attributes).toMatchObject({
        deletion_protection: true,
        skip_final_snapshot: false,
        final_snapshot_identifier: "telemedicina-prod-rds-snapshot-final-sa-east-1",
        copy_tags_to_snapshot: true,
        ca_cert_identifier: "rds-ca-rsa2048-g1",
        enabled_cloudwatch_logs_exports: ["postgresql", "upgrade"],
      });
    });

    it("can be brought back, to a point in time, in the disaster recovery region", () => {
      const { attributes } = only(json.all("aws_db_instance_automated_backups_replication"), () => true);
      expect(attributes).toMatchObject({
        source_db_instance_arn: `\${${writer?.address}.arn}`,
        provider: "aws.dr",
        retention_period: 7,
      });
      const key = json.target("aws_kms_key", attributes["kms_key_id"]);
      expect(key.attributes["provider"]).toBe("aws.dr");
    });
  });

  describe("Redis", () => {
    it("RED-01: runs the cache on cache.t3.medium", () => {
      expect(cache.attributes["node_type"]).toBe("cache.t3.medium");
    });

    it("RED-02, RED-03, RED-04: has the cache in cluster mode, two shards with a replica each in another zone", () => {
      expect(cache.attributes).toMatchObject({
        num_node_groups: 2,
        replicas_per_node_group: 1,
        automatic_failover_enabled: true,
        multi_az_enabled: true,
      });
      expect(cache.attributes).not.toHaveProperty("num_cache_clusters");
    });

    it("RED-05: asks for a token, which is a reference to the secret, over TLS", () => {
      for (const { address, attributes } of [cache, queue]) {
        expect(attributes["auth_token"], address).toMatch(
          /^\$\{data\.aws_secretsmanager_secret_version\.[\w-]+\.secret_string\}$/,
        );
        expect(attributes["transit_encryption_enabled"], address).toBe(true);
      }
    });

    it("RED-07: is copied every day", () => {
      for (const { address, attributes } of [cache, queue]) {
        expect(attributes["snapshot_retention_limit"], address).toBeGreaterThanOrEqual(1);
        expect(attributes["snapshot_window"], address).toMatch(/^\d\d:\d\d-\d\d:\d\d$/);
      }
    });

    it("RED-09: evicts cached values and sessions by their end of life, and no job", () => {
      expect(policyOf(cache)).toBe("volatile-lru");
      expect(policyOf(queue)).toBe("noeviction");
      expect(queue.attributes).toMatchObject({ num_cache_clusters: 2, automatic_failover_enabled: true });
    });
  });

  describe("storage", () => {
    it("STO-01, STO-02, STO-03, STO-04, STO-05: has a bucket for each purpose, of the account and the region", () => {
      const names = json.all("aws_s3_bucket").map(({ attributes }) => attributes["bucket"]);
      for (const purpose of ["assets", "uploads", "logs", "backups", "deployments"])
        expect(names).toContain(`telemedicina-prod-${purpose}-333333333333-sa-east-1`);
    });

    it("STO-06, LGPD-13: keeps versions in every bucket, beside the database's 7 days of backups", () => {
      const versioned = json
        .all("aws_s3_bucket_versioning")
        .filter(
          ({ attributes }) =>
            (attributes["versioning_configuration"] as { status: string }).status === "Enabled",
        )
        .map(({ attributes }) => json.target("aws_s3_bucket", attributes["bucket"]).address);
      expect(versioned.sort()).toEqual(
        json
          .all("aws_s3_bucket")
          .map(({ address }) => address)
          .sort(),
      );
      expect(writer?.attributes["backup_retention_period"]).toBe(7);
    });

    it("STO-08: ends delivered access logs after 90 days, and no rule with such an end meets a record", () => {
      const rules = rulesOf("access-logs").filter(({ expiration }) => expiration?.[0].days !== undefined);
      expect(rules.map(({ filter, expiration }) => [filter[0].prefix, expiration?.[0].days])).toEqual([
        ["alb/", 90],
        ["alb-connections/", 90],
        ["cloudfront/", 90],
        ["s3/", 90],
      ]);
      for (const bucket of ["logs", "logs-replica"]) {
        expect(endOf(bucket, "appointment-logs/2026/01/appointment_logs_202601.json.gz")).toBeUndefined();
        expect(endOf(bucket, "app/2026/01/laravel.log.gz")).toBe(SEVEN_YEARS);
      }
    });

    it("STO-09: lets pages of the application, and of nobody else, read assets", () => {
      const { attributes } = json.ofBucket("aws_s3_bucket_cors_configuration", bucketFor("assets"));
      expect(attributes["cors_rule"]).toEqual([
        {
          allowed_methods: ["GET", "HEAD"],
          allowed_origins: ["https://telemedicina.example.com"],
          max_age_seconds: 3600,
        },
      ]);
      const withCors = json
        .all("aws_s3_bucket_cors_configuration")
        .map(({ attributes: cors }) => purposeOf(json.target("aws_s3_bucket", cors["bucket"])));
      expect(withCors.sort()).toEqual(["assets", "uploads", "uploads-replica"]);
    });

    it("STO-11, RTO-04: copies uploads to the other region within 15 minutes, encrypted there with a key of there", () => {
      const [rule = {}, ...others] = replicationOf("uploads");
      expect(others).toEqual([]);
      expect(rule).toMatchObject({
        status: "Enabled",
        filter: { prefix: "" },
        destination: {
          bucket: "arn:aws:s3:::telemedicina-prod-uploads-333333333333-us-east-1",
          metrics: { status: "Enabled" },
          replication_time: { status: "Enabled", time: { minutes: 15 } },
        },
      });
      expect(config.objectives.uploads).toMatchObject({ rtoMinutes: 15, rpoMinutes: 60 });
    });

    it("STO-12: copies appointment logs, application logs and infrastructure logs to the other region", () => {
      expect(
        replicationOf("logs").map((rule) => (rule["filter"] as { readonly prefix: string }).prefix),
      ).toEqual(["appointment-logs/", "app/", "infra/"]);
    });

    it("has for each copy a role that may write there and decrypt here, and versions on both sides first", () => {
      for (const purpose of ["uploads", "logs"] as const) {
        const replication = json.ofBucket("aws_s3_bucket_replication_configuration", bucketFor(purpose));
        const role = json.target("aws_iam_role", replication.attributes["role"]);
        const keys = [bucketFor(purpose), bucketFor(`${purpose}-replica`)].map(keyOf);
        const allowed = json
          .statements()
          .filter(
            ({ resource }) =>
              resource.type === "aws_iam_role_policy" &&
              resource.attributes["role"] === `\${${role.address}.id}`,
          )
          .map(({ statement }) => statement);
        const resourcesFor = (action: string) =>
          allowed
            .filter(({ Action }) => asList(Action).includes(action))
            .flatMap(({ Resource }) => asList(Resource));
        const there = `arn:aws:s3:::telemedicina-prod-${purpose}-333333333333-us-east-1/*`;
        expect(resourcesFor("s3:ReplicateObject")).toEqual([there]);
        expect(resourcesFor("kms:Decrypt")).toEqual([keys[0]]);
        expect(resourcesFor("kms:GenerateDataKey")).toEqual([keys[1]]);
        for (const rule of replicationOf(purpose)) {
          expect(rule["destination"]).toMatchObject({
            encryption_configuration: { replica_kms_key_id: keys[1] },
          });
          expect(rule["source_selection_criteria"]).toEqual({
            sse_kms_encrypted_objects: { status: "Enabled" },
          });
        }
        const order = asList(replication.attributes["depends_on"]);
        for (const side of [purpose, `${purpose}-replica`] as const)
          expect(order).toContain(json.ofBucket("aws_s3_bucket_versioning", bucketFor(side)).address);
      }
    });

    it("STO-13: cleans up old versions of what may go, and aborted uploads everywhere", () => {
      for (const bucket of json.all("aws_s3_bucket")) {
        const rules = rulesOf(purposeOf(bucket));
        const cleaning = rules.filter(({ abort_incomplete_multipart_upload: abort }) => abort !== undefined);
        expect(
          cleaning.map(({ filter }) => filter[0].prefix),
          bucket.address,
        ).toEqual([""]);
      }
      const kept = json
        .all("aws_s3_bucket")
        .map(purposeOf)
        .filter((purpose) =>
          rulesOf(purpose).every(({ noncurrent_version_expiration: old }) => old === undefined),
        );
      expect(kept, "nothing of the audit's goes").toEqual(["audit"]);
    });

    it("STO-16: locks the audit archive from its creation", () => {
      const audit = bucketFor("audit");
      expect(audit.attributes["object_lock_enabled"]).toBe(true);
      expect(json.ofBucket("aws_s3_bucket_object_lock_configuration", audit).attributes["rule"]).toEqual({
        default_retention: { mode: "GOVERNANCE", years: 1 },
      });
    });
  });

  describe("retention", () => {
    it("APL-04, RET-13: leaves appointment logs where they can be queried for five years after their export", () => {
      for (const bucket of ["logs", "logs-replica"]) {
        const [rule, ...others] = rulesFor(bucket, "appointment-logs/2026/01/x.json.gz");
        expect(others.map(({ id }) => id)).toEqual(["clean-up"]);
        expect(rule?.transition?.[0]?.days).toBe(5 * 365);
      }
      const table = only(json.all("aws_glue_catalog_table"), () => true).attributes;
      expect(table["parameters"]).toMatchObject({
        classification: "json",
        "storage.location.template":
          "s3://telemedicina-prod-logs-333333333333-sa-east-1/appointment-logs/$${month}/",
      });
    });

    it("APL-05, RET-14: then moves them to Deep Archive", () => {
      for (const bucket of ["logs", "logs-replica"]) {
        const [rule] = rulesFor(bucket, "appointment-logs/2026/01/x.json.gz");
        expect(rule?.transition).toEqual([{ days: 1825, storage_class: "DEEP_ARCHIVE" }]);
      }
    });

    it("LGPD-10: never ends them, so that the twenty years of the law are reached", () => {
      expect(config.storage.clinicalRetentionYears).toBe(20);
      for (const bucket of ["logs", "logs-replica"])
        expect(endOf(bucket, "appointment-logs/2004/01/x.json.gz")).toBeUndefined();
      const deleting = json
        .statements()
        .filter(({ statement }) => statement.Sid === "DenyDeletingRecords")
        .map(({ statement }) => [statement.Effect, statement.Principal, statement.Condition]);
      expect(deleting).toEqual([
        ["Deny", "*", undefined],
        ["Deny", "*", undefined],
      ]);
    });

    it("keeps application logs in S3 for seven years, in Glacier from day 90", () => {
      const [rule] = rulesFor("logs", "app/2026/01/laravel.log.gz");
      expect(rule?.transition).toEqual([{ days: 90, storage_class: "GLACIER" }]);
      expect(endOf("logs", "app/2026/01/laravel.log.gz")).toBe(SEVEN_YEARS);
    });

    it("RET-05: keeps infrastructure logs for a year, in Glacier from day 90", () => {
      const [rule] = rulesFor("logs", "infra/2026/01/syslog.gz");
      expect(rule?.transition).toEqual([{ days: 90, storage_class: "GLACIER" }]);
      expect(endOf("logs", "infra/2026/01/syslog.gz")).toBe(365);
    });

    it("ends nothing in the audit archive", () => {
      expect(endOf("audit", "cloudtrail/2026/01/x.json.gz")).toBeUndefined();
    });
  });

  describe("access to records", () => {
    it("IAM-05: refuses to read appointment logs to everybody who is not a named reader, and production names none", () => {
      expect(config.storage.appointmentLogReaderRoles).toEqual([]);
      const refusals = json
        .statements()
        .filter(({ statement }) => statement.Sid === "DenyReadingAppointmentLogs");
      expect(refusals.map(({ resource }) => plain(resource.address)).sort()).toEqual([
        "aws_s3_bucket_policy.storage_logs-replica_policy",
        "aws_s3_bucket_policy.storage_logs_policy",
      ]);
      for (const { statement } of refusals) {
        expect(statement).toMatchObject({ Effect: "Deny", Principal: "*" });
        expect(asList(statement.Action)).toEqual(
          expect.arrayContaining(["s3:GetObject", "s3:GetObjectVersion"]),
        );
        expect(asList(statement.Resource)[0]).toMatch(/\/appointment-logs\/\*$/);
        expect(statement.Condition).toBeUndefined();
      }
    });

    it("LGPD-16: keeps sensitive logs seven years or more, encrypted with the clinical key, marked, and apart", () => {
      const logs = bucketFor("logs");
      expect(logs.attributes["tags"]).toMatchObject({ DataClassification: "sensitive" });
      expect(keyOf(logs)).toMatch(/^\$\{aws_kms_key\.clinical-key_/);
      const ends = ["appointment-logs/x", "app/x"].map(
        (key) => endOf("logs", key) ?? Number.POSITIVE_INFINITY,
      );
      expect(Math.min(...ends)).toBeGreaterThanOrEqual(SEVEN_YEARS);
    });
  });

  describe("recovery", () => {
    it("RTO-02: survives the loss of the database's zone, and goes back to any moment of the last 7 days", () => {
      expect(config.objectives.database).toMatchObject({ rtoMinutes: 5, rpoMinutes: 5 });
      expect(writer?.attributes).toMatchObject({ multi_az: true, backup_retention_period: 7 });
    });

    it("RTO-05: has Redis as a cluster with failover and daily snapshots", () => {
      expect(config.objectives.cache).toMatchObject({ criticality: "low", rtoMinutes: 30 });
      expect(cache.attributes).toMatchObject({
        automatic_failover_enabled: true,
        snapshot_retention_limit: 1,
      });
    });

    it("RTO-06: has a replica of every shard that holds sessions", () => {
      expect(config.objectives.sessions).toMatchObject({ criticality: "medium", rtoMinutes: 15 });
      expect(variables()["SESSION_CONNECTION"]).toBe("cache");
      expect(cache.attributes).toMatchObject({ replicas_per_node_group: 1, multi_az_enabled: true });
    });
  });

  /** What hosts are told of the application. */
  function contract(): Readonly<Record<string, unknown>> {
    const [parameter] = json.all("aws_ssm_parameter");
    return JSON.parse(String(parameter?.attributes["insecure_value"])) as Record<string, unknown>;
  }

  /** Lines of `.env`. */
  function variables(): Readonly<Record<string, unknown>> {
    return contract()["variables"] as Record<string, unknown>;
  }

  /** The Redis store whose parameter has the value. */
  function store(parameter: string, value: string): Resource {
    return only(
      json.all("aws_elasticache_replication_group"),
      (group) => parametersOf(parameterGroupOf(group))[parameter] === value,
    );
  }

  function parameterGroupOf(group: Resource): Resource {
    return json.target("aws_elasticache_parameter_group", group.attributes["parameter_group_name"]);
  }

  function policyOf(group: Resource): unknown {
    return parametersOf(parameterGroupOf(group))["maxmemory-policy"];
  }

  function bucketFor(purpose: string): Resource {
    return only(json.all("aws_s3_bucket"), (bucket) => purposeOf(bucket) === purpose);
  }

  /** Reference to the key of a bucket. */
  function keyOf(bucket: Resource): unknown {
    const { attributes } = json.ofBucket("aws_s3_bucket_server_side_encryption_configuration", bucket);
    const [rule] = attributes["rule"] as readonly [
      { readonly apply_server_side_encryption_by_default: { readonly kms_master_key_id: unknown } },
    ];
    return rule.apply_server_side_encryption_by_default.kms_master_key_id;
  }

  function replicationOf(purpose: string): readonly Readonly<Record<string, unknown>>[] {
    const { attributes } = json.ofBucket("aws_s3_bucket_replication_configuration", bucketFor(purpose));
    return attributes["rule"] as readonly Readonly<Record<string, unknown>>[];
  }

  function rulesOf(purpose: string): readonly LifecycleRule[] {
    const { attributes } = json.ofBucket("aws_s3_bucket_lifecycle_configuration", bucketFor(purpose));
    return attributes["rule"] as readonly LifecycleRule[];
  }

  /** Rules that an object falls under, the longest prefix first. */
  function rulesFor(purpose: string, key: string): readonly LifecycleRule[] {
    return rulesOf(purpose)
      .filter(({ filter }) => key.startsWith(filter[0].prefix))
      .toSorted((a, b) => b.filter[0].prefix.length - a.filter[0].prefix.length);
  }

  /** Days after which an object is gone; undefined: never. */
  function endOf(purpose: string, key: string): number | undefined {
    const days = rulesFor(purpose, key).flatMap(({ expiration }) => expiration?.[0].days ?? []);
    return days.length === 0 ? undefined : Math.min(...days);
  }
});

describe.each(environments.filter(({ name }) => name !== "production"))("$name", ({ json }) => {
  it("is frugal: one NAT gateway, no standby, no replica, no copy in another region", () => {
    expect(json.all("aws_nat_gateway")).toHaveLength(1);
    const instances = json.all("aws_db_instance");
    expect(instances.map(({ attributes }) => attributes["multi_az"])).toEqual([false]);
    for (const { address, attributes } of json.all("aws_elasticache_replication_group")) {
      expect(attributes["multi_az_enabled"], address).toBe(false);
      expect(attributes["node_type"], address).toBe("cache.t3.micro");
      expect([attributes["replicas_per_node_group"] ?? 0, attributes["num_cache_clusters"] ?? 1]).toEqual([
        0, 1,
      ]);
    }
    expect(json.everything().filter(({ attributes }) => attributes["provider"] === "aws.dr")).toEqual([]);
  });
});

function only(resources: readonly Resource[], which: (resource: Resource) => boolean): Resource {
  const [found, ...others] = resources.filter(which);
  if (found === undefined || others.length > 0) {
    throw new Error(`should be one, is ${others.length + (found ? 1 : 0)} of ${resources.length}`);
  }
  return found;
}
