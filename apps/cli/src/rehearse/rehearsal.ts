import { join, relative } from "node:path";
import { type Emulator, type EmulatorLeftover, startEmulator } from "../emulator/emulator.js";
import { Interrupted, isUserFault } from "../errors.js";
import { RELAY_RULES, type Relay, startRelay } from "../relay/index.js";
import { type Synthesis, synthesizeEnvironment } from "../synth.js";
import { applyBootstrap, bootstrapShortcut, stateBucketOf } from "./bootstrap-run.js";
import { type Interrupts, unlessStopped } from "./interrupts.js";
import { keepHints } from "./keep.js";
import { findLeftovers, leftoverFault, takeBaseline } from "./leftovers.js";
import { environmentOf, findTools, providerConstraint, reattachFor, type Tools } from "./prepare.js";
import type { Progress } from "./progress.js";
import type { Leftover, Report } from "./report.js";
import { selectStacks } from "./select.js";
import { StackRun, type StackRunOptions } from "./stack-run.js";
import { overrideState } from "./state-override.js";
import type { WorkDirectory } from "./work-directory.js";

export interface RehearsalOptions {
  readonly environment: string;
  /** Area of the only stack that is wanted; what it needs comes along. @default - all stacks */
  readonly stack?: string;
  /** Simulates every resource. @default false */
  readonly quick?: boolean;
  /** Destroys nothing and leaves the emulator running. @default false */
  readonly keep?: boolean;
  /** Stops after the plans. @default false */
  readonly planOnly?: boolean;
  /** Port of the emulator. @default - any free port */
  readonly port?: number;
  /** File that gets the report as JSON. @default - none */
  readonly report?: string;
}

/** One rehearsal: what it has started, what it has found out. */
export class Rehearsal {
  /** What is wrong and did not stop the run. */
  readonly faults: string[] = [];
  private synthesis: Synthesis | undefined;
  private tools: Tools | undefined;
  private emulator: Emulator | undefined;
  private relay: Relay | undefined;
  /** What leads Terraform and the provider to the emulator. */
  private env: Readonly<Record<string, string>> = {};
  private readonly runs: StackRun[] = [];
  private bootstrap: Report["bootstrap"];
  private leftovers: readonly Leftover[] = [];
  private pendingDeletion: readonly EmulatorLeftover[] = [];
  private skipped: { name: string; reason: string }[] = [];
  /** How to look at what was kept. */
  hints: string | undefined;

  constructor(
    private readonly options: RehearsalOptions,
    private readonly root: string,
    private readonly work: WorkDirectory,
    private readonly interrupts: Interrupts,
    private readonly progress: Progress,
  ) {}

  /** A run that failed before it had started anything leaves nothing; a later failure keeps its logs. */
  leavesSomethingToLookAt(failure: unknown): boolean {
    if (failure instanceof Interrupted || this.emulator === undefined) return false;
    return this.hints !== undefined || this.faults.length > 0 || failure !== undefined;
  }

  /** Why the run really stopped: what fails after the emulator died fails because of that. */
  async causeOf(error: unknown): Promise<unknown> {
    const { signal } = this.interrupts;
    if (!signal.aborted && this.emulator !== undefined) {
      await Promise.race([this.emulator.died, new Promise((resolve) => setTimeout(resolve, 250))]);
    }
    return signal.aborted ? signal.reason : error;
  }

  async run(): Promise<void> {
    const synthesis = await this.progress.step("synthesize", async () => this.synthesize());
    const tools = await this.findTools(synthesis);
    const emulator = await this.startEmulator(tools, synthesis);
    const relay = await this.startRelay(tools, synthesis);
    const shared: Omit<StackRunOptions, "stack"> = {
      binary: tools.terraform.binary,
      env: { ...this.env, TF_REATTACH_PROVIDERS: reattachFor(tools.terraform.product, relay.reattach) },
      logs: this.work.logs,
      signal: this.interrupts.signal,
      progress: this.progress,
      relay,
    };
    this.bootstrap = await applyBootstrap({ ...shared, stack: synthesis.bootstrap });
    if (this.options.quick) relay.setSimulateAll(true);
    const baseline = await takeBaseline(emulator, relay);
    const stackRuns = synthesis.stacks.map((stack) => new StackRun({ ...shared, stack }));

    if (this.options.planOnly) return this.planStacks(synthesis, stackRuns);
    await this.applyStacks(stackRuns);
    if (this.options.keep) return this.keep(emulator, synthesis);
    await this.destroyStacks(stackRuns);
    this.leftovers = await this.progress.step("look for leftovers", async (update) => {
      const found = await unlessStopped(findLeftovers(emulator, relay, baseline), this.interrupts.signal);
      this.pendingDeletion = await unlessStopped(emulator.pendingDeletion(), this.interrupts.signal);
      update(found.length === 0 ? "none" : `${found.length} FOUND`);
      return found;
    });
    const fault = leftoverFault(this.leftovers);
    if (fault !== undefined) this.faults.push(fault);
  }

  /** Ends what was started, the last first. */
  async end(failure: unknown): Promise<void> {
    // Stopped by the operator, or by the emulator's own end, there is nothing to keep; after a defect of ours neither.
    const isStopped = this.interrupts.signal.aborted;
    if (this.options.keep && isUserFault(failure) && !isStopped) this.keepAfterFailure();
    await this.relay?.close();
    if (this.hints !== undefined) this.emulator?.release();
    else await this.emulator?.end();
  }

