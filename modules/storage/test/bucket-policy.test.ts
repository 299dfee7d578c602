import { type PolicyStatement, policyDocument } from "@telemedicina/core";
import { synthStack } from "@telemedicina/core/testing";
import { App, DataTerraformRemoteStateLocal, TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { Bucket, Storage } from "../src/index.js";
import {
  accountId,
  bucket,
  bucketOf,
  names,
  of,
  profiles,
  reader,
  replicatedStorage,
  statement,
  statementsOf,
  storageProps,
  writer,
} from "./support.js";

const stack = replicatedStorage();
const logsPolicies = stack
  .all("aws_s3_bucket_policy")
  .filter((block) => bucketOf(block) === "logs" || bucketOf(block) === "logs-replica")
  .map(({ attributes }) => ({ attributes, arn: bucketArn(attributes) }));

const oac: PolicyStatement = {
  Sid: "AllowCloudFront",
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::telemedicina-dev-assets-111111111111-us-east-1/*",
  Condition: { ArnLike: { "aws:SourceArn": `arn:aws:cloudfront::${accountId}:distribution/*` } },
};

describe("appointment logs", () => {
  it("IAM-05: are read by named roles alone, in both regions; so are results of queries over them", () => {
    expect(logsPolicies).toHaveLength(2);
    for (const { attributes, arn } of logsPolicies) {
      expect(statement(attributes, "DenyReadingAppointmentLogs")).toEqual({
        Sid: "DenyReadingAppointmentLogs",
        Effect: "Deny",
        Principal: "*",
        Action: [
          "s3:GetObject",
          "s3:GetObjectAttributes",
          "s3:GetObjectVersion",
          "s3:GetObjectVersionAttributes",
          "s3:RestoreObject",
        ],
        Resource: [`${arn}/appointment-logs/*`, `${arn}/athena-results/*`],
        Condition: { ArnNotEquals: { "aws:PrincipalArn": [reader] } },
      });
    }
  });

  it("IAM-05: are written by named roles alone", () => {
    for (const { attributes, arn } of logsPolicies) {
      expect(statement(attributes, "DenyWritingAppointmentLogs")).toEqual({
        Sid: "DenyWritingAppointmentLogs",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:PutObject",
        Resource: `${arn}/appointment-logs/*`,
        Condition: { ArnNotEquals: { "aws:PrincipalArn": [writer] } },
      });
    }
  });

  it("LGPD-16: are deleted by nobody, nor are application logs", () => {
    for (const { attributes, arn } of logsPolicies) {
      expect(statement(attributes, "DenyDeletingRecords")).toEqual({
        Sid: "DenyDeletingRecords",
        Effect: "Deny",
        Principal: "*",
        Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
        Resource: [`${arn}/appointment-logs/*`, `${arn}/app/*`],
      });
    }
  });

  it("are still copied: no denial reaches what replication does", () => {
    const denied = logsPolicies.flatMap(({ attributes }) =>
      statementsOf(attributes)
        .filter(({ Sid }) => Sid !== "DenyPlainHttp" && Sid !== "DenyOldTls")
        .flatMap(({ Action }) => [Action].flat()),
    );

    for (const action of denied) {
      expect(action).not.toMatch(/\*|ForReplication|Replicate|VersionAcl|VersionTagging/);
    }
  });

  it("IAM-05: without readers nobody reads them", () => {
    const policy = of(
      bucket({ ...profiles.logs, appointmentLogReaders: [] }),
      "aws_s3_bucket_policy",
      "bucket",
    );

    expect(statement(policy, "DenyReadingAppointmentLogs").Condition).toBeUndefined();
  });

  it("takes ARNs of other stacks' roles", () => {
    const json = synthStack((scope) => {
      const arn = new DataTerraformRemoteStateLocal(scope, "security", { path: "x" }).getString("reader");
      new Bucket(scope, "bucket", { names, accountId, ...profiles.logs, appointmentLogReaders: [arn] });
    });

    expect(
      statement(of(json, "aws_s3_bucket_policy", "bucket"), "DenyReadingAppointmentLogs").Condition,
    ).toEqual({
      ArnNotEquals: { "aws:PrincipalArn": ["${data.terraform_remote_state.security.outputs.reader}"] },
    });
  });
});

describe("one policy for each bucket", () => {
  it("STO-10: takes statements of other modules until the stacks are written", () => {
    const json = synthStack((scope) => {
      const storage = new Storage(scope, "storage", storageProps);
      storage.buckets.assets.addPolicyStatement(oac);
    });
    const policies = json.all("aws_s3_bucket_policy");

    expect(policies).toHaveLength(json.all("aws_s3_bucket").length);
    expect(statementsOf(of(json, "aws_s3_bucket_policy", "assets")).map(({ Sid }) => Sid)).toEqual([
      "DenyPlainHttp",
      "DenyOldTls",
      "DenyAnotherEncryption",
      "DenyKeyOfTheCaller",
      "AllowCloudFront",
    ]);
    expect(statement(of(json, "aws_s3_bucket_policy", "assets"), "AllowCloudFront")).toEqual(oac);
  });

  it("fails for a Sid that is taken", () => {
    const twice = () =>
      synthStack((scope) => {
        const assets = new Bucket(scope, "assets", { names, accountId, ...profiles.assets });
        assets.addPolicyStatement(oac);
        assets.addPolicyStatement(oac);
      });

    expect(twice).toThrow(
      new Error(
        'test/assets has two policy statements with the Sid "AllowCloudFront". Allowed: each Sid once in a bucket\'s policy. Name the second after what it is for.',
      ),
    );
  });

  it("fails for a statement that comes too late to be written", () => {
    let assets: Bucket | undefined;
    synthStack((scope) => {
      assets = new Bucket(scope, "assets", { names, accountId, ...profiles.assets });
    });

    expect(() => assets?.addPolicyStatement(oac)).toThrow(
      new Error(
        'The policy statement "AllowCloudFront" comes too late for test/assets: its policy has been written. Add statements while the stacks are being built, before app.synth().',
      ),
    );
  });

  it("fails beyond S3's limit", () => {
    const tooLong = () =>
      synthStack((scope) => {
        const assets = new Bucket(scope, "assets", { names, accountId, ...profiles.assets });
        for (let index = 0; index < 80; index++) {
          assets.addPolicyStatement({ ...oac, Sid: `Statement${String(index).padStart(2, "0")}` });
        }
      });
    const bytes = policyDocument([
      ...statementsOf(of(bucket(profiles.assets), "aws_s3_bucket_policy", "bucket")),
      ...Array.from({ length: 80 }, () => ({ ...oac, Sid: "Statement00" })),
    ]).length;

    expect(bytes).toBeGreaterThan(20_480);
    expect(tooLong).toThrow(
      `The policy of test/assets has ${bytes} bytes. Allowed: 20480, S3's limit for a bucket policy. Merge statements of the same shape, or name fewer principals.`,
    );
  });

  it("is written however the construct is reached", () => {
    const app = new App();
    const other = new TerraformStack(app, "other");

    expect(new Bucket(other, "b", { names, accountId, ...profiles.assets }).bucketArn).toBe(
      "arn:aws:s3:::telemedicina-dev-assets-111111111111-us-east-1",
    );
  });
});

function bucketArn(attributes: Readonly<Record<string, unknown>>): string {
  const [first] = [statement(attributes, "DenyPlainHttp").Resource].flat();
  return String(first);
}
