import { userDataBytes } from "@telemedicina/core";
import { cloudWatchAgentFile } from "./cloudwatch-agent.js";
import { hostError, userDataFaultText } from "./errors.js";
import { settingsFaults } from "./faults.js";
import { hostEnvFile } from "./host-env.js";
import type { HostFile } from "./host-file.js";
import { hostJson } from "./host-json.js";
import { hostUnits } from "./host-units.js";
import { moduleFile } from "./module-file.js";
import { nginxFile } from "./nginx.js";
import { PROGRAMS, SETTINGS } from "./paths.js";
import { pgbouncerFiles } from "./pgbouncer.js";
import { phpFiles } from "./php-fpm.js";
import { processes } from "./processes.js";
import type { LaravelHostProps } from "./props.js";
import { type HostSettings, hasRole, resolveSettings } from "./settings.js";
import { slim } from "./slim.js";
import { supervisorFiles } from "./supervisor.js";
import { systemFiles } from "./system-files.js";
import { systemdUnits } from "./systemd.js";
import { packagesOf, USER_DATA_BUDGET_BYTES, userDataOf } from "./user-data.js";

export interface LaravelHost {
  readonly files: readonly HostFile[];
  readonly packages: readonly string[];
  /** A `#cloud-config` document, literal: no secret, no token, the same for the same props. */
  readonly userData: string;
}

/** What a host that serves Laravel runs, from its packages to its lifecycle hooks. */
export function laravelHost(props: LaravelHostProps): LaravelHost {
  const faults = settingsFaults(props);
  if (faults.length > 0) throw hostError(faults);
  const settings = resolveSettings(props);
  const files = hostFiles(settings)
    .map((file) => ({ ...file, content: slim(file.content) }))
    // Neighbours in a directory are alike, which gzip makes use of.
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const userData = userDataOf(settings, files);
  const bytes = userDataBytes(userData);
  if (bytes > USER_DATA_BUDGET_BYTES) throw hostError([userDataFaultText(bytes, USER_DATA_BUDGET_BYTES)]);
  return { files, packages: packagesOf(settings), userData };
}

function hostFiles(settings: HostSettings): HostFile[] {
  return [
    { path: `${SETTINGS}/host.json`, content: hostJson(hostJsonSettings(settings)), mode: "0644" },
    hostEnvFile(settings),
    cloudWatchAgentFile(settings),
    ...programFiles(settings),
    ...phpFiles(settings),
    ...(hasRole(settings, "web") ? [nginxFile(settings), placeholder()] : []),
    ...processFiles(settings),
    ...hostUnits(settings),
    ...systemFiles(settings),
    ...(settings.pgbouncer === undefined
      ? []
      : pgbouncerFiles({ settings: settings.pgbouncer, unit: settings.distribution.pgbouncer.unit })),
  ];
}

function hostJsonSettings(settings: HostSettings) {
  const { distribution, fpm, pgbouncer, ...rest } = settings;
  return {
    ...rest,
    web: distribution.web,
    fpmMaxChildren: fpm.maxChildren,
    pgbouncer: pgbouncer && distribution.pgbouncer,
  };
}

/** Each under `files/` by its own name, on the host without the ending. */
function programFiles(settings: HostSettings): HostFile[] {
  const laravelctl = `laravelctl-${settings.distribution.processManager}.sh`;
  return [
    program("host-setup", "host-setup.sh"),
    program("laravelctl", laravelctl),
    program("mount-data", "mount-data.sh"),
    program("render-env", "render-env.py"),
    program("host-lifecycle", "host-lifecycle.py"),
    ...(hasRole(settings, "web") ? [program("host-metrics", "host-metrics.py")] : []),
    ...(hasRole(settings, "scheduler") ? [program("scheduler-turn", "scheduler-turn.php")] : []),
  ];
}

function program(name: string, source: string): HostFile {
  return { path: `${PROGRAMS}/${name}`, content: moduleFile(source), mode: "0755" };
}

function placeholder(): HostFile {
  return { path: `${SETTINGS}/placeholder.php`, content: moduleFile("placeholder.php"), mode: "0644" };
}

function processFiles(settings: HostSettings): HostFile[] {
  const specs = processes(settings);
  return settings.distribution.processManager === "systemd"
    ? systemdUnits(settings, specs)
    : supervisorFiles(settings, specs);
}
