import { synthStack } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { Bucket, BucketReplication, Storage } from "../src/index.js";
import {
  accountId,
  bucketOf,
  constructId,
  drProvider,
  keyArn,
  names,
  profiles,
  replicatedStorage,
  statementsOf,
  storage,
  storageProps,
} from "./support.js";

const stack = replicatedStorage();
const configurations = new Map(
  stack.all("aws_s3_bucket_replication_configuration").map((block) => [bucketOf(block), block.attributes]),
);
const arn = (purpose: string, region = "us-east-1") =>
  `arn:aws:s3:::telemedicina-dev-${purpose}-${accountId}-${region}`;

describe("replication", () => {
  it("STO-11: uploads are copied whole to the other region, within 15 minutes, encrypted by its key", () => {
    expect(configurations.get("uploads")?.["rule"]).toEqual([
      {
        id: "uploads",
        priority: 1,
        status: "Enabled",
        filter: { prefix: "" },
        delete_marker_replication: { status: "Enabled" },
        source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
        destination: {
          bucket: arn("uploads", "us-west-2"),
          encryption_configuration: { replica_kms_key_id: keyArn("uploads", "us-west-2") },
          metrics: { status: "Enabled", event_threshold: { minutes: 15 } },
          replication_time: { status: "Enabled", time: { minutes: 15 } },
        },
      },
    ]);
  });

  it("STO-12: of the logs everything that must be kept is copied, results of queries are not", () => {
    const rules = configurations.get("logs")?.["rule"] as Record<string, unknown>[];
    const destination = {
      bucket: arn("logs", "us-west-2"),
      encryption_configuration: { replica_kms_key_id: keyArn("logs", "us-west-2") },
      metrics: { status: "Enabled" },
    };

    expect(rules.map(({ id, priority, filter }) => [id, priority, filter])).toEqual([
      ["appointment-logs", 1, { prefix: "appointment-logs/" }],
      ["app", 2, { prefix: "app/" }],
      ["infra", 3, { prefix: "infra/" }],
    ]);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        status: "Enabled",
        delete_marker_replication: { status: "Enabled" },
        source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
      });
      expect(rule["destination"]).toEqual(destination);
    }
  });

  it("STO-11: waits for versioning on both sides and for the role's permissions", () => {
    for (const [id, attributes] of configurations) {
      expect(
        (attributes["depends_on"] as string[]).map((address) => address.replace(/_[0-9A-F]{8}$/, "")),
      ).toEqual([
        `aws_s3_bucket_versioning.storage_${id}_versioning`,
        `aws_s3_bucket_versioning.storage_${id}-replica_versioning`,
        `aws_iam_role_policy.storage_${id}-replication_permissions`,
      ]);
      expect(constructId(attributes["role"])).toBe("role");
    }
  });

  it("IAM-04: the role is S3's alone, for one bucket of this account", () => {
    const roles = stack.all("aws_iam_role");
    expect(roles.map(({ attributes }) => attributes["name"])).toEqual([
      "telemedicina-dev-role-replicate-logs-us-east-1",
      "telemedicina-dev-role-replicate-uploads-us-east-1",
    ]);
    for (const [index, purpose] of ["logs", "uploads"].entries()) {
      expect(statementsOf(roles[index]?.attributes ?? {}, "assume_role_policy")).toEqual([
        {
          Sid: "AllowS3ToReplicate",
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": arn(purpose) },
          },
        },
      ]);
    }
  });

  it("IAM-04: the role may do what replication needs, with these two buckets and keys, and nothing else", () => {
    const [logs] = stack.all("aws_iam_role_policy");
    const throughS3 = (purpose: string, region: string) => ({
      StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
      StringLike: {
        "kms:EncryptionContext:aws:s3:arn": [arn(purpose, region), `${arn(purpose, region)}/*`],
      },
    });

    expect(statementsOf(logs?.attributes ?? {})).toEqual([
      {
        Sid: "ReadReplicationConfiguration",
        Effect: "Allow",
        Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
        Resource: arn("logs"),
      },
      {
        Sid: "ReadVersions",
        Effect: "Allow",
        Action: ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
        Resource: `${arn("logs")}/*`,
      },
      {
        Sid: "WriteReplicas",
        Effect: "Allow",
        Action: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
        Resource: `${arn("logs", "us-west-2")}/*`,
      },
      {
        Sid: "DecryptSource",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: keyArn("logs"),
        Condition: throughS3("logs", "us-east-1"),
      },
      {
        Sid: "EncryptReplicas",
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:GenerateDataKey"],
        Resource: keyArn("logs", "us-west-2"),
        Condition: throughS3("logs", "us-west-2"),
      },
    ]);
  });

  it("can go without S3's promise, for what may arrive later", () => {
    const without = synthStack((scope) => {
      new Storage(scope, "storage", {
        ...storageProps,
        replication: {
          region: "us-west-2",
          provider: drProvider(scope),
          kmsKeyArns: { uploads: keyArn("u", "us-west-2"), logs: keyArn("l", "us-west-2") },
          uploadsTimeControl: false,
        },
      });
    });

    expect(JSON.stringify(without.all("aws_s3_bucket_replication_configuration"))).not.toMatch(
      /replication_time|event_threshold/,
    );
  });

  it("is absent, with every replica, unless it is asked for", () => {
    const single = storage();

    expect(single.all("aws_s3_bucket_replication_configuration")).toEqual([]);
    expect(single.all("aws_iam_role")).toEqual([]);
    expect(single.all("aws_s3_bucket")).toHaveLength(7);
  });

  it("copies locks of a locked bucket, and needs no key where S3's own keys encrypt", () => {
    const pair = synthStack((scope) => {
      const provider = drProvider(scope);
      const there = { names: { ...names, region: "us-west-2" }, accountId, provider };
      for (const profile of [profiles.audit, profiles.assets]) {
        new BucketReplication(scope, profile.purpose, {
          names,
          source: new Bucket(scope, `${profile.purpose}-here`, { names, accountId, ...profile }),
          destination: new Bucket(scope, `${profile.purpose}-there`, { ...there, ...profile }),
          replicationTimeControl: false,
        });
      }
    });
    const [assets, audit] = pair.all("aws_iam_role_policy").map(({ attributes }) => statementsOf(attributes));

    expect(assets?.map(({ Sid }) => Sid)).toEqual([
      "ReadReplicationConfiguration",
      "ReadVersions",
      "WriteReplicas",
    ]);
    expect(audit?.find(({ Sid }) => Sid === "ReadVersions")?.Action).toEqual([
      "s3:GetObjectVersionAcl",
      "s3:GetObjectVersionForReplication",
      "s3:GetObjectVersionTagging",
      "s3:GetObjectLegalHold",
      "s3:GetObjectRetention",
    ]);
    const rules = pair
      .all("aws_s3_bucket_replication_configuration")
      .map(({ attributes }) => JSON.stringify(attributes["rule"]));
    expect(rules.filter((rule) => rule.includes("sse_kms_encrypted_objects"))).toHaveLength(1);
    expect(rules.filter((rule) => rule.includes("replica_kms_key_id"))).toHaveLength(1);
  });

  it("fails within one region, and between buckets for different things", () => {
    const replicate = () =>
      synthStack((scope) => {
        new BucketReplication(scope, "copy", {
          names,
          source: new Bucket(scope, "here", { names, accountId, ...profiles.uploads }),
          destination: new Bucket(scope, "there", { names, accountId, ...profiles.logs }),
          replicationTimeControl: false,
        });
      });

    expect(replicate).toThrow(
      new Error(
        "test/copy has 2 faults:\n" +
          "  - test/copy: source and destination are both in us-east-1. Allowed: a destination in another region. A copy beside the original is lost with it.\n" +
          "  - test/copy: source is a bucket for uploads, destination one for logs. Allowed: the same purpose. The copy would have another policy and another lifecycle than the original.",
      ),
    );
  });
});
