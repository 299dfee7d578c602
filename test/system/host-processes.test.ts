import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { LaravelHostProps } from "@telemedicina/host";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPrograms } from "./host-programs-support.js";
import { debianHost, HostTree } from "./host-support.js";
import { until } from "./relay-support.js";

const supervisor = findPrograms(
  "supervisor",
  { supervisord: "supervisord", supervisorctl: "supervisorctl", php: "php", runuser: "runuser" },
  "supervisor php-cli",
);
const systemd = findPrograms(
  "systemd",
  {
    systemd: "/usr/lib/systemd/systemd",
    analyze: "systemd-analyze",
    tmpfiles: "systemd-tmpfiles",
    unshare: "unshare",
    nsenter: "nsenter",
    php: "php",
  },
  "systemd php-cli",
);
const root = process.getuid?.() === 0;
if (!root && (supervisor ?? systemd)) {
  const reason = "process tests: they give their programs to another user, which needs root";
  if (process.env["REQUIRE_COMPONENTS"] === "1")
    throw new Error(`${reason}; REQUIRE_COMPONENTS=1 demands it.`);
  process.stderr.write(`SKIPPED ${reason}\n`);
}

/** A worker as Laravel's: told to stop it ends the job first. A job lasts as long as the file `job` says. */
const ARTISAN = `<?php
$log = fn (string $text) => print(getmypid() . " $text\\n");
$stop = false;
pcntl_async_signals(true);
pcntl_signal(SIGTERM, function () use (&$stop, $log) { $stop = true; $log('told to stop'); });
$log('starts ' . implode(' ', array_slice($argv, 1)));
while (!$stop) {
    if ($argv[1] === 'queue:work' && is_file('job') && ($seconds = @file_get_contents('job')) !== false && @unlink('job')) {
        $log('job begins');
        for ($end = microtime(true) + (float) $seconds; microtime(true) < $end;) { usleep(20000); }
        $log('job ends');
    }
    usleep(50000);
}
$log('ends');
`;

/** Four workers, with a job that may take six seconds more. */
const host: LaravelHostProps = { ...debianHost, roles: ["web", "worker"], workerStopSeconds: 6 };

