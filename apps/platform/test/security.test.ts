import type { Block, StackJson } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { environments } from "./environments.js";

const areas = ["network", "security", "data"];

/** Buckets that AWS services write to, or that CloudFront reads, with S3's own key: they hold no clinical data. */
const OWN_KEY_OF_S3 = /-(assets|access-logs)-/;

describe.each(environments)("$name: every resource of a type", ({ name, config, stacks }) => {
  const all = (type: string): readonly Block[] => areas.flatMap((area) => stacks(area).all(type));
  const data = stacks("data");

  it("TAG-03: is tagged by each provider with the six mandatory tags", () => {
    const providers = areas.flatMap((area) => providersOf(stacks(area)));
    expect(providers.length).toBeGreaterThanOrEqual(areas.length);
    for (const provider of providers) {
      expect(provider["allowed_account_ids"]).toEqual([config.accountId]);
      expect(provider["default_tags"]).toEqual([
        {
          tags: {
            Owner: config.owner,
            Environment: name,
            CostCenter: config.costCenter,
            Project: "telemedicina",
            ManagedBy: "infrastructure-as-code",
            Backup: "false",
          },
        },
      ]);
    }
  });

  it("is a database that is encrypted, private and backed up", () => {
    const instances = data.all("aws_db_instance");
    expect(instances.length).toBe(1 + config.database.readReplicas);
    for (const { address, attributes } of instances) {
      expect(attributes["storage_encrypted"], address).toBe(true);
      expect(attributes["publicly_accessible"], address).toBe(false);
      expect(attributes["password"], address).toBeUndefined();
      expect(attributes["ca_cert_identifier"], address).toBeDefined();
      expect(JSON.stringify(attributes["vpc_security_group_ids"]), address).toContain("database");
    }
    expect(data.only("aws_db_subnet_group")["subnet_ids"]).toHaveLength(zones());
    for (const id of data.only("aws_db_subnet_group")["subnet_ids"] as string[])
      expect(id).toContain("subnets_data-");
  });

  it("is a Redis store with TLS, a token and a key of ours", () => {
    const groups = data.all("aws_elasticache_replication_group");
    expect(groups).toHaveLength(2);
    for (const { address, attributes } of groups) {
      expect(attributes["transit_encryption_enabled"], address).toBe(true);
      // A string in the bindings: "true".
      expect(String(attributes["at_rest_encryption_enabled"]), address).toBe("true");
      expect(attributes["kms_key_id"], address).toContain("application-key");
      expect(attributes["auth_token"], address).toMatch(/^\$\{data\.aws_secretsmanager_secret_version\./);
    }
    for (const { address, attributes } of data.all("aws_elasticache_subnet_group")) {
      for (const id of attributes["subnet_ids"] as string[]) expect(id, address).toContain("subnets_data-");
    }
  });

  it("STO-06, STO-10, STO-14: is a bucket that is closed, owned, versioned and speaks TLS only", () => {
    const buckets = data.all("aws_s3_bucket");
    const named = (type: string) =>
      data
        .all(type)
        .map(({ attributes }) => String(attributes["bucket"]).replace(/^\$\{(.*)\.[a-z_]+\}$/, "$1"));
    const addresses = buckets.map(({ address }) => address);
    for (const type of [
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_bucket_versioning",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_policy",
    ]) {
      expect(named(type).sort(), type).toEqual([...addresses].sort());
    }
    for (const { address, attributes } of data.all("aws_s3_bucket_public_access_block")) {
      for (const setting of [
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
      ]) {
        expect(attributes[setting], `${address} ${setting}`).toBe(true);
      }
    }
    for (const { address, attributes } of data.all("aws_s3_bucket_versioning")) {
      expect(attributes["versioning_configuration"], address).toEqual({ status: "Enabled" });
    }
    for (const { address, attributes } of data.all("aws_s3_bucket_ownership_controls")) {
      expect(attributes["rule"], address).toEqual({ object_ownership: "BucketOwnerEnforced" });
    }
    for (const { address, attributes } of data.all("aws_s3_bucket_policy")) {
      expect(statements(attributes["policy"]), address).toContainEqual(
        expect.objectContaining({
          Effect: "Deny",
          Principal: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      );
    }
    expect(data.all("aws_s3_bucket_acl")).toEqual([]);
  });

  it("STO-07: is a bucket under a key of ours, but for those that AWS's own services write or read", () => {
    for (const { address, attributes } of data.all("aws_s3_bucket_server_side_encryption_configuration")) {
      const bucket = data.at(String(attributes["bucket"]).replace(/^\$\{(.*)\.[a-z_]+\}$/, "$1"));
      const algorithm = OWN_KEY_OF_S3.test(String(bucket["bucket"])) ? "AES256" : "aws:kms";
      expect(JSON.stringify(attributes["rule"]), address).toContain(`"sse_algorithm":"${algorithm}"`);
    }
  });

  it("is a key that rotates and that Terraform refuses to destroy", () => {
    const keys = all("aws_kms_key");
    expect(keys.length).toBeGreaterThanOrEqual(3);
    for (const { address, attributes } of keys) {
      expect(attributes["enable_key_rotation"], address).toBe(true);
      expect(attributes["deletion_window_in_days"], address).toBe(30);
      expect(attributes["lifecycle"], address).toEqual({ prevent_destroy: true });
    }
  });

  it("SEC-08: is a secret under our key whose value is write-only", () => {
    const secrets = all("aws_secretsmanager_secret");
    expect(secrets).toHaveLength(5);
    for (const { address, attributes } of secrets)
      expect(attributes["kms_key_id"], address).toContain("application-key");
    for (const { address, attributes } of all("aws_secretsmanager_secret_version")) {
      expect(attributes["secret_string"], address).toBeUndefined();
      expect(attributes["secret_string_wo"], address).toContain("ephemeral.");
    }
    expect(all("random_password")).toEqual([]);
  });

  it("is a policy that allows nobody everything and everybody nothing", () => {
    const policies = areas.flatMap((area) => policiesOf(stacks(area)));
    expect(policies.length).toBeGreaterThan(10);
    for (const { at, statement } of policies) {
      if (statement["Effect"] !== "Allow") continue;
      // An endpoint's policy only narrows what identities may do, and limits whom and what by conditions.
      if (at.startsWith("aws_vpc_endpoint.")) {
        expect(statement["Condition"] ?? statement["Resource"], at).toBeDefined();
        continue;
      }
      expect(statement["Action"], at).not.toBe("*");
      expect(JSON.stringify(statement["Action"]), at).not.toContain('"*:*"');
      if (statement["Condition"] === undefined) {
        expect(statement["Principal"], at).not.toBe("*");
        expect(JSON.stringify(statement["Principal"] ?? {}), at).not.toContain('"AWS":"*"');
      }
    }
  });

  it("is a log group with a period after which it forgets", () => {
    const groups = all("aws_cloudwatch_log_group");
    expect(groups.length).toBeGreaterThanOrEqual(7);
    for (const { address, attributes } of groups)
      expect(attributes["retention_in_days"], address).toBeGreaterThan(0);
    for (const { address, attributes } of data.all("aws_cloudwatch_log_group")) {
      expect(attributes["kms_key_id"], address).toContain("logs-key");
    }
  });

  function zones(): number {
    return Object.keys(config.network.availabilityZones).length;
  }
});

function providersOf(stack: StackJson): readonly Readonly<Record<string, unknown>>[] {
  const { aws } = stack.document["provider"] as { aws: readonly Readonly<Record<string, unknown>>[] };
  return aws;
}

type Statement = Readonly<Record<string, unknown>>;

function statements(policy: unknown): readonly Statement[] {
  return (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;
}

function policiesOf(stack: StackJson): readonly { readonly at: string; readonly statement: Statement }[] {
  return stack.addresses().flatMap((address) =>
    ["policy", "assume_role_policy"].flatMap((attribute) => {
      const text = stack.at(address)[attribute];
      if (typeof text !== "string" || !text.startsWith("{")) return [];
      return statements(text).map((statement) => ({ at: `${address}.${attribute}`, statement }));
    }),
  );
}
