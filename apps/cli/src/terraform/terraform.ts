import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../errors.js";
import { type ProcessEnd, ProcessGroup } from "../process-group.js";
import {
  type ChangeSummary,
  type Diagnostic,
  formatDiagnostic,
  parseEvent,
  type ResourceEvent,
} from "./events.js";
import { findOrphans, lockAdvice, lockHolder, orphanAdvice } from "./lock.js";
import { type PlanJson, type PlannedChange, plannedChanges } from "./plan-json.js";

const run = promisify(execFile);

export interface TerraformOptions {
  /** The terraform or tofu program. */
  readonly binary: string;
  /** Directory of the stack's `cdk.tf.json`. */
  readonly directory: string;
  /** Name of the stack, for messages. */
  readonly stack: string;
  /** The whole environment of Terraform. */
  readonly env: Readonly<Record<string, string>>;
  /** File that gets all output. */
  readonly logFile: string;
  /** Ends Terraform when it fires: first with SIGINT, so that it gives back the lock and writes the state. */
  readonly signal?: AbortSignal;
  /** Told how many resources of how many are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What one Terraform command said. */
interface Outcome {
  readonly end: ProcessEnd;
  readonly diagnostics: readonly Diagnostic[];
  readonly resources: readonly ResourceEvent[];
  readonly summary: ChangeSummary;
}

export interface Plan {
  readonly file: string;
  /** Whether the plan would change anything, outputs included. */
  readonly changes: boolean;
  readonly summary: ChangeSummary;
}

/** How long Terraform may take to give back the lock and write the state before it is ended by force. */
const GRACE_MS = 20_000;

/** The JSON of a large plan takes tens of megabytes. */
const MAX_OUTPUT = 256 * 1024 * 1024;

/** A Terraform command failed; the message holds every diagnostic in full. */
export class TerraformError extends UserError {
  override readonly name: string = "UserError";

  constructor(
    message: string,
    readonly diagnostics: readonly Diagnostic[],
    /** What an apply had done before it failed. */
    readonly resources: readonly ResourceEvent[],
  ) {
    super(message);
  }
}

/** Terraform in one stack's directory: each step is a saved plan or the apply of one. */
export class Terraform {
  constructor(private readonly options: TerraformOptions) {}

  get directory(): string {
    return this.options.directory;
  }

  async init(...args: readonly string[]): Promise<void> {
    await this.must("init", ["init", "-json", ...args]);
  }

  /** Moves the state from the backend of the last init into the present one. */
  async migrateState(): Promise<void> {
    // Terraform refuses -json here.
    await this.must("init", ["init", "-migrate-state", "-force-copy", "-no-color"]);
  }

  /**
   * Saves a plan; nothing is changed.
   *
   * @param options.destroy plans the end of everything in the state, without asking AWS again: a plan
   * that finds no change has just done so.
   */
  async plan(file: string, options: { readonly destroy?: boolean } = {}): Promise<Plan> {
    const destroy = options.destroy ? ["-destroy", "-refresh=false"] : [];
    const outcome = await this.run(["plan", "-json", "-detailed-exitcode", `-out=${file}`, ...destroy]);
    if (outcome.end.code !== 0 && outcome.end.code !== 2) throw await this.failure("plan", outcome);
    return { file, changes: outcome.end.code === 2, summary: outcome.summary };
  }

  /** Applies a saved plan, and exactly that; returns what was done. */
  async apply(plan: Plan): Promise<readonly ResourceEvent[]> {
    const { add, change, remove } = plan.summary;
    const outcome = await this.must("apply", ["apply", "-json", plan.file], add + change + remove);
    return outcome.resources.filter(({ step }) => step === "complete");
  }

  /** What a saved plan would change, attribute by attribute. */
  async changesOf(plan: Plan): Promise<readonly PlannedChange[]> {
    return plannedChanges(JSON.parse(await this.read(["show", "-json", plan.file])) as PlanJson);
  }

