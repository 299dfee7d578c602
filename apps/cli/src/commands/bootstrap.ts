import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { loadEnvironment } from "@telemedicina/config";
import { Command } from "commander";
import { execa } from "execa";
import { ENVIRONMENTS, projectRoot } from "../project.js";
import { type SynthesizedStack, synthesizeAll } from "../synth.js";
import { bootstrapState } from "../terraform/bootstrap.js";
import { findTerraform } from "../terraform/find.js";
import { type Plan, Terraform } from "../terraform/terraform.js";

/** `bootstrap <environment>`: prepares the environment's account, with the credentials of whoever runs it. */
export function bootstrapCommand(): Command {
  return new Command("bootstrap")
    .description(
      "make an account's state bucket, deploy roles and safe defaults; shows a plan and asks first",
    )
    .argument("<environment>", "name of a file in config/environments, such as development")
    .action(async (environment: string) => {
      const stack = bootstrapStackOf(environment);
      const { binary } = await findTerraform();
      const terraform = new Terraform({
        binary,
        directory: stack.directory,
        stack: stack.name,
        env: process.env as Record<string, string>,
        logFile: join(stack.directory, "bootstrap.log"),
        onProgress: (done, total) => console.log(`${done}/${total} resources`),
      });
      const { applied, complete } = await bootstrapState(terraform, {
        say: (step) => console.log(`${stack.name}: ${step}`),
        approve: (plan) => confirm(binary, stack, plan),
      });
      console.log(
        complete ? `${stack.name}: done, ${applied.length} resources changed.` : "Nothing was applied.",
      );
      if (!complete) process.exitCode = 1;
    });
}

function bootstrapStackOf(environment: string): SynthesizedStack {
  const config = loadEnvironment(join(projectRoot(), ENVIRONMENTS), environment);
  const synthesis = synthesizeAll().find((one) => one.config.name === config.name);
  if (synthesis === undefined) throw new Error(`${environment} was loaded but not synthesized`);
  return synthesis.bootstrap;
}

async function confirm(binary: string, stack: SynthesizedStack, plan: Plan): Promise<boolean> {
  await execa(binary, ["show", plan.file], { cwd: stack.directory, stdio: ["ignore", "inherit", "inherit"] });
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Without an answer, as in a pipe that ends, nothing is applied.
    const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
    const answer = await Promise.race([
      lines.question(`Apply this to ${stack.environment}'s account? Only "yes" does: `),
      closed,
    ]);
    return answer.trim() === "yes";
  } finally {
    lines.close();
  }
}
