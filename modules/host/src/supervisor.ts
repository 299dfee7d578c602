import type { HostFile } from "./host-file.js";
import { APPLICATION, SETTINGS } from "./paths.js";
import type { ProcessSpec } from "./processes.js";
import type { HostSettings } from "./settings.js";
import { lines } from "./text.js";

/** Put before supervisor by `laravelctl start`: before the first release there is nothing to run. */
const SUPERVISOR_PROGRAMS = `${SETTINGS}/supervisor.conf`;

/** Supervisor's programs, and room for their end when the host itself goes down. */
export function supervisorFiles(settings: HostSettings, specs: readonly ProcessSpec[]): HostFile[] {
  if (specs.length === 0) return [];
  const { supervisor, web } = settings.distribution;
  const openFiles = Math.max(...specs.map((spec) => spec.openFiles));
  const longestStop = Math.max(...specs.map((spec) => spec.stopSeconds));
  return [
    {
      path: SUPERVISOR_PROGRAMS,
      content: lines(
        "[supervisord]",
        `minfds=${openFiles}`,
        ...specs.flatMap((spec) => program(spec, web.user)),
      ),
      mode: "0644",
    },
    {
      path: `/etc/systemd/system/${supervisor.unit}.service.d/host.conf`,
      content: lines(
        "[Unit]",
        "After=mount-data.service",
        "[Service]",
        `LimitNOFILE=${openFiles}`,
        `TimeoutStopSec=${longestStop + 30}`,
      ),
      mode: "0644",
    },
  ];
}

function program(spec: ProcessSpec, user: string): string[] {
  return [
    "",
    `[program:${spec.name}]`,
    ...(spec.processes > 1 ? ["process_name=%(program_name)s_%(process_num)02d"] : []),
    `command=php ${APPLICATION}/artisan ${spec.arguments.join(" ")}`,
    `directory=${APPLICATION}`,
    "autostart=true",
    "autorestart=true",
    "startsecs=3",
    "; An outage of Redis or the database may last; never give up. The pause grows by a second each time.",
    "startretries=100000",
    `user=${user}`,
    `numprocs=${spec.processes}`,
    "redirect_stderr=true",
    `stdout_logfile=${spec.logFile}`,
    "; logrotate does it.",
    "stdout_logfile_maxbytes=0",
    `stopsignal=${spec.stopSignal}`,
    `stopwaitsecs=${spec.stopSeconds}`,
    "stopasgroup=true",
    "killasgroup=true",
  ];
}
