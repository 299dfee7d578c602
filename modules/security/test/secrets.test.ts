import type { StackJson } from "@telemedicina/core/testing";
import { synthStack } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import {
  ApplicationSecrets,
  applicationSecretNames,
  GeneratedSecret,
  type GeneratedSecretProps,
} from "../src/index.js";
import { applicationProps, drawn, secret, secretProps, secrets } from "./support.js";

const everySecret: readonly (readonly [string, StackJson])[] = [
  ["the five of an environment", secrets()],
  ["with those that CloudFront sends", secrets({ originHeaders: true })],
  ["one of its own", secret()],
];

describe.each(everySecret)("secrets: %s", (_, json) => {
  const made = json.all("aws_secretsmanager_secret");
  const versions = json.all("aws_secretsmanager_secret_version");

  it("has one version for each secret", () => {
    expect(versions.map(({ attributes }) => attributes["secret_id"]).sort()).toEqual(
      made.map(({ address }) => `\${${address}.id}`).sort(),
    );
  });

  it("stores values by the write-only argument, from ephemeral references alone", () => {
    for (const { address, attributes } of versions) {
      expect(attributes, address).not.toHaveProperty("secret_string");
      expect(attributes, address).not.toHaveProperty("secret_binary");
      expect(attributes["secret_string_wo_version"], address).toBe(1);
      const value = String(attributes["secret_string_wo"]);
      expect(value, address).toMatch(/\$\{ephemeral\.aws_secretsmanager_random_password\.\S+\}/);
      // What is left when references and what is known to be public are gone.
      const rest = value
        .replace(/\$\{ephemeral\.aws_secretsmanager_random_password\.[\w-]+\.random_password\}/g, "")
        .replace(/"(?:username|password|app_id|app_key|app_secret)"|"telemedicina"/g, "");
      expect(rest.replace(/base64sha256|jsonencode|base64/g, ""), address).not.toMatch(/[A-Za-z0-9]/);
    }
  });

  it("draws values nowhere but in ephemeral blocks", () => {
    expect(json.addresses().filter((address) => /random|password/.test(address.split(".")[0] ?? ""))).toEqual(
      [],
    );
    expect(json.document["data"]).toBeUndefined();
    expect(json.document["output"]).toBeUndefined();
  });

  it("encrypts with the key given and keeps deleted ones 30 days", () => {
    for (const { address, attributes } of made) {
      expect(attributes["kms_key_id"], address).toBe(secretProps.kmsKeyArn);
      expect(attributes["recovery_window_in_days"], address).toBe(30);
    }
  });

  it("is tagged as sensitive and described", () => {
    for (const { address, attributes } of made) {
      expect(attributes["tags"], address).toEqual({
        Name: attributes["name"],
        DataClassification: "sensitive",
      });
      expect(attributes["description"], address).toMatch(/^\w+: /);
    }
  });

  it("has no policy, hence no principal, beyond IAM's own, and no replica", () => {
    expect(json.all("aws_secretsmanager_secret_policy")).toEqual([]);
    for (const { address, attributes } of made) {
      expect(attributes, address).not.toHaveProperty("policy");
      expect(attributes, address).not.toHaveProperty("replica");
    }
  });
});

