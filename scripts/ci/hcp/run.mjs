// A run of a workspace: made once, confirmed once, watched to its end.
import { setTimeout as sleep } from "node:timers/promises";
import { HcpFault, LostAnswer, pause } from "./client.mjs";

const TRIES = 5;
/** How often a run is looked at, and for how long. HCP Terraform allows 30 requests a second for each user. */
const POLL_MS = Number(process.env.HCP_POLL_SECONDS || 5) * 1000;
const PATIENCE_MS = Number(process.env.HCP_TIMEOUT_MINUTES || 25) * 60_000;

/** Where a run rests until somebody confirms it, unless HCP Terraform says that it goes on by itself. */
const CONFIRMABLE = [
  "planned",
  "cost_estimated",
  "policy_checked",
  "post_plan_completed",
  "planned_and_saved",
];
/** A policy failed that a person with the permission may override. */
const OVERRIDABLE = ["policy_override", "policy_soft_failed", "post_plan_awaiting_decision"];
const OVER = ["planned_and_finished", "applied", "discarded", "errored", "canceled", "force_canceled"];
/** Confirmed already, by us before an answer was lost or by somebody else. */
const UNDER_WAY = [
  "confirmed",
  "queuing_apply",
  "apply_queued",
  "pre_apply_running",
  "pre_apply_completed",
  "applying",
  "applied",
];

export function isOverridable({ attributes }) {
  return OVERRIDABLE.includes(attributes.status);
}

export function isConfirmable({ attributes }) {
  return CONFIRMABLE.includes(attributes.status) && attributes.actions?.["is-confirmable"] === true;
}

export function isUnderWay({ attributes }) {
  return UNDER_WAY.includes(attributes.status);
}

/** Uploads a configuration. A second one after a lost answer stays empty and is used by no run. */
export async function uploadConfiguration(client, workspaceId, archive, { speculative }) {
  const { data } = await client.postFreely(`/workspaces/${workspaceId}/configuration-versions`, {
    data: {
      type: "configuration-versions",
      // Provisional: it becomes the workspace's current one when a run of it is applied, not when it is planned.
      attributes: { "auto-queue-runs": false, speculative, provisional: !speculative },
    },
  });
  await client.blob(data.attributes["upload-url"], archive);
  await until(async () => {
    const version = (await client.get(`/configuration-versions/${data.id}`)).data;
    const { status, "error-message": message } = version.attributes;
    if (status === "errored")
      throw new HcpFault(`HCP Terraform could not read the configuration: ${message}`);
    return status === "uploaded" ? version : undefined;
  }, "its configuration is still being read");
  return data.id;
}

/**
 * Makes the run of a configuration, once. Each configuration is made for one run, so after a lost answer the run can be
 * found by it: no clock, no text. A request that arrives later still makes a plan that nobody confirms.
 */
export async function createRun(client, workspaceId, configurationId, { message, speculative }) {
  const relation = (type, id) => ({ data: { type, id } });
  const body = {
    data: {
      type: "runs",
      attributes: {
        message,
        "auto-apply": false,
        ...(speculative ? { "plan-only": true } : { "save-plan": true }),
      },
      relationships: {
        workspace: relation("workspaces", workspaceId),
        "configuration-version": relation("configuration-versions", configurationId),
      },
    },
  };
  for (let attempt = 1; ; attempt++) {
    try {
      return (await client.post("/runs", body)).data;
    } catch (error) {
      if (!(error instanceof LostAnswer)) throw error;
      await pause(attempt, error.headers);
      const made = await runOf(client, workspaceId, configurationId);
      if (made !== undefined) return made;
      if (attempt === TRIES) throw error;
    }
  }
}

/** Among the newest of the workspace, for it is seconds old; the older one, should there be two. */
async function runOf(client, workspaceId, configurationId) {
  const { data } = await client.get(`/workspaces/${workspaceId}/runs?page%5Bsize%5D=100`);
  return data.findLast((run) => run.relationships?.["configuration-version"]?.data?.id === configurationId);
}

/** Confirms a run, once: after a lost answer the run itself says whether it was taken. */
export async function confirmRun(client, runId, comment) {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.post(`/runs/${runId}/actions/apply`, { comment });
      return;
    } catch (error) {
      // HCP Terraform hides from a token what it may not do.
      if (error.status === 404) {
        throw new HcpFault(
          "this token may not apply it (HTTP 404), so nothing was changed; docs/hcp.md says which may",
        );
      }
      const taken = isUnderWay(await readRun(client, runId));
      // Refused because it is under way: it was we, or somebody with the same plan before their eyes.
      if (taken && (error instanceof LostAnswer || error.status === 409)) return;
      if (!(error instanceof LostAnswer) || attempt === TRIES) throw error;
      await pause(attempt, error.headers);
    }
  }
}

export async function readRun(client, runId) {
  return (await client.get(`/runs/${runId}`)).data;
}

/** The run once its plan is made and judged, or it is over. */
export async function planOf(client, runId, say) {
  return watch(client, runId, say, (run) => isConfirmable(run) || isOverridable(run) || isOver(run));
}

/** The run once its apply is over. */
export async function applyOf(client, runId, say) {
  return watch(client, runId, say, isOver);
}

function isOver({ attributes }) {
  return OVER.includes(attributes.status);
}

async function watch(client, runId, say, settled) {
  let last;
  return until(async () => {
    const run = await readRun(client, runId);
    if (run.attributes.status !== last) say(run.attributes.status);
    last = run.attributes.status;
    return settled(run) ? run : undefined;
  }, "its run has not come to an end");
}

/** Asks until there is something, or patience ends: then the run goes on without us. */
async function until(look, what) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) {
      throw new HcpFault(
        `after ${PATIENCE_MS / 60_000} minutes ${what}; it goes on by itself (HCP_TIMEOUT_MINUTES sets the limit)`,
      );
    }
    await sleep(POLL_MS);
  }
}
