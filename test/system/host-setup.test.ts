import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  type DistributionName,
  distributions,
  type HostRole,
  type LaravelHostProps,
  laravelHost,
} from "@telemedicina/host";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { root } from "../src/project.js";
import { findPrograms } from "./host-programs-support.js";
import { debianHost, HostTree } from "./host-support.js";

const files = join(root, "modules/host/files");
const names = Object.keys(distributions) as DistributionName[];
const roleSets: readonly (readonly HostRole[])[] = [
  ["web", "worker", "scheduler"],
  ["web"],
  ["worker"],
  ["scheduler"],
];
const pgbouncer = {
  poolMode: "transaction",
  maxPreparedStatements: 0,
  defaultPoolSize: 20,
  maxClientConnections: 500,
} as const;

const cloudInit = findPrograms("cloud-init schema", { cloudInit: "cloud-init" }, "cloud-init");
const readers = findPrograms(
  "host programs' syntax",
  { shellcheck: "shellcheck", python: "/usr/bin/python3", php: "php", bash: "bash" },
  "shellcheck python3 php-cli",
);
const tools = findPrograms("host-setup", { bash: "bash", tmpfiles: "systemd-tmpfiles" }, "systemd");

describe.skipIf(cloudInit === undefined)("user data", () => {
  it.each(names.flatMap((name) => roleSets.map((roles) => [name, roles] as const)))(
    "CMP-06: cloud-init accepts what a host with %s has for %j",
    async (distribution, roles) => {
      const tree = await HostTree.render(debianHost);
      try {
        const { userData } = laravelHost({ ...debianHost, distribution, roles, pgbouncer });
        const { exitCode, all } = await execa(
          cloudInit?.cloudInit ?? "",
          ["schema", "--config-file", tree.write("/user-data.yaml", userData)],
          { reject: false, all: true },
        );
        expect(all).toContain("Valid cloud-config");
        expect(exitCode).toBe(0);
      } finally {
        tree.remove();
      }
    },
  );
});

describe.skipIf(readers === undefined)("the programs of a host", () => {
  it("CMP-06: shellcheck has nothing to say of any shell script", async () => {
    const scripts = readdirSync(files).filter((name) => name.endsWith(".sh"));
    const { exitCode, all } = await execa(
      readers?.shellcheck ?? "",
      ["--severity", "style", ...scripts.map((name) => join(files, name))],
      { reject: false, all: true },
    );

    expect(scripts.length).toBeGreaterThan(3);
    expect(all).toBe("");
    expect(exitCode).toBe(0);
  });

  it("are the same programs without their comments, which user data has no room for", async () => {
    const installed = new Map(
      (["debian12", "amazonLinux2023"] as const)
        .flatMap((distribution) => laravelHost({ ...debianHost, distribution, pgbouncer }).files)
        .map(({ path, content }) => [path, content]),
    );
    const sameTree =
      "import ast, sys\n" +
      "def bare(file):\n" +
      "    tree = ast.parse(open(file).read())\n" +
      "    for node in ast.walk(tree):\n" +
      "        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node): node.body.pop(0)\n" +
      "    return ast.dump(tree)\n" +
      "sys.exit(bare(sys.argv[1]) != bare(sys.argv[2]))\n";
    const tree = await HostTree.render(debianHost);
    try {
      for (const name of readdirSync(files).filter((file) => /\.(py|php)$/.test(file))) {
        const source = join(files, name);
        const bare = [...installed].find(([path]) => path.endsWith(`/${name.replace(/\.(py|php)$/, "")}`));
        const placed = bare ?? [...installed].find(([path]) => path.endsWith(`/${name}`));
        const copy = tree.write(`/copies/${name}`, placed?.[1] ?? "");
        if (name.endsWith(".py")) {
          await execa(readers?.python ?? "", ["-c", sameTree, source, copy]);
        } else {
          const stripped = async (file: string) =>
            (await execa(readers?.php ?? "", ["-w", file])).stdout.split(/\s+/).join(" ");
          expect(await stripped(copy)).toBe(await stripped(source));
        }
      }
      for (const [path, content] of installed) {
        if (!content.startsWith("#!/bin/bash")) continue;
        await execa(readers?.bash ?? "", ["-n", tree.write(`/copies${path}`, content)]);
      }
    } finally {
      tree.remove();
    }
  });
});

/** Of the system's programs host-setup has these, with Python's boto3. */
const SYSTEM = [
  "basename",
  "bash",
  "cp",
  "date",
  "flock",
  "grep",
  "id",
  "install",
  "mktemp",
  "openssl",
  "python3",
  "rm",
  "sh",
  "systemd-tmpfiles",
];

/**
 * host-setup itself, as rendered, with everything that would change this machine replaced by programs that note how
 * they were called. `systemd-tmpfiles`, `install` and the shell are the system's.
 */
