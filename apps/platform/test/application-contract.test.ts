import type { EnvironmentConfig } from "@telemedicina/config";
import { describe, expect, it } from "vitest";
import { environments, synthesize } from "./environments.js";

interface Secret {
  readonly secretArn: string;
  readonly jsonKey?: string;
}

interface Outputs {
  readonly application_variables: { readonly value: Readonly<Record<string, string>> };
  readonly application_secrets: { readonly value: Readonly<Record<string, Secret>> };
}

const [development] = environments;
if (development === undefined) throw new Error("no environment");
const { config } = development;

describe.each(environments)("$name: what Laravel is told", ({ config, stacks }) => {
  const { variables, secrets } = contractOf(stacks("data").document["output"] as unknown as Outputs);

  it("names the address, the buckets and the stores", () => {
    expect(variables).toMatchObject({
      APP_URL: `https://${config.domain}`,
      DB_CONNECTION: "pgsql",
      QUEUE_CONNECTION: "redis",
      REDIS_QUEUE: "default",
      SESSION_DRIVER: "redis",
      AWS_BUCKET: expect.stringContaining("-uploads-"),
      REDIS_HOST: expect.stringContaining("cache_queue_replication-group"),
      REDIS_CACHE_HOST: expect.stringContaining("cache_replication-group"),
    });
  });

  it("has secrets by ARN only", () => {
    expect(Object.keys(secrets).sort()).toEqual([
      "APP_KEY",
      "DB_PASSWORD",
      "DB_USERNAME",
      "REDIS_CACHE_PASSWORD",
      "REDIS_PASSWORD",
      "REDIS_URL",
      "REVERB_APP_ID",
      "REVERB_APP_KEY",
      "REVERB_APP_SECRET",
      "TURN_SECRET",
    ]);
    for (const [key, { secretArn }] of Object.entries(secrets))
      expect(secretArn, key).toMatch(/secretsmanager_secret.*arn\}$/);
    for (const key of Object.keys(secrets)) expect(variables).not.toHaveProperty(key);
  });
});

describe("what stands before the database", () => {
  it.each([
    ["none", /aws_db_instance/, "verify-full"],
    ["rdsProxy", /aws_db_proxy/, "verify-full"],
    ["pgbouncer", /^127\.0\.0\.1$/, "disable"],
  ] as const)("%s: is where the application connects, and migrations go past it", (kind, host, sslmode) => {
    const { variables } = contractWith(kind);
    expect(variables["DB_HOST"]).toMatch(host);
    expect(variables["DB_SSLMODE"]).toBe(sslmode);
    expect(variables["DB_MIGRATION_HOST"]).toMatch(/^\$\{aws_db_instance\./);
  });
});

function contractWith(kind: "none" | "rdsProxy" | "pgbouncer") {
  const pooling = {
    none: { kind: "none" },
    rdsProxy: {
      kind: "rdsProxy",
      maxConnectionsPercent: 80,
      maxIdleConnectionsPercent: 40,
      connectionBorrowTimeoutSeconds: 30,
      idleClientTimeoutSeconds: 1800,
    },
    pgbouncer: {
      kind: "pgbouncer",
      poolMode: "transaction",
      maxPreparedStatements: 0,
      defaultPoolSize: 20,
      maxClientConnections: 500,
    },
  }[kind] as EnvironmentConfig["database"]["pooling"];
  const stacks = synthesize({ ...config, database: { ...config.database, pooling } });
  return contractOf(stacks("data").document["output"] as unknown as Outputs);
}

function contractOf(outputs: Outputs) {
  return { variables: outputs.application_variables.value, secrets: outputs.application_secrets.value };
}
