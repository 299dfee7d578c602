import { join } from "node:path";
import { loadEnvironment } from "@telemedicina/config";
import { Command } from "commander";
import { execa } from "execa";
import { askYes } from "../ask.js";
import { hcpScript, withHcpToken } from "../hcp.js";
import { ENVIRONMENTS, projectRoot } from "../project.js";
import { type Synthesis, type SynthesizedStack, synthesizeAll } from "../synth.js";
import { applyInPlace, bootstrapState } from "../terraform/bootstrap.js";
import { findTerraform } from "../terraform/find.js";
import { type Plan, Terraform } from "../terraform/terraform.js";

/** `bootstrap <environment>`: prepares the environment's account, with the credentials of whoever runs it. */
export function bootstrapCommand(): Command {
  return new Command("bootstrap")
    .description(
      "make what an account needs first: state bucket or workspaces, deploy roles, safe defaults; shows a plan and asks",
    )
    .argument("<environment>", "name of a file in config/environments, such as development")
    .action(async (environment: string) => {
      const { bootstrap, workspaces } = synthesisOf(environment);
      if (workspaces === undefined) await bootstrapStack(bootstrap, bootstrapState);
      else await bootstrapInHcp(workspaces, bootstrap);
    });
}

/** Where the two stacks keep their states, neither can make; after that each is where it belongs from the start. */
async function bootstrapInHcp(workspaces: SynthesizedStack, bootstrap: SynthesizedStack): Promise<void> {
  const prepared = await hcpScript("hcp-prepare", [bootstrap.environment]);
  if (prepared !== 0) process.exitCode = prepared;
  else if (await bootstrapStack(workspaces, applyInPlace)) await bootstrapStack(bootstrap, applyInPlace);
}

function synthesisOf(environment: string): Synthesis {
  const config = loadEnvironment(join(projectRoot(), ENVIRONMENTS), environment);
  const synthesis = synthesizeAll().find((one) => one.config.name === config.name);
  if (synthesis === undefined) throw new Error(`${environment} was loaded but not synthesized`);
  return synthesis;
}

/** Whether it is applied, or needed nothing. */
async function bootstrapStack(stack: SynthesizedStack, applyBy: typeof bootstrapState): Promise<boolean> {
  const { binary } = await findTerraform();
  const terraform = new Terraform({
    binary,
    directory: stack.directory,
    stack: stack.name,
    env: withHcpToken(process.env),
    logFile: join(stack.directory, "bootstrap.log"),
    onProgress: (done, total) => console.log(`${done}/${total} resources`),
  });
  const { applied, complete } = await applyBy(terraform, {
    say: (step) => console.log(`${stack.name}: ${step}`),
    approve: (plan) => confirm(binary, stack, plan),
  });
  console.log(
    complete ? `${stack.name}: done, ${applied.length} resources changed.` : "Nothing was applied.",
  );
  if (!complete) process.exitCode = 1;
  return complete;
}

async function confirm(binary: string, stack: SynthesizedStack, plan: Plan): Promise<boolean> {
  await execa(binary, ["show", plan.file], {
    cwd: stack.directory,
    env: withHcpToken(process.env),
    stdio: ["ignore", "inherit", "inherit"],
  });
  return askYes(
    stack.area === "workspaces"
      ? "Apply this to HCP Terraform?"
      : `Apply this to ${stack.environment}'s account?`,
  );
}
