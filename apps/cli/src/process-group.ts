import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

export interface ProcessGroupOptions {
  readonly cwd?: string;
  /** The whole environment of the process: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** File that gets standard error, and standard output too where nobody reads it. */
  readonly logFile: string;
  /** Called with each line of standard output. @default - output goes to the log file */
  readonly onLine?: (line: string) => void;
  /** Gives the process a pipe on standard input that closes when we end, however we end. @default false */
  readonly watchesStdin?: boolean;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const alive = new Set<ProcessGroup>();

/**
 * A program in a process group of its own, so that Ctrl-C in the terminal reaches us alone and we
 * decide in which order things end; and so that a wrapper script and the program behind it end together.
 */
export class ProcessGroup {
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  private over = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
  ) {
    alive.add(this);
    this.ended = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.over = true;
        alive.delete(this);
        resolve({ code, signal });
      });
    });
  }

  static async start(
    command: string,
    args: readonly string[],
    options: ProcessGroupOptions,
  ): Promise<ProcessGroup> {
    mkdirSync(dirname(options.logFile), { recursive: true });
    const log = openSync(options.logFile, "a");
    try {
      const child = spawn(command, args, {
        cwd: options.cwd,
        env: options.env,
        detached: true,
        stdio: [options.watchesStdin ? "pipe" : "ignore", options.onLine ? "pipe" : log, log],
      });
      await new Promise<void>((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", reject);
      });
      if (options.onLine !== undefined) readLines(child, options.onLine);
      return new ProcessGroup(child, child.pid as number);
    } finally {
      closeSync(log);
    }
  }

  get running(): boolean {
    return !this.over;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.over) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // It ended between the check and the call.
    }
  }

  /** Asks with `signal`, waits, and ends by force what is left. */
  async end(signal: NodeJS.Signals = "SIGTERM", graceMs = 5_000): Promise<ProcessEnd> {
    this.signal(signal);
    const timer = setTimeout(() => this.signal("SIGKILL"), graceMs);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets the process outlive us. */
  release(): void {
    alive.delete(this);
    this.child.unref();
    this.child.stdin?.destroy();
    this.child.stdout?.destroy();
  }
}

/** Ends all groups at once and without mercy: the last resort, when we exit ourselves. */
export function killAllGroups(): void {
  for (const group of alive) group.signal("SIGKILL");
}

process.once("exit", killAllGroups);

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = "";
  child.stdout?.setEncoding("utf8");
  child.stdout?.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  child.stdout?.once("end", () => {
    if (rest !== "") onLine(rest);
  });
}
