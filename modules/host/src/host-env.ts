import type { HostFile } from "./host-file.js";
import { APPLICATION, SETTINGS } from "./paths.js";
import { processes } from "./processes.js";
import { type HostSettings, hasRole } from "./settings.js";

const HOST_ENV = `${SETTINGS}/host.env`;

/** As `php -m` names them. Packages come all or none, so a few stand for all. */
const extensions = ["mbstring", "pcntl", "pdo_pgsql", "redis"];

/** PHP's own event loop waits by `select`, which knows no more files. */
const SELECT_CONNECTIONS = 1000;

/** Settings of our shell scripts. */
export function hostEnvFile(settings: HostSettings): HostFile {
  const variables = Object.entries(values(settings)).map(([name, value]) => `${name}='${value}'\n`);
  return { path: HOST_ENV, content: variables.join(""), mode: "0644" };
}

function values(settings: HostSettings): Record<string, string> {
  const { distribution, region, workerProcesses, workerStopSeconds, pgbouncer } = settings;
  const { web, php, supervisor, cloudWatchAgentFolder } = distribution;
  const serves = hasRole(settings, "web");
  return {
    REGION: region,
    WEB_USER: web.user,
    WEB_GROUP: web.group,
    APPLICATION,
    PROGRAMS: programs(settings).join(" "),
    EXTENSIONS: extensions.join(" "),
    EVENT_LOOP: serves && settings.reverbMaxConnections > SELECT_CONNECTIONS ? "uv|ev|event" : "",
    FPM_UNIT: serves ? php.fpmUnit : "",
    FPM_PROGRAM: serves ? php.fpmProgram : "",
    PGBOUNCER_UNIT: pgbouncer === undefined ? "" : distribution.pgbouncer.unit,
    SUPERVISOR_UNIT: distribution.processManager === "supervisor" ? supervisor.unit : "",
    SUPERVISOR_DIRECTORY: distribution.processManager === "supervisor" ? supervisor.directory : "",
    CLOUDWATCH_AGENT_FOLDER: cloudWatchAgentFolder ?? "",
    LARAVEL_PROGRAMS: laravelPrograms(settings).join(" "),
    WORKERS: String(workerProcesses),
    WORKER_STOP_SECONDS: String(workerStopSeconds),
  };
}

/** In the order of ending: no new job, then none at all, then no browser. */
function laravelPrograms(settings: HostSettings): string[] {
  return [
    ...(hasRole(settings, "scheduler") ? ["laravel-scheduler"] : []),
    ...processes(settings).map(({ name }) => name),
  ];
}

function programs(settings: HostSettings): string[] {
  const { distribution, pgbouncer } = settings;
  return [
    "curl",
    "flock",
    "logrotate",
    "openssl",
    "php",
    "python3",
    ...(hasRole(settings, "web") ? ["nginx", distribution.php.fpmProgram] : []),
    ...(distribution.processManager === "supervisor" ? ["supervisorctl"] : []),
    ...(pgbouncer === undefined ? [] : ["pgbouncer"]),
  ];
}
