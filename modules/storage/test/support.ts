import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { NameScope, PolicyStatement } from "@telemedicina/core";
import { type Attributes, type Block, type StackJson, synthStack } from "@telemedicina/core/testing";
import type { TerraformStack } from "cdktf";
import { Bucket, type BucketPlace, type BucketProfile, Storage, type StorageProps } from "../src/index.js";

export const accountId = "111111111111";
export const names: NameScope = { project: "telemedicina", environment: "development", region: "us-east-1" };
export const production: NameScope = { ...names, environment: "production" };

export const keyArn = (name: string, region = "us-east-1") =>
  `arn:aws:kms:${region}:${accountId}:key/${name}`;
const roleArn = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;

const origin = "https://app.example.com";
export const reader = roleArn("records-reader");
export const writer = roleArn("app");

/** The least profile of every purpose. */
export const profiles = {
  assets: { purpose: "assets", corsOrigins: [origin] },
  uploads: { purpose: "uploads", kmsKeyArn: keyArn("uploads"), corsOrigins: [origin] },
  logs: {
    purpose: "logs",
    kmsKeyArn: keyArn("logs"),
    appointmentLogReaders: [reader],
    appointmentLogWriters: [writer],
  },
  backups: { purpose: "backups", kmsKeyArn: keyArn("backups") },
  deployments: { purpose: "deployments", kmsKeyArn: keyArn("deployments") },
  audit: { purpose: "audit", kmsKeyArn: keyArn("audit") },
  "access-logs": { purpose: "access-logs" },
} as const satisfies { readonly [Purpose in BucketProfile["purpose"]]: BucketProfile };

/** A stack with one bucket in it. */
export function bucket(profile: BucketProfile, place: Partial<BucketPlace> = {}): StackJson {
  return synthStack((stack) => {
    new Bucket(stack, "bucket", { names, accountId, ...place, ...profile });
  });
}

export function drProvider(stack: TerraformStack, region = "us-west-2"): AwsProvider {
  return new AwsProvider(stack, "aws-dr", { region, alias: "dr" });
}

export const storageProps: StorageProps = {
  names,
  accountId,
  kmsKeyArns: {
    uploads: keyArn("uploads"),
    logs: keyArn("logs"),
    backups: keyArn("backups"),
    deployments: keyArn("deployments"),
    audit: keyArn("audit"),
  },
  applicationOrigins: [origin],
  appointmentLogReaders: [reader],
  appointmentLogWriters: [writer],
};

export function storage(changes: Partial<StorageProps> = {}): StackJson {
  return synthStack((stack) => {
    new Storage(stack, "storage", { ...storageProps, ...changes });
  });
}

/** All buckets, replicated to us-west-2. */
export function replicatedStorage(changes: Partial<StorageProps> = {}): StackJson {
  return synthStack((stack) => {
    new Storage(stack, "storage", {
      ...storageProps,
      replication: {
        region: "us-west-2",
        provider: drProvider(stack),
        kmsKeyArns: { uploads: keyArn("uploads", "us-west-2"), logs: keyArn("logs", "us-west-2") },
      },
      ...changes,
    });
  });
}

/** What a block's bucket was called: `${aws_s3_bucket.storage_uploads-replica_bucket_1A2B3C4D.id}` → `uploads-replica`. */
export function bucketOf(block: Block): string {
  return place(String(block.attributes["bucket"]), /\$\{aws_s3_bucket\.(\S+)_[0-9A-F]{8}\.(?:id|bucket)\}/);
}

/** The same of the bucket itself. */
export function idOf(block: Block): string {
  return place(block.address, /^aws_s3_bucket\.(\S+)_[0-9A-F]{8}$/);
}

/** The only block of a type that belongs to a bucket. @throws unless there is one */
export function of(stack: StackJson, type: string, id: string): Attributes {
  const found = stack.all(type).filter((block) => bucketOf(block) === id);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} ${type} of ${id}`);
  return first.attributes;
}

export function statementsOf(attributes: Attributes, attribute = "policy"): readonly PolicyStatement[] {
  return (JSON.parse(String(attributes[attribute])) as { Statement: PolicyStatement[] }).Statement;
}

export function statement(attributes: Attributes, sid: string, attribute = "policy"): PolicyStatement {
  const found = statementsOf(attributes, attribute).find(({ Sid }) => Sid === sid);
  if (found === undefined) throw new Error(`No statement ${sid}`);
  return found;
}

/** `${aws_x.y_z_1A2B3C4D.id}` and `aws_x.y_z_1A2B3C4D` → `z`. */
export function constructId(reference: unknown): string {
  return place(String(reference), /^(?:\$\{)?aws_\w+\.\S+_([a-z0-9-]+)_[0-9A-F]{8}/);
}

/** The engine says `bucket` once where a bucket's construct is called that too. */
function place(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`Not of a bucket of ours: ${text}`);
  return (
    found
      .replace(/_bucket$/, "")
      .split("_")
      .at(-1) ?? found
  );
}
