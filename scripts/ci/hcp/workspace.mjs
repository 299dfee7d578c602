// The workspace that a stack's JSON names.
import { readDocument } from "../stacks.mjs";
import { fail } from "../workflow.mjs";
import { HcpFault, Refusal } from "./client.mjs";

/** { organization, name, project } from a stack's `cloud` block. */
export function workspaceName(stack) {
  const { cloud } = readDocument(stack).terraform;
  if (cloud === undefined) {
    fail(
      `${stack.name} does not keep its state in HCP Terraform (state.backend in the environment's file). ` +
        "Plan it with: node scripts/ci/plan.mjs",
    );
  }
  const { name, project } = cloud.workspaces;
  return { organization: cloud.organization, name, project };
}

/** The workspace as HCP Terraform has it; undefined when this token sees none. */
export async function findWorkspace(client, { organization, name }) {
  try {
    return (await client.get(workspacePath(organization, name))).data;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined;
    throw error;
  }
}

export async function existingWorkspace(client, { organization, name }) {
  const found = await findWorkspace(client, { organization, name });
  if (found !== undefined) return found;
  throw new HcpFault(
    `HCP Terraform shows no workspace ${organization}/${name} to this token. ` +
      "Either it was never made (npm run bootstrap -- <environment>), or the token's team has no access to its project.",
  );
}

export function workspacePath(organization, name) {
  return `/organizations/${encodeURIComponent(organization)}/workspaces/${encodeURIComponent(name)}`;
}

/**
 * Who locked it and has to unlock it, in words. A run that holds it lets go by itself, and runs behind it wait.
 */
export function lockedBy({ attributes, relationships }) {
  const holder = relationships?.["locked-by"]?.data;
  if (attributes.locked !== true || holder?.type === "runs") return undefined;
  return holder === undefined || holder === null
    ? "somebody"
    : `${holder.type.replace(/s$/, "")} ${holder.id}`;
}
