import type { HostFile } from "./host-file.js";
import { APPLICATION } from "./paths.js";
import type { ProcessSpec } from "./processes.js";
import type { HostSettings } from "./settings.js";
import { lines } from "./text.js";

/** What every unit that runs the application's code has in common. */
export function applicationService({ distribution }: HostSettings): readonly string[] {
  const { user, group } = distribution.web;
  return [
    `User=${user}`,
    `Group=${group}`,
    `WorkingDirectory=${APPLICATION}`,
    "NoNewPrivileges=yes",
    "ProtectSystem=full",
    "ProtectHome=yes",
  ];
}

/**
 * The shell opens the log as the unit's own user. systemd would open it as root, in a directory where the
 * application can put a link to any file in its place.
 */
export function loggedCommand(command: string, logFile: string, background = false): string {
  return `/bin/sh -c "${background ? "" : "exec "}${command} >>${logFile} 2>&1${background ? " &" : ""}"`;
}

/** `laravel-worker@.service` and `laravel-reverb.service`. */
export function systemdUnits(settings: HostSettings, specs: readonly ProcessSpec[]): HostFile[] {
  return specs.map((spec) => ({
    path: `/etc/systemd/system/${spec.name}${spec.processes > 1 || spec.role === "worker" ? "@" : ""}.service`,
    content: unit(settings, spec),
    mode: "0644",
  }));
}

function unit(settings: HostSettings, spec: ProcessSpec): string {
  return lines(
    "[Unit]",
    `Description=${spec.description}`,
    "Wants=network-online.target",
    "After=network-online.target mount-data.service",
    "# Nothing to run before the first release.",
    `ConditionPathExists=${APPLICATION}/artisan`,
    "# An outage of Redis or the database may last; never give up.",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    ...applicationService(settings),
    `ExecStart=${loggedCommand(`/usr/bin/php artisan ${spec.arguments.join(" ")}`, spec.logFile)}`,
    "Restart=always",
    "RestartSec=5",
    `KillSignal=SIG${spec.stopSignal}`,
    "# The signal is for Laravel, which ends its job first; what the job started goes on until then.",
    "KillMode=mixed",
    `TimeoutStopSec=${spec.stopSeconds}`,
    `LimitNOFILE=${spec.openFiles}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
}
