import { ports as platformPorts } from "@telemedicina/core";
import { PGBOUNCER_DATABASES, PGBOUNCER_USERS } from "./pgbouncer.js";
import type { HostRole, LaravelHostProps } from "./props.js";

/** What the host's own programs are told: {@link LaravelHostProps} with the defaults filled in, and whose files are whose. */
export interface HostJsonSettings
  extends Pick<
    LaravelHostProps,
    "region" | "environment" | "roles" | "contractParameter" | "autoScaling" | "queueName" | "dataVolumeGiB"
  > {
  readonly workerStopSeconds: number;
  readonly web: { readonly user: string; readonly group: string };
  /** `pm.max_children` of php-fpm's pool: the gauge `MaxChildren`, which `ActiveProcesses` is measured by. */
  readonly fpmMaxChildren: number;
  /** Whoever PgBouncer runs as, and its unit. Absent without PgBouncer. */
  readonly pgbouncer?: { readonly user: string; readonly unit: string } | undefined;
}

/** The file itself, as each of the host's programs reads it. */
export interface HostJson {
  readonly region: string;
  readonly environment: string;
  readonly roles: readonly HostRole[];
  readonly contractParameter: string;
  readonly environmentFile: string;
  readonly applicationDirectory: string;
  readonly webUser: string;
  readonly webGroup: string;
  readonly autoScaling: LaravelHostProps["autoScaling"];
  readonly ports: { readonly app: number; readonly reverb: number; readonly statusPage: number };
  readonly queueName: string;
  readonly workerStopSeconds: number;
  readonly healthUrl: string;
  /**
   * Behind it must be php-fpm's `pm.status_listen`: a process of its own answers there, so a pool without an idle
   * process still has figures, and the question does not count among them.
   */
  readonly fpmStatusUrl: string;
  readonly fpmMaxChildren: number;
  readonly statsd: string;
  readonly pgbouncer: {
    readonly databasesFile: string;
    readonly userListFile: string;
    readonly group: string;
    /** Makes PgBouncer read the two files again; and start, where it could not without them. */
    readonly reload: readonly string[];
  } | null;
  readonly dataVolume: { readonly gib: number; readonly mount: string };
}

/** Text of `/etc/telemedicina/host.json`. No secret is in it. */
export function hostJson(settings: HostJsonSettings): string {
  return `${JSON.stringify(hostSettings(settings), null, 2)}\n`;
}

const APPLICATION = "/var/www/html";
/** The status page is the loopback's only, so no rule of the platform knows it. */
const ports = { app: platformPorts.app, reverb: platformPorts.reverb, statusPage: 8082 };

function hostSettings(settings: HostJsonSettings): HostJson {
  const { region, environment, roles, contractParameter, autoScaling, queueName } = settings;
  const { groupName, launchHook, terminateHook } = autoScaling;
  return {
    region,
    environment,
    roles,
    contractParameter,
    environmentFile: `${APPLICATION}/.env`,
    applicationDirectory: APPLICATION,
    webUser: settings.web.user,
    webGroup: settings.web.group,
    autoScaling: { groupName, launchHook, terminateHook },
    ports,
    queueName,
    workerStopSeconds: settings.workerStopSeconds,
    healthUrl: `http://127.0.0.1:${ports.app}/health`,
    fpmStatusUrl: `http://127.0.0.1:${ports.statusPage}/fpm-status`,
    fpmMaxChildren: settings.fpmMaxChildren,
    statsd: "127.0.0.1:8125",
    pgbouncer: pgbouncerFilesOf(settings.pgbouncer),
    dataVolume: { gib: settings.dataVolumeGiB, mount: "/data" },
  };
}

function pgbouncerFilesOf(pgbouncer: HostJsonSettings["pgbouncer"]): HostJson["pgbouncer"] {
  if (pgbouncer === undefined) return null;
  return {
    databasesFile: PGBOUNCER_DATABASES,
    userListFile: PGBOUNCER_USERS,
    // Debian's user postgres and the others' pgbouncer have a group of their own name.
    group: pgbouncer.user,
    reload: ["systemctl", "reload-or-restart", pgbouncer.unit],
  };
}