describe.skipIf(supervisor === undefined || !root)("supervisor's programs as rendered", () => {
  let tree: HostTree;
  let daemon: ChildProcess;
  let laravelctl: Laravelctl;

  beforeAll(async () => {
    tree = await HostTree.render(host);
    prepare(tree);
    const main = tree.write("/etc/supervisor/supervisord.conf", supervisorMain(tree));
    mkdirSync(tree.at("/etc/supervisor/conf.d"), { recursive: true });
    // Debian's finds its configuration by itself.
    tree.write(
      "/bin/supervisorctl",
      `#!/bin/sh\nexec ${supervisor?.supervisorctl} -c ${main} "$@"\n`,
      "0755",
    );
    daemon = await startDaemon(main);
    laravelctl = (...args) =>
      run([tree.at("/usr/local/sbin/laravelctl"), ...args], {
        PATH: `${tree.at("/bin")}:${process.env["PATH"]}`,
      });
  });

  afterAll(async () => {
    await stopDaemon();
    tree?.remove();
  });

  it("before the first release nothing is started, and that is said", async () => {
    expect(await laravelctl("start")).toMatchObject({
      exitCode: 1,
      output: `laravelctl: no release in ${tree.at("/var/www/html")}: nothing to start`,
    });
    expect((await laravelctl("status")).exitCode).toBe(3);
    expect((await laravelctl("wait", "1")).exitCode).toBe(1);
    expect((await laravelctl("stop")).exitCode).toBe(0);
    expect(readdirSync(tree.at("/etc/supervisor/conf.d"))).toEqual([]);
  });

  it("CMP-08, CMP-09: brings up four workers and Reverb, as the web user, each with the document's command", async () => {
    tree.write("/var/www/html/artisan", ARTISAN);
    await laravelctl("start");
    expect(await laravelctl("wait", "20")).toMatchObject({ exitCode: 0 });
    const { output, exitCode } = await laravelctl("status");

    expect(exitCode).toBe(0);
    expect(states(output)).toEqual({
      "laravel-reverb": "RUNNING",
      "laravel-worker:laravel-worker_00": "RUNNING",
      "laravel-worker:laravel-worker_01": "RUNNING",
      "laravel-worker:laravel-worker_02": "RUNNING",
      "laravel-worker:laravel-worker_03": "RUNNING",
    });
    expect(started(log("worker"))).toEqual(
      Array(4).fill("queue:work redis --queue=default --sleep=3 --tries=3 --max-time=3600"),
    );
    expect(started(log("reverb"))).toEqual([`reverb:start --host=127.0.0.1 --port=${tree.port(8081)}`]);
    for (const name of ["worker", "reverb"]) {
      expect(statSync(tree.at(`/var/www/html/storage/logs/${name}.log`)).uid).toBe(webUid());
    }
    for (const pid of pids(output)) expect(processUid(pid)).toBe(webUid());
  });

  it("CMP-08: restarts a worker that was killed", async () => {
    const before = pids((await laravelctl("status", "laravel-worker")).output);
    const [victim] = before;
    if (victim === undefined) throw new Error("no worker runs");
    process.kill(victim, "SIGKILL");
    await until("four workers again", async () => {
      const now = pids((await laravelctl("status", "laravel-worker")).output);
      return now.length === 4 && !now.includes(victim);
    });

    const after = pids((await laravelctl("status", "laravel-worker")).output);
    expect(after.filter((pid) => before.includes(pid))).toHaveLength(3);
    expect(await laravelctl("wait", "20")).toMatchObject({ exitCode: 0 });
  });

  it("starting what runs and stopping what does not is no fault; what there is not is one", async () => {
    const before = pids((await laravelctl("status")).output);

    expect((await laravelctl("start")).exitCode).toBe(0);
    expect(pids((await laravelctl("status")).output)).toEqual(before);
    expect(await laravelctl("stop", "laravel-scheduler")).toMatchObject({
      exitCode: 2,
      output: "laravelctl: laravel-scheduler is not on this host. Here: laravel-worker laravel-reverb",
    });
    expect((await laravelctl("halt")).exitCode).toBe(2);
  });

  it("T-63: stop lets a running job end, ends the rest at once, and leaves what was not named", async () => {
    const { seconds } = await stopDuringJob(tree, laravelctl, 3);

    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(6);
    expect(log("worker").filter((line) => line.endsWith(" job ends"))).toHaveLength(1);
    expect((await laravelctl("status", "laravel-worker")).exitCode).toBe(3);
    expect((await laravelctl("status", "laravel-reverb")).exitCode).toBe(0);
    expect((await laravelctl("stop", "laravel-worker")).exitCode).toBe(0);
  });

  it("T-63: a job that takes longer than promised is killed then", async () => {
    await laravelctl("start");
    expect(await laravelctl("wait", "20")).toMatchObject({ exitCode: 0 });
    const { seconds } = await stopDuringJob(tree, laravelctl, 60);

    expect(seconds).toBeGreaterThan(5);
    expect(seconds).toBeLessThan(9);
    expect(log("worker").filter((line) => line.endsWith(" job begins"))).toHaveLength(2);
    expect(log("worker").filter((line) => line.endsWith(" job ends"))).toHaveLength(1);
    expect((await laravelctl("status", "laravel-worker")).exitCode).toBe(3);
  });

  it("restart gives every program a new process", async () => {
    const before = pids((await laravelctl("status")).output);
    expect((await laravelctl("restart")).exitCode).toBe(0);
    expect(await laravelctl("wait", "20")).toMatchObject({ exitCode: 0 });
    const after = pids((await laravelctl("status")).output);

    expect(after).toHaveLength(5);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  });

  it("a worker that cannot start is tried on and on, not given up", async () => {
    tree.write("/var/www/html/artisan", "<?php exit(1);\n");
    await laravelctl("stop");
    await laravelctl("start");
    await until("the fourth try", () => spawnErrors(tree) >= 4 * 4, 30_000);
    expect((await laravelctl("status", "laravel-worker")).output).not.toContain("FATAL");
    expect((await laravelctl("wait", "1")).exitCode).toBe(1);

    tree.write("/var/www/html/artisan", ARTISAN);
    expect(await laravelctl("wait", "60")).toMatchObject({ exitCode: 0 });
  });

  it("CMP-09: after a reboot all of them run by themselves, and may open the files that Reverb needs", async () => {
    await stopDaemon();
    daemon = await startDaemon(tree.at("/etc/supervisor/supervisord.conf"));
    expect(await laravelctl("wait", "20")).toMatchObject({ exitCode: 0 });
    const [reverb = 0] = pids((await laravelctl("status", "laravel-reverb")).output);

    expect(openFiles(reverb)).toBe("10000");
  });

  async function startDaemon(main: string): Promise<ChildProcess> {
    // With the limit that a service of systemd's starts with.
    const command = 'ulimit -S -n 1024; exec "$0" --nodaemon --configuration "$1"';
    const started = spawn("/bin/sh", ["-c", command, supervisor?.supervisord ?? "", main], {
      stdio: "ignore",
    });
    await until("supervisord", () => existsSync(tree.at("/run/supervisor.sock")));
    return started;
  }

  async function stopDaemon(): Promise<void> {
    const ended = new Promise((resolve) => daemon?.once("exit", resolve));
    if (daemon?.kill("SIGTERM")) await ended;
  }

  function log(name: string): string[] {
    return tree.read(`/var/www/html/storage/logs/${name}.log`).trim().split("\n");
  }
});

