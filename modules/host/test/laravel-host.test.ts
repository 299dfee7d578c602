import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  type DistributionName,
  distributions,
  type HostFile,
  type HostRole,
  type LaravelHostProps,
} from "../src/index.js";
import { fileOf, host, paths } from "./support.js";

const names = Object.keys(distributions) as DistributionName[];
const roleSets: readonly (readonly HostRole[])[] = [
  ["web", "worker", "scheduler"],
  ["web", "worker"],
  ["web"],
  ["worker"],
  ["scheduler"],
];
const everyHost = names.flatMap((distribution) => roleSets.map((roles) => ({ distribution, roles })));

interface UserData {
  readonly bootcmd?: readonly (readonly string[])[];
  readonly packages: readonly string[];
  readonly write_files: readonly {
    readonly path: string;
    readonly permissions?: string;
    readonly owner?: string;
    readonly defer: boolean;
    readonly content: string;
  }[];
  readonly runcmd: readonly (readonly string[])[];
}

/** What cloud-init reads: YAML 1.1. */
function read(userData: string): UserData {
  return parse(userData, { version: "1.1" }) as UserData;
}

function withPgBouncer(props: Partial<LaravelHostProps>): Partial<LaravelHostProps> {
  return {
    ...props,
    pgbouncer: {
      poolMode: "transaction",
      maxPreparedStatements: 0,
      defaultPoolSize: 20,
      maxClientConnections: 500,
    },
  };
}

