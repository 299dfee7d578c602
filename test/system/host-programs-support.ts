import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { type HostJson, hostJson } from "@telemedicina/host";
import { execa, execaSync } from "execa";
import { root } from "../src/project.js";
import { until } from "./relay-support.js";

/** Programs of a test by name; undefined, with a printed reason, if one is absent and may be. */
export function findPrograms<Name extends string>(
  tests: string,
  wanted: Readonly<Record<Name, string>>,
  debian: string,
): Readonly<Record<Name, string>> | undefined {
  const found = Object.entries<string>(wanted).map(([name, program]) => [name, locate(program)] as const);
  const missing = found.flatMap(([name, path]) => (path === undefined ? [wanted[name as Name]] : []));
  if (missing.length === 0) return Object.fromEntries(found) as Record<Name, string>;
  const reason = `${tests} tests: not found: ${missing.join(", ")} (Debian: apt-get install ${debian})`;
  if (process.env["REQUIRE_COMPONENTS"] === "1") {
    throw new Error(`${reason}; REQUIRE_COMPONENTS=1 demands them.`);
  }
  process.stderr.write(`SKIPPED ${reason}\n`);
  return undefined;
}

/** The system's Python with boto3, which is what the hosts have. */
export const PYTHON_WITH_BOTO3 = "/usr/lib/python3/dist-packages/boto3/__init__.py";

function locate(program: string): string | undefined {
  const paths = program.startsWith("/")
    ? [program]
    : [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"].map((dir) => join(dir, program));
  return paths.find((path) => {
    try {
      accessSync(path, program.startsWith("/") ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Group of whoever runs the tests: who is not root can give a file to no other. */
export const GROUP = execaSync("id", ["-gn"]).stdout;

/** One of the programs that the module installs on hosts. */
function hostProgram(file: string): string {
  return join(root, "modules/host/files", file);
}

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A host's files in a directory of their own: `host.json`, and whatever a test puts beside it. */
export class HostDirectory {
  readonly path = mkdtempSync(join(tmpdir(), "host-test-"));
  readonly config = join(this.path, "host.json");

  constructor() {
    // Servers of other users read from here.
    chmodSync(this.path, 0o755);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string, mode = 0o644): string {
    writeFileSync(this.file(name), text);
    chmodSync(this.file(name), mode);
    return this.file(name);
  }

  read(name: string): string {
    return readFileSync(this.file(name), "utf8");
  }

  has(name: string): boolean {
    return existsSync(this.file(name));
  }

  /** host.json as the module renders it, with a test's own places in it. */
  configure(changes: Partial<HostJson>): void {
    const text = hostJson({
      region: "us-east-1",
      environment: "development",
      roles: ["web", "worker", "scheduler"],
      contractParameter: "/telemedicina/development/application",
      autoScaling: { groupName: "app", launchHook: "ready", terminateHook: "drain" },
      queueName: "default",
      workerStopSeconds: 3600,
      web: { user: userInfo().username, group: GROUP },
      fpmMaxChildren: 4,
      dataVolumeGiB: 100,
    });
    this.write("host.json", JSON.stringify({ ...(JSON.parse(text) as HostJson), ...changes }));
  }

  /** Runs a program of the host to its end. */
  async run(
    file: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const { exitCode, stdout, stderr } = await execa(hostProgram(file), ["--config", this.config, ...args], {
      env,
      reject: false,
    });
    return { exitCode: exitCode ?? -1, stdout, stderr };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A server that the test ends itself. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly said: string[],
  ) {}

  static async start(
    what: string,
    command: readonly [string, ...string[]],
    options: {
      readonly ready: () => Promise<boolean> | boolean;
      readonly uid?: number;
      readonly gid?: number;
    },
  ): Promise<Server> {
    const [program, ...args] = command;
    const { ready, ...user } = options;
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...user });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => said.push(data.toString()));
    }
    const server = new Server(child, said);
    try {
      await until(what, () => {
        if (child.exitCode !== null) throw new Error("ended");
        return ready();
      });
      return server;
    } catch (error) {
      await server.stop();
      throw new Error(`${what} did not start: ${server.output}`, { cause: error });
    }
  }

  get output(): string {
    return this.said.join("");
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode === null && this.child.signalCode === null && this.child.kill(signal))
      await ended;
  }
}

/** Where StatsD lines arrive. */
export class StatsdListener {
  private readonly datagrams: string[] = [];
  private constructor(
    private readonly socket: ReturnType<typeof createSocket>,
    readonly address: string,
  ) {}

  static async start(): Promise<StatsdListener> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    const listener = new StatsdListener(socket, `127.0.0.1:${socket.address().port}`);
    socket.on("message", (data) => listener.datagrams.push(data.toString()));
    return listener;
  }

  /** The lines of one datagram, which must come and be the only one. */
  async lines(): Promise<string[]> {
    await until("a StatsD datagram", () => this.datagrams.length > 0, 5_000);
    const lines = this.datagrams.splice(0).join("\n").split("\n");
    return lines;
  }

  get count(): number {
    return this.datagrams.length;
  }

  close(): void {
    this.socket.close();
  }
}

export function freePort(address = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, address, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === "object" && bound ? bound.port : 0));
    });
  });
}

/** For AWS's Python library: an endpoint of the test's, and nothing of the machine's. */
export function awsEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    NO_PROXY: "127.0.0.1",
  };
}
