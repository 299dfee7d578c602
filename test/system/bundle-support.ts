import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { type BundleProps, deployBundle } from "@telemedicina/bundle";
import type { DistributionName, LaravelHostProps } from "@telemedicina/host";
import { execa } from "execa";
import { debianHost, HostTree } from "./host-support.js";

const WEB_USER = "www-data";

/** What hooks call on a host that this machine has not: units and supervisor's programs, with a state of their own. */
const SERVICES = `#!/bin/bash
# Files in state/ are what runs; in dead/ what does not stay up, in stubborn/ what ends only when its file goes.
call="$(basename "$0") $*"
echo "$call" >>%ROOT%/calls
refused=$(cat %ROOT%/fails 2>/dev/null)
[[ -n $refused && $call == *"$refused"* ]] && exit 7
quiet=
action=$1
shift
names=()
for word in "$@"; do
  case $word in
    --quiet) quiet=1 ;;
    *) names+=("$word") ;;
  esac
done
up() { [[ -e %ROOT%/dead/$1 ]] || echo "$2" >"%ROOT%/state/$1"; }
down() {
  [[ -e %ROOT%/state/$1 ]] || return 0
  # supervisor's: who is told to stop already is not told again, nor waited for.
  [[ $(<"%ROOT%/state/$1") == STOPPING ]] && return 0
  echo "$2" >"%ROOT%/state/$1"
  while [[ -e %ROOT%/stubborn/$1 ]]; do sleep 0.1; done
  rm -f "%ROOT%/state/$1"
}
case $(basename "$0") in
  systemctl)
    case $action in
      start | restart | reload-or-restart) for name in "\${names[@]}"; do up "$name" active; done ;;
      stop) for name in "\${names[@]}"; do down "$name" deactivating; done ;;
      is-active)
        # As the real one: content with one of several.
        code=3
        for name in "\${names[@]}"; do
          state=inactive
          [[ -e %ROOT%/state/$name ]] && state=$(<"%ROOT%/state/$name")
          [[ $state == active ]] && code=0
          [[ $quiet ]] || echo "$state"
        done
        exit "$code"
        ;;
    esac
    ;;
  supervisorctl)
    for name in "\${names[@]%:\\*}"; do
      case $action in
        start) up "$name" RUNNING ;;
        stop) down "$name" STOPPING ;;
        status)
          state=STOPPED
          [[ -e %ROOT%/state/$name ]] && state=$(<"%ROOT%/state/$name")
          echo "$name:\${name}_00   $state   pid 1, uptime 0:00:05"
          ;;
      esac
    done
    ;;
esac
exit 0
`;

/** Laravel's console as hooks use it: caches, and migrations behind a lock that all hosts share. */
const ARTISAN = `<?php
$shared = '%SHARED%';
$said = implode(' ', array_slice($argv, 1));
file_put_contents("$shared/artisan", posix_getpwuid(posix_geteuid())['name'] . ": $said\\n", FILE_APPEND);
$fails = is_file("$shared/artisan-fails") ? trim(file_get_contents("$shared/artisan-fails")) : '';
$command = $argv[1];
if (str_ends_with($command, ':cache')) {
    if ($fails === $command) { fwrite(STDERR, "$command: broken\\n"); exit(1); }
    file_put_contents(__DIR__ . '/bootstrap/cache/' . strstr($command, ':', true) . '.php', "<?php // of " . file_get_contents(__DIR__ . '/.env'));
    exit(0);
}
if ($command === 'migrate:status') {
    preg_match('/--pending=(\\d+)/', $said, $pending);
    exit(is_file("$shared/pending") || $fails === 'migrate' ? (int) $pending[1] : 0);
}
if ($command === 'tinker') {
    if (!str_contains($said, "Cache::lock('framework/command-migrate')->forceRelease()")) exit(1);
    rmdir("$shared/lock");
    exit("free\\n");
}
if ($command === 'migrate') {
    if ($fails === 'cache') sleep(60);
    preg_match('/--isolated=(\\d+)/', $said, $isolated);
    if (!@mkdir("$shared/lock")) { echo "The [migrate] command is already running.\\n"; exit((int) $isolated[1]); }
    if (is_file("$shared/pending")) echo "\\n   INFO  Running migrations.  \\n";
    if ($fails === 'never-ends') sleep(60);
    usleep(700000);
    $code = 0;
    if ($fails === 'migrate') { fwrite(STDERR, "SQLSTATE[42P01]\\n"); $code = 1; }
    elseif (is_file("$shared/pending")) { unlink("$shared/pending"); file_put_contents("$shared/migrated", "once\\n", FILE_APPEND); }
    else { echo "Nothing to migrate.\\n"; }
    rmdir("$shared/lock");
    exit($code);
}
exit(64);
`;

