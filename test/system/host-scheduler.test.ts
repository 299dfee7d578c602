import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findPrograms, freePort, HostDirectory, Server, StatsdListener } from "./host-programs-support.js";

const programs = findPrograms(
  "scheduler-turn",
  { php: "php", redis: "redis-server", cli: "redis-cli" },
  "php8.2-cli php8.2-redis redis-server",
);

describe.skipIf(programs === undefined)("scheduler-turn with a real Redis", () => {
  let redis: Server;
  let statsd: StatsdListener;
  let host: HostDirectory;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    redis = await Server.start(
      "redis-server",
      [
        programs?.redis ?? "",
        "--port",
        String(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--requirepass",
        "it's",
      ],
      { ready: async () => (await answer("PING")) === "PONG" },
    );
    statsd = await StatsdListener.start();
    host = new HostDirectory();
    mkdirSync(host.file("application"));
    // Notes that it ran, and as what.
    host.write(
      "application/artisan",
      `<?php file_put_contents(__DIR__ . '/ran', $argv[1] . "\\n", FILE_APPEND);\n`,
    );
    configure(port);
    host.configure({
      applicationDirectory: host.file("application"),
      environmentFile: host.file("application/.env"),
      statsd: statsd.address,
    });
  });

  afterAll(async () => {
    statsd?.close();
    await redis?.stop();
    host?.remove();
  });

  function configure(redisPort: number): void {
    const lines = {
      REDIS_SCHEME: "tcp",
      REDIS_HOST: "127.0.0.1",
      REDIS_PORT: redisPort,
      REDIS_PASSWORD: "it's",
    };
    const text = Object.entries({ ...lines, REDIS_PREFIX: "laravel_" }).map(
      ([key, value]) => `${key}="${value}"\n`,
    );
    host.write("application/.env", text.join(""));
  }

  async function answer(...command: string[]): Promise<string> {
    const { execa } = await import("execa");
    const args = ["-p", String(port), "--no-auth-warning", "-a", "it's", ...command];
    return (await execa(programs?.cli ?? "", args, { reject: false })).stdout;
  }

  const turn = (minute: string) => host.run("scheduler-turn.php", ["--minute", minute]);
  const runs = () => (host.has("application/ran") ? host.read("application/ran").trim().split("\n") : []);

  it("T-34b: of hosts that come at once one runs the schedule, each minute anew", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => turn("2026-11-24T10:00")));
    expect(all.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0]);
    expect(runs()).toEqual(["schedule:run"]);
    await turn("2026-11-24T10:00");
    expect(runs()).toHaveLength(1);
    await turn("2026-11-24T10:01");
    expect(runs()).toHaveLength(2);
    // A host that is five minutes late finds the minute taken still, and the keys go by themselves.
    expect(Number(await answer("TTL", "scheduler:turn:2026-11-24T10:01"))).toBeGreaterThan(240);
  });

  it("MON-Q-M: who has the turn says how long the queue is, once for all hosts", async () => {
    await statsd.lines();
    await answer("RPUSH", "laravel_queues:default", "a", "b", "c");
    await answer("ZADD", "laravel_queues:default:delayed", "1", "later");
    await Promise.all([turn("2026-11-24T10:02"), turn("2026-11-24T10:02")]);
    expect(await statsd.lines()).toEqual([
      "QueueDepth:3|g|#Queue:default",
      "DelayedJobs:1|g|#Queue:default",
      "ReservedJobs:0|g|#Queue:default",
    ]);
  });

  it("without Redis nothing runs, and the reason is told", async () => {
    const before = runs().length;
    configure(await freePort());
    const ended = await turn("2026-11-24T10:03");
    configure(port);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(
      "scheduler-turn: 2026-11-24T10:03 left out, the queue's store cannot be asked whose turn it is:",
    );
    expect(runs()).toHaveLength(before);
  });
});
