import type { LaravelRule } from "@telemedicina/cache";
import type { Database, DatabaseEndpoint } from "@telemedicina/database";

/** A database that PgBouncer serves: a line of `[databases]`. */
export interface PgBouncerDatabase {
  /** One server: with several, PgBouncer before 1.25 holds a certificate against the whole list and connects to none. */
  readonly host: string;
  readonly port: number;
  /** `dbname=`. */
  readonly databaseName: string;
}

/** PgBouncer's own port, on each host's loopback. */
export const PGBOUNCER: DatabaseEndpoint = { address: "127.0.0.1", port: 6432 };

/** File on the hosts with the authorities that the database's certificate may come from. */
export const DATABASE_AUTHORITIES = "/etc/pki/rds/global-bundle.pem";

/** Names under which reads go: PgBouncer has one address, and tells replicas from the writer and from each other by them. */
export function readDatabaseNames({ pooling, readers, databaseName }: Database): readonly string[] {
  const replicas = Object.keys(readers);
  return pooling.kind === "pgbouncer" && replicas.length > 0
    ? replicas.map((replica) => `${databaseName}_read_${replica}`)
    : [databaseName];
}

export function pgbouncerDatabases(database: Database): Record<string, PgBouncerDatabase> {
  const { pooling, writer, readers, databaseName } = database;
  if (pooling.kind !== "pgbouncer") return {};
  const served = ({ address, port }: DatabaseEndpoint): PgBouncerDatabase => ({
    host: address,
    port,
    databaseName,
  });
  const replicas = Object.values(readers);
  return Object.fromEntries([
    [databaseName, served(writer)],
    ...replicas.map((replica, index) => [readDatabaseNames(database)[index], served(replica)]),
  ]);
}

/** What files of the application and of its hosts must say about the database. */
export function databaseRules({ pooling }: Database): LaravelRule[] {
  const emulates =
    pooling.kind === "rdsProxy" || (pooling.kind === "pgbouncer" && pooling.settings.emulatePrepares);
  return [
    readWriteHosts,
    verifiedTls,
    migrationConnection,
    authorities(pooling.kind === "rdsProxy"),
    ...(pooling.kind === "pgbouncer" ? [pgbouncerTls] : []),
    ...(emulates ? [emulatePrepares] : []),
  ];
}

const CONFIG = "config/database.php";

const readWriteHosts: LaravelRule = {
  id: "read-write-hosts",
  file: CONFIG,
  rule:
    "'read' => array_map(fn ($name) => ['host' => explode(',', env('DB_READ_HOSTS')), 'database' => $name], " +
    "explode(',', env('DB_READ_DATABASES'))), " +
    "'write' => ['host' => [env('DB_HOST')]], 'sticky' => true",
  because:
    "Laravel takes one of the list for each connection, so every replica is read from; and a replica is seconds behind: without sticky, a page that has just written may not see what it wrote",
};

const verifiedTls: LaravelRule = {
  id: "verified-tls",
  file: CONFIG,
  rule: "'sslmode' => env('DB_SSLMODE'), 'sslrootcert' => env('DB_SSLROOTCERT')",
  because:
    "Laravel's own value, prefer, asks nobody for a certificate; verify-full without a file of authorities connects to nothing",
};

const migrationConnection: LaravelRule = {
  id: "migration-connection",
  file: CONFIG,
  rule:
    "a connection of its own named migration, which deployments migrate by, with env('DB_MIGRATION_HOST'), env('DB_MIGRATION_PORT'), " +
    "env('DB_MIGRATION_SSLMODE') and neither 'read' nor 'write'",
  because: "through a pooler, a migration's advisory lock and what it SETs fall to other clients",
};

const pgbouncerTls: LaravelRule = {
  id: "pgbouncer-tls",
  file: "pgbouncer.ini",
  rule: `server_tls_sslmode = verify-full, server_tls_ca_file = ${DATABASE_AUTHORITIES}, listen_addr = ${PGBOUNCER.address}`,
  because:
    "its clients speak plain text to it, so it must not be reached from outside; and without verify-full it hands passwords to whoever answers",
};

const emulatePrepares: LaravelRule = {
  id: "emulate-prepares",
  file: CONFIG,
  rule: "'options' => [PDO::ATTR_EMULATE_PREPARES => true]",
  because:
    "a pooler gives one connection to many clients: prepared statements of one are answered with rows of another, or pin the connection",
};

function authorities(proxy: boolean): LaravelRule {
  const bundle = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem";
  return {
    id: "database-authorities",
    file: DATABASE_AUTHORITIES,
    rule: proxy ? `${bundle} and the system's own authorities after it` : bundle,
    because: proxy
      ? "RDS signs with authorities of its own, which no system trusts; the proxy's certificate is of Amazon's public ones"
      : "RDS signs with authorities of its own, which no system trusts",
  };
}
