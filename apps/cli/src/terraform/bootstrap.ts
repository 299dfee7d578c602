import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ResourceEvent } from "./events.js";
import { type Plan, type Terraform, TerraformError } from "./terraform.js";

const OVERRIDE = "backend_override.tf.json";
const LOCAL_STATE = "bootstrap.tfstate";

export interface BootstrapOptions {
  /** Asked before anything is applied; false stops. @default - every plan is applied */
  readonly approve?: (plan: Plan) => Promise<boolean>;
  readonly say?: (step: string) => void;
}

export interface BootstrapResult {
  readonly applied: readonly ResourceEvent[];
  /** False when `approve` said no. */
  readonly complete: boolean;
}

/**
 * Applies the bootstrap stack, whose state belongs in the very bucket that it makes.
 *
 * The first time there is no bucket: the stack is applied with its state in a local file, by an
 * override file beside the untouched JSON; then the override goes and Terraform moves the state into
 * the bucket. Cut off anywhere in between, the next run goes on from the local file.
 */
export async function bootstrapState(
  terraform: Terraform,
  options: BootstrapOptions = {},
): Promise<BootstrapResult> {
  const say = options.say ?? (() => undefined);
  const local = join(terraform.directory, LOCAL_STATE);
  const override = join(terraform.directory, OVERRIDE);
  const resumed = existsSync(local);
  // Left by a run that was killed, it would hide where the state belongs.
  rmSync(override, { force: true });
  if (!resumed && (await reachesItsState(terraform))) return applyStack(terraform, options, say);

  say("no state bucket yet: state in a local file first");
  writeFileSync(
    override,
    `${JSON.stringify({ terraform: { backend: { local: { path: LOCAL_STATE } } } }, null, 2)}\n`,
  );
  let result: BootstrapResult;
  try {
    await terraform.init("-reconfigure");
    result = await applyStack(terraform, options, say);
  } finally {
    rmSync(override, { force: true });
  }
  if (!result.complete) return result;

  say("moving the state into its bucket");
  const addresses = managedAddresses(local);
  await terraform.migrateState();
  await demandSameState(terraform, addresses, local);
  for (const file of [local, `${local}.backup`]) rmSync(file, { force: true });
  return result;
}

/** Applies a stack whose state has its place already, as in HCP Terraform. */
export async function applyInPlace(
  terraform: Terraform,
  options: BootstrapOptions = {},
): Promise<BootstrapResult> {
  await terraform.init();
  return applyStack(terraform, options, options.say ?? (() => undefined));
}

/** False when the state bucket does not exist yet; any other failure is the operator's to see. */
async function reachesItsState(terraform: Terraform): Promise<boolean> {
  try {
    await terraform.init("-reconfigure");
    return true;
  } catch (error) {
    if (error instanceof TerraformError && error.diagnostics.some(tellsOfMissingBucket)) return false;
    throw error;
  }
}

function tellsOfMissingBucket({ summary, detail }: { summary: string; detail?: string }): boolean {
  return /NoSuchBucket|S3 bucket "[^"]*" does not exist|bucket does not exist/i.test(
    `${summary} ${detail ?? ""}`,
  );
}

async function applyStack(
  terraform: Terraform,
  { approve }: BootstrapOptions,
  say: (step: string) => void,
): Promise<BootstrapResult> {
  say("plan");
  const plan = await terraform.plan("bootstrap.tfplan");
  if (!plan.changes) return { applied: [], complete: true };
  if (approve !== undefined && !(await approve(plan))) return { applied: [], complete: false };
  say("apply");
  return { applied: await terraform.apply(plan), complete: true };
}

/** The local file is only given up when the bucket's state knows every resource in it. */
async function demandSameState(
  terraform: Terraform,
  addresses: readonly string[],
  localFile: string,
): Promise<void> {
  const moved = await terraform.stateAddresses();
  const lost = addresses.filter(
    (address) => !moved.some((other) => other === address || other.startsWith(`${address}[`)),
  );
  if (lost.length === 0) return;
  throw new TerraformError(
    `The state in the bucket lacks ${lost.join(", ")}. The local state is kept in ${localFile}: run the command again.`,
    [],
    [],
  );
}

function managedAddresses(stateFile: string): readonly string[] {
  const { resources = [] } = JSON.parse(readFileSync(stateFile, "utf8")) as { resources?: StateResource[] };
  return resources.filter(({ mode }) => mode === "managed").map(({ type, name }) => `${type}.${name}`);
}

interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
}
