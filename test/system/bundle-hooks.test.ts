import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Answering, BundleHost } from "./bundle-support.js";
import { findPrograms } from "./host-programs-support.js";

const programs = findPrograms(
  "deployment hooks",
  { php: "php", runuser: "runuser", curl: "curl", flock: "flock" },
  "php-cli util-linux curl",
);
const root = process.getuid?.() === 0;
if (!root && programs) {
  const reason = "deployment hooks: they run as root, as CodeDeploy's agent does";
  if (process.env["REQUIRE_COMPONENTS"] === "1")
    throw new Error(`${reason}; REQUIRE_COMPONENTS=1 demands it.`);
  process.stderr.write(`SKIPPED ${reason}\n`);
}

const WEB = 33;
/** With which distribution's way to keep programs running, and what all of them are called there. */
const ways = [
  [
    "debian12",
    ["laravel-reverb", "laravel-scheduler.timer", "laravel-worker", "nginx.service", "php8.2-fpm.service"],
  ],
  [
    "amazonLinux2023",
    [
      "laravel-reverb.service",
      "laravel-scheduler.timer",
      "laravel-worker@1.service",
      "nginx.service",
      "php-fpm.service",
    ],
  ],
] as const;
const quick = { MIGRATION_PAUSE_SECONDS: 0.2, HEALTH_SECONDS: 2, JOB_SECONDS: 1 };
/** Each migrates, starts and waits for three seconds of running. */
const LONG = 60_000;

