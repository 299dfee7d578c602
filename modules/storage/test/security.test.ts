import type { StackJson } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import {
  bucketOf,
  constructId,
  idOf,
  keyArn,
  of,
  replicatedStorage,
  statement,
  statementsOf,
} from "./support.js";

const stack = replicatedStorage();
const buckets = stack.all("aws_s3_bucket").map(idOf).sort();

/** The blocks of a type by bucket; there must be exactly one for each of them, replicas included. */
function oneForEach(of_: StackJson, type: string) {
  const blocks = of_.all(type);
  expect(blocks.map(bucketOf).sort()).toEqual(buckets);
  return blocks;
}

describe("every bucket, replicas included", () => {
  it("STO-01, STO-02, STO-03, STO-04, STO-05: is named after project, environment, purpose, account and region", () => {
    expect(stack.all("aws_s3_bucket").map((block) => [idOf(block), block.attributes["bucket"]])).toEqual([
      ["access-logs-replica", "telemedicina-dev-access-logs-111111111111-us-west-2"],
      ["access-logs", "telemedicina-dev-access-logs-111111111111-us-east-1"],
      ["assets", "telemedicina-dev-assets-111111111111-us-east-1"],
      ["audit", "telemedicina-dev-audit-111111111111-us-east-1"],
      ["backups", "telemedicina-dev-backups-111111111111-us-east-1"],
      ["deployments", "telemedicina-dev-deployments-111111111111-us-east-1"],
      ["logs-replica", "telemedicina-dev-logs-111111111111-us-west-2"],
      ["logs", "telemedicina-dev-logs-111111111111-us-east-1"],
      ["uploads-replica", "telemedicina-dev-uploads-111111111111-us-west-2"],
      ["uploads", "telemedicina-dev-uploads-111111111111-us-east-1"],
    ]);
  });

  it("STO-10: is closed to the public in all four ways, and owned by the account alone", () => {
    for (const { attributes } of oneForEach(stack, "aws_s3_bucket_public_access_block")) {
      expect(attributes).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    }
    for (const { attributes } of oneForEach(stack, "aws_s3_bucket_ownership_controls")) {
      expect(attributes["rule"]).toEqual({ object_ownership: "BucketOwnerEnforced" });
    }
    expect(stack.all("aws_s3_bucket_acl")).toEqual([]);
  });

  it("STO-06, LGPD-13: keeps versions", () => {
    for (const { attributes } of oneForEach(stack, "aws_s3_bucket_versioning")) {
      expect(attributes["versioning_configuration"]).toEqual({ status: "Enabled" });
    }
  });

  it("STO-07: is encrypted: by S3's keys where AWS or CloudFront has to use it, by its own key elsewhere", () => {
    const found = oneForEach(stack, "aws_s3_bucket_server_side_encryption_configuration").map((block) => [
      bucketOf(block),
      block.attributes["rule"],
    ]);
    const s3 = [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }];
    const kms = (arn: string) => [
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: arn },
        bucket_key_enabled: true,
      },
    ];

    expect(Object.fromEntries(found)).toEqual({
      "access-logs": s3,
      "access-logs-replica": s3,
      assets: s3,
      audit: kms(keyArn("audit")),
      backups: kms(keyArn("backups")),
      deployments: kms(keyArn("deployments")),
      logs: kms(keyArn("logs")),
      "logs-replica": kms(keyArn("logs", "us-west-2")),
      uploads: kms(keyArn("uploads")),
      "uploads-replica": kms(keyArn("uploads", "us-west-2")),
    });
  });

  it("STO-14: refuses plain HTTP and TLS below 1.2, for the bucket and everything in it", () => {
    for (const block of oneForEach(stack, "aws_s3_bucket_policy")) {
      const { bucket } = stack.at(
        `aws_s3_bucket.storage_${bucketOf(block)}_bucket_${suffix(bucketOf(block))}`,
      );
      const everything = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
      const denied = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: everything };

      expect(statement(block.attributes, "DenyPlainHttp")).toEqual({
        Sid: "DenyPlainHttp",
        ...denied,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
      expect(statement(block.attributes, "DenyOldTls")).toEqual({
        Sid: "DenyOldTls",
        ...denied,
        Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
      });
    }
  });

  it("refuses keys that the caller brings along, and another key than the bucket's", () => {
    for (const block of oneForEach(stack, "aws_s3_bucket_policy")) {
      const id = bucketOf(block);
      expect(statement(block.attributes, "DenyKeyOfTheCaller").Condition).toEqual({
        Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" },
      });
      const sids = statementsOf(block.attributes).map(({ Sid }) => Sid);
      const another = id.startsWith("access-logs")
        ? []
        : [id === "assets" ? "DenyAnotherEncryption" : "DenyAnotherKey"];
      expect(sids.filter((sid) => sid.startsWith("DenyAnother"))).toEqual(another);
    }
    expect(statement(of(stack, "aws_s3_bucket_policy", "uploads-replica"), "DenyAnotherKey")).toEqual({
      Sid: "DenyAnotherKey",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::telemedicina-dev-uploads-111111111111-us-west-2/*",
      Condition: {
        Null: { "s3:x-amz-server-side-encryption": "false" },
        StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": keyArn("uploads", "us-west-2") },
      },
    });
    expect(statement(of(stack, "aws_s3_bucket_policy", "assets"), "DenyAnotherEncryption").Condition).toEqual(
      {
        Null: { "s3:x-amz-server-side-encryption": "false" },
        StringNotEquals: { "s3:x-amz-server-side-encryption": "AES256" },
      },
    );
  });

  it("lets nobody in by its policy but AWS's delivery of access logs, and locks no administrator out", () => {
    for (const block of oneForEach(stack, "aws_s3_bucket_policy")) {
      for (const { Sid, Effect, Principal, Action, Resource } of statementsOf(block.attributes)) {
        if (Effect === "Allow") {
          expect(Principal).toEqual({
            Service: expect.stringMatching(
              /^(logging\.s3|logdelivery\.elasticloadbalancing)\.amazonaws\.com$/,
            ),
          });
          continue;
        }
        const transport = Sid === "DenyPlainHttp" || Sid === "DenyOldTls";
        // Over a secure connection only objects are spoken of: the policy itself stays within reach.
        if (!transport) {
          for (const resource of [Resource].flat()) expect(String(resource)).toMatch(/\/.*\*$/);
          for (const action of [Action].flat()) expect(action).toMatch(/^s3:(Get|Put|Delete|Restore)Object/);
        }
      }
    }
  });

  it("changes its access one step after the other: S3 refuses two at once", () => {
    for (const block of oneForEach(stack, "aws_s3_bucket_policy")) {
      expect(dependencies(block.attributes)).toEqual(["public-access-block"]);
    }
    for (const block of oneForEach(stack, "aws_s3_bucket_ownership_controls")) {
      expect(dependencies(block.attributes)).toEqual(["policy"]);
    }
  });

  it("is never emptied by Terraform; what cannot be made again is never destroyed by it", () => {
    const guarded = stack.all("aws_s3_bucket").filter(({ attributes }) => {
      expect(attributes["force_destroy"]).toBe(false);
      return JSON.stringify(attributes["lifecycle"]) === '{"prevent_destroy":true}';
    });

    expect(guarded.map(idOf).sort()).toEqual(buckets.filter((id) => id !== "assets" && id !== "deployments"));
  });

  it("can be left unprotected outside production, all of them", () => {
    const unprotected = replicatedStorage({ deletionProtection: false }).all("aws_s3_bucket");

    for (const { attributes } of unprotected) expect(attributes["lifecycle"]).toBeUndefined();
  });

  it("TAG-04, LGPD-16: says how sensitive its content is, and whether it is backed up", () => {
    const tags = stack.all("aws_s3_bucket").map((block) => {
      const found = block.attributes["tags"] as Record<string, string>;
      expect(found["Name"]).toBe(block.attributes["bucket"]);
      return [idOf(block), `${found["DataClassification"]} ${found["Backup"] ?? "-"}`];
    });

    expect(Object.fromEntries(tags)).toEqual({
      "access-logs": "confidential -",
      "access-logs-replica": "confidential -",
      assets: "public -",
      audit: "confidential true",
      backups: "sensitive -",
      deployments: "confidential -",
      logs: "sensitive true",
      "logs-replica": "sensitive true",
      uploads: "sensitive true",
      "uploads-replica": "sensitive true",
    });
  });

  it("is made by the provider of its region, with everything that belongs to it", () => {
    const types = new Set(stack.addresses().map((address) => address.split(".")[0] ?? ""));
    for (const type of [...types].filter((name) => name.startsWith("aws_s3_bucket"))) {
      for (const block of stack.all(type)) {
        const replica = block.address.includes("-replica_");
        expect([block.address, block.attributes["provider"]]).toEqual([
          block.address,
          replica ? "aws.dr" : undefined,
        ]);
      }
    }
  });
});

describe("access logs", () => {
  it("are delivered for every bucket but assets, to the same region, each under its own prefix", () => {
    const found = stack.all("aws_s3_bucket_logging").map((block) => {
      expect(block.attributes["target_object_key_format"]).toEqual({
        partitioned_prefix: { partition_date_source: "EventTime" },
      });
      const target = bucketOf({ address: "", attributes: { bucket: block.attributes["target_bucket"] } });
      expect(dependencies(block.attributes)).toEqual(["policy"]);
      return `${bucketOf(block)} → ${target} ${block.attributes["target_prefix"]}`;
    });

    expect(found.sort()).toEqual([
      "audit → access-logs s3/audit/",
      "backups → access-logs s3/backups/",
      "deployments → access-logs s3/deployments/",
      "logs → access-logs s3/logs/",
      "logs-replica → access-logs-replica s3/logs/",
      "uploads → access-logs s3/uploads/",
      "uploads-replica → access-logs-replica s3/uploads/",
    ]);
  });

  it("are accepted from those buckets of this account alone", () => {
    const allowed = statementsOf(of(stack, "aws_s3_bucket_policy", "access-logs-replica")).filter(
      ({ Effect }) => Effect === "Allow",
    );

    expect(allowed).toEqual(
      ["uploads", "logs"].map((purpose) => ({
        Sid: `AllowAccessLogsOf${purpose === "logs" ? "Logs" : "Uploads"}`,
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `arn:aws:s3:::telemedicina-dev-access-logs-111111111111-us-west-2/s3/${purpose}/*`,
        Condition: {
          StringEquals: { "aws:SourceAccount": "111111111111" },
          ArnLike: { "aws:SourceArn": `arn:aws:s3:::telemedicina-dev-${purpose}-111111111111-us-west-2` },
        },
      })),
    );
  });
});

describe("load balancers' logs", () => {
  it("ALB-08: are accepted in the region's own bucket, below AWSLogs and this account alone", () => {
    const statements = (bucket: string) =>
      statementsOf(of(stack, "aws_s3_bucket_policy", bucket)).filter(
        ({ Sid }) => Sid === "AllowLoadBalancerLogs",
      );
    const target = "arn:aws:s3:::telemedicina-dev-access-logs-111111111111-us-east-1";

    expect(statements("access-logs")).toEqual([
      {
        Sid: "AllowLoadBalancerLogs",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: [
          `${target}/alb/AWSLogs/111111111111/*`,
          `${target}/alb-connections/AWSLogs/111111111111/*`,
        ],
      },
    ]);
    expect(statements("access-logs-replica")).toEqual([]);
  });
});

describe("CORS", () => {
  it("STO-09: assets answer pages of the application, for reading", () => {
    expect(of(stack, "aws_s3_bucket_cors_configuration", "assets")["cors_rule"]).toEqual([
      {
        allowed_origins: ["https://app.example.com"],
        allowed_methods: ["GET", "HEAD"],
        max_age_seconds: 3600,
      },
    ]);
  });

  it("uploads also take files from them, by presigned URL", () => {
    for (const id of ["uploads", "uploads-replica"]) {
      expect(of(stack, "aws_s3_bucket_cors_configuration", id)["cors_rule"]).toEqual([
        {
          allowed_origins: ["https://app.example.com"],
          allowed_methods: ["GET", "HEAD", "PUT"],
          allowed_headers: ["content-type", "content-md5", "x-amz-*"],
          expose_headers: ["ETag"],
          max_age_seconds: 3600,
        },
      ]);
    }
  });

  it("no other bucket answers a page", () => {
    expect(stack.all("aws_s3_bucket_cors_configuration").map(bucketOf).sort()).toEqual([
      "assets",
      "uploads",
      "uploads-replica",
    ]);
  });
});

describe("Object Lock", () => {
  it("STO-16: the audit archive is made with it, and holds what comes for a year by default", () => {
    const locked = stack
      .all("aws_s3_bucket")
      .filter(({ attributes }) => attributes["object_lock_enabled"] === true);

    expect(locked.map(idOf)).toEqual(["audit"]);
    const configuration = stack.only("aws_s3_bucket_object_lock_configuration");
    expect(configuration["rule"]).toEqual({ default_retention: { mode: "GOVERNANCE", years: 1 } });
    expect(dependencies(configuration)).toEqual(["versioning"]);
  });

  it("STO-16: nobody can undo compliance mode, which has to be acknowledged", () => {
    const auditLock = { mode: "compliance", retentionYears: 5, iUnderstandThisCannotBeUndone: true } as const;

    expect(replicatedStorage({ auditLock }).only("aws_s3_bucket_object_lock_configuration")["rule"]).toEqual({
      default_retention: { mode: "COMPLIANCE", years: 5 },
    });
  });
});

function dependencies(attributes: Readonly<Record<string, unknown>>): string[] {
  return ((attributes["depends_on"] ?? []) as string[]).map(constructId);
}

function suffix(id: string): string {
  const block = stack.all("aws_s3_bucket").find((candidate) => idOf(candidate) === id);
  return String(block?.address.slice(-8));
}
