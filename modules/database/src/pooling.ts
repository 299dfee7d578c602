import { noneFaultText, rangeFaultText, unknownFaultText } from "@telemedicina/core";
import { poolTooLargeFaultText, subnetsFaultText } from "./errors.js";

/**
 * What stands between application and database. Migrations always go to the database directly: both poolers
 * share a connection among clients, and migrations take advisory locks and `SET` things that others would inherit.
 */
export type Pooling = NoPooling | RdsProxyPooling | PgBouncerPooling;

export interface NoPooling {
  readonly kind: "none";
}

/**
 * AWS's own pooler. It serves the writer only, never replicas, and pins a connection to its client for the rest of
 * the session at the first named prepared statement, `SET`, `LISTEN`, advisory lock or temporary table: give PDO
 * `ATTR_EMULATE_PREPARES`, and put `search_path` and time zone on the role. About 0.015 US dollars an hour for each vCPU
 * of the database (us-east-1), at least two.
 */
export interface RdsProxyPooling {
  readonly kind: "rdsProxy";
  /** Secrets of the users that come through it, `{"username": …, "password": …}` each. Not the master's. */
  readonly secretArns: readonly string[];
  /** Key of those secrets. */
  readonly secretKmsKeyArn: string;
  /**
   * Groups of the proxy: in on 5432 from the application, out on 5432 to the database, whose own group must let them in.
   * The database's group cannot serve: it has no way out.
   */
  readonly securityGroupIds: readonly string[];
  /** @default - the database's */
  readonly subnetIds?: readonly string[] | undefined;
  /** Clients log in with IAM tokens instead of the secret's password. Laravel does not by itself. @default false */
  readonly requireIam?: boolean | undefined;
  /** Share of `max_connections` that the proxy may take; the rest stays for migrations and people. 1 to 100. @default 80 */
  readonly maxConnectionsPercent?: number | undefined;
  /** Share of `max_connections` that stays open while idle. 0 to `maxConnectionsPercent`. @default 40 */
  readonly maxIdleConnectionsPercent?: number | undefined;
  /** Seconds that a client waits for a connection. 0 to 3600. @default 30 */
  readonly connectionBorrowTimeoutSeconds?: number | undefined;
  /** Seconds after which a silent client is dropped. 1 to 28800. @default 1800 */
  readonly idleClientTimeoutSeconds?: number | undefined;
  /**
   * `SET` no longer pins. Only where every client sets the same things to the same values.
   * @default false
   */
  readonly ignoreVariableSets?: boolean | undefined;
}

/** PgBouncer on each application host; this module only hands its figures on. It can also stand before replicas. */
export interface PgBouncerPooling {
  readonly kind: "pgbouncer";
  /** `transaction` shares connections best, and lets nothing of a session survive a transaction; `session` shares them among short-lived clients. */
  readonly poolMode: "transaction" | "session";
  /**
   * Named prepared statements that PgBouncer (1.21 and later) keeps for each client in transaction mode. With 0, or an
   * older one, PDO must emulate prepares: native ones return other clients' rows.
   * @default 0
   */
  readonly maxPreparedStatements?: number | undefined;
  /** Connections to the database for each host. @default 20 */
  readonly defaultPoolSize?: number | undefined;
  /** Clients for each host; beyond it they are refused. @default 500 */
  readonly maxClientConnections?: number | undefined;
  /** Most hosts there will be, so that all pools together fit. */
  readonly maxHosts: number;
}

/** The PgBouncer settings with every default in its place, for whoever renders its configuration. */
export interface PgBouncerSettings {
  readonly poolMode: "transaction" | "session";
  readonly maxPreparedStatements: number;
  readonly defaultPoolSize: number;
  readonly maxClientConnections: number;
  /** Whether the application has to set `PDO::ATTR_EMULATE_PREPARES`. */
  readonly emulatePrepares: boolean;
}

/** The RDS Proxy settings with every default in its place. */
export interface RdsProxySettings {
  readonly secretArns: readonly string[];
  readonly secretKmsKeyArn: string;
  readonly securityGroupIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly requireIam: boolean;
  readonly maxConnectionsPercent: number;
  readonly maxIdleConnectionsPercent: number;
  readonly connectionBorrowTimeoutSeconds: number;
  readonly idleClientTimeoutSeconds: number;
  readonly ignoreVariableSets: boolean;
}

export type PoolingSettings =
  | { readonly kind: "none" }
  | { readonly kind: "rdsProxy"; readonly proxy: RdsProxySettings }
  | { readonly kind: "pgbouncer"; readonly pgbouncer: PgBouncerSettings };

const kinds = ["none", "rdsProxy", "pgbouncer"] as const;
const poolModes = ["transaction", "session"] as const;

