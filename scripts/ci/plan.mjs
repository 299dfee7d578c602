// Usage: node scripts/ci/plan.mjs <environment> [--base <revision>]
// Plans every stack of an environment in order and saves the plans beside the stacks, for apply.mjs. Needs no write
// access: it takes no lock, and Terraform refuses to apply a saved plan whose state has moved on meanwhile.
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { readChanges } from "./changes.mjs";
import { emptyResult, publish, waitingResult, waitsFor } from "./results.mjs";
import { stacksOf } from "./stacks.mjs";
import { terraform } from "./terraform.mjs";
import { environmentArgument, fail } from "./workflow.mjs";

const environment = environmentArgument("node scripts/ci/plan.mjs <environment> [--base <revision>]");
const base = process.argv[3] === "--base" ? process.argv[4] : undefined;

publish(environment, planAll(stacksOf(environment)), base);

/** Ends at the first failure: what comes after it depends on it. */
function planAll(stacks) {
  const planned = [];
  let lock;
  for (const stack of stacks) {
    const blockers = waitsFor(planned.filter(({ name }) => stack.dependencies.includes(name)));
    const result = blockers.length > 0 ? waitingResult(stack, blockers) : plan(stack, lock);
    planned.push(result);
    if (result.state === "failed") break;
    lock ??= existingLock(stack);
  }
  return planned;
}

function plan(stack, lock) {
  // Same provider in every stack, and no second download: Terraform's cache wants a checksum to trust.
  const own = join(stack.directory, ".terraform.lock.hcl");
  if (lock !== undefined && !existsSync(own)) copyFileSync(lock, own);
  const init = terraform(stack, ["init", "-input=false", "-no-color"]);
  if (init.status !== 0) return failedPlan(stack, init);
  const made = terraform(stack, [
    "plan",
    "-input=false",
    "-no-color",
    "-lock=false",
    "-detailed-exitcode",
    "-out=plan.tfplan",
  ]);
  if (made.status !== 0 && made.status !== 2) return failedPlan(stack, made);
  const { changes, drift, outputsChange } = readChanges(JSON.parse(show(stack, "-json")));
  return {
    ...emptyResult(stack),
    state: made.status === 2 ? "changed" : "unchanged",
    changes,
    drift,
    outputsChange,
    text: made.status === 2 ? show(stack, "-no-color").trim() : "",
  };
}

function show(stack, format) {
  const shown = terraform(stack, ["show", format, "plan.tfplan"], { quiet: true });
  if (shown.status !== 0)
    fail(`terraform could not read the plan of ${stack.name} that it has just written.`);
  return shown.stdout;
}

function failedPlan(stack, { stderr }) {
  return { ...emptyResult(stack), state: "failed", text: stderr.trim() };
}

function existingLock(stack) {
  const file = join(stack.directory, ".terraform.lock.hcl");
  return existsSync(file) ? file : undefined;
}