describe.skipIf(systemd === undefined || !root)("systemd's units as rendered", () => {
  let tree: HostTree;
  let manager: SystemdManager;
  let laravelctl: Laravelctl;

  beforeAll(async () => {
    tree = await HostTree.render({ ...host, distribution: "amazonLinux2023", roles: debianHost.roles });
    prepare(tree);
    for (const name of readdirSync(tree.at("/etc/systemd/system"))) {
      const file = `/etc/systemd/system/${name}`;
      if (!statSync(tree.at(file)).isFile()) continue;
      // The one user that both distributions' tests have; and containers refuse a unit its own view of the disk.
      tree.write(
        file,
        tree
          .read(file)
          .replace(/^(User|Group)=nginx$/gm, "$1=www-data")
          .replace(/^Protect(System|Home)=.*\n/gm, ""),
      );
    }
    const tmpfiles = tree
      .read("/etc/tmpfiles.d/telemedicina.conf")
      .replaceAll(" nginx nginx", " www-data www-data");
    await execa(systemd?.tmpfiles ?? "", [
      "--create",
      tree.write("/etc/tmpfiles.d/telemedicina.conf", tmpfiles),
    ]);
    // A turn that leaves work in the background, as the scheduler's runInBackground() does.
    tree.write(
      "/usr/local/sbin/scheduler-turn",
      "#!/bin/sh\necho turn of $(id -un)\n(sleep 3; echo background ends) &\n",
      "0755",
    );
    manager = await SystemdManager.start(tree);
    laravelctl = (...args) => manager.run([tree.at("/usr/local/sbin/laravelctl"), ...args]);
  });

  afterAll(async () => {
    await manager?.stop();
    tree?.remove();
  });

  it("before the first release nothing is started, and a unit that is started anyway does not loop", async () => {
    expect(await laravelctl("start")).toMatchObject({
      exitCode: 1,
      output: `laravelctl: no release in ${tree.at("/var/www/html")}: nothing to start`,
    });
    expect((await manager.systemctl("start", "laravel-worker@1.service")).exitCode).toBe(0);
    expect((await manager.systemctl("is-active", "laravel-worker@1.service")).output).toBe("inactive");
    expect((await manager.systemctl("show", "-p", "NRestarts", "laravel-worker@1")).output).toBe(
      "NRestarts=0",
    );
    expect((await laravelctl("stop")).exitCode).toBe(0);
  });

  it("CMP-08, CMP-09: brings up four workers, Reverb and the scheduler's timer, as the web user", async () => {
    tree.write("/var/www/html/artisan", ARTISAN);

    expect((await laravelctl("start")).exitCode).toBe(0);
    expect(await laravelctl("wait", "20")).toMatchObject({ exitCode: 0 });
    expect((await laravelctl("status")).output.split("\n")).toEqual([
      "laravel-scheduler.timer active",
      ...[1, 2, 3, 4].map((index) => `laravel-worker@${index}.service active`),
      "laravel-reverb.service active",
    ]);
    expect(started(log("worker"))).toEqual(
      Array(4).fill("queue:work redis --queue=default --sleep=3 --tries=3 --max-time=3600"),
    );
    for (const name of ["worker", "reverb"]) {
      expect(statSync(tree.at(`/var/www/html/storage/logs/${name}.log`)).uid).toBe(webUid());
    }
    const limits = await manager.run([
      "cat",
      `/proc/${await manager.mainPid("laravel-reverb.service")}/limits`,
    ]);
    expect(limits.output).toMatch(/Max open files\s+10000\s+10000/);
  });

  it("CMP-08: restarts a worker that was killed", async () => {
    const before = await manager.mainPid("laravel-worker@2.service");
    if (before === 0) throw new Error("no worker runs");
    await manager.run(["kill", "-KILL", String(before)]);
    await until("another process", async () => {
      const now = await manager.mainPid("laravel-worker@2.service");
      return now !== 0 && now !== before;
    });
    expect(await laravelctl("wait", "20")).toMatchObject({ exitCode: 0 });
  });

  it("T-63: stop lets a running job end, ends the rest at once, and leaves what was not named", async () => {
    const { seconds } = await stopDuringJob(tree, laravelctl, 3);

    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(6);
    expect(log("worker").filter((line) => line.endsWith(" job ends"))).toHaveLength(1);
    expect((await laravelctl("status", "laravel-worker")).exitCode).toBe(3);
    expect((await laravelctl("status", "laravel-reverb")).exitCode).toBe(0);
  });

  it("T-63: a job that takes longer than promised is killed then", async () => {
    await laravelctl("start");
    expect(await laravelctl("wait", "20")).toMatchObject({ exitCode: 0 });
    const { seconds } = await stopDuringJob(tree, laravelctl, 60);

    expect(seconds).toBeGreaterThan(5);
    expect(seconds).toBeLessThan(9);
    expect(log("worker").filter((line) => line.endsWith(" job ends"))).toHaveLength(1);
  });

  it("the scheduler has its turn while the one before still runs, and stop waits for both", async () => {
    const count = (text: string) => log("scheduler").filter((line) => line === text).length;
    // The timer may add its own, at a minute's begin, now and in the tests before.
    const before = count("turn of www-data");
    await manager.systemctl("start", "laravel-scheduler.service");
    await manager.systemctl("start", "laravel-scheduler.service");
    await until("two turns", () => count("turn of www-data") >= before + 2);
    expect(count("turn of www-data") - count("background ends")).toBeGreaterThanOrEqual(2);
    expect(await laravelctl("stop", "laravel-scheduler")).toMatchObject({ exitCode: 0 });

    expect(count("background ends")).toBe(count("turn of www-data"));
    expect((await laravelctl("status", "laravel-scheduler")).exitCode).toBe(3);
  });

  function log(name: string): string[] {
    const file = `/var/www/html/storage/logs/${name}.log`;
    return existsSync(tree.at(file)) ? tree.read(file).trim().split("\n") : [];
  }
});

