/** One parameter of the group. */
export interface DatabaseParameter {
  readonly value: string;
  /** `pending-reboot` for static parameters: RDS takes no other for them. */
  readonly applyMethod: "immediate" | "pending-reboot";
}

export interface ParameterInput {
  readonly maxConnections: number;
  /** `log_min_duration_statement`. */
  readonly slowQueryMilliseconds: number;
  /** Statement classes that pgaudit logs for every session. */
  readonly auditClasses: readonly AuditClass[];
  /** Blue/green deployments of PostgreSQL replicate logically. */
  readonly logicalReplication: boolean;
  readonly overrides: Readonly<Record<string, DatabaseParameter>>;
}

/** pgaudit's statement classes. */
export type AuditClass = "ddl" | "function" | "misc" | "read" | "role" | "write";
export const auditClasses: readonly AuditClass[] = ["ddl", "function", "misc", "read", "role", "write"];

/** What `parameters` may not change, and which prop does. */
export const reservedParameters: Readonly<Record<string, string>> = {
  max_connections: "Set maxConnections instead: the alarm's threshold comes from the same figure.",
  "rds.force_ssl": "It stays on: patients' data never travels in clear text.",
  ssl_min_protocol_version: "It stays at TLS 1.2.",
  shared_preload_libraries:
    "It stays pg_stat_statements,pgaudit: Performance Insights and the audit stand on it.",
  "pgaudit.log": "Set auditClasses instead.",
  "pgaudit.role": "It stays rds_pgaudit, the only value that RDS accepts.",
  "rds.logical_replication": 'Set updateStrategy "blueGreen" instead, which needs it.',
  log_min_duration_statement: "Set slowQueryMilliseconds instead.",
};

/** Parameters for Laravel on PostgreSQL 16, by name. */
export function databaseParameters(input: ParameterInput): Readonly<Record<string, DatabaseParameter>> {
  return {
    // The application.
    max_connections: atReboot(input.maxConnections),
    // A job that dies inside a transaction would hold its locks, and vacuum, for RDS's default of a day.
    idle_in_transaction_session_timeout: atOnce(60_000),
    // gp3 answers random reads as fast as sequential ones; the default of 4 is for disks and shuns indexes.
    random_page_cost: atOnce(1.1),
    // Append-mostly tables with many rows (appointment_logs) would wait too long for a fifth to change.
    autovacuum_vacuum_scale_factor: atOnce(0.05),
    autovacuum_analyze_scale_factor: atOnce(0.02),

    // Seeing what is slow.
    shared_preload_libraries: atReboot("pg_stat_statements,pgaudit"),
    track_io_timing: atOnce(1),
    log_min_duration_statement: atOnce(input.slowQueryMilliseconds),
    log_lock_waits: atOnce(1),
    // kB. Sorts and hashes that did not fit in memory and were larger than this.
    log_temp_files: atOnce(10_240),
    log_autovacuum_min_duration: atOnce(10_000),

    // Who did what.
    log_connections: atOnce(1),
    log_disconnections: atOnce(1),
    "pgaudit.log": atOnce(input.auditClasses.length === 0 ? "none" : input.auditClasses.join(",")),
    // Tables granted to this role are audited for everybody, reads included (sql/audit.sql).
    "pgaudit.role": atOnce("rds_pgaudit"),

    // In transit.
    "rds.force_ssl": atOnce(1),
    ssl_min_protocol_version: atOnce("TLSv1.2"),

    ...(input.logicalReplication ? { "rds.logical_replication": atReboot(1) } : {}),
    ...input.overrides,
  };
}

function atOnce(value: string | number): DatabaseParameter {
  return { value: String(value), applyMethod: "immediate" };
}

function atReboot(value: string | number): DatabaseParameter {
  return { value: String(value), applyMethod: "pending-reboot" };
}
