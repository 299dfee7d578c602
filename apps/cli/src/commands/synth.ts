import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Command } from "commander";
import { type SynthesizedStack, synthesizeAll } from "../synth.js";

/** `synth`: every environment file becomes the JSON that Terraform reads. */
export function synthCommand(): Command {
  return new Command("synth")
    .description("check the environment files and write the Terraform JSON of every stack")
    .action(() => {
      for (const { bootstrap, workspaces, stacks } of synthesizeAll()) {
        const own = workspaces === undefined ? [bootstrap] : [workspaces, bootstrap];
        for (const stack of [...own, ...stacks]) console.log(line(stack));
      }
    });
}

function line(stack: SynthesizedStack): string {
  const resources = countResources(stack);
  return `${stack.name.padEnd(24)} ${String(resources).padStart(4)} resources  ${relative(process.cwd(), stack.directory)}`;
}

/** Managed resources in a stack's JSON. */
export function countResources(stack: SynthesizedStack): number {
  const document = JSON.parse(readFileSync(join(stack.directory, "cdk.tf.json"), "utf8")) as {
    resource?: Record<string, Record<string, unknown>>;
  };
  return Object.values(document.resource ?? {}).reduce((sum, named) => sum + Object.keys(named).length, 0);
}