describe.skipIf(programs === undefined || !root)("the hooks", () => {
  const hosts: BundleHost[] = [];
  const servers: Answering[] = [];

  afterEach(async () => {
    for (const host of hosts.splice(0)) host.dispose();
    for (const server of servers.splice(0)) await server.close();
  });

  async function host(options: Partial<Parameters<typeof BundleHost.make>[0]> = {}): Promise<BundleHost> {
    const made = await BundleHost.make({ distribution: "debian12", settings: quick, ...options });
    hosts.push(made);
    return made;
  }

  async function answers(port: number, answer: Parameters<typeof Answering.open>[0]): Promise<Answering> {
    const server = await Answering.open(answer, port);
    servers.push(server);
    return server;
  }

  /** All that a deployment does on a host, up to the first hook that fails. */
  async function deploy(target: BundleHost): Promise<string> {
    for (const name of [
      "application_stop",
      "before_install",
      "",
      "after_install",
      "application_start",
      "validate_service",
    ]) {
      if (name === "") {
        target.install();
        continue;
      }
      const { exitCode, output } = await target.hook(name);
      if (exitCode !== 0) return `${name}: ${output}`;
    }
    return "done";
  }

  it.each(ways)(
    "DEP-03, SCR-01, SCR-04: bring a first release to a host of %s, and a second one over it",
    async (distribution, all) => {
      const target = await host({ distribution });
      await answers(target.tree.port(8080), () => ({ status: 200, text: "ok" }));
      writeFileSync(join(target.shared, "pending"), "");

      expect(await deploy(target)).toBe("done");
      expect(target.runs).toEqual(all);
      expect(readFileSync(join(target.application, "public/index.php"), "utf8")).toBe(
        "<?php // the release\n",
      );
      target.calls();
      expect(await deploy(target)).toBe("done");
      expect(target.runs).toEqual(all);
      expect(readFileSync(join(target.shared, "migrated"), "utf8")).toBe("once\n");
    },
    LONG,
  );

  describe("application_stop.sh", () => {
    it.each(ways)(
      "SCR-01, T-30d: ends workers, Reverb, scheduler and php-fpm on %s, and reloads nginx",
      async (distribution) => {
        const target = await host({ distribution });
        await answers(target.tree.port(8080), () => ({ status: 200, text: "ok" }));
        await deploy(target);
        target.calls();

        expect((await target.hook("application_stop")).exitCode).toBe(0);
        expect(target.runs).toEqual(["nginx.service"]);
        expect(target.calls().slice(-2)).toEqual([
          "systemctl reload nginx.service",
          `systemctl stop ${target.fpmUnit}.service`,
        ]);
      },
      LONG,
    );

    it("T-23: never fails, since it is the release before that it stops: no host.env, nothing that stops", async () => {
      const target = await host();
      target.write("fails", "stop");
      expect((await target.hook("application_stop")).exitCode).toBe(0);
      target.remove("etc/telemedicina/host.env");
      const { exitCode, output } = await target.hook("application_stop");
      expect(exitCode).toBe(0);
      expect(output).toContain("application_stop.sh: not all was done; before_install.sh looks again");
    });
  });

  describe("before_install.sh", () => {
    it("SCR-02: takes away what was cached of the old release, and keeps .env, logs and uploads", async () => {
      const target = await host();
      const old = [
        "bootstrap/cache/config.php",
        "bootstrap/cache/packages.php",
        "storage/framework/cache/data/ab/cd/entry",
        "storage/framework/sessions/one",
        "storage/framework/views/two.php",
      ];
      const kept = [
        ".env",
        "storage/logs/laravel.log",
        "storage/app/private/scan.pdf",
        "storage/framework/views/.gitignore",
      ];
      for (const path of [...old, ...kept]) target.write(`var/www/html/${path}`, path);
      const { exitCode } = await target.hook("before_install");

      expect(exitCode).toBe(0);
      expect(old.filter((path) => existsSync(join(target.application, path)))).toEqual([]);
      expect(kept.filter((path) => !existsSync(join(target.application, path)))).toEqual([]);
    });

    it("SCR-02: makes no copy of .env: it is rendered anew, and a failed rendering leaves the old one", async () => {
      const target = await host();
      target.write("var/www/html/.env", "old");
      await target.hook("before_install");
      expect(readdirSync(target.application).filter((name) => name.startsWith(".env"))).toEqual([".env"]);
      target.install();
      target.write("no-contract");
      const { exitCode, output } = await target.hook("after_install");

      expect(exitCode).toBe(1);
      expect(output).toContain("after_install.sh: no .env, no release; see above");
      expect(readFileSync(join(target.application, ".env"), "utf8")).toBe("old");
    });

    it("follows no link that the application may have put in its folders' place", async () => {
      const target = await host();
      target.write("outside/precious.php", "stays");
      target.write("var/www/html/storage/framework/.gitignore", "");
      mkdirSync(join(target.application, "bootstrap/cache"), { recursive: true });
      symlinkSync(target.tree.at("/outside"), join(target.application, "storage/framework/views"));
      symlinkSync(target.tree.at("/outside"), join(target.application, "bootstrap/cache/more.php"));
      await target.hook("before_install");
      target.install();

      expect(readFileSync(target.tree.at("/outside/precious.php"), "utf8")).toBe("stays");
    });

    it("deletes nothing beyond a link above its folders, with root's rights: it fails", async () => {
      const target = await host();
      target.write("outside/views/precious.php", "stays");
      mkdirSync(join(target.application, "storage"), { recursive: true });
      symlinkSync(target.tree.at("/outside"), join(target.application, "storage/framework"));
      const { exitCode } = await target.hook("before_install");

      expect(exitCode).not.toBe(0);
      expect(readFileSync(target.tree.at("/outside/views/precious.php"), "utf8")).toBe("stays");
    });

    it.each(ways)(
      "fails before anything is changed on %s while a job still runs, and says which",
      async (distribution, [, , worker]) => {
        const target = await host({ distribution });
        await answers(target.tree.port(8080), () => ({ status: 200, text: "ok" }));
        await deploy(target);
        target.write("var/www/html/bootstrap/cache/config.php", "cached");
        target.write(`stubborn/${worker}`);
        expect((await target.hook("application_stop")).exitCode).toBe(0);
        const { exitCode, output } = await target.hook("before_install");

        expect(exitCode).toBe(1);
        expect(output).toMatch(new RegExp(`^${worker}.* (deactivating|STOPPING)`, "m"));
        expect(output).toContain(
          "Deploy again when it has ended, or write the bundle with a longer jobSeconds.",
        );
        expect(existsSync(join(target.application, "bootstrap/cache/config.php"))).toBe(true);

        target.remove(`stubborn/${worker}`);
        target.remove(`state/${worker}`);
        expect((await target.hook("before_install")).exitCode).toBe(0);
      },
      LONG,
    );

    it("fails on a host that serves another directory", async () => {
      const target = await host({ bundle: { application: "/srv/elsewhere" } });
      const { exitCode, output } = await target.hook("before_install");
      expect(exitCode).toBe(1);
      expect(output).toContain(
        `this host serves ${target.application}, and appspec.yml puts the release into /srv/elsewhere.`,
      );
    });
  });

  describe("after_install.sh", () => {
    it.each([0, 1, 2, 3])(
      "SCR-03, T-25: has one fresh .env after %i old copies, and no copy",
      async (count) => {
        const target = await host();
        for (let index = 0; index < count; index++)
          target.write(`var/www/html/.env.backup.2024010${index}`, "DB_PASSWORD=old");
        if (count > 0) target.write("var/www/html/.env", "DB_PASSWORD=old");
        target.write("app-url", "https://example.com");
        target.install();
        const { exitCode } = await target.hook("after_install");

        expect(exitCode).toBe(0);
        expect(
          readdirSync(target.application).filter(
            (name) => name.startsWith(".env") && !name.endsWith(".example"),
          ),
        ).toEqual([".env"]);
        expect(readFileSync(join(target.application, ".env"), "utf8")).toBe(
          'APP_URL="https://example.com"\n',
        );
        expect(target.mode(".env")).toBe(`640 0 ${WEB}`);
      },
    );

    it("SCR-03: caches as the web user, readable to nobody else, before it migrates once and with force", async () => {
      const target = await host();
      target.install();
      writeFileSync(join(target.shared, "pending"), "");
      await target.hook("after_install");

      expect(target.artisanCalls()).toEqual([
        "www-data: config:cache --no-interaction --no-ansi",
        "www-data: event:cache --no-interaction --no-ansi",
        "www-data: route:cache --no-interaction --no-ansi",
        "www-data: view:cache --no-interaction --no-ansi",
        "www-data: migrate:status --pending=75 --database=migration --no-interaction --no-ansi",
        "www-data: migrate --force --isolated=75 --database=migration --no-interaction --no-ansi",
      ]);
      expect(target.mode("bootstrap/cache/config.php")).toBe(`640 ${WEB} ${WEB}`);
    });

    it("DEP-02, T-30: the tree is root's with 755, storage and bootstrap/cache the web user's with 775", async () => {
      const target = await host();
      target.install();
      await target.hook("after_install");

      for (const path of [".", "public", "scripts/migrate.sh", "artisan"]) {
        expect([path, target.mode(path)]).toEqual([path, "755 0 0"]);
      }
      for (const path of [
        "storage",
        "storage/logs",
        "storage/framework/cache/data",
        "storage/framework/views",
        "bootstrap/cache",
      ]) {
        expect([path, target.mode(path)]).toEqual([path, `775 ${WEB} ${WEB}`]);
      }
    });

    it("SCR-03, T-26: a failing migration fails the hook", async () => {
      const target = await host();
      target.install();
      writeFileSync(join(target.shared, "artisan-fails"), "migrate");
      const { exitCode, output } = await target.hook("after_install");

      expect(exitCode).toBe(1);
      expect(output).toContain("artisan migrate ended with 1: the release must not start on this schema");
    });

    it("a configuration that cannot be cached fails before the schema is touched", async () => {
      const target = await host();
      target.install();
      writeFileSync(join(target.shared, "artisan-fails"), "route:cache");
      const { exitCode, output } = await target.hook("after_install");

      expect(exitCode).toBe(1);
      expect(output).toContain("after_install.sh: artisan route:cache failed; see above");
      expect(target.artisanCalls().filter((call) => call.includes("migrate"))).toEqual([]);
    });

    it("T-26: of two hosts at the same time one migrates, and the other goes on when that is done", async () => {
      const one = await host();
      const two = await host({ shared: one.shared });
      writeFileSync(join(one.shared, "pending"), "");
      for (const each of [one, two]) each.install();
      const results = await Promise.all([one.hook("after_install"), two.hook("after_install")]);

      expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(results.map(({ output }) => output.includes("is already running")).sort()).toEqual([
        false,
        true,
      ]);
      expect(readFileSync(join(one.shared, "migrated"), "utf8")).toBe("once\n");
    });

    it("T-26: of two hosts at the same time both fail when the migration fails", async () => {
      const one = await host();
      const two = await host({ shared: one.shared });
      writeFileSync(join(one.shared, "artisan-fails"), "migrate");
      for (const each of [one, two]) each.install();
      const results = await Promise.all([one.hook("after_install"), two.hook("after_install")]);
      expect(results.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
    });

    it("a lock that nobody gives back fails it in time, and the message says how to free it", async () => {
      const target = await host({ settings: { ...quick, MIGRATION_SECONDS: 1 } });
      target.install();
      writeFileSync(join(target.shared, "pending"), "");
      mkdirSync(join(target.shared, "lock"));
      const { exitCode, output } = await target.hook("after_install");

      expect(exitCode).toBe(1);
      expect(output).toContain("another host has held the migrations' lock for 1 s.");
      expect(output).toContain("Cache::lock('framework/command-migrate')->forceRelease()");
    });

    it("a lock that is held keeps nobody whose release has nothing to migrate: a rollback, a new host", async () => {
      const target = await host();
      target.install();
      mkdirSync(join(target.shared, "lock"));
      const { exitCode, output } = await target.hook("after_install");

      expect([exitCode, output]).toEqual([0, expect.stringContaining("migrate.sh: nothing is pending")]);
      expect(target.artisanCalls().filter((call) => call.includes("--isolated"))).toEqual([]);
    });

    it("a migration that would outlive the hook is ended, and its lock given back", async () => {
      const target = await host({ settings: { ...quick, MIGRATION_SECONDS: 2 } });
      target.install();
      writeFileSync(join(target.shared, "pending"), "");
      writeFileSync(join(target.shared, "artisan-fails"), "never-ends");
      const { exitCode, output } = await target.hook("after_install");

      expect(exitCode).toBe(1);
      expect(output).toContain("the migration had not ended in time, of 2 s in all, and was ended");
      expect(output).toContain("Its lock is free again.");
      expect(existsSync(join(target.shared, "lock"))).toBe(false);
    });

    it("who is ended before it migrates leaves the lock of another host alone, and says so", async () => {
      const target = await host({ settings: { ...quick, MIGRATION_SECONDS: 2 } });
      target.install();
      writeFileSync(join(target.shared, "pending"), "");
      mkdirSync(join(target.shared, "lock"));
      writeFileSync(join(target.shared, "artisan-fails"), "cache");
      const { exitCode, output } = await target.hook("after_install");

      expect(exitCode).toBe(1);
      expect(output).toContain("Its lock may be left, for an hour. See whether a host still migrates.");
      expect(existsSync(join(target.shared, "lock"))).toBe(true);
    });

    it("migrates nothing where a step of the pipeline does", async () => {
      const target = await host({ bundle: { migration: "elsewhere" } });
      target.install();
      expect((await target.hook("after_install")).exitCode).toBe(0);
      expect(target.artisanCalls().filter((call) => call.includes("migrate"))).toEqual([]);
    });
  });

  describe("application_start.sh", () => {
    it.each(ways)(
      "SCR-04: starts php-fpm anew and enabled on %s, and fails when it is dead",
      async (distribution) => {
        const target = await host({ distribution });
        target.install();
        await target.hook("after_install");
        target.calls();
        expect((await target.hook("application_start")).exitCode).toBe(0);
        expect(target.calls().slice(0, 3)).toEqual([
          `systemctl enable --quiet ${target.fpmUnit}.service nginx.service`,
          `systemctl restart ${target.fpmUnit}.service`,
          "systemctl reload-or-restart nginx.service",
        ]);

        // Started without a fault, and gone at once. nginx is active all the while.
        await target.hook("application_stop");
        target.write(`dead/${target.fpmUnit}.service`);
        const { exitCode, output } = await target.hook("application_start");
        expect(exitCode).toBe(1);
        expect(output).toContain(`${target.fpmUnit} is not active; see journalctl --unit ${target.fpmUnit}`);
      },
      LONG,
    );

    it("SCR-04: fails when php-fpm cannot be started, and when nginx refuses its configuration", async () => {
      const target = await host();
      target.install();
      await target.hook("after_install");
      target.write("fails", "restart php8.2-fpm");
      expect((await target.hook("application_start")).output).toContain("php8.2-fpm does not start;");
      target.write("fails", "reload-or-restart nginx");
      const { exitCode, output } = await target.hook("application_start");
      expect(exitCode).toBe(1);
      expect(output).toContain("nginx does not take its configuration; see nginx -t");
    });

    it.each(ways)(
      "T-30b: fails on %s when a worker does not stay up",
      async (distribution, [, , worker]) => {
        const target = await host({ distribution });
        target.install();
        await target.hook("after_install");
        target.write(`dead/${worker}`);
        // laravelctl gives them a minute.
        const script = join(target.release, "scripts/application_start.sh");
        writeFileSync(script, readFileSync(script, "utf8").replace("wait 60", "wait 1"));
        const { exitCode, output } = await target.hook("application_start");

        expect(exitCode).toBe(1);
        expect(output).toContain("not all of Laravel's programs stay up");
      },
      LONG,
    );
  });

  describe("validate_service.sh", () => {
    async function started(
      options: Partial<Parameters<typeof BundleHost.make>[0]> = {},
    ): Promise<BundleHost> {
      const target = await host(options);
      target.install();
      await target.hook("after_install");
      expect((await target.hook("application_start")).exitCode).toBe(0);
      return target;
    }

    it("SCR-05: waits for an application that is slow to come up", async () => {
      const target = await started({ settings: { ...quick, HEALTH_SECONDS: 10 } });
      const ready = Date.now() + 2500;
      const server = await answers(target.tree.port(8080), () =>
        Date.now() < ready ? { status: 503, text: "unavailable" } : { status: 200, text: "ok" },
      );
      const { exitCode, output } = await target.hook("validate_service");

      expect(output).toContain("answers 200");
      expect(exitCode).toBe(0);
      expect(server.asked.length).toBeGreaterThan(1);
      expect(new Set(server.asked)).toEqual(new Set(["/health"]));
    });

    it.each([
      ["answers 503", { status: 503, text: "unavailable" }, "last: 503, unavailable"],
      ["redirects", { status: 302, text: "" }, "last: 302"],
      [
        "is still the host's placeholder",
        { status: 200, text: "no release yet\n" },
        "last: 200, no release yet",
      ],
    ])("SCR-05: fails when the application %s", async (_, answer, said) => {
      const target = await started();
      await answers(target.tree.port(8080), () => answer);
      const { exitCode, output } = await target.hook("validate_service");
      expect(exitCode).toBe(1);
      expect(output).toContain("did not answer 200 within 2 s");
      expect(output).toContain(said);
    });

    it("SCR-05: fails when nobody listens", async () => {
      const target = await started();
      const { exitCode, output } = await target.hook("validate_service");
      expect(exitCode).toBe(1);
      expect(output).toContain("last: 000");
    });

    it("on a host without web asks no address, and looks that its programs run", async () => {
      const target = await started({ roles: ["worker"] });
      expect((await target.hook("validate_service")).exitCode).toBe(0);
      expect(target.runs).toEqual(["laravel-worker"]);
      expect((await target.hook("after_allow_traffic")).exitCode).toBe(0);
      expect((await target.hook("application_stop")).exitCode).toBe(0);
      expect(target.runs).toEqual([]);
      expect(target.calls().filter((call) => /nginx|fpm/.test(call))).toEqual([]);
    });
  });

  describe("after_allow_traffic.sh", () => {
    async function serving(bundle = {}): Promise<{ target: BundleHost; server: Answering }> {
      const target = await host({ bundle });
      const server = await answers(0, () => ({ status: 200, text: "ok" }));
      target.write("app-url", server.url);
      target.install();
      await target.hook("after_install");
      return { target, server };
    }

    it("T-30c: asks the address that people open", async () => {
      const { target, server } = await serving();
      expect((await target.hook("after_allow_traffic")).exitCode).toBe(0);
      expect(server.asked).toEqual(["/health"]);
      target.hadRelease();
      await server.close();
      servers.splice(0);
      const { exitCode, output } = await target.hook("after_allow_traffic");
      expect(exitCode).toBe(1);
      expect(output).toContain(
        `${server.asked.length === 1 ? "" : "?"}/health did not answer 200 within 2 s`,
      );
    });

    it("T-30c: only warns on a host that scaling has started, which would be ended and started anew for ever", async () => {
      const { target, server } = await serving();
      await server.close();
      servers.splice(0);
      const first = await target.hook("after_allow_traffic");
      expect(first.output).toContain("did not answer 200 within 2 s");
      expect(first.output).toContain("WARNING: the address above does not answer.");
      expect(first.exitCode).toBe(0);
      // By hand there is no deployment that could be the first.
      expect((await target.hook("after_allow_traffic", { DEPLOYMENT_ID: "" })).exitCode).toBe(1);
      target.hadRelease();
      expect((await target.hook("after_allow_traffic")).exitCode).toBe(1);
    });

    it("SCR-05: asks ALB_TARGET_URL instead where somebody names it", async () => {
      const { target, server } = await serving();
      expect(
        (await target.hook("after_allow_traffic", { ALB_TARGET_URL: `${server.url}/other` })).exitCode,
      ).toBe(0);
      expect(server.asked).toEqual(["/other"]);
    });

    it("asks nobody where that is turned off", async () => {
      const { target, server } = await serving({ externalCheck: "none" });
      const { exitCode, output } = await target.hook("after_allow_traffic");
      expect([exitCode, output]).toEqual([0, "after_allow_traffic.sh: not asked from outside"]);
      expect(server.asked).toEqual([]);
    });

    it("fails when .env names no address", async () => {
      const { target } = await serving();
      target.write("var/www/html/.env", "");
      expect((await target.hook("after_allow_traffic")).output).toContain("has no APP_URL to ask");
    });
  });
});