describe.skipIf(systemd === undefined)("every unit", () => {
  it.each(["amazonLinux2023", "ubuntu2404"] as const)(
    "CMP-06: systemd-analyze verify finds no fault in the units of %s",
    async (distribution) => {
      const pgbouncer = {
        poolMode: "transaction",
        maxPreparedStatements: 200,
        defaultPoolSize: 20,
        maxClientConnections: 500,
      } as const;
      const tree = await HostTree.render({ ...debianHost, distribution, pgbouncer });
      try {
        const units = readdirSync(tree.at("/etc/systemd/system")).filter((name) => !name.endsWith(".d"));
        const verified = await execa(
          systemd?.analyze ?? "",
          ["verify", "--man=no", ...units.map((name) => tree.at(`/etc/systemd/system/${name}`))],
          { reject: false, all: true },
        );

        expect(units.length).toBeGreaterThan(5);
        // Units of this machine that have nothing to do with ours are read too.
        expect(
          verified.all.split("\n").filter((line) => line.includes(tree.directory) || ours(line, units)),
        ).toEqual([]);
        expect(verified.exitCode).toBe(0);
      } finally {
        tree.remove();
      }
    },
  );
});

type Laravelctl = (...args: readonly string[]) => Promise<Ended>;

interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

async function run(command: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const [program = "", ...args] = command;
  const { exitCode, all } = await execa(program, args, { env, reject: false, all: true });
  return { exitCode: exitCode ?? -1, output: all.trim() };
}

