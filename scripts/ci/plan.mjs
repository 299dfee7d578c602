// Usage: node scripts/ci/plan.mjs <environment> [--base <revision>]
// Plans every stack of an environment in order and saves the plans beside the stacks, for apply.mjs. Needs no write
// access: it takes no lock, and Terraform refuses to apply a saved plan whose state has moved on meanwhile.
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addressChanges } from "./addresses.mjs";
import { readChanges } from "./changes.mjs";
import { renderReport } from "./report.mjs";
import { PLATFORM, stacksOf } from "./stacks.mjs";
import { terraform } from "./terraform.mjs";
import { addSummary, environmentArgument, fail, setOutputs } from "./workflow.mjs";

const environment = environmentArgument("node scripts/ci/plan.mjs <environment> [--base <revision>]");
const base = process.argv[3] === "--base" ? process.argv[4] : undefined;

const results = planAll(stacksOf(environment));
const report = renderReport(environment, results, base && addressChanges(environment, base));
mkdirSync(join(PLATFORM, "plans"), { recursive: true });
writeFileSync(join(PLATFORM, "plans", `${environment}.json`), JSON.stringify(results, null, 2));
writeFileSync(join(PLATFORM, "plans", `${environment}.md`), `${report}\n`);
addSummary(report);
setOutputs({
  changed: results.some(({ state }) => state === "changed"),
  waiting: results
    .filter(({ state }) => state === "waiting")
    .map(({ name }) => name)
    .join(" "),
});
const failed = results.find(({ state }) => state === "failed");
if (failed !== undefined) fail(`The plan of ${failed.name} failed; Terraform's message stands above.`);

/** Ends at the first failure: what comes after it depends on it. */
function planAll(stacks) {
  const planned = [];
  let lock;
  for (const stack of stacks) {
    const waitsFor = planned.filter(({ name, state, outputsChange }) => {
      return stack.dependencies.includes(name) && (state === "waiting" || outputsChange);
    });
    const result = waitsFor.length > 0 ? waiting(stack, waitsFor) : plan(stack, lock);
    planned.push(result);
    if (result.state === "failed") break;
    lock ??= existingLock(stack);
  }
  return planned;
}

/** A plan made from outputs that are about to change would be applied as it is, and be wrong. */
function waiting({ name }, waitsFor) {
  return { ...nothing(name), state: "waiting", waitsFor: waitsFor.map((result) => result.name) };
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
    ...nothing(stack.name),
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

function failedPlan({ name }, { stderr }) {
  return { ...nothing(name), state: "failed", text: stderr.trim() };
}

function nothing(name) {
  return { name, state: "unchanged", changes: [], drift: [], outputsChange: false, waitsFor: [], text: "" };
}

function existingLock(stack) {
  const file = join(stack.directory, ".terraform.lock.hcl");
  return existsSync(file) ? file : undefined;
}
