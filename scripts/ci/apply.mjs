// Usage: node scripts/ci/apply.mjs <environment>
// Applies the plans that plan.mjs saved, exactly those, in order. There is no way from here to a fresh plan.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PLATFORM, stacksOf } from "./stacks.mjs";
import { terraform } from "./terraform.mjs";
import { addSummary, environmentArgument, fail, warn } from "./workflow.mjs";

const environment = environmentArgument("node scripts/ci/apply.mjs <environment>");
const results = readResults();
const applied = [];

for (const stack of stacksOf(environment)) {
  if (stateOf(stack.name) !== "changed") continue;
  // The lock file came with the plan: the provider that made the plan applies it, or nobody does.
  const init = terraform(stack, ["init", "-input=false", "-no-color", "-lockfile=readonly"]);
  if (init.status !== 0)
    stop(stack, "terraform init failed, so nothing of it was applied. Terraform's message stands above.");
  const apply = terraform(stack, ["apply", "-input=false", "-no-color", "-lock-timeout=5m", "plan.tfplan"]);
  if (apply.status !== 0) stop(stack, reason(apply.stderr));
  applied.push(stack.name);
}

addSummary(`Applied to \`${environment}\`: ${applied.join(", ")}`);
const waiting = results.filter(({ state }) => state === "waiting").map(({ name }) => name);
if (waiting.length > 0) {
  warn(
    `${waiting.join(", ")}: not planned yet, because the plan needed outputs that this run made. ` +
      "Run this workflow again; later environments wait for it.",
  );
}

function readResults() {
  const file = join(PLATFORM, "plans", `${environment}.json`);
  if (!existsSync(file)) fail(`${file} is missing: plan first (node scripts/ci/plan.mjs ${environment}).`);
  return JSON.parse(readFileSync(file, "utf8"));
}

function stateOf(name) {
  return results.find((result) => result.name === name)?.state;
}

function reason(stderr) {
  if (stderr.includes("Saved plan is stale")) {
    return (
      "its state moved on after the plan was made, so Terraform refused the plan and changed nothing. " +
      "Run this workflow again: it plans anew, and the new plan can be approved."
    );
  }
  if (stderr.includes("Error acquiring the state lock")) {
    return (
      "somebody else holds the lock of its state (named above), so nothing was changed. " +
      "Let them finish and run this workflow again."
    );
  }
  return (
    "terraform apply failed half-way; its message stands above. What it had made is in the state. " +
    "Repair the cause and run this workflow again: the new plan holds what is left."
  );
}

function stop(stack, message) {
  const before =
    applied.length === 0 ? "No stack was applied before it." : `Applied before it: ${applied.join(", ")}.`;
  addSummary(`**${stack.name} failed**: ${message} ${before}`);
  fail(`\n${stack.name}: ${message}\n${before}`);
}
