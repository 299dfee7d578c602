import { mkdirSync, rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { certificates } from "./host-postgresql.js";
import { findPrograms, freePort, HostDirectory, StatsdListener } from "./host-programs-support.js";
import { findRedis, type RedisPrograms, RedisServer } from "./redis-support.js";
import { until } from "./relay-support.js";

const redis = findRedis();
const programs = findPrograms(
  "scheduler-turn",
  { php: "/usr/bin/php", openssl: "openssl" },
  "php-cli php-redis openssl",
);

/** What a secret may hold at its worst, and as render-env writes it. */
const PASSWORD = `p"w'$x\\ #1\\`;
const WRITTEN = String.raw`p\"w'\$x\\ #1\\`;

const MINUTE = "2026-11-24T10:00";
const KEY = `scheduler:turn:${MINUTE}`;

describe.skipIf(!programs || !redis)(
  "scheduler-turn with the stores that hosts have: TLS, password, cluster",
  () => {
    let store: RedisServer;
    let tlsPort: number;
    let statsd: StatsdListener;
    let host: HostDirectory;

    beforeAll(async () => {
      host = new HostDirectory();
      await certificates(host.path);
      mkdirSync(host.file("application"));
      host.write(
        "application/artisan",
        "<?php file_put_contents(__DIR__ . '/ran', $argv[1], FILE_APPEND);\n",
      );
      statsd = await StatsdListener.start();
    });
    afterAll(() => {
      statsd?.close();
      host?.remove();
    });
    beforeEach(() => rmSync(host.file("application/ran"), { force: true }));

    /** The tests ask on the plain port, scheduler-turn on the other. */
    async function start(...settings: readonly string[]): Promise<void> {
      tlsPort = await freePort();
      const tls = ["--tls-port", String(tlsPort), "--tls-auth-clients", "no"];
      const files = ["--tls-cert-file", host.file("server.pem"), "--tls-key-file", host.file("server.key")];
      const authority = ["--tls-ca-cert-file", host.file("authority.pem")];
      store = await RedisServer.start(redis as RedisPrograms, [...tls, ...files, ...authority, ...settings]);
    }

    function configure(queueName: string): void {
      host.configure({
        applicationDirectory: host.file("application"),
        environmentFile: host.file("application/.env"),
        statsd: statsd.address,
        queueName,
      });
      host.write(
        "application/.env",
        [
          "# Written by render-env.",
          'REDIS_HOST="127.0.0.1"',
          `REDIS_PASSWORD="${WRITTEN}"`,
          `REDIS_PORT="${tlsPort}"`,
          'REDIS_PREFIX="laravel_"',
          'REDIS_SCHEME="tls"',
          "",
        ].join("\n"),
      );
    }

    const turn = (env: Record<string, string> = { SSL_CERT_FILE: host.file("authority.pem") }) =>
      host.run("scheduler-turn.php", ["--minute", MINUTE], env);
    const ask = (...command: readonly string[]) => store.ask("--no-auth-warning", "-a", PASSWORD, ...command);

    describe("a single store", () => {
      beforeAll(async () => {
        await start();
        await store.ask("CONFIG", "SET", "requirepass", PASSWORD);
        configure("default");
      });
      afterAll(() => store?.stop());
      beforeEach(() => ask("DEL", KEY));

      it("takes the turn over TLS with the password of .env, and says in the key who has it", async () => {
        expect(await turn()).toEqual({ exitCode: 0, stdout: "", stderr: "" });

        expect(host.read("application/ran")).toBe("schedule:run");
        expect(await ask("GET", KEY)).not.toBe("");
      });

      it("tells a store with a foreign certificate nothing, and runs nothing", async () => {
        const { exitCode, stderr } = await turn({});

        expect(exitCode).toBe(1);
        expect(stderr).toContain("scheduler-turn: 2026-11-24T10:00 left out");
        expect(stderr).not.toContain(PASSWORD);
        expect(host.has("application/ran")).toBe(false);
        expect(await ask("EXISTS", KEY)).toBe("0");
      });

      it("leaves the turn to hosts that have a release", async () => {
        configure("default");
        host.configure({
          applicationDirectory: host.file("nowhere"),
          environmentFile: host.file("application/.env"),
          statsd: statsd.address,
        });

        expect(await turn()).toMatchObject({
          exitCode: 0,
          stdout: `scheduler-turn: no release in ${host.file("nowhere")} yet, no turn taken`,
        });
        expect(await ask("EXISTS", KEY)).toBe("0");
      });
    });

    describe("a cluster", () => {
      beforeAll(async () => {
        await start(
          ...["--cluster-enabled", "yes", "--tls-cluster", "yes", "--cluster-port", String(await freePort())],
          ...["--cluster-announce-ip", "127.0.0.1"],
        );
        await store.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await until("the cluster", async () =>
          (await store.ask("CLUSTER", "INFO")).includes("cluster_state:ok"),
        );
        await store.ask("CONFIG", "SET", "requirepass", PASSWORD);
        configure("{default}");
      });
      afterAll(() => store?.stop());

      it("T-32: takes the turn and reads the queue of one slot", async () => {
        await ask("RPUSH", "laravel_queues:{default}", "a", "b");
        await ask("ZADD", "laravel_queues:{default}:reserved", "1", "c");

        expect(await turn()).toEqual({ exitCode: 0, stdout: "", stderr: "" });

        expect(host.read("application/ran")).toBe("schedule:run");
        expect((await statsd.lines()).slice(-3)).toEqual([
          "QueueDepth:2|g|#Queue:{default}",
          "DelayedJobs:0|g|#Queue:{default}",
          "ReservedJobs:1|g|#Queue:{default}",
        ]);
        expect(await ask("EXISTS", KEY)).toBe("1");
      });
    });
  },
);