export function poolingSettings(
  pooling: Pooling | undefined,
  databaseSubnetIds: readonly string[],
): PoolingSettings {
  if (pooling === undefined || pooling.kind === "none") return { kind: "none" };
  if (pooling.kind === "rdsProxy")
    return { kind: "rdsProxy", proxy: proxySettings(pooling, databaseSubnetIds) };
  return { kind: "pgbouncer", pgbouncer: pgbouncerSettings(pooling) };
}

/** @param alarmThreshold connections at which the alarm rings; undefined where it could not be derived */
export function poolingFaults(pooling: Pooling | undefined, alarmThreshold: number | undefined): string[] {
  if (pooling === undefined) return [];
  if (!kinds.includes(pooling.kind)) return [unknownFaultText("pooling.kind", String(pooling.kind), kinds)];
  if (pooling.kind === "rdsProxy") return proxyFaults(pooling);
  return pooling.kind === "pgbouncer" ? pgbouncerFaults(pooling, alarmThreshold) : [];
}

function proxySettings(pooling: RdsProxyPooling, databaseSubnetIds: readonly string[]): RdsProxySettings {
  return {
    secretArns: pooling.secretArns,
    secretKmsKeyArn: pooling.secretKmsKeyArn,
    securityGroupIds: pooling.securityGroupIds,
    subnetIds: pooling.subnetIds ?? databaseSubnetIds,
    requireIam: pooling.requireIam ?? false,
    maxConnectionsPercent: pooling.maxConnectionsPercent ?? 80,
    maxIdleConnectionsPercent: pooling.maxIdleConnectionsPercent ?? 40,
    connectionBorrowTimeoutSeconds: pooling.connectionBorrowTimeoutSeconds ?? 30,
    idleClientTimeoutSeconds: pooling.idleClientTimeoutSeconds ?? 1800,
    ignoreVariableSets: pooling.ignoreVariableSets ?? false,
  };
}

function pgbouncerSettings(pooling: PgBouncerPooling): PgBouncerSettings {
  const maxPreparedStatements = pooling.maxPreparedStatements ?? 0;
  return {
    poolMode: pooling.poolMode,
    maxPreparedStatements,
    defaultPoolSize: pooling.defaultPoolSize ?? 20,
    maxClientConnections: pooling.maxClientConnections ?? 500,
    emulatePrepares: pooling.poolMode === "transaction" && maxPreparedStatements === 0,
  };
}

function proxyFaults(pooling: RdsProxyPooling): string[] {
  const settings = proxySettings(pooling, []);
  const { maxConnectionsPercent, maxIdleConnectionsPercent } = settings;
  return [
    ...(pooling.secretArns.length === 0 ? [noneFaultText("pooling.secretArns", "secret")] : []),
    ...(pooling.securityGroupIds.length === 0
      ? [noneFaultText("pooling.securityGroupIds", "security group")]
      : []),
    ...(pooling.subnetIds !== undefined && pooling.subnetIds.length < 2
      ? [subnetsFaultText(pooling.subnetIds.length, "pooling.subnetIds")]
      : []),
    ...wholeNumber("pooling.maxConnectionsPercent", maxConnectionsPercent, 1, 100),
    ...wholeNumber("pooling.maxIdleConnectionsPercent", maxIdleConnectionsPercent, 0, maxConnectionsPercent),
    ...wholeNumber(
      "pooling.connectionBorrowTimeoutSeconds",
      settings.connectionBorrowTimeoutSeconds,
      0,
      3600,
    ),
    ...wholeNumber("pooling.idleClientTimeoutSeconds", settings.idleClientTimeoutSeconds, 1, 28_800),
  ];
}

function pgbouncerFaults(pooling: PgBouncerPooling, alarmThreshold: number | undefined): string[] {
  const { defaultPoolSize, maxPreparedStatements, maxClientConnections } = pgbouncerSettings(pooling);
  const faults = [
    ...(poolModes.includes(pooling.poolMode)
      ? []
      : [unknownFaultText("pooling.poolMode", pooling.poolMode, poolModes)]),
    ...wholeNumber("pooling.maxPreparedStatements", maxPreparedStatements, 0, 10_000),
    ...wholeNumber("pooling.defaultPoolSize", defaultPoolSize, 1, 1000),
    ...wholeNumber("pooling.maxClientConnections", maxClientConnections, 1, 100_000),
    ...wholeNumber("pooling.maxHosts", pooling.maxHosts, 1, 1000),
  ];
  return alarmThreshold !== undefined && defaultPoolSize * pooling.maxHosts > alarmThreshold
    ? [...faults, poolTooLargeFaultText(defaultPoolSize, pooling.maxHosts, alarmThreshold)]
    : faults;
}

export function wholeNumber(prop: string, found: number, lowest: number, highest: number): string[] {
  return Number.isInteger(found) && found >= lowest && found <= highest
    ? []
    : [rangeFaultText(prop, found, lowest, highest)];
}
