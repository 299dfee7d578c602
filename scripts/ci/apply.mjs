// Usage: node scripts/ci/apply.mjs <environment>
// Applies the plans that plan.mjs saved, exactly those, in order. There is no way from here to a fresh plan.
import { concludeApply, readResults, stopApply } from "./results.mjs";
import { stacksOf } from "./stacks.mjs";
import { terraform } from "./terraform.mjs";
import { environmentArgument } from "./workflow.mjs";

const environment = environmentArgument("node scripts/ci/apply.mjs <environment>");
const results = readResults(environment, `node scripts/ci/plan.mjs ${environment}`);
const applied = [];

for (const stack of stacksOf(environment)) {
  if (stateOf(stack.name) !== "changed") continue;
  // The lock file came with the plan: the provider that made the plan applies it, or nobody does.
  const init = terraform(stack, ["init", "-input=false", "-no-color", "-lockfile=readonly"]);
  if (init.status !== 0)
    stopApply(
      stack,
      applied,
      "terraform init failed, so nothing of it was applied. Terraform's message stands above.",
    );
  const apply = terraform(stack, ["apply", "-input=false", "-no-color", "-lock-timeout=5m", "plan.tfplan"]);
  if (apply.status !== 0) stopApply(stack, applied, reason(apply.stderr));
  applied.push(stack.name);
}

concludeApply(environment, applied, results);

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
