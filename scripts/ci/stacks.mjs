// What an app made of one environment, read from the engine's own manifest.
// The scripts in this folder run in jobs that hold credentials: they use Node, Terraform and gh, and no package.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "./workflow.mjs";

export const PLATFORM = "cdktf.out";
export const BOOTSTRAP = "apps/bootstrap/cdktf.out";

/** Every stack of an app, dependencies first: { name, directory, dependencies }. */
export function readStacks(outdir) {
  const file = join(outdir, "manifest.json");
  if (!existsSync(file)) fail(`${file} is missing. Make it with: npm run synth`);
  const stacks = Object.values(JSON.parse(readFileSync(file, "utf8")).stacks).map((stack) => ({
    name: stack.name,
    directory: join(outdir, stack.workingDirectory),
    dependencies: stack.dependencies,
  }));
  return inOrder(stacks);
}

/** The platform's stacks of one environment. */
export function stacksOf(environment) {
  const stacks = readStacks(PLATFORM);
  const own = stacks.filter(({ name }) => name.startsWith(`${environment}-`));
  if (own.length > 0) return own;
  const known = [...new Set(stacks.map(({ name }) => name.split("-")[0]))];
  return fail(`No stack of ${PLATFORM} belongs to "${environment}". It has stacks of: ${known.join(", ")}.`);
}

export function readDocument(stack) {
  return JSON.parse(readFileSync(join(stack.directory, "cdk.tf.json"), "utf8"));
}

function inOrder(stacks) {
  const ordered = [];
  const visit = (stack) => {
    if (stack === undefined || ordered.includes(stack)) return;
    for (const name of stack.dependencies) visit(stacks.find((other) => other.name === name));
    ordered.push(stack);
  };
  stacks.forEach(visit);
  return ordered;
}