describe("user data", () => {
  it.each(everyHost)(
    "CMP-06: of $distribution with $roles fits into EC2's 16 KB with room to spare",
    (props) => {
      const { userData } = host(withPgBouncer(props));

      expect(gzipSync(userData, { level: 6 }).length).toBeLessThanOrEqual(15_000);
    },
  );

  it.each(everyHost)("of $distribution with $roles gives back each file as it was rendered", (props) => {
    const { files, packages, userData } = host(withPgBouncer(props));
    const document = read(userData);

    expect(userData.split("\n")[0]).toBe("#cloud-config");
    expect(document.packages).toEqual(packages);
    expect(
      document.write_files.map(
        ({ path, permissions = "0644", owner, content }): HostFile => ({
          path,
          mode: permissions as HostFile["mode"],
          content,
          ...(owner === undefined ? {} : { owner }),
        }),
      ),
    ).toEqual(files);
    expect(document.write_files.every(({ defer }) => defer)).toBe(true);
    expect(document.runcmd).toEqual([["/usr/local/sbin/host-setup"]]);
  });

  it.each(everyHost)("of $distribution with $roles is literal and holds nothing secret", (props) => {
    const { userData } = host(withPgBouncer(props));

    expect(userData).not.toMatch(/TfToken|TOKEN\[/);
    expect(userData).not.toMatch(/AKIA|BEGIN [A-Z ]*PRIVATE KEY|aws_secret_access_key/i);
    // A word that a secret's value could follow.
    expect(userData).not.toMatch(/(password|secret|token|app_key)["']?\s*[:=]\s*["'][^"'${]+["']/i);
    // Terraform would read them as its own: the agent's notation is the only one.
    expect([...userData.matchAll(/[$%]\{(aws:[A-Za-z]+)\}/g)].map(([, name]) => name)).toEqual([
      "aws:AutoScalingGroupName",
      "aws:InstanceId",
    ]);
  });

  it("stands in block scalars, so that a changed line of nginx is a changed line of the document", () => {
    const before = host().userData.split("\n");
    const after = host({ vpcCidr: "10.8.0.0/16" }).userData.split("\n");
    const changed = after.filter((line, index) => line !== before[index]);

    expect(after).toHaveLength(before.length);
    expect(changed.map((line) => line.trim())).toEqual(["10.8.0.0/16 1;", "set_real_ip_from 10.8.0.0/16;"]);
  });

  it("is the same for the same props, in whatever order the roles are named", () => {
    expect(host().userData).toBe(host().userData);
    expect(host({ roles: ["scheduler", "worker", "web"] }).userData).toBe(host().userData);
  });

  it("asks Amazon Linux's supplementary repository for PgBouncer only, and once", () => {
    expect(read(host().userData)).not.toHaveProperty("bootcmd");
    expect(read(host(withPgBouncer({})).userData).bootcmd).toEqual([
      ["cloud-init-per", "once", "spal", "dnf", "install", "-y", "spal-release"],
    ]);
    expect(read(host(withPgBouncer({ distribution: "ubuntu2404" })).userData)).not.toHaveProperty("bootcmd");
  });
});

describe("packages", () => {
  it("CMP-06: are PHP 8.2 or newer, nginx, the agent and boto3, by the distribution's names", () => {
    expect(host().packages).toEqual(
      [
        ...["cli", "common", "pgsql", "pdo", "mbstring", "xml", "intl", "bcmath", "gd", "opcache"],
        ...["process", "zip", "sodium", "pecl-redis6"],
      ]
        .map((part) => `php8.4-${part}`)
        .concat("python3-boto3", "amazon-cloudwatch-agent", "logrotate", "nginx", "php8.4-fpm"),
    );
    expect(host({ distribution: "ubuntu2404" }).packages).toEqual(
      expect.arrayContaining([
        "php8.3-fpm",
        "php8.3-cli",
        "php-redis",
        "supervisor",
        "nginx",
        "python3-boto3",
      ]),
    );
    for (const { php } of Object.values(distributions))
      expect(Number(php.version)).toBeGreaterThanOrEqual(8.2);
  });

  it("come from the distribution alone; Amazon Linux has no supervisor, so none is asked for", () => {
    expect(host().packages).not.toContain("supervisor");
    expect(distributions.amazonLinux2023.processManager).toBe("systemd");
    expect(distributions.ubuntu2404.processManager).toBe("supervisor");
  });

  it("are those of the roles", () => {
    expect(host({ roles: ["worker"] }).packages).not.toContain("nginx");
    expect(host({ roles: ["worker"] }).packages).not.toContain("php8.4-fpm");
    expect(host().packages).not.toContain("pgbouncer");
    expect(host(withPgBouncer({})).packages).toContain("pgbouncer");
  });
});

describe("files", () => {
  it.each(everyHost)("of $distribution with $roles are each there once, absolute and complete", (props) => {
    const all = host(withPgBouncer(props));

    expect(new Set(paths(all)).size).toBe(all.files.length);
    for (const { path, content, mode } of all.files) {
      expect(path).toMatch(/^\/(etc|usr\/local\/sbin)\//);
      expect(content.endsWith("\n")).toBe(true);
      expect(mode).toBe(path.startsWith("/usr/local/sbin/") ? "0755" : "0644");
    }
  });

  it("are those of the roles", () => {
    const web = paths(host({ roles: ["web"] }));
    const worker = paths(host({ roles: ["worker"] }));
    const scheduler = paths(host({ roles: ["scheduler"] }));
    const has = (list: readonly string[], part: string) => list.some((path) => path.includes(part));

    for (const part of ["nginx.conf", "www.conf", "placeholder.php", "laravel-reverb", "host-metrics"]) {
      expect([part, has(web, part), has(worker, part), has(scheduler, part)]).toEqual([
        part,
        true,
        false,
        false,
      ]);
    }
    expect([
      has(web, "laravel-worker"),
      has(worker, "laravel-worker"),
      has(scheduler, "laravel-worker"),
    ]).toEqual([false, true, false]);
    for (const part of ["laravel-scheduler", "scheduler-turn"]) {
      expect([part, has(web, part), has(worker, part), has(scheduler, part)]).toEqual([
        part,
        false,
        false,
        true,
      ]);
    }
    for (const part of ["host-setup", "host-lifecycle", "mount-data", "render-env", "rds-ca", "laravelctl"]) {
      expect([part, has(web, part) && has(worker, part) && has(scheduler, part)]).toEqual([part, true]);
    }
  });

  it("T-62: nginx, php-fpm and Laravel run as the distribution's web user", () => {
    for (const [distribution, user] of [
      ["amazonLinux2023", "nginx"],
      ["ubuntu2404", "www-data"],
    ] as const) {
      const all = host({ distribution });
      const { php, nginx } = distributions[distribution];

      expect(fileOf(all, nginx.configurationFile)).toContain(`user ${user} ${user};`);
      expect(fileOf(all, php.poolFile)).toContain(`\nuser = ${user}\n`);
      expect(fileOf(all, php.poolFile)).toContain(`\nlisten.owner = ${user}\n`);
      expect(fileOf(all, "/etc/telemedicina/host.env")).toContain(`WEB_USER='${user}'\n`);
      expect(fileOf(all, "/etc/systemd/system/laravel-scheduler.service")).toContain(`User=${user}\n`);
    }
  });

  it("name no key, no login and no port but the load balancer's and the loopback's", () => {
    for (const { content } of host().files) {
      expect(content).not.toMatch(/ssh|authorized_keys/i);
      for (const [, address] of content.matchAll(/^\s*listen\s+([^;=]+);/gm)) {
        expect(["8080 default_server", "127.0.0.1:8082"]).toContain(address);
      }
    }
  });

  it("RDS's authorities are fetched by TLS at every boot, and the old ones stay until the new ones are whole", () => {
    const unit = fileOf(host(), "/etc/systemd/system/rds-ca.service");

    expect([...unit.matchAll(/^ExecStart=\S+\/(\S+) .*$/gm)].map(([, program]) => program)).toEqual([
      "curl",
      "openssl",
      "mv",
    ]);
    expect(unit).toContain(
      "--proto =https --tlsv1.2 --connect-timeout 10 --max-time 60 --retry 5 --retry-connrefused --create-dirs " +
        "--output /etc/pki/rds/global-bundle.pem.new https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
    );
    expect(unit).toContain("mv /etc/pki/rds/global-bundle.pem.new /etc/pki/rds/global-bundle.pem");
  });

  it("T-59: the data volume holds what may be lost: uploads on their way and scratch files, for two days", () => {
    const tmpfiles = fileOf(host(), "/etc/tmpfiles.d/telemedicina.conf");

    expect(tmpfiles).toContain("d /data/scratch 0750 nginx nginx 2d\n");
    expect(fileOf(host(), "/etc/php.d/99-telemedicina.ini")).toContain("sys_temp_dir = /data/scratch\n");
    for (const { content } of host().files) expect(content).not.toMatch(/\/data\/(?!scratch)[a-z]/);
  });

  it("every log of the application and of php-fpm is rotated, the application's by its own user", () => {
    expect(fileOf(host(), "/etc/logrotate.d/laravel")).toBe(
      "/var/www/html/storage/logs/*.log {\n    su nginx nginx\n    daily\n    maxsize 100M\n    rotate 3\n" +
        "    compress\n    missingok\n    notifempty\n    copytruncate\n}\n",
    );
    expect(fileOf(host(), "/etc/logrotate.d/php-fpm")).toMatch(
      /^\/var\/log\/php-fpm\/\*\.log \{\n {4}daily\n/,
    );
  });
});
