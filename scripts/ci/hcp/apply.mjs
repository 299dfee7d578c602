// The confirmation of one plan that HCP Terraform keeps, and its apply.
import { HcpFault } from "./client.mjs";
import { readLog } from "./log.mjs";
import { applyOf, confirmRun, isConfirmable, isOverridable, isUnderWay, readRun } from "./run.mjs";
import { existingWorkspace, lockedBy, workspaceName } from "./workspace.mjs";

/** Applies the run, and exactly that. Returns undefined, or why it is not applied. */
export async function applyRun(client, stack, { id, url }) {
  const say = (text) => console.log(`[${stack.name}] ${text}`);
  say(url);
  try {
    const run = await readRun(client, id);
    if (!isUnderWay(run)) {
      const obstacle = await obstacleOf(client, stack, run);
      if (obstacle !== undefined) return `${obstacle} ${url}`;
      await confirmRun(client, id, commentFor());
    }
    const end = await applyOf(client, id, say);
    return end.attributes.status === "applied" ? undefined : `${await reasonFor(client, end)} ${url}`;
  } catch (error) {
    if (!(error instanceof HcpFault)) throw error;
    return `${error.message}. Whether it was applied, its page says: ${url}`;
  }
}

async function obstacleOf(client, stack, run) {
  const { status } = run.attributes;
  if (status === "discarded") {
    return (
      "its plan was discarded: by somebody, or by HCP Terraform because the state moved on after it. Nothing was changed. " +
      "Run this workflow again: it plans anew, and the new plan can be approved."
    );
  }
  if (isOverridable(run))
    return "a policy stops it, so nothing was changed. Whoever may can override and confirm it there:";
  if (!isConfirmable(run))
    return `its run is ${status} and cannot be confirmed, so nothing was changed. Run this workflow again.`;
  const holder = lockedBy(await existingWorkspace(client, workspaceName(stack)));
  if (holder === undefined) return undefined;
  return (
    `its workspace is locked by ${holder}, so nothing was changed. ` +
    "Let them finish, or unlock it under Settings, Locking; then run this job again: the plan is still there."
  );
}

async function reasonFor(client, run) {
  const { status } = run.attributes;
  if (status === "canceled" || status === "force_canceled") {
    return "its apply was cancelled by somebody half-way. What it had made is in the state; run this workflow again for what is left.";
  }
  if (status === "discarded") {
    return "its plan was discarded because the state had moved on. Nothing was changed. Run this workflow again: the new plan can be approved.";
  }
  const { data } = await client.get(`/applies/${run.relationships.apply.data.id}`);
  const { errors } = readLog(await client.blob(data.attributes["log-read-url"]));
  return `its apply failed half-way. What it had made is in the state. Repair the cause and run this workflow again: the new plan holds what is left.\n\n${errors.join("\n\n")}\n`;
}

/** Who stands behind the confirmation, as far as this machine knows. */
function commentFor() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  return run === undefined
    ? "Confirmed by npm run hcp"
    : `Approved in ${server}/${repository}/actions/runs/${run}`;
}