  report(totalSeconds: number, failure: unknown): Report {
    const faults = [...this.faults, ...(failure === undefined ? [] : [messageOf(failure)])];
    if (faults.length > 0 && this.leavesSomethingToLookAt(failure))
      faults.push(`Logs: ${relative(process.cwd(), this.work.path)}`);
    return {
      environment: this.options.environment,
      ok: faults.length === 0,
      totalSeconds,
      leftovers: this.leftovers,
      pendingDeletion: this.pendingDeletion,
      stacks: this.runs.map((run) => run.report()),
      ...(this.bootstrap === undefined ? {} : { bootstrap: this.bootstrap }),
      ...(this.options.planOnly || this.skipped.length > 0 ? { skipped: this.skipped } : {}),
      quick: this.options.quick ?? false,
      planOnly: this.options.planOnly ?? false,
      ...(this.tools === undefined
        ? {}
        : { terraformVersion: this.tools.terraform.version, providerVersion: this.tools.provider.version }),
      ...(this.emulator === undefined ? {} : { motoVersion: this.emulator.version }),
      ...(faults.length === 0 ? {} : { error: faults.join("\n\n") }),
    };
  }

  private synthesize(): Synthesis {
    const synthesis = synthesizeEnvironment(this.options.environment, this.work.stacks);
    const stacks = selectStacks(synthesis.stacks, this.options.stack);
    const states = join(this.work.path, "state");
    for (const stack of [synthesis.bootstrap, ...stacks]) overrideState(stack, states);
    if (synthesis.workspaces !== undefined) {
      const { name } = synthesis.workspaces;
      const reason = "it makes workspaces in HCP Terraform, for which there is no emulator";
      this.skipped.push({ name, reason });
    }
    this.synthesis = { ...synthesis, stacks };
    return this.synthesis;
  }

  private findTools({ bootstrap, stacks }: Synthesis): Promise<Tools> {
    return this.progress.step("find Terraform, AWS provider, emulator", async (update) => {
      const { signal } = this.interrupts;
      const constraint = providerConstraint([bootstrap, ...stacks]);
      const say = (text: string): void => this.progress.note(text);
      const tools = await unlessStopped(findTools({ root: this.root, constraint, say, signal }), signal);
      this.tools = tools;
      update(`${tools.terraform.product} ${tools.terraform.version}, provider ${tools.provider.version}`);
      return tools;
    });
  }

  private async startEmulator(tools: Tools, { config }: Synthesis): Promise<Emulator> {
    const emulator = await this.progress.step("start the emulator", async (update) => {
      const { port, keep } = this.options;
      const started = await startEmulator({
        moto: tools.moto,
        directory: this.work.logs,
        accountId: config.accountId,
        region: config.region,
        detached: keep ?? false,
        ...(port === undefined ? {} : { port }),
      });
      this.emulator = started;
      update(`moto ${started.version}, port ${started.port}, process ${started.pid}`);
      return started;
    });
    void emulator.died.then((reason) => this.interrupts.stop(reason));
    this.env = environmentOf(this.work, emulator.port, config.region, tools.provider);
    return emulator;
  }

  private async startRelay(tools: Tools, { config, bootstrap }: Synthesis): Promise<Relay> {
    const isShortcut = this.options.quick || this.options.planOnly;
    this.relay = await startRelay({
      providerBinary: tools.provider.binary,
      providerEnv: this.env,
      rules: isShortcut ? bootstrapShortcut(bootstrap) : RELAY_RULES,
      accountId: config.accountId,
      region: config.region,
    });
    return this.relay;
  }

  private async applyStacks(stackRuns: readonly StackRun[]): Promise<void> {
    for (const stackRun of stackRuns) {
      this.runs.push(stackRun);
      await stackRun.init();
      await stackRun.apply();
      const fault = stackRun.secondPlanFault();
      if (fault !== undefined) this.faults.push(fault);
    }
  }

  /** The last first, since it needs the others. */
  private async destroyStacks(stackRuns: readonly StackRun[]): Promise<void> {
    for (const stackRun of [...stackRuns].reverse()) {
      await stackRun.destroy();
      const fault = stackRun.protectionFault();
      if (fault !== undefined) this.faults.push(fault);
    }
  }

  /** A stack that needs another one's outputs cannot be planned before that one is applied. */
  private async planStacks({ stacks }: Synthesis, stackRuns: readonly StackRun[]): Promise<void> {
    for (const [index, stackRun] of stackRuns.entries()) {
      const needs = stacks[index]?.dependencies ?? [];
      if (needs.length > 0) {
        const reason = `it needs outputs of ${needs.join(", ")}, which --plan-only does not apply`;
        this.skipped.push({ name: stackRun.name, reason });
        continue;
      }
      this.runs.push(stackRun);
      await stackRun.init();
      await stackRun.planOnly();
    }
  }

  private keep(emulator: Emulator, { config, stacks, bootstrap }: Synthesis): void {
    this.hints = keepHints(emulator, config.region, stacks, this.work.path, stateBucketOf(bootstrap));
  }

  private keepAfterFailure(): void {
    if (this.emulator === undefined || this.synthesis === undefined || this.hints !== undefined) return;
    this.keep(this.emulator, this.synthesis);
  }
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
