// What policies said of a run: Sentinel's policy checks, and the policy evaluations (Sentinel, OPA) that replace them.
import { Refusal } from "./client.mjs";

/** [{ kind, status, failed, overridable }]; passed ones are not worth a word. */
export async function failedPolicies(client, runId) {
  const found = [...(await checks(client, runId)), ...(await evaluations(client, runId))];
  return found.filter(({ failed }) => failed > 0);
}

/** "Sentinel: 1 policy failed (soft_failed, can be overridden)" */
export function policyLine({ kind, status, failed, overridable }) {
  const way = overridable ? "can be overridden by whoever may" : "cannot be overridden";
  return `${kind}: ${failed} ${failed === 1 ? "policy" : "policies"} failed (${status}; ${way})`;
}

async function checks(client, runId) {
  const list = await listOrNone(client, `/runs/${runId}/policy-checks`);
  return list.map(({ attributes }) => ({
    kind: "Sentinel",
    status: attributes.status,
    failed: (attributes.result?.["hard-failed"] ?? 0) + (attributes.result?.["soft-failed"] ?? 0),
    overridable: attributes.actions?.["is-overridable"] === true && attributes.status !== "hard_failed",
  }));
}

async function evaluations(client, runId) {
  const stages = await listOrNone(client, `/runs/${runId}/task-stages`);
  const found = await Promise.all(
    stages.map(async ({ id, attributes: stage }) => {
      const list = await listOrNone(client, `/task-stages/${id}/policy-evaluations`);
      return list.map(({ attributes }) => ({
        kind: attributes["policy-kind"] === "opa" ? "OPA" : "Sentinel",
        status: attributes.status,
        failed:
          (attributes["result-count"]?.["mandatory-failed"] ?? 0) +
          (attributes["result-count"]?.errored ?? 0),
        overridable: stage.status === "awaiting_override",
      }));
    }),
  );
  return found.flat();
}

/** A plan of HCP Terraform without policies answers 404. */
async function listOrNone(client, path) {
  try {
    return await client.list(path);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return [];
    throw error;
  }
}
