import type { LaravelCache, LaravelRule, SecretVariable } from "@telemedicina/cache";
import type { EnvironmentConfig } from "@telemedicina/config";
import { ports } from "@telemedicina/core";
import type { Database } from "@telemedicina/database";
import type { ApplicationSecretName } from "@telemedicina/security";
import type { Storage } from "@telemedicina/storage";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";

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
  readonly secretArns: Readonly<Record<ApplicationSecretName, string>>;
}

/** PgBouncer's own port, on each host's loopback. */
const PGBOUNCER = { host: "127.0.0.1", port: 6432 };

/** The contract, and the same as outputs of the stack: `application_variables` and `application_secrets`. */
export function applicationContract(scope: Construct, props: ApplicationContractProps): ApplicationContract {
  const { laravel } = props.cache;
  const contract: ApplicationContract = {
    variables: {
      ...applicationVariables(props),
      ...databaseVariables(props.database),
      ...storageVariables(props),
      ...laravel.variables,
    },
    secretVariables: { ...secretVariables(props), ...laravel.secretVariables },
    queueName: laravel.queueName,
    rules: [...databaseRules(props.database), ...laravel.rules],
  };
  new TerraformOutput(scope, "application_variables", { value: contract.variables, staticId: true });
  new TerraformOutput(scope, "application_secrets", { value: contract.secretVariables, staticId: true });
  return contract;
}

function applicationVariables({ config }: ApplicationContractProps): Record<string, string> {
  return {
    APP_ENV: config.name,
    APP_DEBUG: "false",
    APP_URL: `https://${config.domain}`,
    BROADCAST_CONNECTION: "reverb",
    // Reverb behind nginx on the same host; browsers come through the domain.
    REVERB_HOST: "127.0.0.1",
    REVERB_PORT: String(ports.reverb),
    REVERB_SCHEME: "http",
    REVERB_SERVER_HOST: "127.0.0.1",
    REVERB_SERVER_PORT: String(ports.reverb),
  };
}

/** Migrations take advisory locks and `SET` things: they use the `DB_MIGRATION_*` lines, past any pooler. */
function databaseVariables({ pooling, writer, readers, databaseName }: Database): Record<string, string> {
  const host = hostOf(pooling, writer);
  return {
    DB_CONNECTION: "pgsql",
    DB_HOST: host.address,
    DB_PORT: String(host.port),
    DB_READ_HOSTS: [...Object.values(readers), ...(Object.keys(readers).length === 0 ? [host] : [])]
      .map((reader) => reader.address)
      .join(","),
    DB_MIGRATION_HOST: writer.address,
    DB_MIGRATION_PORT: String(writer.port),
    DB_DATABASE: databaseName,
    // To PgBouncer on loopback there is no TLS; it speaks TLS to the database.
    DB_SSLMODE: pooling.kind === "pgbouncer" ? "disable" : "verify-full",
  };
}

function hostOf(pooling: Database["pooling"], writer: Database["writer"]): Database["writer"] {
  switch (pooling.kind) {
    case "none":
      return writer;
    case "rdsProxy":
      return pooling.endpoint;
    case "pgbouncer":
      return { address: PGBOUNCER.host, port: PGBOUNCER.port };
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
    TURN_SECRET: whole(secretArns.turn),
  };
}

function databaseRules({ pooling }: Database): LaravelRule[] {
  const file = "config/database.php";
  const readWrite: LaravelRule = {
    id: "read-write-hosts",
    file,
    rule: "'read' => ['host' => explode(',', env('DB_READ_HOSTS'))], 'write' => ['host' => [env('DB_HOST')]], 'sticky' => true",
    because:
      "a replica is seconds behind: without sticky, a page that has just written may not see what it wrote",
  };
  const emulates =
    pooling.kind === "rdsProxy" || (pooling.kind === "pgbouncer" && pooling.settings.emulatePrepares);
  if (!emulates) return [readWrite];
  return [
    readWrite,
    {
      id: "emulate-prepares",
      file,
      rule: "'options' => [PDO::ATTR_EMULATE_PREPARES => true]",
      because:
        "a pooler gives one connection to many clients: prepared statements of one are answered with rows of another, or pin the connection",
    },
  ];
}
