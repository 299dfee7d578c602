import type { HostFile } from "./host-file.js";
import type { PgBouncerProps } from "./props.js";

/** Written by `render-env`: databases from the application contract, and the password. */
export const PGBOUNCER_DATABASES = "/etc/pgbouncer/databases.ini";
export const PGBOUNCER_USERS = "/etc/pgbouncer/userlist.txt";

export interface PgBouncerFilesProps {
  readonly settings: PgBouncerProps;
  /** Name of the systemd unit, without `.service`. */
  readonly unit: string;
}

/** PgBouncer's literal part. It does not start before `render-env` has written the rest. */
export function pgbouncerFiles({ settings, unit }: PgBouncerFilesProps): HostFile[] {
  return [
    { path: "/etc/pgbouncer/pgbouncer.ini", content: configuration(settings), mode: "0644" },
    {
      path: `/etc/systemd/system/${unit}.service.d/host.conf`,
      content: unitSettings(settings),
      mode: "0644",
    },
  ];
}

/** Passwords stand in the user list as plain text: PgBouncer cannot log in to RDS by SCRAM with anything else. */
function configuration(settings: PgBouncerProps): string {
  const { poolMode, maxPreparedStatements, defaultPoolSize, maxClientConnections } = settings;
  return ini([
    `%include ${PGBOUNCER_DATABASES}`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    "listen_port = 6432",
    "unix_socket_dir =",
    "; Each request logs in, on loopback: SCRAM would cost it 8 ms, and PgBouncer's one thread half of them. RDS gets SCRAM.",
    "auth_type = md5",
    `auth_file = ${PGBOUNCER_USERS}`,
    "; The console is nobody's: it tells passwords.",
    "admin_users =",
    "stats_users =",
    "server_tls_sslmode = verify-full",
    "server_tls_ca_file = /etc/pki/rds/global-bundle.pem",
    `pool_mode = ${poolMode}`,
    ...(maxPreparedStatements > 0 ? [`max_prepared_statements = ${maxPreparedStatements}`] : []),
    `default_pool_size = ${defaultPoolSize}`,
    `max_client_conn = ${maxClientConnections}`,
    "ignore_startup_parameters = extra_float_digits",
    "; A failover shall last seconds, and a request that cannot be served shall fail before its browser gives up.",
    "server_connect_timeout = 5",
    "server_login_retry = 2",
    "query_wait_timeout = 30",
    "tcp_keepidle = 30",
    "tcp_keepintvl = 5",
    "tcp_keepcnt = 3",
    "; PHP connects for each request.",
    "log_connections = 0",
    "log_disconnections = 0",
  ]);
}

/** Beside a file for each client, one for each connection to a server and some of its own. */
function unitSettings({ maxClientConnections, defaultPoolSize }: PgBouncerProps): string {
  return ini([
    "[Service]",
    `LimitNOFILE=${Math.max(4096, 2 * (maxClientConnections + defaultPoolSize))}`,
    "Restart=on-failure",
    "RestartSec=2",
  ]);
}

function ini(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