describe("the five secrets", () => {
  const byName = (json: StackJson) =>
    new Map(json.all("aws_secretsmanager_secret").map((block) => [block.attributes["name"], block]));

  it("T-03: come with two header values for CloudFront where they are asked for", () => {
    expect(
      [...byName(secrets({ originHeaders: true })).keys()].filter((name) => /origin/.test(String(name))),
    ).toEqual([
      "telemedicina-dev-secret-origin-header-a-us-east-1",
      "telemedicina-dev-secret-origin-header-b-us-east-1",
    ]);
  });

  it("are those of APP_KEY, database, Redis, Reverb and TURN", () => {
    expect(applicationSecretNames).toEqual([
      "database",
      "redis",
      "appKey",
      "reverb",
      "turn",
      "originHeaderA",
      "originHeaderB",
    ]);
    expect([...byName(secrets()).keys()].sort()).toEqual([
      "telemedicina-dev-secret-app-key-us-east-1",
      "telemedicina-dev-secret-database-us-east-1",
      "telemedicina-dev-secret-redis-us-east-1",
      "telemedicina-dev-secret-reverb-us-east-1",
      "telemedicina-dev-secret-turn-us-east-1",
    ]);
  });

  it("draws every random part once, from letters and digits", () => {
    const plain = { exclude_punctuation: true };
    const lower = { exclude_punctuation: true, exclude_uppercase: true };
    expect(drawn(secrets())).toEqual({
      password: { password_length: 40, ...plain },
      token: { password_length: 64, ...plain },
      seed: { password_length: 64, ...plain },
      "app-id": { password_length: 12, ...lower },
      "app-key": { password_length: 32, ...lower },
      "app-secret": { password_length: 64, ...plain },
      "static-auth-secret": { password_length: 64, ...plain },
    });
  });

  it("cannot lose the application key: what it encrypted would be lost with it", () => {
    const guarded = secrets()
      .all("aws_secretsmanager_secret")
      .filter(({ attributes }) => attributes["lifecycle"] !== undefined);
    expect(guarded.map(({ attributes }) => [attributes["name"], attributes["lifecycle"]])).toEqual([
      ["telemedicina-dev-secret-app-key-us-east-1", { prevent_destroy: true }],
    ]);
  });

  it("counts up one version without touching the others", () => {
    const json = secrets({ versions: { turn: 4 } });
    const versions = json
      .all("aws_secretsmanager_secret_version")
      .map(({ attributes }) => attributes["secret_string_wo_version"]);
    expect(versions.sort()).toEqual([1, 1, 1, 1, 4]);
    const turn = byName(json).get("telemedicina-dev-secret-turn-us-east-1")?.address;
    const bumped = json
      .all("aws_secretsmanager_secret_version")
      .find(({ attributes }) => attributes["secret_string_wo_version"] === 4);
    expect(bumped?.attributes["secret_id"]).toBe(`\${${turn}.id}`);
  });

  it("hands recovery and replica on to every secret", () => {
    const replica = { region: "us-west-2", kmsKeyArn: "arn:aws:kms:us-west-2:111111111111:key/dr" };
    const json = secrets({ recovery: { window: "days", days: 7 }, replica });
    for (const { address, attributes } of json.all("aws_secretsmanager_secret")) {
      expect(attributes["recovery_window_in_days"], address).toBe(7);
      expect(attributes["replica"], address).toEqual([
        { region: replica.region, kms_key_id: replica.kmsKeyArn },
      ]);
    }
  });

  it("gives the ARNs, and nothing else", () => {
    let made: ApplicationSecrets | undefined;
    const json = synthStack((stack) => {
      made = new ApplicationSecrets(stack, "secrets", applicationProps);
      stack.addOverride("output", { arns: { value: made.arns } });
    });
    const found = byName(json);
    const arn = (purpose: string) =>
      `\${${found.get(`telemedicina-dev-secret-${purpose}-us-east-1`)?.address}.arn}`;
    expect(json.document["output"]).toEqual({
      arns: {
        value: {
          database: arn("database"),
          redis: arn("redis"),
          appKey: arn("app-key"),
          reverb: arn("reverb"),
          turn: arn("turn"),
        },
      },
    });
  });
});

describe("a secret", () => {
  const value = (shape: GeneratedSecretProps["shape"]) =>
    String(secret({ shape }).only("aws_secretsmanager_secret_version")["secret_string_wo"]).replace(
      /\$\{ephemeral\.aws_secretsmanager_random_password\.secret_([a-z-]+)_[0-9A-F]{8}\.random_password\}/g,
      "<$1>",
    );

  it.each([
    [
      { kind: "password", username: "clinic" },
      '${jsonencode({"username" = "clinic", "password" = "<password>"})}',
    ],
    [{ kind: "token" }, "<token>"],
    [{ kind: "laravelAppKey" }, 'base64:${base64sha256("<seed>")}'],
    [
      { kind: "reverb" },
      '${jsonencode({"app_id" = "<app-id>", "app_key" = "<app-key>", "app_secret" = "<app-secret>"})}',
    ],
    [{ kind: "turn" }, "<static-auth-secret>"],
  ] as const)("of shape %o", (shape, expected) => {
    expect(value(shape)).toBe(expected);
  });

  it("takes a version", () => {
    const json = secret({ version: 7 });
    expect(json.only("aws_secretsmanager_secret_version")["secret_string_wo_version"]).toBe(7);
  });

  it("is gone at once where the environment is made to be thrown away, and says why", () => {
    const recovery = { window: "none", reason: "Preview environment" } as const;
    const json = secret({ recovery, shape: { kind: "laravelAppKey" } });
    expect(json.only("aws_secretsmanager_secret")).toMatchObject({
      recovery_window_in_days: 0,
      tags: { Reason: "Preview environment" },
    });
    expect(json.only("aws_secretsmanager_secret")).not.toHaveProperty("lifecycle");
  });

  it("works several times in one stack", () => {
    const json = synthStack((stack) => {
      for (const purpose of ["mail", "sms"]) new GeneratedSecret(stack, purpose, { ...secretProps, purpose });
    });
    const values = json
      .all("aws_secretsmanager_secret_version")
      .map(({ attributes }) => attributes["secret_string_wo"]);
    expect(new Set(values).size).toBe(2);
  });
});

