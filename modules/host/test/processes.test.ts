import { describe, expect, it } from "vitest";
import type { LaravelHostProps } from "../src/index.js";
import { directives, fileOf, host, paths } from "./support.js";

const WORK = "queue:work redis --queue=default --sleep=3 --tries=3 --max-time=3600";

function programs(changes: Partial<LaravelHostProps> = {}): Record<string, Record<string, string>> {
  const text = fileOf(host({ distribution: "ubuntu2404", ...changes }), "/etc/telemedicina/supervisor.conf");
  return Object.fromEntries(
    text.split(/^(?=\[)/m).map((section) => [/^\[(.*)\]/.exec(section)?.[1] ?? "", directives(section)]),
  );
}

function unit(name: string, changes: Partial<LaravelHostProps> = {}): Record<string, string> {
  return directives(fileOf(host(changes), `/etc/systemd/system/${name}`));
}

describe("supervisor", () => {
  it("CMP-08, T-63: the workers are the strategy's, with an end that fits the longest job", () => {
    expect(programs()["program:laravel-worker"]).toEqual({
      process_name: "%(program_name)s_%(process_num)02d",
      command: `php /var/www/html/artisan ${WORK}`,
      directory: "/var/www/html",
      autostart: "true",
      autorestart: "true",
      startsecs: "3",
      startretries: "100000",
      user: "www-data",
      numprocs: "4",
      redirect_stderr: "true",
      stdout_logfile: "/var/www/html/storage/logs/worker.log",
      stdout_logfile_maxbytes: "0",
      stopsignal: "TERM",
      stopwaitsecs: "3600",
      stopasgroup: "true",
      killasgroup: "true",
    });
  });

  it("CMP-09, T-64: Reverb listens on loopback and may open files enough", () => {
    expect(programs()["program:laravel-reverb"]).toMatchObject({
      command: "php /var/www/html/artisan reverb:start --host=127.0.0.1 --port=8081",
      numprocs: "1",
      stopwaitsecs: "30",
      stdout_logfile: "/var/www/html/storage/logs/reverb.log",
    });
    expect(programs()["supervisord"]).toEqual({ minfds: "10000" });
    expect(programs({ reverbMaxConnections: 9000 })["supervisord"]).toEqual({ minfds: "18000" });
  });

  it("takes another number, queue and end", () => {
    const worker = programs({ workerProcesses: 2, queueName: "{default}", workerStopSeconds: 120 })[
      "program:laravel-worker"
    ];

    expect(worker).toMatchObject({ numprocs: "2", stopwaitsecs: "120" });
    expect(worker?.["command"]).toContain(" --queue={default} ");
  });

  it("one worker has no number, and a host without programs no file", () => {
    expect(programs({ workerProcesses: 1 })["program:laravel-worker"]).not.toHaveProperty("process_name");
    expect(paths(host({ distribution: "ubuntu2404", roles: ["scheduler"] }))).not.toContain(
      "/etc/telemedicina/supervisor.conf",
    );
  });

  it("when the host goes down, a job has its time too", () => {
    const file = "/etc/systemd/system/supervisor.service.d/host.conf";
    expect(fileOf(host({ distribution: "ubuntu2404" }), file)).toContain("TimeoutStopSec=3630\n");
  });
});

describe("systemd", () => {
  it("CMP-08, T-63: a worker is a unit of a template, with an end that fits the longest job", () => {
    expect(unit("laravel-worker@.service")).toEqual({
      Description: "Laravel queue worker",
      Wants: "network-online.target",
      After: "network-online.target mount-data.service",
      ConditionPathExists: "/var/www/html/artisan",
      StartLimitIntervalSec: "0",
      Type: "exec",
      User: "nginx",
      Group: "nginx",
      WorkingDirectory: "/var/www/html",
      NoNewPrivileges: "yes",
      ProtectSystem: "full",
      ProtectHome: "yes",
      ExecStart: `/bin/sh -c "exec /usr/bin/php artisan ${WORK} >>/var/www/html/storage/logs/worker.log 2>&1"`,
      Restart: "always",
      RestartSec: "5",
      KillSignal: "SIGTERM",
      KillMode: "mixed",
      TimeoutStopSec: "3600",
      LimitNOFILE: "4096",
      WantedBy: "multi-user.target",
    });
    expect(fileOf(host({ workerProcesses: 6 }), "/etc/telemedicina/host.env")).toContain("WORKERS='6'\n");
    expect(unit("laravel-worker@.service", { workerStopSeconds: 120 })["TimeoutStopSec"]).toBe("120");
    expect(fileOf(host({ workerProcesses: 1 }), "/etc/systemd/system/laravel-worker@.service")).toContain(
      WORK,
    );
  });

  it("CMP-09, T-64: Reverb listens on loopback and may open files enough", () => {
    expect(unit("laravel-reverb.service")).toMatchObject({
      ExecStart:
        '/bin/sh -c "exec /usr/bin/php artisan reverb:start --host=127.0.0.1 --port=8081 >>/var/www/html/storage/logs/reverb.log 2>&1"',
      LimitNOFILE: "10000",
      TimeoutStopSec: "30",
    });
    expect(unit("laravel-reverb.service", { reverbMaxConnections: 9000 })["LimitNOFILE"]).toBe("18000");
  });

  it("the scheduler has its turn every minute, on every distribution by a timer", () => {
    for (const distribution of ["amazonLinux2023", "ubuntu2404"] as const) {
      expect(unit("laravel-scheduler.timer", { distribution })).toMatchObject({
        OnCalendar: "*:*:00",
        AccuracySec: "1s",
      });
      expect(unit("laravel-scheduler.service", { distribution })).toMatchObject({
        ConditionPathExists: "/var/www/html/artisan",
        Type: "oneshot",
        KillMode: "process",
      });
    }
  });

  it("the host's figures are sent every minute, by nobody in particular", () => {
    expect(unit("host-metrics.timer")["OnCalendar"]).toBe("*:*:30");
    expect(unit("host-metrics.service")).toMatchObject({
      ExecStart: "/usr/local/sbin/host-metrics",
      DynamicUser: "yes",
      RuntimeDirectory: "telemedicina",
    });
  });

  it("the host watches for its end from the first boot on", () => {
    expect(unit("host-lifecycle.service")).toMatchObject({
      ExecStart: "/usr/local/sbin/host-lifecycle watch",
      Restart: "on-failure",
    });
  });
});

describe("more connections than PHP's own event loop holds", () => {
  it("T-64: need an extension, which host-setup asks for", () => {
    const asked = (reverbMaxConnections: number, roles: LaravelHostProps["roles"] = ["web"]) =>
      directives(fileOf(host({ reverbMaxConnections, roles }), "/etc/telemedicina/host.env"))["EVENT_LOOP"];

    expect(asked(1000)).toBe("''");
    expect(asked(1001)).toBe("'uv|ev|event'");
    expect(asked(1001, ["worker"])).toBe("''");
  });
});
