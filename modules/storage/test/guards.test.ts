import { synthStack } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { Bucket, type BucketPlace, type BucketProfile, type LifecycleRule, Storage } from "../src/index.js";
import {
  accountId,
  bucket,
  drProvider,
  keyArn,
  names,
  production,
  profiles,
  reader,
  storageProps,
} from "./support.js";

/** Props as a careless caller may pass them, past the compiler. */
function careless(base: BucketProfile, changes: Record<string, unknown>): BucketProfile {
  return { ...base, ...changes } as BucketProfile;
}

function faults(...lines: string[]): Error {
  const count = lines.length === 1 ? "1 fault" : `${lines.length} faults`;
  return new Error(
    `test/bucket has ${count}:\n${lines.map((line) => `  - test/bucket: ${line}`).join("\n")}`,
  );
}

const withRules = (...lifecycleRules: LifecycleRule[]) => bucket(profiles["access-logs"], { lifecycleRules });

describe("guards", () => {
  it("fails with every fault at once", () => {
    const profile = careless(profiles.logs, {
      accountId: "1234",
      kmsKeyArn: "alias/logs",
      appointmentLogReaders: ["*"],
      retention: { applicationLogDays: 90, infrastructureLogDays: 7, clinicalRetentionYears: 5 },
    });

    expect(() => bucket(profile, { names: production, deletionProtection: false })).toThrow(
      faults(
        'accountId is "1234". Allowed: the 12 digits of the account, known at synth time: they are part of the bucket\'s name.',
        'kmsKeyArn is "alias/logs". Allowed for logs: the ARN of a KMS key (arn:aws:kms:…:key/…), not an alias. Only assets and access-logs are encrypted with S3\'s own keys.',
        "retention.infrastructureLogDays is 7. Allowed: a whole number of days, at least 30.",
        "retention.applicationLogDays is 90. Allowed in production: at least 2557, the seven years of the retention table. Shorter periods are for development and staging.",
        "retention.clinicalRetentionYears is 5. Allowed: a whole number of years, at least 7. 7 is the strategy's floor, 20 what Lei 13.787/2018 art. 6 asks for: shorter would destroy medical records before their time.",
        'appointmentLogReaders has "*". Allowed: ARNs of roles, such as arn:aws:iam::111111111111:role/app, without wildcards. Sessions of a role count as the role; users, whole accounts and patterns are not named here.',
        "deletionProtection is false in production. Allowed in production: true. Turn it off only where the data may be lost.",
      ),
    );
  });

  it("fails for a purpose that it does not know", () => {
    expect(() => bucket(careless(profiles.assets, { purpose: "files" }))).toThrow(
      faults('purpose is "files". Allowed: assets, uploads, logs, backups, deployments, audit, access-logs.'),
    );
  });

  it("fails without the key of the bucket's data", () => {
    expect(() => bucket(careless(profiles.backups, { kmsKeyArn: undefined }))).toThrow(
      faults(
        "kmsKeyArn is undefined. Allowed for backups: the ARN of a KMS key (arn:aws:kms:…:key/…), not an alias. Only assets and access-logs are encrypted with S3's own keys.",
      ),
    );
  });

  it("fails for origins that are none, or too many", () => {
    const corsOrigins = ["https://*.example.com", "https://app.example.com/", "http://localhost:8000"];

    expect(() => bucket({ ...profiles.uploads, corsOrigins }, { names: production })).toThrow(
      faults(
        ...corsOrigins.map(
          (found) =>
            `corsOrigins has "${found}". Allowed: https:// with a host name and an optional port, no path and no wildcard. Name each origin that serves the application.`,
        ),
      ),
    );
    expect(() => bucket({ ...profiles.uploads, corsOrigins: ["*"] })).toThrow(
      faults(
        'corsOrigins has "*". Allowed: https:// with a host name and an optional port, no path and no wildcard or http://localhost with an optional port. Name each origin that serves the application.',
      ),
    );
    expect(() => bucket({ ...profiles.assets, corsOrigins: [] })).toThrow(
      faults(
        "corsOrigins is []. Allowed for assets: at least one origin, such as https://app.example.com. A browser that gets no permission for its origin refuses what the bucket answers.",
      ),
    );
  });

  it("takes pages from this machine in development", () => {
    const corsOrigins = ["http://localhost:5173", "https://app.example.com:8443"];

    expect(() => bucket({ ...profiles.assets, corsOrigins })).not.toThrow();
  });

  it("fails for a role named twice", () => {
    expect(() => bucket({ ...profiles.logs, appointmentLogWriters: [reader, reader] })).toThrow(
      faults(`appointmentLogWriters has "${reader}" twice. Allowed: each once. Remove one.`),
    );
  });

  it("fails for dumps that live no whole day", () => {
    expect(() => bucket({ ...profiles.backups, dailyRetentionDays: 0.5 })).toThrow(
      faults("dailyRetentionDays is 0.5. Allowed: a whole number of days, at least 1."),
    );
  });

  it("STO-16: fails for compliance without the acknowledgement, and for a lock of no length", () => {
    const objectLock = { mode: "compliance", retentionYears: 0 };

    expect(() => bucket(careless(profiles.audit, { objectLock }))).toThrow(
      faults(
        "objectLock.retentionYears is 0. Allowed: a whole number of years from 1 to 100.",
        "objectLock.mode is compliance without iUnderstandThisCannotBeUndone: true. In compliance mode nobody, the root user and AWS included, can delete a version or shorten its retention; the account can only be closed. Add the acknowledgement, or use governance.",
      ),
    );
    expect(() => bucket(careless(profiles.audit, { objectLock: { mode: "none" } }))).toThrow(
      faults('objectLock.mode is "none". Allowed: governance, compliance.'),
    );
  });

  it("fails for access logs that S3 would not deliver", () => {
    const to = (target: BucketProfile, place: Partial<BucketPlace>, source: BucketProfile) => () =>
      synthStack((scope) => {
        const accessLogs = new Bucket(scope, "target", { names, accountId, ...place, ...target });
        new Bucket(scope, "bucket", { names, accountId, accessLogs, ...source });
      });
    const elsewhere = { names: { ...names, region: "us-west-2" } };

    expect(to(profiles.logs, elsewhere, profiles.uploads)).toThrow(
      faults(
        "accessLogs is a bucket for logs. Allowed: a bucket for access-logs. S3 delivers access logs only to buckets encrypted with S3's own keys and without Object Lock.",
        "accessLogs is a bucket in us-west-2. Allowed: one in us-east-1. S3 delivers access logs only within a region.",
      ),
    );
    expect(to(profiles["access-logs"], {}, profiles["access-logs"])).toThrow(
      faults(
        "accessLogs is set on a bucket for access-logs. Allowed: nothing. Logs about the delivery of logs never end.",
      ),
    );
  });

  it("fails for a provider of another region than the name's", () => {
    const misplaced = () =>
      synthStack((scope) => {
        const provider = drProvider(scope, "eu-west-1");
        new Bucket(scope, "bucket", { names, accountId, provider, ...profiles.assets });
      });

    expect(misplaced).toThrow(
      faults(
        "provider is set up for eu-west-1, names.region is us-east-1. Allowed: a provider of us-east-1. The name would say one region and the bucket be in another.",
      ),
    );
  });

  it("fails for replicas beside the originals", () => {
    const beside = () =>
      synthStack((scope) => {
        new Storage(scope, "storage", {
          ...storageProps,
          replication: {
            region: "us-east-1",
            provider: drProvider(scope, "us-east-1"),
            kmsKeyArns: { uploads: keyArn("u"), logs: keyArn("l") },
          },
        });
      });

    expect(beside).toThrow(
      new Error(
        "test/storage/uploads-replication has 1 fault:\n" +
          "  - test/storage/uploads-replication: source and destination are both in us-east-1. Allowed: a destination in another region. A copy beside the original is lost with it.",
      ),
    );
  });
});

