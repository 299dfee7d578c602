import type { EnvironmentConfig } from "@telemedicina/config";
import { synth } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import type { ApplicationContract } from "../src/application-contract.js";
import { CONTRACT_LIMIT_BYTES } from "../src/contract-parameter.js";
import { DataStack } from "../src/stacks/data.js";
import { NetworkStack } from "../src/stacks/network.js";
import { SecurityStack } from "../src/stacks/security.js";
import { EnvironmentJson } from "./environment-json.js";
import { environment, environments } from "./environments.js";

type Pooling = EnvironmentConfig["database"]["pooling"];

interface Outputs {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<
    Record<string, { readonly secretArn: string; readonly jsonKey?: string; readonly before: string }>
  >;
  readonly pgbouncer: Readonly<
    Record<string, { readonly host: string; readonly port: number; readonly databaseName: string }>
  >;
}

/** Keys of `.env` that the application reads, in every environment. */
const variableKeys = [
  ...["APP_DEBUG", "APP_ENV", "APP_URL"],
  ...["AWS_ASSETS_BUCKET", "AWS_BUCKET", "AWS_DEFAULT_REGION", "AWS_LOGS_BUCKET"],
  "BROADCAST_CONNECTION",
  ...["CACHE_PREFIX", "CACHE_STORE"],
  "CONTENT_SECURITY_POLICY",
  ...["DB_CONNECTION", "DB_DATABASE", "DB_HOST", "DB_MIGRATION_HOST", "DB_MIGRATION_PORT"],
  ...[
    "DB_MIGRATION_SSLMODE",
    "DB_PORT",
    "DB_READ_DATABASES",
    "DB_READ_HOSTS",
    "DB_SSLMODE",
    "DB_SSLROOTCERT",
  ],
  "FILESYSTEM_DISK",
  ...["LOG_CHANNEL", "LOG_LEVEL"],
  "QUEUE_CONNECTION",
  ...["REDIS_CACHE_CONNECTION", "REDIS_CACHE_DB", "REDIS_CACHE_HOST", "REDIS_CACHE_LOCK_CONNECTION"],
  ...["REDIS_CACHE_PORT", "REDIS_CLIENT", "REDIS_DB", "REDIS_HOST", "REDIS_PORT", "REDIS_PREFIX"],
  ...["REDIS_QUEUE", "REDIS_QUEUE_CONNECTION", "REDIS_SCHEME"],
  ...["REVERB_ALLOWED_ORIGINS", "REVERB_APP_MAX_CONNECTIONS"],
  ...["REVERB_HOST", "REVERB_PORT", "REVERB_SCALING_CHANNEL", "REVERB_SCALING_ENABLED", "REVERB_SCHEME"],
  ...["REVERB_SERVER_HOST", "REVERB_SERVER_PORT"],
  ...["SESSION_CONNECTION", "SESSION_DRIVER"],
  ...["STUN_URLS", "TURN_CREDENTIAL_TTL_SECONDS", "TURN_URLS"],
  ...["VITE_REVERB_HOST", "VITE_REVERB_PORT", "VITE_REVERB_SCHEME"],
];

/** Each secret line, the secret that it is from, and the key of its JSON. */
const secretLines: Readonly<Record<string, readonly [string, string?]>> = {
  APP_KEY: ["app-key"],
  DB_PASSWORD: ["database", "password"],
  DB_USERNAME: ["database", "username"],
  REDIS_CACHE_PASSWORD: ["redis"],
  REDIS_PASSWORD: ["redis"],
  REDIS_URL: ["redis"],
  REVERB_APP_ID: ["reverb", "app_id"],
  REVERB_APP_KEY: ["reverb", "app_key"],
  REVERB_APP_SECRET: ["reverb", "app_secret"],
  TURN_SECRET: ["turn"],
  VITE_REVERB_APP_KEY: ["reverb", "app_key"],
};

const writer = "${aws_db_instance.database_instance.address}";
const proxy = "${aws_db_proxy.database_proxy.endpoint}";
const replica = (letter: string): string => `\${aws_db_instance.database_replica-${letter}_instance.address}`;

