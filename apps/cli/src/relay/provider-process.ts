import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { adopt } from "./children.js";
import { diedDuring, type ProcessEnd, startFailed } from "./errors.js";
import { handshakeEnv, parseHandshake } from "./handshake.js";
import { LastWords } from "./last-words.js";
import { methodName } from "./methods.js";

const START_TIMEOUT_MS = 90_000;
const LAST_LOG_MS = 200;
const TERM_GRACE_MS = 2_000;
/** How long after a broken call we wait to learn that the process behind it has ended. */
const DEATH_NOTICE_MS = 1_000;

/** Neither side limits messages: the AWS schema alone is tens of megabytes. */
export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
  "grpc.enable_http_proxy": 0,
  "grpc.enable_retries": 0,
  "grpc.use_local_subchannel_pool": 1,
  "grpc-node.flow_control_window": 16 * 1024 * 1024,
} as const;

export interface ProviderCommand {
  readonly binary: string;
  readonly env: Readonly<Record<string, string>>;
  readonly socketDir: string;
  readonly onLog?: ((pid: number, line: string) => void) | undefined;
}

/** One running provider: a child process and the channel to its socket. */
export class ProviderProcess {
  readonly pid: number | undefined;
  private readonly lastWords = new LastWords();
  private readonly ended: Promise<ProcessEnd>;
  private end: ProcessEnd | undefined;
  private client: Client | undefined;

  private constructor(
    private readonly command: ProviderCommand,
    private readonly child: ChildProcess,
  ) {
    this.pid = child.pid;
    this.ended = new Promise((resolve) => {
      const settle = (end: ProcessEnd) => {
        this.end ??= end;
        resolve(this.end);
      };
      // "close" comes after the last line of the log, "exit" may come before it.
      child.once("close", (code, signal) => settle({ code, signal }));
      child.once("exit", (code, signal) => setTimeout(settle, LAST_LOG_MS, { code, signal }).unref());
      child.once("error", (error) => {
        this.keep(error.message);
        settle({ code: null, signal: null });
      });
    });
  }

  static async start(command: ProviderCommand): Promise<ProviderProcess> {
    const env = handshakeEnv(command.env, command.socketDir, process.env);
    const child = spawn(command.binary, [], { env, stdio: ["ignore", "pipe", "pipe"] });
    adopt(child);
    const provider = new ProviderProcess(command, child);
    try {
      await provider.handshake(child.stdout, child.stderr);
    } catch (error) {
      await provider.stop();
      throw error;
    }
    return provider;
  }

  get alive(): boolean {
    return this.end === undefined;
  }

  /** Sends `request` as it is and returns the answer as it is. */
  async call(path: string, request: Buffer, onCancel?: (cancel: () => void) => void): Promise<Buffer> {
    if (this.end) throw diedDuring(methodName(path), this.pid, this.end, this.lastWords.lines);
    try {
      return await this.unary(path, request, onCancel);
    } catch (error) {
      const broken = (error as ServiceError).code === status.UNAVAILABLE;
      const end = this.end ?? (broken ? await this.endWithin(DEATH_NOTICE_MS) : undefined);
      if (end) throw diedDuring(methodName(path), this.pid, end, this.lastWords.lines);
      throw error;
    }
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    this.client?.close();
    if (this.end) return;
    this.child.kill("SIGTERM");
    if (await this.endWithin(TERM_GRACE_MS)) return;
    this.child.kill("SIGKILL");
    await this.ended;
  }

  private unary(path: string, request: Buffer, onCancel?: (cancel: () => void) => void): Promise<Buffer> {
    const client = this.client;
    if (!client) throw new Error("Relay: a provider process was used before its handshake.");
    return new Promise((resolve, reject) => {
      const call = client.makeUnaryRequest(path, same, same, request, (error, answer) => {
        if (error) reject(error);
        else resolve(answer ?? Buffer.alloc(0));
      });
      onCancel?.(() => call.cancel());
    });
  }

  private async handshake(stdout: Readable, stderr: Readable): Promise<void> {
    createInterface({ input: stderr }).on("line", (line) => this.keep(line));
    const lines = createInterface({ input: stdout });
    const first = new Promise<string>((resolve) => lines.once("line", resolve));
    const timeout = after(START_TIMEOUT_MS);
    const outcome = await Promise.race([first, this.ended, timeout.elapsed]);
    timeout.clear();
    if (typeof outcome === "string") {
      const target = parseHandshake(outcome, this.command.binary);
      this.client = new Client(target, credentials.createInsecure(), CHANNEL_OPTIONS);
      return;
    }
    const why = outcome
      ? `it ended (${outcome.signal ?? `exit code ${outcome.code}`}) before its handshake`
      : `no handshake within ${START_TIMEOUT_MS / 1000} s`;
    throw startFailed(this.command.binary, this.pid, why, this.lastWords.lines);
  }

  private keep(line: string): void {
    this.lastWords.hear(line);
    this.command.onLog?.(this.pid ?? 0, line);
  }

  private async endWithin(ms: number): Promise<ProcessEnd | undefined> {
    const timeout = after(ms);
    const end = await Promise.race([this.ended, timeout.elapsed]);
    timeout.clear();
    return end;
  }
}

const same = (bytes: Buffer): Buffer => bytes;

function after(ms: number): { readonly elapsed: Promise<undefined>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const elapsed = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return { elapsed, clear: () => clearTimeout(timer) };
}
