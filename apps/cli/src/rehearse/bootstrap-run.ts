import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RelayRule } from "../relay/index.js";
import type { SynthesizedStack } from "../synth.js";
import { bootstrapState } from "../terraform/bootstrap.js";
import { Terraform } from "../terraform/terraform.js";
import type { Report } from "./report.js";
import { round, type StackRunOptions } from "./stack-run.js";

/** Applies the bootstrap stack as a real account gets it, state bucket first. */
export async function applyBootstrap(options: StackRunOptions): Promise<NonNullable<Report["bootstrap"]>> {
  const { stack, binary, env, logs, signal, progress, relay } = options;
  const started = performance.now();
  await progress.step(`${stack.name}  apply, move its state into its bucket`, async (update) => {
    const onProgress = (done: number, total: number): void => update(`${done}/${total}`);
    const logFile = join(logs, `${stack.name}.log`);
    const { directory, name } = stack;
    const terraform = new Terraform({ binary, directory, stack: name, env, logFile, signal, onProgress });
    const { applied } = await bootstrapState(terraform, { say: update });
    update(`${applied.length} resources`);
  });
  const { emulated, echoed, simulated } = relay.stats();
  const seconds = round((performance.now() - started) / 1000);
  return { name: stack.name, emulated, echoed, simulated, seconds };
}

/**
 * Even a quick rehearsal, or one of plans alone, needs a real bucket for the state; all else of the
 * bootstrap stack is simulated, so that its key's slow creation falls away.
 */
export function bootstrapShortcut(bootstrap: SynthesizedStack): readonly RelayRule[] {
  const { resource = {} } = readJson(bootstrap);
  return Object.keys(resource)
    .filter((type) => type !== "aws_s3_bucket")
    .map((type) => ({ type, mode: "simulate", reason: "not needed when only plans are real", moto: "any" }));
}

/** Name of the bucket that holds the state, when there is one. */
export function stateBucketOf(bootstrap: SynthesizedStack): string | undefined {
  return readJson(bootstrap).terraform?.backend?.s3?.bucket;
}

interface StackDocument {
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly terraform?: { readonly backend?: { readonly s3?: { readonly bucket?: string } } };
}

function readJson(stack: SynthesizedStack): StackDocument {
  return JSON.parse(readFileSync(join(stack.directory, "cdk.tf.json"), "utf8")) as StackDocument;
}