describe("guards", () => {
  const one = (path: string, fault: string) =>
    new Error(`test/${path} has 1 fault:\n  - test/${path}: ${fault}`);

  it("fails with every fault of a secret at once", () => {
    const props: Partial<GeneratedSecretProps> = {
      description: " ",
      shape: { kind: "password", username: "Admin" },
      version: 0,
      recovery: { window: "days", days: 3 },
      replica: { region: "us-east-1", kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/x" },
    };
    expect(() => secret(props)).toThrow(
      new Error(
        [
          "test/secret has 5 faults:",
          '  - test/secret: description is " ". Allowed: 1 to 2048 characters without ${ and %{. Say what the secret opens; never write a value here, everybody can read it.',
          '  - test/secret: shape.username is "Admin". Allowed: 1 to 63 lower-case letters, digits and _, starting with a letter, and not admin, rdsadmin or pg_…, which RDS for PostgreSQL keeps for itself. Choose another user name.',
          "  - test/secret: version is 0. Allowed: a whole number from 1 up. Every other number than the one before makes a new value; count up.",
          '  - test/secret: recovery.days is 3. Allowed: a whole number from 7 to 30. An environment that keeps nothing says { window: "none", reason: … }.',
          '  - test/secret: replica.region is "us-east-1", where the secret itself is. Allowed: another region. Name the one that the environment recovers in, or leave replica out.',
        ].join("\n"),
      ),
    );
  });

  it("fails with every fault of the five at once", () => {
    const props = {
      databaseUsername: 'x" = file("/etc/passwd',
      versions: { mail: 1, turn: 1.5 },
      recovery: { window: "none", reason: "" },
      replica: { region: "us-east-1", kmsKeyArn: "x" },
    } as unknown as Parameters<typeof secrets>[0];
    expect(() => secrets(props)).toThrow(
      new Error(
        [
          "test/secrets has 5 faults:",
          '  - test/secrets: databaseUsername is "x" = file("/etc/passwd". Allowed: 1 to 63 lower-case letters, digits and _, starting with a letter, and not admin, rdsadmin or pg_…, which RDS for PostgreSQL keeps for itself. Choose another user name.',
          '  - test/secrets: versions has "mail". Allowed: database, redis, appKey, reverb, turn, originHeaderA, originHeaderB. Take it away or correct the name.',
          "  - test/secrets: versions.turn is 1.5. Allowed: a whole number from 1 up. Every other number than the one before makes a new value; count up.",
          '  - test/secrets: recovery.reason is "". Allowed: 1 to 256 characters out of letters, digits, spaces and _ . : / = + - @ (it becomes a tag). Say why nobody will want the secret back.',
          '  - test/secrets: replica.region is "us-east-1", where the secret itself is. Allowed: another region. Name the one that the environment recovers in, or leave replica out.',
        ].join("\n"),
      ),
    );
  });

  it.each(["admin", "rdsadmin", "pg_user", "1clinic", "_clinic", "clínica", "a".repeat(64), ""])(
    'fails for the user "%s"',
    (username) => {
      expect(() => secret({ shape: { kind: "password", username } })).toThrow(
        one(
          "secret",
          `shape.username is "${username}". Allowed: 1 to 63 lower-case letters, digits and _, starting with a letter, ` +
            "and not admin, rdsadmin or pg_…, which RDS for PostgreSQL keeps for itself. Choose another user name.",
        ),
      );
    },
  );

  it.each([6, 31, 7.5])("fails for a recovery of %s days", (days) => {
    expect(() => secret({ recovery: { window: "days", days } })).toThrow(
      one(
        "secret",
        `recovery.days is ${days}. Allowed: a whole number from 7 to 30. ` +
          'An environment that keeps nothing says { window: "none", reason: … }.',
      ),
    );
  });

  it("fails for a reason that no tag can hold", () => {
    const reason = "because ${var.x}";
    expect(() => secret({ recovery: { window: "none", reason } })).toThrow(
      one(
        "secret",
        `recovery.reason is "${reason}". Allowed: 1 to 256 characters out of letters, digits, spaces and _ . : / = + - @ ` +
          "(it becomes a tag). Say why nobody will want the secret back.",
      ),
    );
  });

  it.each([7, 30])("takes a recovery of %s days", (days) => {
    expect(() => secret({ recovery: { window: "days", days } })).not.toThrow();
  });
});