describe.each(environments)("the contract of $name", ({ config, json }) => {
  const { variables, secrets } = outputsOf(json);

  it("has every key that the application reads, none of them twice", () => {
    expect(Object.keys(variables).sort()).toEqual([...variableKeys].sort());
    expect(Object.keys(secrets).sort()).toEqual(Object.keys(secretLines).sort());
    expect(Object.keys(secrets).filter((key) => key in variables)).toEqual([]);
  });

  it("SEC-08: has secrets by the ARN of the right one, and as nothing else", () => {
    for (const [line, [secret, jsonKey]] of Object.entries(secretLines)) {
      const { secretArn, before: _before, ...rest } = secrets[line] ?? { secretArn: "", before: "" };
      expect(secretArn, line).toBe(`\${aws_secretsmanager_secret.secrets_${secret}_secret.arn}`);
      expect(rest.jsonKey, line).toBe(jsonKey);
    }
    expect(JSON.stringify([variables, secrets])).not.toMatch(
      /ephemeral\.|secret_string|random_password|auth_token/,
    );
  });

  it("fits Parameter Store with room for what references become", () => {
    const [parameter] = json.all("aws_ssm_parameter");
    expect(parameter?.attributes["tier"]).toBe("Advanced");
    // No address, endpoint or ARN of AWS is longer than 200 characters.
    const text = String(parameter?.attributes["insecure_value"]).replace(/\$\{[^}]+\}/g, "x".repeat(200));
    expect(text.length).toBeLessThan(CONTRACT_LIMIT_BYTES);
  });

  it("IAM-06: has no key of AWS: hosts have a role", () => {
    expect(Object.keys({ ...variables, ...secrets }).filter((key) => /^AWS_.*(KEY|TOKEN)/.test(key))).toEqual(
      [],
    );
  });

  it("leads to the environment's own names", () => {
    expect(variables).toMatchObject({
      APP_ENV: config.name,
      APP_DEBUG: "false",
      APP_URL: `https://${config.domain}`,
      AWS_DEFAULT_REGION: config.region,
    });
    for (const [line, purpose] of [
      ["AWS_BUCKET", "uploads"],
      ["AWS_ASSETS_BUCKET", "assets"],
      ["AWS_LOGS_BUCKET", "logs"],
    ] as const) {
      const bucket = json
        .all("aws_s3_bucket")
        .find(({ address }) => address.includes(`storage_${purpose}_bucket`));
      expect(variables[line]).toBe(bucket?.attributes["bucket"]);
    }
  });

  it("leads the application to Reverb on its own host, and browsers to the domain", () => {
    expect(variables).toMatchObject({
      BROADCAST_CONNECTION: "reverb",
      REVERB_HOST: "127.0.0.1",
      REVERB_PORT: "8081",
      REVERB_SCHEME: "http",
      REVERB_SERVER_HOST: "127.0.0.1",
      REVERB_SERVER_PORT: "8081",
      REVERB_ALLOWED_ORIGINS: config.domain,
      REVERB_APP_MAX_CONNECTIONS: String(config.compute.reverbMaxConnections),
      VITE_REVERB_HOST: config.domain,
      VITE_REVERB_PORT: "443",
      VITE_REVERB_SCHEME: "https",
    });
  });

  it("T-15, T-19: leads browsers to every relay, by names that no CloudFront answers for, over UDP, TCP and TLS", () => {
    const relays = config.turn.zones.map((zone) => `turn-${zone}.${config.domain}`);
    expect(String(variables["STUN_URLS"]).split(",")).toEqual(relays.map((name) => `stun:${name}:3478`));
    expect(String(variables["TURN_URLS"]).split(",")).toEqual(
      relays.flatMap((name) => [
        `turn:${name}:3478?transport=udp`,
        `turn:${name}:3478?transport=tcp`,
        `turns:${name}:5349?transport=tcp`,
      ]),
    );
    expect(variables["TURN_CREDENTIAL_TTL_SECONDS"]).toBe(String(config.turn.credentialTtlMinutes * 60));
  });

  it("reads from each store the address that it has in its mode", () => {
    expect(variables).toMatchObject({
      REDIS_HOST:
        "${aws_elasticache_replication_group.cache_queue_replication-group.primary_endpoint_address}",
      REDIS_CACHE_HOST:
        "${aws_elasticache_replication_group.cache_replication-group.configuration_endpoint_address}",
      REDIS_PORT: "6379",
      REDIS_CACHE_PORT: "6379",
      REDIS_SCHEME: "tls",
      REDIS_DB: "0",
      REDIS_CACHE_DB: "0",
    });
    expect(secrets["REDIS_URL"]).toMatchObject({
      before: "tls://:",
      after:
        "@${aws_elasticache_replication_group.cache_queue_replication-group.primary_endpoint_address}:6379",
      encoding: "url",
    });
  });

  it("keeps apart what has a cluster's one database in common, and queues, locks and Reverb out of it", () => {
    expect(variables["REDIS_PREFIX"]).not.toBe(variables["CACHE_PREFIX"]);
    expect(variables).toMatchObject({
      REDIS_CACHE_CONNECTION: "cache",
      SESSION_CONNECTION: "cache",
      REDIS_QUEUE_CONNECTION: "default",
      REDIS_CACHE_LOCK_CONNECTION: "default",
      REDIS_QUEUE: "default",
    });
    const { contract } = build(config);
    expect(contract.queueName).toBe("default");
    expect(contract.rules.find(({ id }) => id === "cache-connection")?.rule).toBe(
      "'redis' => ['clusters' => ['cache' => [['scheme' => env('REDIS_SCHEME'), 'host' => env('REDIS_CACHE_HOST'), " +
        "'port' => env('REDIS_CACHE_PORT')], 'options' => ['password' => env('REDIS_CACHE_PASSWORD'), 'context' => []]]]], " +
        "and no 'redis' => ['cache' => …]",
    );
    expect(contract.rules.find(({ id }) => id === "default-connection")?.rule).toMatch(
      /^'redis' => \['default' => \['scheme' => env\('REDIS_SCHEME'\)/,
    );
  });

  it("takes migrations past every pooler, over verified TLS", () => {
    expect(variables).toMatchObject({
      DB_MIGRATION_HOST: writer,
      DB_MIGRATION_PORT: "5432",
      DB_MIGRATION_SSLMODE: "verify-full",
      DB_SSLROOTCERT: "/etc/pki/rds/global-bundle.pem",
    });
  });
});

describe("the database's lines", () => {
  const { config } = environment("production");

  it("DB-09: without a pooler, writes go to the writer and reads to the replicas", () => {
    const { outputs, ids } = build(pooledBy(config, { kind: "none" }));
    expect(outputs.variables).toMatchObject({
      DB_HOST: writer,
      DB_PORT: "5432",
      DB_READ_HOSTS: `${replica("a")},${replica("b")}`,
      DB_DATABASE: "telemedicina",
      DB_READ_DATABASES: "telemedicina",
      DB_SSLMODE: "verify-full",
    });
    expect(outputs.pgbouncer).toEqual({});
    expect(ids).toEqual(["read-write-hosts", "verified-tls", "migration-connection", "database-authorities"]);
  });

  it("with RDS Proxy, writes go to the proxy and reads to the replicas, which it does not serve", () => {
    const { outputs, ids, contract } = build(pooledBy(config, rdsProxy));
    expect(outputs.variables).toMatchObject({
      DB_HOST: proxy,
      DB_PORT: "5432",
      DB_READ_HOSTS: `${replica("a")},${replica("b")}`,
      DB_READ_DATABASES: "telemedicina",
      DB_SSLMODE: "verify-full",
      DB_MIGRATION_HOST: writer,
    });
    expect(outputs.pgbouncer).toEqual({});
    expect(ids).toEqual([
      "read-write-hosts",
      "verified-tls",
      "migration-connection",
      "database-authorities",
      "emulate-prepares",
    ]);
    expect(contract.rules.find(({ id }) => id === "database-authorities")?.rule).toBe(
      "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem and the system's own authorities after it",
    );
  });

  it("with RDS Proxy and no replica, reads go to the proxy too", () => {
    const { outputs } = build(
      pooledBy({ ...config, database: { ...config.database, readReplicas: 0 } }, rdsProxy),
    );
    expect(outputs.variables["DB_READ_HOSTS"]).toBe(proxy);
  });

  it("DB-07, DB-09: with PgBouncer, both go to it on the loopback; it tells them apart by name and speaks verified TLS on", () => {
    const { outputs, ids, contract } = build(config);
    expect(config.database.pooling.kind).toBe("pgbouncer");
    expect(outputs.variables).toMatchObject({
      DB_HOST: "127.0.0.1",
      DB_PORT: "6432",
      DB_READ_HOSTS: "127.0.0.1",
      DB_DATABASE: "telemedicina",
      DB_READ_DATABASES: "telemedicina_read_a,telemedicina_read_b",
      DB_SSLMODE: "disable",
      DB_MIGRATION_HOST: writer,
    });
    expect(outputs.pgbouncer).toEqual({
      telemedicina: { host: writer, port: 5432, databaseName: "telemedicina" },
      telemedicina_read_a: { host: replica("a"), port: 5432, databaseName: "telemedicina" },
      telemedicina_read_b: { host: replica("b"), port: 5432, databaseName: "telemedicina" },
    });
    expect(ids).toEqual([
      "read-write-hosts",
      "verified-tls",
      "migration-connection",
      "database-authorities",
      "pgbouncer-tls",
      "emulate-prepares",
    ]);
    expect(contract.rules.find(({ id }) => id === "pgbouncer-tls")?.rule).toBe(
      "server_tls_sslmode = verify-full, server_tls_ca_file = /etc/pki/rds/global-bundle.pem, listen_addr = 127.0.0.1",
    );
  });

  it("with PgBouncer and no replica, there is one name", () => {
    const { outputs } = build({ ...config, database: { ...config.database, readReplicas: 0 } });
    expect(outputs.variables["DB_READ_DATABASES"]).toBe("telemedicina");
    expect(Object.keys(outputs.pgbouncer)).toEqual(["telemedicina"]);
  });

  it.each([
    ["session", 0, false],
    ["transaction", 200, false],
    ["transaction", 0, true],
  ] as const)(
    "with PgBouncer in %s mode and %d prepared statements, PDO emulates them: %s",
    (poolMode, maxPreparedStatements, emulates) => {
      const { pooling } = config.database;
      if (pooling.kind !== "pgbouncer") throw new Error("production has no PgBouncer");
      const { ids } = build(pooledBy(config, { ...pooling, poolMode, maxPreparedStatements }));
      expect(ids.includes("emulate-prepares")).toBe(emulates);
    },
  );

  it("with a password that RDS manages, user and password come from RDS's secret", () => {
    const { outputs } = build({
      ...config,
      database: { ...config.database, credentials: "managed", readReplicas: 0 },
    });
    for (const [line, jsonKey] of [
      ["DB_USERNAME", "username"],
      ["DB_PASSWORD", "password"],
    ] as const) {
      expect(outputs.secrets[line]).toMatchObject({
        secretArn: "${aws_db_instance.database_instance.master_user_secret[0].secret_arn}",
        jsonKey,
      });
    }
  });
});

const rdsProxy: Pooling = {
  kind: "rdsProxy",
  maxConnectionsPercent: 80,
  maxIdleConnectionsPercent: 40,
  connectionBorrowTimeoutSeconds: 30,
  idleClientTimeoutSeconds: 1800,
};

function pooledBy(config: EnvironmentConfig, pooling: Pooling): EnvironmentConfig {
  return { ...config, database: { ...config.database, pooling } };
}

/** An environment's contract as the compute stack will get it, and as its outputs say it. */
function build(config: EnvironmentConfig): {
  readonly contract: ApplicationContract;
  readonly outputs: Outputs;
  /** Of the rules about the database. */
  readonly ids: readonly string[];
} {
  let contract: ApplicationContract | undefined;
  const stacks = synth((app) => {
    const network = new NetworkStack(app, config);
    const security = new SecurityStack(app, config);
    contract = new DataStack(app, config, { network, security }).contract;
  });
  if (contract === undefined) throw new Error("no contract");
  const redis = contract.rules.findIndex(({ id }) => id === "default-connection");
  return {
    contract,
    outputs: outputsOf(new EnvironmentJson([...stacks.values()])),
    ids: contract.rules.slice(0, redis).map(({ id }) => id),
  };
}

/** What hosts read of the contract, addresses without the engine's hashes. */
function outputsOf(json: EnvironmentJson): Outputs {
  const [parameter] = json.all("aws_ssm_parameter");
  const { insecure_value: value, ...rest } = parameter?.attributes ?? {};
  expect(rest["type"]).toBe("String");
  const contract = JSON.parse(String(value).replace(/_[0-9A-F]{8}\b/g, "")) as Readonly<
    Record<string, unknown>
  >;
  expect(Object.keys(contract)).toEqual(["variables", "secretVariables", "pgbouncerDatabases", "queueName"]);
  return {
    variables: contract["variables"] as Outputs["variables"],
    secrets: contract["secretVariables"] as Outputs["secrets"],
    pgbouncer: contract["pgbouncerDatabases"] as Outputs["pgbouncer"],
  };
}