export interface HookResult {
  readonly exitCode: number;
  readonly output: string;
}

/** A host as the host module renders it, and a release of the bundle on it as CodeDeploy's agent brings it. */
export class BundleHost {
  private constructor(
    readonly tree: HostTree,
    readonly release: string,
    /** What hosts have in common: the database's state, the lock in the cache. */
    readonly shared: string,
  ) {}

  static async make(options: {
    readonly distribution: DistributionName;
    readonly roles?: LaravelHostProps["roles"];
    readonly bundle?: BundleProps;
    readonly shared?: string;
    /** Lines that come after those of settings.sh: waiting times of a test. */
    readonly settings?: Readonly<Record<string, string | number>>;
  }): Promise<BundleHost> {
    const { distribution, roles = debianHost.roles } = options;
    const tree = await HostTree.render({ ...debianHost, distribution, roles, workerProcesses: 1 });
    const host = new BundleHost(
      tree,
      tree.at("/agent/group/d-TEST/deployment-archive"),
      options.shared ?? tree.directory,
    );
    // Of the other distribution's user this machine has none.
    tree.write(
      "/etc/telemedicina/host.env",
      tree.read("/etc/telemedicina/host.env").replaceAll("'nginx'", `'${WEB_USER}'`),
    );
    for (const name of ["state", "dead", "stubborn", "etc/supervisor/conf.d"])
      mkdirSync(tree.at(`/${name}`), { recursive: true });
    for (const name of ["systemctl", "supervisorctl"]) {
      tree.write(`/bin/${name}`, SERVICES.replaceAll("%ROOT%", tree.directory), "0755");
    }
    // As after the boot: what it writes is the application's.
    rmSync(tree.at("/var/www/html"), { recursive: true });
    mkdirSync(tree.at("/var/www/html/public"), { recursive: true });
    if (roles.includes("web")) {
      tree.write("/var/www/html/public/index.php", tree.read("/etc/telemedicina/placeholder.php"));
      for (const unit of ["nginx.service", `${host.fpmUnit}.service`])
        writeFileSync(tree.at(`/state/${unit}`), "active\n");
    }
    tree.write(
      "/usr/local/sbin/render-env",
      `#!/bin/bash
echo render-env >>${tree.directory}/calls
[[ -e ${tree.directory}/no-contract ]] && { echo "render-env: 1 fault" >&2; exit 1; }
umask 027
# A new file in the old one's place, as the real one.
rm -f ${tree.at("/var/www/html/.env")}
echo "APP_URL=\\"$(cat ${tree.directory}/app-url 2>/dev/null)\\"" >${tree.at("/var/www/html/.env")}
chgrp ${WEB_USER} ${tree.at("/var/www/html/.env")}
`,
      "0755",
    );
    host.bring(options.bundle ?? {}, options.settings ?? {});
    chmodSync(host.shared, 0o777);
    return host;
  }

  get application(): string {
    return this.tree.at("/var/www/html");
  }

  get fpmUnit(): string {
    return /^FPM_UNIT='(.*)'$/m.exec(this.tree.read("/etc/telemedicina/host.env"))?.[1] ?? "";
  }

