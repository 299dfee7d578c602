// Usage: node scripts/ci/hcp-apply.mjs <environment>
// Confirms the plans that hcp-plan.mjs --save left in HCP Terraform, exactly those, in order, and waits for each apply.
// Run a second time it confirms nothing twice: what is under way or over is only watched.
import { applyRun } from "./hcp/apply.mjs";
import { Client } from "./hcp/client.mjs";
import { concludeApply, readResults, stopApply } from "./results.mjs";
import { stacksOf } from "./stacks.mjs";
import { environmentArgument, fail } from "./workflow.mjs";

const environment = environmentArgument("node scripts/ci/hcp-apply.mjs <environment>");
const results = readResults(environment, `node scripts/ci/hcp-plan.mjs ${environment} --save`);
const client = new Client();
const applied = [];

for (const stack of stacksOf(environment)) {
  const { state, run } = results.find(({ name }) => name === stack.name) ?? {};
  if (state !== "changed") continue;
  if (run === undefined)
    fail(`${stack.name} has a plan, but none of HCP Terraform. Plan it with hcp-plan.mjs --save.`);
  const reason = await applyRun(client, stack, run);
  if (reason !== undefined) stopApply(stack, applied, reason);
  applied.push(stack.name);
}
concludeApply(environment, applied, results);
