import type { LaravelCache, LaravelRule, SecretVariable } from "@telemedicina/cache";
import type { EnvironmentConfig } from "@telemedicina/config";
import { ports } from "@telemedicina/core";
import type { Database, DatabaseEndpoint } from "@telemedicina/database";
import type { ApplicationSecretArns } from "@telemedicina/security";
import type { Storage } from "@telemedicina/storage";
import {
  DATABASE_AUTHORITIES,
  databaseRules,
  PGBOUNCER,
  type PgBouncerDatabase,
  pgbouncerDatabases,
  readDatabaseNames,
} from "./database-contract.js";
import { pageCspTemplate } from "./page-hosts.js";
import { turnVariables } from "./turn-contract.js";
import { webRules } from "./web-rules.js";

/** A line of `.env` with a secret in it: `before`, the secret or one key of its JSON, `after`. */
interface ContractSecret extends SecretVariable {
  /** @default - the whole secret */
  readonly jsonKey?: string;
}

/**
 * What Laravel has to be told about the environment. Hosts put it together when they are deployed to, with
 * secrets that they read themselves: here they are ARNs.
 */
export interface ApplicationContract {
  /** Lines of `.env`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secretVariables: Readonly<Record<string, ContractSecret>>;
  /** What each host's PgBouncer serves, by the name that clients ask for. Empty without PgBouncer. */
  readonly pgbouncerDatabases: Readonly<Record<string, PgBouncerDatabase>>;
  /** Name for `queue:work --queue=…`. */
  readonly queueName: string;
  /** What the application's own configuration files must say. */
  readonly rules: readonly LaravelRule[];
}

export interface ApplicationContractProps {
  readonly config: EnvironmentConfig;
  readonly storage: Storage;
  readonly database: Database;
  readonly cache: LaravelCache;
  readonly secretArns: ApplicationSecretArns;
}

export function applicationContract(props: ApplicationContractProps): ApplicationContract {
  const { laravel } = props.cache;
  return {
    variables: {
      ...applicationVariables(props),
      ...reverbVariables(props),
      ...databaseVariables(props.database),
      ...storageVariables(props),
      CONTENT_SECURITY_POLICY: pageCspTemplate(props.config, props.storage.bucketNames.uploads),
      ...turnVariables(props.config),
      ...laravel.variables,
    },
    secretVariables: { ...secretVariables(props), ...laravel.secretVariables },
    pgbouncerDatabases: pgbouncerDatabases(props.database),
    queueName: laravel.queueName,
    rules: [...databaseRules(props.database), ...laravel.rules, ...webRules],
  };
}

function applicationVariables({ config }: ApplicationContractProps): Record<string, string> {
  return {
    APP_ENV: config.name,
    APP_DEBUG: "false",
    APP_URL: `https://${config.domain}`,
    // The file that hosts ship to CloudWatch. Debug messages quote what patients entered.
    LOG_CHANNEL: "single",
    LOG_LEVEL: "info",
  };
}

/** `REVERB_*`: nginx and PHP on the same host. `VITE_REVERB_*`: browsers, through the domain; read when assets are built. */
function reverbVariables({ config }: ApplicationContractProps): Record<string, string> {
  return {
    BROADCAST_CONNECTION: "reverb",
    REVERB_HOST: "127.0.0.1",
    REVERB_PORT: String(ports.reverb),
    REVERB_SCHEME: "http",
    REVERB_SERVER_HOST: "127.0.0.1",
    REVERB_SERVER_PORT: String(ports.reverb),
    REVERB_ALLOWED_ORIGINS: config.domain,
    REVERB_APP_MAX_CONNECTIONS: String(config.compute.reverbMaxConnections),
    VITE_REVERB_HOST: config.domain,
    VITE_REVERB_PORT: String(ports.https),
    VITE_REVERB_SCHEME: "https",
  };
}

/** Migrations take advisory locks and `SET` things: they use the `DB_MIGRATION_*` lines, past any pooler. */
function databaseVariables(database: Database): Record<string, string> {
  const { pooling, writer, readers, databaseName } = database;
  const host = hostOf(pooling, writer);
  // RDS Proxy stands before the writer only; PgBouncer before replicas too, under a name of their own.
  const readHosts = pooling.kind === "pgbouncer" ? [] : Object.values(readers);
  return {
    DB_CONNECTION: "pgsql",
    DB_HOST: host.address,
    DB_PORT: String(host.port),
    DB_DATABASE: databaseName,
    DB_READ_HOSTS: (readHosts.length === 0 ? [host] : readHosts).map(({ address }) => address).join(","),
    DB_READ_DATABASES: readDatabaseNames(database).join(","),
    DB_MIGRATION_HOST: writer.address,
    DB_MIGRATION_PORT: String(writer.port),
    // Nothing but the loopback goes without TLS: PgBouncer speaks it to the database.
    DB_SSLMODE: pooling.kind === "pgbouncer" ? "disable" : "verify-full",
    DB_MIGRATION_SSLMODE: "verify-full",
    DB_SSLROOTCERT: DATABASE_AUTHORITIES,
  };
}

function hostOf(pooling: Database["pooling"], writer: DatabaseEndpoint): DatabaseEndpoint {
  switch (pooling.kind) {
    case "none":
      return writer;
    case "rdsProxy":
      return pooling.endpoint;
    case "pgbouncer":
      return PGBOUNCER;
  }
}

function storageVariables({ config, storage }: ApplicationContractProps): Record<string, string> {
  return {
    FILESYSTEM_DISK: "s3",
    AWS_DEFAULT_REGION: config.region,
    AWS_BUCKET: storage.bucketNames.uploads,
    AWS_ASSETS_BUCKET: storage.bucketNames.assets,
    AWS_LOGS_BUCKET: storage.bucketNames.logs,
  };
}

function secretVariables({ database, secretArns }: ApplicationContractProps): Record<string, ContractSecret> {
  const whole = (secretArn: string): ContractSecret => ({
    secretArn,
    before: "",
    after: "",
    encoding: "plain",
  });
  const key = (secretArn: string, jsonKey: string): ContractSecret => ({ ...whole(secretArn), jsonKey });
  return {
    APP_KEY: whole(secretArns.appKey),
    DB_USERNAME: key(database.masterSecretArn, "username"),
    DB_PASSWORD: key(database.masterSecretArn, "password"),
    REVERB_APP_ID: key(secretArns.reverb, "app_id"),
    REVERB_APP_KEY: key(secretArns.reverb, "app_key"),
    REVERB_APP_SECRET: key(secretArns.reverb, "app_secret"),
    // Public: it stands in the browser's code, which is built where this is read.
    VITE_REVERB_APP_KEY: key(secretArns.reverb, "app_key"),
    TURN_SECRET: whole(secretArns.turn),
  };
}
