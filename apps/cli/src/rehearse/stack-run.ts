import { join } from "node:path";
import type { Relay } from "../relay/index.js";
import type { SynthesizedStack } from "../synth.js";
import type { PlannedChange } from "../terraform/plan-json.js";
import { Terraform } from "../terraform/terraform.js";
import type { Progress } from "./progress.js";
import { liftProtection, protectedAddresses, unprotectedBy } from "./protection.js";
import type { StackReport, StepSeconds } from "./report.js";

export interface StackRunOptions {
  readonly stack: SynthesizedStack;
  readonly binary: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logs: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly relay: Relay;
}

type Counts = Pick<StackReport, "emulated" | "echoed" | "simulated">;

/** One stack's way through a rehearsal, with its figures. */
export class StackRun {
  readonly name: string;
  private readonly seconds: Record<keyof StepSeconds, number> = { init: 0, apply: 0, plan: 0, destroy: 0 };
  private counts: Counts = { emulated: {}, echoed: {}, simulated: {} };
  private planned: StackReport["planned"];
  private secondPlan: readonly PlannedChange[] | undefined;
  private destroyed = 0;
  private readonly protectedAddresses: readonly string[];
  /** Protected resources that Terraform would destroy all the same; undefined before that was tried. */
  private unprotected: readonly string[] | undefined;
  private applying = false;

  constructor(private readonly options: StackRunOptions) {
    this.name = options.stack.name;
    this.protectedAddresses = protectedAddresses(options.stack.directory);
  }

  async init(): Promise<void> {
    await this.step("init", "init", (terraform) => terraform.init());
  }

  /** Plans and changes nothing. */
  async planOnly(): Promise<void> {
    await this.step("plan", "plan", async (terraform, update) => {
      const { summary } = await terraform.plan("rehearsal.tfplan");
      this.planned = { add: summary.add, change: summary.change, remove: summary.remove };
      update(`${summary.add} to add`);
    });
  }

  /** Applies a saved plan, then plans again and keeps what that would change. */
  async apply(): Promise<void> {
    const plan = await this.step("plan", "plan", async (terraform, update) => {
      const saved = await terraform.plan("rehearsal.tfplan");
      update(`${saved.summary.add} to add`);
      return saved;
    });
    this.options.relay.resetStats();
    this.applying = true;
    await this.step("apply", "apply", async (terraform, update) => {
      const done = await terraform.apply(plan);
      update(`${done.length} resources`);
    });
    this.counts = this.countsNow();
    this.applying = false;
    this.secondPlan = await this.step("plan", "plan again", async (terraform, update) => {
      const again = await terraform.plan("again.tfplan");
      const changes = again.changes ? await terraform.changesOf(again) : [];
      update(changes.length === 0 ? "no change" : `${changes.length} CHANGED`);
      return changes;
    });
  }

  /** Destroys all, after Terraform has refused to as long as anything is protected from it. */
  async destroy(): Promise<void> {
    if (this.protectedAddresses.length > 0) await this.liftProtection();
    await this.step("destroy", "destroy", async (terraform, update) => {
      const plan = await terraform.plan("destroy.tfplan", { destroy: true });
      const done = await terraform.apply(plan);
      this.destroyed = done.filter(({ action }) => action === "delete").length;
      update(`${this.destroyed} resources`);
    });
  }

  /** What is wrong with the second plan, for the operator; undefined when it was empty. */
  secondPlanFault(): string | undefined {
    if (this.secondPlan === undefined || this.secondPlan.length === 0) return undefined;
    return [
      `${this.name}: the plan after the apply is not empty. It wants to change:`,
      ...this.secondPlan.flatMap(({ address, action, attributes }) => [
        `  ${address} (${action})`,
        ...attributes.map((attribute) => `    ${attribute}`),
      ]),
      "  do: most often the JSON says something that the API returns in another form (order, a default, JSON text):",
      "      write it as the API returns it. Only if the emulator loses the attribute, list the type in apps/cli/src/relay/rules.ts.",
    ].join("\n");
  }

  /** What is wrong with the protection from destroy, for the operator; undefined when it holds. */
  protectionFault(): string | undefined {
    if (this.unprotected === undefined || this.unprotected.length === 0) return undefined;
    return [
      `${this.name}: a destroy plan must be refused for every resource with prevent_destroy. It was not for:`,
      ...this.unprotected.map((address) => `  ${address}`),
      "  do: look for an override file (*_override.tf.json) in the stack's directory, and for a resource that is",
      "      not in the state.",
    ].join("\n");
  }

  report(): StackReport {
    return {
      name: this.name,
      ...(this.applying ? this.countsNow() : this.counts),
      secondPlanChanges: this.secondPlan?.length ?? null,
      destroyed: this.destroyed,
      protected: this.protectedAddresses.length,
      ...(this.unprotected === undefined ? {} : { protectionHolds: this.unprotected.length === 0 }),
      seconds: { ...this.seconds },
      ...(this.planned === undefined ? {} : { planned: this.planned }),
    };
  }

  private async liftProtection(): Promise<void> {
    const addresses = this.protectedAddresses;
    await this.step("destroy", "destroy is refused", async (terraform, update) => {
      this.unprotected = await unprotectedBy(terraform, addresses);
      update(`${addresses.length - this.unprotected.length} of ${addresses.length} protected resources`);
    });
    liftProtection(this.options.stack.directory, addresses);
  }

  private countsNow(): Counts {
    const { emulated, echoed, simulated } = this.options.relay.stats();
    return { emulated, echoed, simulated };
  }

  private async step<T>(
    kind: keyof StepSeconds,
    title: string,
    work: (terraform: Terraform, update: (text: string) => void) => Promise<T>,
  ): Promise<T> {
    const { stack, binary, env, logs, signal, progress } = this.options;
    const started = performance.now();
    try {
      return await progress.step(`${this.name}  ${title}`, (update) => {
        const onProgress = (done: number, total: number): void => update(`${done}/${total}`);
        const logFile = join(logs, `${this.name}.log`);
        const terraform = new Terraform({
          binary,
          directory: stack.directory,
          stack: this.name,
          env,
          logFile,
          signal,
          onProgress,
        });
        return work(terraform, update);
      });
    } finally {
      this.seconds[kind] = round(this.seconds[kind] + (performance.now() - started) / 1000);
    }
  }
}

/** To a tenth of a second: more would pretend to a precision that a shared machine does not have. */
export function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
