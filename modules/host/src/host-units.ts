import type { HostFile } from "./host-file.js";
import { APPLICATION, APPLICATION_LOGS, PROGRAMS, RDS_CA, SCHEDULER_LOCK, SETUP_LOG } from "./paths.js";
import { type HostSettings, hasRole } from "./settings.js";
import { applicationService, loggedCommand } from "./systemd.js";
import { lines } from "./text.js";

const RDS_CA_URL = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem";

/** Units of our own programs: systemd starts them on every distribution. */
export function hostUnits(settings: HostSettings): HostFile[] {
  return [
    unit("mount-data.service", mountData(settings)),
    unit("rds-ca.service", rdsCa()),
    unit("host-lifecycle.service", lifecycle()),
    ...(hasRole(settings, "web")
      ? [
          unit("host-metrics.service", metrics()),
          unit("host-metrics.timer", everyMinute("Figures of php-fpm and Reverb, every minute", 30)),
        ]
      : []),
    ...(hasRole(settings, "scheduler")
      ? [
          unit("laravel-scheduler.service", scheduler(settings)),
          unit("laravel-scheduler.timer", everyMinute("Laravel's scheduler, every minute", 0)),
        ]
      : []),
  ];
}

function unit(name: string, content: string): HostFile {
  return { path: `/etc/systemd/system/${name}`, content, mode: "0644" };
}

/** At every boot: an image made from a running host finds another volume. */
function mountData({ distribution }: HostSettings): string {
  return lines(
    "[Unit]",
    "Description=Data volume",
    `Before=nginx.service ${distribution.php.fpmUnit}.service`,
    "",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    `ExecStart=${PROGRAMS}/mount-data`,
    ...setupLog(),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
}

/** Authorities that sign RDS's certificates. No checksum: AWS adds and takes away, so TLS to AWS is the proof. */
function rdsCa(): string {
  const fresh = `${RDS_CA}.new`;
  return lines(
    "[Unit]",
    "Description=Certificate authorities of RDS",
    "Wants=network-online.target",
    "After=network-online.target",
    "",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    `ExecStart=/usr/bin/curl --fail --silent --show-error --proto =https --tlsv1.2 --connect-timeout 10 --max-time 60 --retry 5 --retry-connrefused --create-dirs --output ${fresh} ${RDS_CA_URL}`,
    "# Half a file, or a page of a proxy, never takes the old one's place.",
    `ExecStart=/usr/bin/openssl x509 -noout -in ${fresh}`,
    `ExecStart=/usr/bin/mv ${fresh} ${RDS_CA}`,
    ...setupLog(),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
}

/** Waits until the group takes the host out of service, and ends what runs on it. */
function lifecycle(): string {
  return lines(
    "[Unit]",
    "Description=Drain when the Auto Scaling group terminates this host",
    "Wants=network-online.target",
    "After=network-online.target",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    `ExecStart=${PROGRAMS}/host-lifecycle watch`,
    "Restart=on-failure",
    "RestartSec=10",
    ...setupLog(),
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  );
}

function metrics(): string {
  return lines(
    "[Unit]",
    "Description=Figures of php-fpm and Reverb",
    "",
    "[Service]",
    "Type=oneshot",
    "TimeoutStartSec=30",
    `ExecStart=${PROGRAMS}/host-metrics`,
    "DynamicUser=yes",
    "RuntimeDirectory=telemedicina",
    "RuntimeDirectoryPreserve=yes",
  );
}

/**
 * As cron does: each minute has its turn, even while the one before still runs, so that a task of an hour does not
 * swallow those of the next. The turn, with what it runs in the background, holds the lock.
 */
function scheduler(settings: HostSettings): string {
  const turn = `/usr/bin/flock --shared ${SCHEDULER_LOCK} ${PROGRAMS}/scheduler-turn`;
  return lines(
    "[Unit]",
    "Description=Turn of Laravel's scheduler",
    `ConditionPathExists=${APPLICATION}/artisan`,
    "",
    "[Service]",
    "Type=oneshot",
    ...applicationService(settings),
    `ExecStart=${loggedCommand(turn, `${APPLICATION_LOGS}/scheduler.log`, true)}`,
    "KillMode=process",
  );
}

function everyMinute(description: string, second: number): string {
  return lines(
    "[Unit]",
    `Description=${description}`,
    "",
    "[Timer]",
    `OnCalendar=*:*:${String(second).padStart(2, "0")}`,
    "AccuracySec=1s",
    "",
    "[Install]",
    "WantedBy=timers.target",
  );
}

function setupLog(): string[] {
  return [`StandardOutput=append:${SETUP_LOG}`, "StandardError=inherit"];
}
