import { describe, expect, it } from "vitest";
import { environments } from "./environments.js";

const production = environments.find(({ name }) => name === "production");
if (production === undefined) throw new Error("no production");
const network = production.stacks("network");
const data = production.stacks("data");

const writer =
  data.all("aws_db_instance").find(({ attributes }) => attributes["replicate_source_db"] === undefined)
    ?.attributes ?? {};
const store = (qualifier: string) =>
  data
    .all("aws_elasticache_replication_group")
    .find(({ attributes }) => String(attributes["replication_group_id"]).includes(`-${qualifier}-`))
    ?.attributes ?? {};

describe("production has the strategy document's figures", () => {
  it("DB-01: db.t3.medium, Multi-AZ", () => {
    expect(writer).toMatchObject({ instance_class: "db.t3.medium", multi_az: true });
  });

  it("DB-03: 100 GB gp3 that grows, without provisioned IOPS", () => {
    expect(writer).toMatchObject({ allocated_storage: 100, storage_type: "gp3", max_allocated_storage: 500 });
    expect(writer["iops"]).toBeUndefined();
    expect(writer["storage_throughput"]).toBeUndefined();
  });

  it("DB-04: backups of 7 days in a window", () => {
    expect(writer).toMatchObject({ backup_retention_period: 7, backup_window: "06:00-06:30" });
  });

  it("DB-09: two read replicas, which the application's contract names", () => {
    const replicas = data
      .all("aws_db_instance")
      .filter(({ attributes }) => attributes["replicate_source_db"] !== undefined);
    expect(replicas).toHaveLength(2);
    const outputs = data.document["output"] as { application_variables: { value: Record<string, string> } };
    const hosts = (outputs.application_variables.value["DB_READ_HOSTS"] ?? "").split(",");
    expect(hosts).toEqual(replicas.map(({ address }) => `\${${address}.address}`));
  });

  it("RED-01, RED-02, RED-03, RED-04: a cluster of cache.t3.medium, two shards with a replica each, across zones", () => {
    expect(store("cache")).toMatchObject({
      node_type: "cache.t3.medium",
      num_node_groups: 2,
      replicas_per_node_group: 1,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
    });
    const parameters = data
      .all("aws_elasticache_parameter_group")
      .map(({ attributes }) => JSON.stringify(attributes["parameter"]));
    expect(parameters.some((parameter) => parameter.includes('"name":"cluster-enabled","value":"yes"'))).toBe(
      true,
    );
  });

  it("RED-05, RED-06: both stores with a token, TLS and encryption at rest", () => {
    for (const group of [store("cache"), store("queue")]) {
      expect(group["transit_encryption_enabled"]).toBe(true);
      expect(String(group["at_rest_encryption_enabled"])).toBe("true");
      expect(group["auth_token"]).toContain("data.aws_secretsmanager_secret_version");
    }
  });

  it("RED-07: daily snapshots of both stores", () => {
    for (const group of [store("cache"), store("queue")]) {
      expect(group["snapshot_retention_limit"]).toBeGreaterThanOrEqual(1);
      expect(group["snapshot_window"]).toBe("05:00-06:00");
    }
  });

  it("STO-01, STO-02, STO-03, STO-04, STO-05: a bucket for each purpose, named with account and region", () => {
    const names = data.all("aws_s3_bucket").map(({ attributes }) => attributes["bucket"]);
    for (const purpose of ["assets", "uploads", "logs", "backups", "deployments"]) {
      expect(names).toContain(`telemedicina-prod-${purpose}-333333333333-sa-east-1`);
    }
  });

  it("STO-11, STO-12, RTO-04: uploads and logs copied to the other region, under a key there", () => {
    const replications = data.all("aws_s3_bucket_replication_configuration");
    expect(replications.map(({ address }) => /(uploads|logs)-replication/.exec(address)?.[1]).sort()).toEqual(
      ["logs", "uploads"],
    );
    for (const { address, attributes } of replications) {
      const text = JSON.stringify(attributes["rule"]);
      expect(text, address).toContain('"replica_kms_key_id"');
      expect(text, address).toContain("clinical-key-dr");
      expect(text, address).toContain('"sse_kms_encrypted_objects":{"status":"Enabled"}');
    }
  });

  it("RTO-02: a standby, and point-in-time recovery here and in the other region", () => {
    expect(writer).toMatchObject({ multi_az: true, backup_retention_period: 7 });
    expect(data.all("aws_db_instance_automated_backups_replication")).toHaveLength(1);
  });

  it("NET-05, NET-09: a NAT gateway in each of three zones", () => {
    expect(network.all("aws_nat_gateway")).toHaveLength(3);
    const zones = network.all("aws_subnet").map(({ attributes }) => attributes["availability_zone_id"]);
    expect(new Set(zones).size).toBe(3);
  });

  it("refuses to destroy what holds data", () => {
    const kept = ["aws_db_instance", "aws_s3_bucket"].flatMap((type) => data.all(type));
    const unprotected = kept
      .filter(
        ({ attributes }) =>
          (attributes["lifecycle"] as { prevent_destroy?: boolean } | undefined)?.prevent_destroy !== true,
      )
      .map(({ address, attributes }) => attributes["bucket"] ?? address);
    // What can be built again, and replicas, which hold nothing of their own.
    expect(unprotected.map(String).filter((name) => !/assets|deployments|replica/.test(name))).toEqual([]);
  });
});