  /** The archive of a release, unpacked where the agent has it. */
  private bring(bundle: BundleProps, settings: Readonly<Record<string, string | number>>): void {
    const props: BundleProps = {
      application: this.application,
      hostEnv: this.tree.at("/etc/telemedicina/host.env"),
      hostPrograms: this.tree.at("/usr/local/sbin"),
      port: this.tree.port(8080),
      ...bundle,
    };
    const put = (path: string, text: string, mode = 0o644) => {
      const target = join(this.release, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text, { mode });
    };
    for (const { path, content, mode } of deployBundle(props)) put(path, content, Number.parseInt(mode, 8));
    const changes = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
    put(
      "scripts/settings.sh",
      `${readFileSync(join(this.release, "scripts/settings.sh"), "utf8")}${changes.join("")}`,
    );
    put("artisan", ARTISAN.replaceAll("%SHARED%", this.shared));
    put("public/index.php", "<?php // the release\n");
    put("bootstrap/cache/.gitignore", "*\n");
    put("storage/framework/views/.gitignore", "*\n");
  }

  /** The agent's Install: the release's files over what is there, with the owner and mode of appspec.yml. */
  install(): void {
    cpSync(this.release, this.application, { recursive: true });
    for (const path of everything(this.release)) {
      const target = join(this.application, path);
      chownSync(target, 0, 0);
      chmodSync(target, 0o755);
    }
  }

  /** One of the hooks as the agent runs it: root, somewhere, with a few variables of its own. */
  async hook(name: string, env: Readonly<Record<string, string>> = {}): Promise<HookResult> {
    const { exitCode, all } = await execa(join(this.release, `scripts/${name}.sh`), [], {
      cwd: "/",
      stdin: "ignore",
      reject: false,
      all: true,
      extendEnv: false,
      env: {
        PATH: `${this.tree.at("/bin")}:/usr/sbin:/usr/bin:/sbin:/bin`,
        LIFECYCLE_EVENT: name,
        DEPLOYMENT_ID: "d-TEST",
        ...env,
      },
    });
    return { exitCode: exitCode ?? -1, output: all ?? "" };
  }

  /** Another deployment that the agent keeps of this group: the host was not started for this one. */
  hadRelease(): void {
    mkdirSync(this.tree.at("/agent/group/d-BEFORE/deployment-archive"), { recursive: true });
  }

  /** What is on the host and runs, or does not. */
  write(path: string, text = ""): void {
    this.tree.write(`/${path}`, text);
  }

  remove(path: string): void {
    rmSync(this.tree.at(`/${path}`), { force: true });
  }

  /** Names of what runs. */
  get runs(): string[] {
    return readdirSync(this.tree.at("/state")).sort();
  }

  /** Calls that change something, since the last look. */
  calls(): string[] {
    const path = this.tree.at("/calls");
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    rmSync(path, { force: true });
    return text.split("\n").filter((call) => call !== "" && !/ (status|is-active) /.test(call));
  }

  artisanCalls(): string[] {
    const path = join(this.shared, "artisan");
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    rmSync(path, { force: true });
    return text.split("\n").filter((call) => call !== "");
  }

  mode(path: string): string {
    const { mode, uid, gid } = statSync(join(this.application, path));
    return `${(mode & 0o7777).toString(8)} ${uid} ${gid}`;
  }

  dispose(): void {
    this.tree.remove();
  }
}

function everything(directory: string): string[] {
  return readdirSync(directory, { recursive: true }) as string[];
}

/** What answers on a port as a test says, at the time it says. */
export class Answering {
  private constructor(
    private readonly server: HttpServer,
    readonly asked: string[],
  ) {}

  static async open(
    answer: (path: string) => { readonly status: number; readonly text: string },
    port = 0,
  ): Promise<Answering> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const { status, text } = answer(request.url ?? "");
      response.writeHead(status).end(text);
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return new Answering(server, asked);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