/** The application's directories are the web user's. */
function prepare(tree: HostTree): void {
  for (const path of ["/var/www/html", "/var/www/html/storage/logs"]) {
    chownSync(tree.at(path), webUid(), -1);
  }
}

/**
 * systemd as a user's manager, root's, in namespaces of its own: it needs not be the first process of the machine,
 * finds the directories of a booted one, and takes everything with it when it ends.
 */
class SystemdManager {
  private constructor(
    private readonly child: ChildProcess,
    private readonly inside: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(tree: HostTree): Promise<SystemdManager> {
    const runtime = tree.at("/runtime");
    mkdirSync(runtime, { mode: 0o700 });
    tree.write("/bin/systemctl", '#!/bin/sh\nexec /usr/bin/systemctl --user "$@"\n', "0755");
    const env = {
      PATH: `${tree.at("/bin")}:${process.env["PATH"]}`,
      HOME: tree.directory,
      XDG_RUNTIME_DIR: runtime,
      SYSTEMD_UNIT_PATH: `${tree.at("/etc/systemd/system")}:/usr/lib/systemd/user`,
    };
    const boot = `mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && ${systemd?.systemd} --user --unit=basic.target & wait`;
    const child = spawn(
      systemd?.unshare ?? "",
      ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", boot],
      { env, stdio: "ignore" },
    );
    await until("the manager's namespace", () => children(child.pid).length === 1);
    const manager = new SystemdManager(child, children(child.pid)[0] ?? 0, env);
    await until("systemd's user manager", async () => {
      return (await manager.systemctl("is-active", "basic.target")).output === "active";
    });
    return manager;
  }

  run(command: readonly string[]): Promise<Ended> {
    return run(
      [systemd?.nsenter ?? "", "--target", String(this.inside), "--mount", "--pid", ...command],
      this.env,
    );
  }

  systemctl(...args: readonly string[]): Promise<Ended> {
    return this.run(["systemctl", ...args]);
  }

  /** As seen inside; 0 if there is none. */
  async mainPid(unit: string): Promise<number> {
    return Number((await this.systemctl("show", "--property=MainPID", "--value", unit)).output);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.kill("SIGKILL")) await ended;
  }
}

function children(pid: number | undefined): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

/** What systemd-analyze says of a unit by its name alone. */
function ours(line: string, units: readonly string[]): boolean {
  return units.some((unit) => line.startsWith(`${unit}:`) || line.includes(`${unit}'`));
}

/** supervisord's own file, as Debian has it, with no word about programs. */
function supervisorMain(tree: HostTree): string {
  return `[unix_http_server]
file=${tree.at("/run/supervisor.sock")}
[supervisord]
logfile=${tree.at("/var/log/supervisord.log")}
pidfile=${tree.at("/run/supervisord.pid")}
childlogdir=${tree.at("/var/log")}
user=root
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${tree.at("/run/supervisor.sock")}
[include]
files = ${tree.at("/etc/supervisor/conf.d")}/*.conf
`;
}

/** Gives one worker a job of that many seconds, and stops the workers while it runs. */
async function stopDuringJob(tree: HostTree, laravelctl: Laravelctl, jobSeconds: number) {
  const begun = () => tree.read("/var/www/html/storage/logs/worker.log").split(" job begins").length;
  const before = begun();
  tree.write("/var/www/html/job", String(jobSeconds));
  await until("the job's begin", () => begun() > before, 10_000);
  const start = Date.now();
  const { exitCode } = await laravelctl("stop", "laravel-worker");
  expect(exitCode).toBe(0);
  return { seconds: (Date.now() - start) / 1000 };
}

function states(output: string): Record<string, string> {
  return Object.fromEntries(output.split("\n").map((line) => line.split(/\s+/).slice(0, 2)));
}

function pids(output: string): number[] {
  return [...output.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
}

function started(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, command] = /^\d+ starts (.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [command];
  });
}

function spawnErrors(tree: HostTree): number {
  return tree.read("/var/log/supervisord.log").split("exited: laravel-worker").length - 1;
}

function webUid(): number {
  const [, uid] = /^www-data:[^:]*:(\d+):/m.exec(readFileSync("/etc/passwd", "utf8")) ?? [];
  return Number(uid);
}

function processUid(pid: number): number {
  return statSync(`/proc/${pid}`).uid;
}

function openFiles(pid: number): string | undefined {
  return /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, "utf8"))?.[1];
}