describe.skipIf(tools === undefined || process.getuid?.() !== 0)("host-setup", () => {
  let tree: HostTree;

  afterEach(() => tree?.remove());

  it("T-30f: prepares a host without a release, the CodeDeploy agent last, and answers the hook", async () => {
    await render({ ...debianHost, pgbouncer });
    const { exitCode } = await setUp();

    expect(setupLog()).toContain("host-setup: READY");
    expect(exitCode).toBe(0);
    expect(calls()).toEqual([
      "curl https://amazoncloudwatch-agent-sa-east-1.s3.sa-east-1.amazonaws.com/debian/amd64/latest/amazon-cloudwatch-agent.deb",
      "dpkg --install",
      `amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:${tree.at("/etc/telemedicina/cloudwatch-agent.json")}`,
      "systemctl daemon-reload",
      `sysctl --quiet --load ${tree.at("/etc/sysctl.d/90-telemedicina.conf")}`,
      "systemctl restart systemd-journald.service",
      "systemctl enable mount-data.service",
      "systemctl start mount-data.service",
      "systemctl enable rds-ca.service",
      "systemctl restart rds-ca.service",
      "systemctl enable pgbouncer.service",
      "systemctl stop pgbouncer.service",
      "php-fpm8.2 --test",
      "nginx -t",
      "systemctl enable php8.2-fpm.service nginx.service",
      "systemctl reload-or-restart php8.2-fpm.service",
      "systemctl reload-or-restart nginx.service",
      `curl http://127.0.0.1:${tree.port(8080)}/health`,
      "systemctl enable --now host-metrics.timer",
      "systemctl enable laravel-scheduler.timer",
      "systemctl enable supervisor.service",
      "systemctl restart supervisor.service",
      "systemctl enable --now host-lifecycle.service",
      "curl https://aws-codedeploy-sa-east-1.s3.sa-east-1.amazonaws.com/latestv2/install",
      "codedeploy installer auto, AWS_REGION sa-east-1",
      "systemctl enable --now codedeploy-agent.service",
      "host-lifecycle launched",
    ]);
    expect(tree.read("/var/www/html/public/index.php")).toBe(tree.read("/etc/telemedicina/placeholder.php"));
    for (const path of ["/var/www/html/storage/logs", "/data/scratch", "/var/log/php-fpm/error.log"]) {
      expect([path, owner(path)]).toEqual([path, "www-data"]);
    }
    for (const path of ["/var/www/html", "/var/www/html/public", "/var/log/php-fpm"]) {
      expect([path, owner(path)]).toEqual([path, "root"]);
    }
  });

  it("may run again: a release stays, and what Laravel runs is started", async () => {
    await render({ ...debianHost, pgbouncer });
    await setUp();
    tree.write("/var/www/html/artisan", "<?php\n");
    tree.write("/var/www/html/public/index.php", "the release\n");
    tree.write("/etc/pgbouncer/databases.ini", "");
    tree.write("/etc/supervisor/conf.d/laravel.conf", "");
    tree.write("/calls", "");
    const { exitCode } = await setUp();

    expect(exitCode).toBe(0);
    expect(tree.read("/var/www/html/public/index.php")).toBe("the release\n");
    expect(calls()).toContain("laravelctl start");
    expect(calls()).toContain("systemctl restart pgbouncer.service");
    expect(calls()).not.toContain("systemctl restart supervisor.service");
    expect(calls().filter((call) => call.startsWith("dpkg"))).toEqual([]);
    expect(calls().at(-1)).toBe("host-lifecycle launched");
  });

  it("enables each of systemd's programs where systemd runs them", async () => {
    await render({ ...debianHost, distribution: "amazonLinux2023", workerProcesses: 2 });
    const { exitCode } = await setUp();

    expect(exitCode).toBe(0);
    const enabled = calls().flatMap((call) => /^systemctl enable (laravel-.*)$/.exec(call)?.[1] ?? []);
    expect(enabled).toEqual([
      "laravel-scheduler.timer",
      "laravel-worker@1.service",
      "laravel-worker@2.service",
      "laravel-reverb.service",
    ]);
    expect(calls().filter((call) => call.startsWith("dpkg"))).toEqual([]);
  });

  it("a host without web has no nginx, no placeholder and no health to wait for", async () => {
    await render({ ...debianHost, roles: ["worker"] });
    const { exitCode } = await setUp();

    expect(exitCode).toBe(0);
    expect(calls().join("\n")).not.toMatch(/nginx|fpm|health|metrics|scheduler/);
    expect(existsSync(tree.at("/var/www/html/public/index.php"))).toBe(false);
    expect(calls().at(-1)).toBe("host-lifecycle launched");
  });

  it.each([
    ["php", "has no pcntl", "looking for what cloud-init should have installed"],
    ["systemctl", "start mount-data.service", "mounting the data volume"],
    ["systemctl", "restart rds-ca.service", "fetching the certificate authorities of RDS"],
    ["nginx", "-t", "starting nginx and php-fpm"],
    ["curl", "/health", "waiting for /health"],
    ["curl", "latestv2/install", "installing the CodeDeploy agent"],
    ["host-lifecycle", "launched", "answering the launch hook"],
  ])(
    "fails when %s %s fails: says what it did, and lets the group take another host",
    async (program, argument, doing) => {
      await render(debianHost);
      tree.write("/fails", `${program} ${argument}`);
      const { exitCode } = await setUp();

      expect(exitCode).not.toBe(0);
      expect(setupLog().trim().split("\n").at(-1)).toMatch(
        new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ host-setup: FAILED while ${doing}$`),
      );
      expect(calls().at(-1)).toBe("host-lifecycle failed");
      expect(setupLog()).not.toContain("READY");
    },
  );

  it("fails when a package did not come, naming all that is missing", async () => {
    await render({ ...debianHost, reverbMaxConnections: 1001 });
    rmSync(tree.at("/bin/nginx"));
    rmSync(tree.at("/bin/supervisorctl"));
    const { exitCode } = await setUp();

    expect(exitCode).toBe(1);
    expect(setupLog()).toContain(
      `missing: nginx supervisorctl PHP's uv|ev|event; see ${tree.at("/var/log/cloud-init-output.log")}`,
    );
    expect(calls()).toEqual(["host-lifecycle failed"]);
  });

  async function render(props: LaravelHostProps): Promise<void> {
    tree = await HostTree.render(props);
    // Of the other distribution's user this machine has none.
    for (const path of ["/etc/telemedicina/host.env", "/etc/tmpfiles.d/telemedicina.conf"]) {
      tree.write(
        path,
        tree
          .read(path)
          .replaceAll(/\bnginx nginx\b/g, "www-data www-data")
          .replaceAll("'nginx'", "'www-data'"),
      );
    }
    mkdirSync(tree.at("/etc/supervisor/conf.d"), { recursive: true });
    rmSync(tree.at("/var/www"), { recursive: true });
    stubs();
  }

  /** Programs that only note their call, and fail where the test says so. The rest of PATH is the system's. */
  function stubs(): void {
    const note =
      `#!/bin/bash\ncall="$(basename "$0") $*"\necho "$call" >>${tree.at("/calls")}\n` +
      `read -r program argument 2>/dev/null <${tree.at("/fails")}\n` +
      `[[ -n $program && $call == "$program "*"$argument"* ]] && exit 7\ntrue\n`;
    const stub = (name: string, rest = "") => tree.write(`/bin/${name}`, `${note}${rest}`, "0755");
    for (const name of [
      "systemctl",
      "sysctl",
      "nginx",
      "php-fpm8.2",
      "php-fpm",
      "supervisorctl",
      "laravelctl",
    ])
      stub(name);
    for (const name of ["host-lifecycle", "pgbouncer", "logrotate"]) stub(name);
    stub("sleep");
    for (const name of SYSTEM) symlinkSync(`/usr/bin/${name}`, tree.at(`/bin/${name}`));
    stub(
      "dpkg",
      `[[ $1 == --print-architecture ]] && echo amd64\n[[ $1 == --install ]] && cp ${tree.at("/bin/agent")} ${tree.at("/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl")}\nexit 0\n`,
    );
    stub(
      "php",
      `[[ $program == php ]] || echo pcntl\nprintf '%s\\n' '[PHP Modules]' mbstring PDO pdo_pgsql redis\n`,
    );
    // What it downloads is the installer, which says how it was called.
    stub(
      "curl",
      `while (($#)); do [[ $1 == --output ]] && out=$2; shift; done\n[[ $out == /dev/null ]] || echo 'echo "codedeploy installer $*, AWS_REGION $AWS_REGION" >>${tree.at("/calls")}' >"$out"\n`,
    );
    tree.write("/bin/agent", `${note.replace('$(basename "$0")', "amazon-cloudwatch-agent-ctl")}`, "0755");
    mkdirSync(tree.at("/opt/aws/amazon-cloudwatch-agent/bin"), { recursive: true });
    if (tree.read("/etc/telemedicina/host.env").includes("CLOUDWATCH_AGENT_FOLDER=''")) {
      writeFileSync(
        tree.at("/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"),
        readFileSync(tree.at("/bin/agent")),
        { mode: 0o755 },
      );
    }
  }

  async function setUp(): Promise<{ exitCode: number }> {
    const env = { PATH: tree.at("/bin"), TMPDIR: tree.directory };
    const { exitCode } = await execa(tree.at("/usr/local/sbin/host-setup"), {
      env,
      extendEnv: false,
      reject: false,
    });
    return { exitCode: exitCode ?? -1 };
  }

  /** Without options that say how to download, and the names of temporary files. */
  function calls(): string[] {
    return tree
      .read("/calls")
      .trim()
      .split("\n")
      .filter((call) => !/^(sleep|php|dpkg --print)/.test(call) || call.startsWith("php-fpm"))
      .map((call) =>
        call.replace(/^curl .*(https?:\S+).*$/, "curl $1").replace(/^(dpkg --install) .*$/, "$1"),
      );
  }

  function setupLog(): string {
    return tree.read("/var/log/host-setup.log");
  }

  function owner(path: string): string {
    const uid = statSync(tree.at(path)).uid;
    return (
      new RegExp(`^([^:]*):[^:]*:${uid}:`, "m").exec(readFileSync("/etc/passwd", "utf8"))?.[1] ?? String(uid)
    );
  }
});
