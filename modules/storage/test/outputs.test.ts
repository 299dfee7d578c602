import { synthStack } from "@telemedicina/core/testing";
import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { Storage } from "../src/index.js";
import { drProvider, keyArn, storageProps } from "./support.js";

describe("outputs", () => {
  it("T-42: names and ARNs are literals by purpose; the application's bucket is that of uploads", () => {
    let storage: Storage | undefined;
    synthStack((scope) => {
      storage = new Storage(scope, "storage", storageProps);
    });

    expect(storage?.bucketNames).toEqual({
      "access-logs": "telemedicina-dev-access-logs-111111111111-us-east-1",
      assets: "telemedicina-dev-assets-111111111111-us-east-1",
      uploads: "telemedicina-dev-uploads-111111111111-us-east-1",
      logs: "telemedicina-dev-logs-111111111111-us-east-1",
      backups: "telemedicina-dev-backups-111111111111-us-east-1",
      deployments: "telemedicina-dev-deployments-111111111111-us-east-1",
      audit: "telemedicina-dev-audit-111111111111-us-east-1",
    });
    for (const [purpose, arn] of Object.entries(storage?.bucketArns ?? {})) {
      expect(arn).toBe(`arn:aws:s3:::telemedicina-dev-${purpose}-111111111111-us-east-1`);
    }
    expect(storage?.replicas).toEqual({});
  });

  it("the rest is read from what was made", () => {
    const json = synthStack((scope) => {
      const storage = new Storage(scope, "storage", {
        ...storageProps,
        replication: {
          region: "us-west-2",
          provider: drProvider(scope),
          kmsKeyArns: { uploads: keyArn("u", "us-west-2"), logs: keyArn("l", "us-west-2") },
        },
      });
      expect(storage.replicas).toMatchObject({
        uploads: {
          bucketName: "telemedicina-dev-uploads-111111111111-us-west-2",
          bucketArn: "arn:aws:s3:::telemedicina-dev-uploads-111111111111-us-west-2",
          ruleIds: ["uploads"],
        },
        logs: {
          bucketName: "telemedicina-dev-logs-111111111111-us-west-2",
          bucketArn: "arn:aws:s3:::telemedicina-dev-logs-111111111111-us-west-2",
          ruleIds: ["appointment-logs", "app", "infra"],
        },
      });
      for (const [name, value] of Object.entries({
        origin: storage.assetsDomainName,
        workgroup: storage.appointmentLogTable.workgroupArn,
        database: storage.appointmentLogTable.databaseName,
      })) {
        new TerraformOutput(scope, name, { value });
      }
    });
    const output = json.document["output"] as Record<string, { value: string }>;

    expect(output["origin"]?.value).toMatch(
      /^\$\{aws_s3_bucket\.storage_assets_.*bucket_regional_domain_name\}$/,
    );
    expect(output["workgroup"]?.value).toMatch(/^\$\{aws_athena_workgroup\..*\.arn\}$/);
    expect(output["database"]?.value).toMatch(/^\$\{aws_glue_catalog_database\..*\.name\}$/);
  });

  it("fails for replicas without a provider of their own", () => {
    const wrong = () =>
      synthStack((scope) => {
        const provider = drProvider(scope);
        provider.alias = undefined;
        new Storage(scope, "storage", {
          ...storageProps,
          replication: {
            region: "us-west-2",
            provider,
            kmsKeyArns: { uploads: keyArn("u", "us-west-2"), logs: keyArn("l", "us-west-2") },
          },
        });
      });

    expect(wrong).toThrow(
      new Error(
        "test/storage has 1 fault:\n" +
          "  - test/storage: replication.provider is the stack's default provider. Allowed: a provider with an alias for the other region. The replicas would be made beside the originals.",
      ),
    );
  });
});
