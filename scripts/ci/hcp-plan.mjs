// Usage: node scripts/ci/hcp-plan.mjs <environment> [--save] [--base <revision>]
// Has HCP Terraform plan every stack of an environment, those side by side that do not wait for each other. Without
// --save the plans are speculative: nobody can apply them. With it they wait for hcp-apply.mjs, exactly those.
import { parseArgs } from "node:util";
import { Client } from "./hcp/client.mjs";
import { planStack } from "./hcp/plan.mjs";
import { publish, waitingResult, waitsFor } from "./results.mjs";
import { stacksOf } from "./stacks.mjs";
import { environmentArgument } from "./workflow.mjs";

const environment = environmentArgument(
  "node scripts/ci/hcp-plan.mjs <environment> [--save] [--base <revision>]",
);
const { values } = parseArgs({
  allowPositionals: true,
  options: { save: { type: "boolean", default: false }, base: { type: "string" } },
});
const client = new Client();
publish(environment, await planAll(stacksOf(environment)), values.base);

/**
 * Every stack is planned, changed or not: its state, and what it reads of others, can have moved while its files stayed
 * the same. A plan without changes ends by itself. A stack whose needs could not be planned is left out.
 */
async function planAll(stacks) {
  const started = new Map();
  for (const stack of stacks) {
    const needs = stack.dependencies.flatMap((name) => started.get(name) ?? []);
    started.set(stack.name, planAfter(stack, needs));
  }
  return (await Promise.all(started.values())).filter((result) => result !== undefined);
}

async function planAfter(stack, needs) {
  const results = await Promise.all(needs);
  if (results.some((result) => result === undefined || result.state === "failed")) return undefined;
  const blockers = waitsFor(results);
  if (blockers.length > 0) return waitingResult(stack, blockers);
  return planStack(client, stack, { speculative: !values.save });
}
