import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { until } from "./relay-support.js";

export interface RedisPrograms {
  readonly server: string;
  readonly cli: string;
}

/** redis-server and redis-cli on PATH; undefined, with a printed reason, if one is absent and may be. */
export function findRedis(): RedisPrograms | undefined {
  const server = onPath("redis-server");
  const cli = onPath("redis-cli");
  if (server && cli) return { server, cli };
  const reason =
    "redis tests: redis-server and redis-cli are not on PATH (Debian: apt-get install redis-server)";
  if (process.env["REQUIRE_COMPONENTS"] === "1") {
    throw new Error(`${reason}; REQUIRE_COMPONENTS=1 demands them.`);
  }
  process.stderr.write(`SKIPPED ${reason}\n`);
  return undefined;
}

/** A redis-server on a free port of loopback, in a directory of its own, and questions to it. */
export class RedisServer {
  private constructor(
    private readonly programs: RedisPrograms,
    private readonly child: ChildProcess,
    private readonly directory: string,
    readonly port: number,
  ) {}

  static async start(programs: RedisPrograms, settings: readonly string[]): Promise<RedisServer> {
    const directory = mkdtempSync(join(tmpdir(), "redis-test-"));
    const port = await freePort();
    const fixed = ["--bind", "127.0.0.1", "--port", String(port), "--dir", directory, "--save", ""];
    const child = spawn(programs.server, [...fixed, ...settings], { stdio: "ignore" });
    const server = new RedisServer(programs, child, directory, port);
    try {
      await until(`redis-server on port ${port}`, async () => (await server.ask("PING")) === "PONG");
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** What redis-cli prints; an error of the server is text too, with `(error)` left out. */
  async ask(...command: readonly string[]): Promise<string> {
    const { stdout } = await execa(
      this.programs.cli,
      ["-h", "127.0.0.1", "-p", String(this.port), ...command],
      {
        reject: false,
      },
    );
    return stdout.trim();
  }

  /** As a cluster client does: follows MOVED to the node that has the slot. */
  follow(...command: readonly string[]): Promise<string> {
    return this.ask("-c", ...command);
  }

  /** Several commands over one connection, one answer a line. */
  async session(...commands: readonly string[]): Promise<string[]> {
    const { stdout } = await execa(this.programs.cli, ["-h", "127.0.0.1", "-p", String(this.port)], {
      input: `${commands.join("\n")}\n`,
      reject: false,
    });
    return stdout.split("\n").filter((line) => line !== "");
  }

  /** Waits for one message on the channel; `listening` resolves once the server has the subscription. */
  subscribe(channel: string): { readonly listening: Promise<void>; readonly message: Promise<string> } {
    const client = spawn(this.programs.cli, [
      "-h",
      "127.0.0.1",
      "-p",
      String(this.port),
      "SUBSCRIBE",
      channel,
    ]);
    let text = "";
    client.stdout.on("data", (data: Buffer) => {
      text += data.toString();
    });
    const lines = () => text.split("\n").filter((line) => line !== "");
    const message = until(`a message on ${channel}`, () => lines().length >= 6, 20_000)
      .then(() => lines()[5] ?? "")
      .finally(() => client.kill());
    return { listening: until(`the subscription to ${channel}`, () => lines().length >= 3), message };
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode === null && this.child.kill("SIGKILL")) await ended;
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Two masters with half of the slots each. */
export async function startCluster(
  programs: RedisPrograms,
  settings: readonly string[],
): Promise<readonly [RedisServer, RedisServer]> {
  const own = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", ...settings];
  // By default the bus has the clients' port plus 10000, which may be out of range or taken.
  const start = async () => RedisServer.start(programs, [...own, "--cluster-port", String(await freePort())]);
  const first = await start();
  const second = await start().catch(async (error: unknown) => {
    await first.stop();
    throw error;
  });
  try {
    await first.ask("CLUSTER", "ADDSLOTSRANGE", "0", "8191");
    await second.ask("CLUSTER", "ADDSLOTSRANGE", "8192", "16383");
    const bus = await second.ask("CONFIG", "GET", "cluster-port");
    await first.ask("CLUSTER", "MEET", "127.0.0.1", String(second.port), bus.split("\n").at(-1) ?? "");
    for (const node of [first, second]) {
      await until(`the cluster as node ${node.port} sees it`, async () => {
        const info = await node.ask("CLUSTER", "INFO");
        return info.includes("cluster_state:ok") && info.includes("cluster_known_nodes:2");
      });
    }
    return [first, second];
  } catch (error) {
    await first.stop();
    await second.stop();
    throw error;
  }
}

function onPath(program: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
