import type { HostFile } from "./host-file.js";
import { APPLICATION_LOGS, FPM_LOG, FPM_SLOW_LOG, SCHEDULER_LOCK, SCRATCH } from "./paths.js";
import { type HostSettings, hasRole } from "./settings.js";
import { lines } from "./text.js";

/** Kernel, journal, log rotation and what must lie where before anything runs. */
export function systemFiles(settings: HostSettings): HostFile[] {
  return [
    file(
      "/etc/sysctl.d/90-telemedicina.conf",
      "# Connections that wait to be taken.",
      "net.core.somaxconn = 4096",
    ),
    file("/etc/systemd/journald.conf.d/90-telemedicina.conf", "[Journal]", "SystemMaxUse=500M"),
    file("/etc/tmpfiles.d/telemedicina.conf", ...temporaryFiles(settings)),
    file("/etc/logrotate.d/laravel", ...rotation(`${APPLICATION_LOGS}/*.log`, settings)),
    // Takes the place of Amazon Linux's own for the same files.
    ...(hasRole(settings, "web")
      ? [file("/etc/logrotate.d/php-fpm", ...rotation("/var/log/php-fpm/*.log"))]
      : []),
  ];
}

function file(path: string, ...content: readonly string[]): HostFile {
  return { path, content: lines(...content), mode: "0644" };
}

/** PHP's processes write to php-fpm's logs too, and may not make them: so they are there, and theirs. */
function temporaryFiles(settings: HostSettings): string[] {
  const { user, group } = settings.distribution.web;
  return [
    "# What jobs and uploads leave behind goes after two days.",
    `d ${SCRATCH} 0750 ${user} ${group} 2d`,
    ...(hasRole(settings, "scheduler") ? [`f ${SCHEDULER_LOCK} 0644 ${user} ${group}`] : []),
    ...(hasRole(settings, "web")
      ? [
          "d /var/log/php-fpm 0755 root root",
          `f ${FPM_LOG} 0640 ${user} ${group}`,
          `f ${FPM_SLOW_LOG} 0640 ${user} ${group}`,
        ]
      : []),
  ];
}

/** Copied and cut, so that who writes goes on in the same file. The CloudWatch agent has sent it by then. */
function rotation(files: string, settings?: HostSettings): string[] {
  const web = settings?.distribution.web;
  return [
    `${files} {`,
    // The directory is the application's, where root must touch nothing.
    ...(web === undefined ? [] : [`    su ${web.user} ${web.group}`]),
    "    daily",
    "    maxsize 100M",
    "    rotate 3",
    "    compress",
    "    missingok",
    "    notifempty",
    "    copytruncate",
    "}",
  ];
}