describe("guards of lifecycle rules", () => {
  it("fails for what S3 refuses", () => {
    const rules: readonly LifecycleRule[] = [
      { id: "a", prefix: "a", expireAfterDays: 1 },
      { id: "clean-up", prefix: "b/" },
      {
        id: "c",
        prefix: "c/",
        transitions: [
          { afterDays: 10, storageClass: "GLACIER" },
          { afterDays: 20, storageClass: "STANDARD_IA" },
        ],
        expireAfterDays: 20,
      },
      { id: "d", prefix: "/d/", expireAfterDays: 0, noncurrent: { expireAfterDays: 1.5, keepNewest: 0 } },
    ];

    expect(() => withRules(...rules)).toThrow(
      faults(
        'lifecycle rule "clean-up" is there twice. Allowed: each id once in a bucket. Rename one.',
        'lifecycle rule "a" has the prefix "a". Allowed: the whole bucket (""), or a prefix that ends and does not start with a slash, such as app/. S3 compares characters, not folders: the prefix app would also hit appointment-logs/.',
        'lifecycle rule "clean-up" does nothing. Allowed: at least one action. Remove the rule, or give it one.',
        'lifecycle rule "c" moves to STANDARD_IA after 20 days. Allowed: 30 or more. S3 refuses an earlier move to it.',
        'lifecycle rule "c" moves from GLACIER to STANDARD_IA. Allowed: only to a class further down the line, on a later day (STANDARD, STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE).',
        'lifecycle rule "c" expires after 20 days and moves to STANDARD_IA after 20. Allowed: an expiry later than the last move. Raise it, or drop the move.',
        'lifecycle rule "d" has the prefix "/d/". Allowed: the whole bucket (""), or a prefix that ends and does not start with a slash, such as app/. S3 compares characters, not folders: the prefix app would also hit appointment-logs/.',
        'lifecycle rule "d" has expireAfterDays 0. Allowed: a whole number of days, at least 1.',
        'lifecycle rule "d" has noncurrent.expireAfterDays 1.5. Allowed: a whole number of days, at least 1.',
        'lifecycle rule "d" keeps the 0 newest old versions. Allowed: 1 to 100.',
      ),
    );
  });

  it("fails for a move to a class further down on no later day", () => {
    const transitions = [
      { afterDays: 90, storageClass: "GLACIER" },
      { afterDays: 90, storageClass: "DEEP_ARCHIVE" },
    ] as const;

    expect(() => withRules({ id: "x", prefix: "x/", transitions })).toThrow(
      faults(
        'lifecycle rule "x" moves from GLACIER to DEEP_ARCHIVE. Allowed: only to a class further down the line, on a later day (STANDARD, STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE).',
      ),
    );
  });

  it("fails for a rule that would reach what must be kept, from above and from below", () => {
    const lifecycleRules: readonly LifecycleRule[] = [
      { id: "everything", prefix: "", expireAfterDays: 90, noncurrent: { expireAfterDays: 90 } },
      { id: "old", prefix: "appointment-logs/2024/", expireAfterDays: 9000 },
    ];
    const records = "what is under appointment-logs/ is kept for ever.";
    const way =
      "Allowed: a rule that does not reach it, or that keeps it as long. Give the rule a prefix of its own.";

    expect(() => bucket(profiles.logs, { lifecycleRules })).toThrow(
      faults(
        `lifecycle rule "everything" expires objects after 90 days, but ${records} ${way}`,
        `lifecycle rule "everything" destroys old versions after 90 days, but ${records} ${way}`,
        `lifecycle rule "everything" expires objects after 90 days, but what is under app/ is kept 2557 days. ${way}`,
        `lifecycle rule "everything" destroys old versions after 90 days, but what is under app/ is kept 365 days. ${way}`,
        `lifecycle rule "old" expires objects after 9000 days, but ${records} ${way}`,
      ),
    );
  });

  it("fails for a rule that would expire uploads or the audit trail", () => {
    const lifecycleRules = [{ id: "tmp", prefix: "tmp/", expireAfterDays: 1 }];
    const message =
      'lifecycle rule "tmp" expires objects after 1 days, but everything in the bucket is kept for ever. ' +
      "Allowed: a rule that does not reach it, or that keeps it as long. Give the rule a prefix of its own.";

    for (const profile of [profiles.uploads, profiles.audit]) {
      expect(() => bucket(profile, { lifecycleRules })).toThrow(faults(message));
    }
  });
});
