// Usage: node scripts/ci/hcp-prepare.mjs <environment>
// Makes the workspaces that keep the states of bootstrap's own stacks. No stack can make them: its state would have to
// be in one already. They run Terraform on the operator's machine, since the roles of a remote run do not exist yet.
import { Client, HcpFault, LostAnswer, pause, Refusal } from "./hcp/client.mjs";
import { findWorkspace, workspaceName, workspacePath } from "./hcp/workspace.mjs";
import { BOOTSTRAP, readStacks } from "./stacks.mjs";
import { environmentArgument, fail } from "./workflow.mjs";

const TRIES = 5;
const environment = environmentArgument("node scripts/ci/hcp-prepare.mjs <environment>");
const client = new Client();
try {
  for (const stack of readStacks(BOOTSTRAP)) {
    if (stack.name.startsWith(`${environment}-`)) await prepare(workspaceName(stack));
  }
} catch (error) {
  if (!(error instanceof HcpFault)) throw error;
  fail(error.message);
}

async function prepare(names) {
  const workspace = (await findWorkspace(client, names)) ?? (await create(names));
  if (workspace.attributes["execution-mode"] === "local") {
    console.log(`${names.name}: its workspace runs Terraform on this machine.`);
    return;
  }
  await client.patch(workspacePath(names.organization, names.name), {
    data: { type: "workspaces", attributes: { "execution-mode": "local" } },
  });
  console.log(`${names.name}: its workspace ran Terraform remotely; it runs it on this machine from now on.`);
}

async function create(names) {
  const project = await projectId(names);
  for (let attempt = 1; ; attempt++) {
    try {
      const { data } = await client.post(
        `/organizations/${encodeURIComponent(names.organization)}/workspaces`,
        {
          data: {
            type: "workspaces",
            attributes: { name: names.name, "execution-mode": "local", "auto-apply": false },
            relationships: { project: { data: { type: "projects", id: project } } },
          },
        },
      );
      return data;
    } catch (error) {
      if (!(error instanceof LostAnswer) || attempt === TRIES) throw error;
      await pause(attempt, error.headers);
      const made = await findWorkspace(client, names);
      if (made !== undefined) return made;
    }
  }
}

async function projectId({ organization, project }) {
  const filter = `filter%5Bnames%5D=${encodeURIComponent(project)}`;
  try {
    const { data } = await client.get(
      `/organizations/${encodeURIComponent(organization)}/projects?${filter}`,
    );
    const found = data.find(({ attributes }) => attributes.name === project);
    if (found !== undefined) return found.id;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return fail(
    `HCP Terraform shows no project "${project}" in the organization ${organization} to this token. ` +
      "Make it there, or correct state.organization and state.project in the environment's file.",
  );
}
