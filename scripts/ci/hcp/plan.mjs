// The plan of one stack by HCP Terraform, as a result like that of Terraform on this machine (../results.mjs).
import { emptyResult } from "../results.mjs";
import { HcpFault } from "./client.mjs";
import { packStack } from "./configuration.mjs";
import { readLog } from "./log.mjs";
import { failedPolicies, policyLine } from "./policies.mjs";
import { createRun, isConfirmable, isOverridable, planOf, uploadConfiguration } from "./run.mjs";
import { existingWorkspace, lockedBy, workspaceName } from "./workspace.mjs";

/**
 * @param speculative true: a plan that can never be applied. false: a saved plan, which waits for its confirmation
 * without holding up the workspace, and which HCP Terraform refuses once the state has moved on.
 */
export async function planStack(client, stack, { speculative }) {
  const say = (text) => console.log(`[${stack.name}] ${text}`);
  let run;
  try {
    const names = workspaceName(stack);
    const workspace = await existingWorkspace(client, names);
    if (!speculative) refuseLocked(workspace, names);
    const { archive, digest } = packStack(stack);
    const configuration = await uploadConfiguration(client, workspace.id, archive, { speculative });
    const message = messageFor(stack, digest);
    const { id } = await createRun(client, workspace.id, configuration, { message, speculative });
    run = { id, url: client.runUrl(names.organization, names.name, id) };
    say(run.url);
    return { ...(await judge(client, stack, await planOf(client, id, say))), run };
  } catch (error) {
    if (!(error instanceof HcpFault)) throw error;
    say(error.message);
    return { ...failed(stack, error.message), ...(run === undefined ? {} : { run }) };
  }
}

function refuseLocked(workspace, { organization, name }) {
  const holder = lockedBy(workspace);
  if (holder === undefined) return;
  throw new HcpFault(
    `the workspace ${organization}/${name} is locked by ${holder}, so nothing of it was planned. ` +
      "Let them finish, or unlock it under Settings, Locking; then run this again.",
  );
}

/** What was planned, for the list of runs in HCP Terraform. */
function messageFor({ name }, digest) {
  const commit = process.env.GITHUB_SHA ? `, commit ${process.env.GITHUB_SHA.slice(0, 12)}` : "";
  return `${name}: content ${digest.slice(0, 12)}${commit}`;
}

async function judge(client, stack, run) {
  const { status, "has-changes": hasChanges } = run.attributes;
  const policies = (await failedPolicies(client, run.id)).map(policyLine);
  if (isOverridable(run) && !run.attributes["plan-only"]) {
    return failed(
      stack,
      `a policy stops it (${policies.join("; ")}). Override and confirm it on the run's page, or change the plan.`,
    );
  }
  if (!isConfirmable(run) && !isOverridable(run) && status !== "planned_and_finished") {
    return failed(stack, await reasonFor(client, run, policies));
  }
  const log = await planLog(client, run);
  if (!log.complete) {
    throw new HcpFault(
      "its plan left no log with one JSON document a line. The workspace needs Structured Run Output (npm run bootstrap).",
    );
  }
  const { changes, drift, outputsChange } = log;
  const state = hasChanges ? "changed" : "unchanged";
  return { ...emptyResult(stack), state, changes, drift, outputsChange, notes: policies };
}

async function reasonFor(client, run, policies) {
  const { status } = run.attributes;
  if (status === "discarded") return "its run was discarded by somebody before it was judged.";
  if (status === "canceled" || status === "force_canceled") return "its run was cancelled by somebody.";
  if (policies.length > 0) return `a policy stops it: ${policies.join("; ")}.`;
  const { errors } = await planLog(client, run);
  return errors.length > 0
    ? errors.join("\n\n")
    : "its run failed, and the plan's log does not say why; the run's page does.";
}

async function planLog(client, run) {
  const { data } = await client.get(`/plans/${run.relationships.plan.data.id}`);
  return readLog(await client.blob(data.attributes["log-read-url"]));
}

function failed(stack, text) {
  return { ...emptyResult(stack), state: "failed", text };
}
