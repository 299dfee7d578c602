// Usage: node scripts/ci/apply.mjs <environment>
// Applies the plans that plan.mjs saved, exactly those, in order. There is no way from here to a fresh plan.
// APPLY_MINUTES says how long it may take in all; Terraform is interrupted then, while it can still save its state.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { concludeApply, readResults, stopApply } from "./results.mjs";
import { UNSAVED } from "./sealed.mjs";
import { stacksOf } from "./stacks.mjs";
import { INTERRUPTED, terraform } from "./terraform.mjs";
import { environmentArgument, setOutputs } from "./workflow.mjs";

const REPAIR = 'docs/github.md says how to repair it ("An apply that could not save its state").';
/** In the words of S3, of STS and of EC2. */
const ENDED = /ExpiredToken|RequestExpired|security token included in the request is expired/;

const environment = environmentArgument("node scripts/ci/apply.mjs <environment>");
const results = readResults(environment, `node scripts/ci/plan.mjs ${environment}`);
const limit = process.env.APPLY_MINUTES;
const end = limit ? performance.now() + Number(limit) * 60_000 : undefined;
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
  const seconds = end === undefined ? undefined : (end - performance.now()) / 1000;
  if (seconds <= 0)
    stopApply(
      stack,
      applied,
      `the ${limit} minutes of this job were over, so nothing of it was applied. Run this workflow again.`,
    );
  const args = ["apply", "-input=false", "-no-color", "-lock-timeout=5m", "plan.tfplan"];
  const apply = terraform(stack, args, { seconds });
  if (apply.status !== 0) stopApply(stack, applied, reason(stack, apply));
  applied.push(stack.name);
}

concludeApply(environment, applied, results);

function stateOf(name) {
  return results.find((result) => result.name === name)?.state;
}

function reason(stack, { status, stderr }) {
  if (existsSync(join(stack.directory, UNSAVED))) {
    setOutputs({ unsaved: true });
    return (
      `${unsaved(stderr)} What is missing stands in ${UNSAVED}, which the next steps encrypt and keep as the artifact ` +
      `state-${environment} of this run; if they fail, it is lost with this runner. ${REPAIR}`
    );
  }
  if (/Failed to (save|persist) state/.test(stderr)) {
    return `${unsaved(stderr)} Terraform left no ${UNSAVED}, so what is missing has to be imported. ${REPAIR}`;
  }
  if (stderr.includes("Saved plan is stale")) {
    return (
      "its state moved on after the plan was made, so Terraform refused the plan and changed nothing. " +
      "Run this workflow again: it plans anew, and the new plan can be approved."
    );
  }
  if (stderr.includes("Error acquiring the state lock")) {
    if (ENDED.test(stderr)) {
      return "the credentials of this job ended before it began, so nothing was changed. Run this workflow again.";
    }
    return (
      "somebody else holds the lock of its state (named above), so nothing was changed. " +
      "Let them finish and run this workflow again."
    );
  }
  if (ENDED.test(stderr)) {
    return (
      "the credentials of this job ended half-way. What was made in the last minutes may not be in the state, " +
      `and its lock may still be there. Do not run this workflow again before somebody has looked. ${REPAIR}`
    );
  }
  if (status === INTERRUPTED) {
    return (
      `it was interrupted because the ${limit} minutes of this job were over. What it had made is in the state; what it was ` +
      "making may be marked as tainted. Run this workflow again and read the new plan: what it replaces may be whole, " +
      "and `terraform untaint` keeps that."
    );
  }
  return (
    "terraform apply failed half-way; its message stands above. What it had made is in the state. " +
    "Repair the cause and run this workflow again: the new plan holds what is left."
  );
}

function unsaved(stderr) {
  const cause = ENDED.test(stderr) ? "the credentials of this job ended, so " : "";
  return (
    `${cause}Terraform could not save its state: it lacks what was just made, and its lock may still be there. ` +
    "Do not run this workflow again before that is repaired: it would make those things a second time."
  );
}