  /** Addresses in the state. */
  async stateAddresses(): Promise<readonly string[]> {
    return (await this.read(["state", "list"])).split("\n").filter((line) => line !== "");
  }

  private async must(command: string, args: readonly string[], total = 0): Promise<Outcome> {
    const outcome = await this.run(args, total);
    if (outcome.end.code !== 0) throw await this.failure(command, outcome);
    return outcome;
  }

  private async run(args: readonly string[], total = 0): Promise<Outcome> {
    const { binary, directory, env, logFile, signal } = this.options;
    signal?.throwIfAborted();
    const diagnostics: Diagnostic[] = [];
    const resources: ResourceEvent[] = [];
    let done = 0;
    let summary: ChangeSummary = { add: 0, change: 0, remove: 0 };

    mkdirSync(dirname(logFile), { recursive: true });
    appendFileSync(logFile, `\n$ terraform -chdir=${directory} ${args.join(" ")}\n`);
    const group = await ProcessGroup.start(binary, args, {
      cwd: directory,
      env,
      logFile,
      onLine: (line) => {
        appendFileSync(logFile, `${line}\n`);
        const event = parseEvent(line);
        if (event?.kind === "diagnostic") diagnostics.push(event.diagnostic);
        if (event?.kind === "summary") summary = event.changes;
        if (event?.kind === "resource") {
          resources.push(event.event);
          const { step, action } = event.event;
          if (step === "complete" && action !== "read") this.options.onProgress?.(++done, total);
        }
      },
    });
    const abort = (): void => void group.end("SIGINT", GRACE_MS);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    const end = await group.ended;
    signal?.removeEventListener("abort", abort);
    signal?.throwIfAborted();
    return { end, diagnostics, resources, summary };
  }

  /** Output of a command that only reads. */
  private async read(args: readonly string[]): Promise<string> {
    const { binary, directory, env, signal, stack } = this.options;
    signal?.throwIfAborted();
    try {
      const options = { cwd: directory, env: { ...env }, maxBuffer: MAX_OUTPUT };
      return (await run(binary, [...args], { ...options, ...(signal === undefined ? {} : { signal }) }))
        .stdout;
    } catch (error) {
      signal?.throwIfAborted();
      const said = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
      throw new TerraformError(`${stack}: terraform ${args[0]} failed.\n\n${said}`, [], []);
    }
  }

  private async failure(command: string, { end, diagnostics, resources }: Outcome): Promise<TerraformError> {
    const { stack, directory, binary, logFile } = this.options;
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const how = end.signal === null ? `failed (exit code ${end.code})` : `was ended by ${end.signal}`;
    const parts = [`${stack}: terraform ${command} ${how}.`, ...errors.map(formatDiagnostic)];
    if (errors.length === 0) parts.push(lastLines(logFile));
    const holder = lockHolder(errors);
    if (holder !== undefined) parts.push(lockAdvice(holder, directory, binary));
    if (end.signal !== null && command === "apply") parts.push(await this.cutOffAdvice(resources));
    parts.push(`All output: ${logFile}`);
    return new TerraformError(parts.join("\n\n"), errors, resources);
  }

  /** An apply that was killed wrote its last changes to no state, and keeps the lock. */
  private async cutOffAdvice(resources: readonly ResourceEvent[]): Promise<string> {
    const { directory, binary } = this.options;
    let addresses: readonly string[];
    try {
      addresses = await this.stateAddresses();
    } catch {
      addresses = [];
    }
    return [
      "The apply was cut off, so it could not give back the lock: the next run is refused and says which command frees it.",
      orphanAdvice(findOrphans(resources, addresses), directory, binary),
    ].join("\n");
  }
}

/** What a command without diagnostics said last. */
function lastLines(logFile: string): string {
  return readFileSync(logFile, "utf8").trim().split("\n").slice(-20).join("\n");
}
