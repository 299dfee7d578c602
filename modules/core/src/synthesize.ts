import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { App, TerraformStack } from "cdktf";
import { constructsOutsideStacksError } from "./errors.js";

/** CDK Terrain refuses write-only arguments and ephemeral values for older versions; cdktf ignores this. */
const TARGET_VERSIONS = { terraform: ">=1.11.0" };

/** One synthesized stack, as the engine's manifest names it. */
export interface StackEntry {
  readonly name: string;
  /** Directory of its `cdk.tf.json`. */
  readonly directory: string;
  /** Names of the stacks that must be applied before it. */
  readonly dependencies: readonly string[];
}

/**
 * Runs an app and writes its stacks to `outdir`, all or nothing: a failing validation leaves the
 * previous output as it was. Stacks that are no longer in the app lose their `cdk.tf.json`;
 * their `.terraform` directories stay.
 *
 * The engine itself writes stack by stack, silently drops constructs that stand outside a stack,
 * and keeps files of removed stacks.
 *
 * @returns the stacks in order of dependency
 */
export function synthesize(outdir: string, build: (app: App) => void): StackEntry[] {
  const target = resolve(outdir);
  mkdirSync(dirname(target), { recursive: true });
  const staging = mkdtempSync(`${target}-`);
  try {
    withoutTokenTraces(() => {
      const app = new App({ outdir: staging, context: { targetVersions: TARGET_VERSIONS } });
      build(app);
      requireStacks(app);
      app.synth();
    });
    const entries = readManifest(staging, target);
    removeStaleStacks(target, entries);
    moveFiles(staging, target);
    return entries;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * The engine takes a complete stack trace for every token, thousands in a synth and a third of its time, and shows
 * them nowhere. Errors have traces of their own and keep them.
 */
function withoutTokenTraces(work: () => void): void {
  const original = Error.captureStackTrace;
  Error.captureStackTrace = (target: object) => Object.assign(target, { stack: "" });
  try {
    work();
  } finally {
    Error.captureStackTrace = original;
  }
}

function requireStacks(app: App): void {
  const stray = app.node.children.filter((child) => !TerraformStack.isStack(child));
  if (stray.length > 0) throw constructsOutsideStacksError(stray.map((child) => child.node.path));
}

interface Manifest {
  readonly stacks: Readonly<
    Record<
      string,
      { readonly name: string; readonly workingDirectory: string; readonly dependencies: readonly string[] }
    >
  >;
}

function readManifest(staging: string, target: string): StackEntry[] {
  const manifest = JSON.parse(readFileSync(join(staging, "manifest.json"), "utf8")) as Manifest;
  const entries = Object.values(manifest.stacks).map((stack) => ({
    name: stack.name,
    directory: join(target, stack.workingDirectory),
    dependencies: stack.dependencies,
  }));
  return inOrder(entries);
}

/** Dependencies first; among equals the order in which the app made them. The engine refuses cycles. */
function inOrder(entries: readonly StackEntry[]): StackEntry[] {
  const ordered: StackEntry[] = [];
  const visit = (entry: StackEntry): void => {
    if (ordered.includes(entry)) return;
    for (const name of entry.dependencies) {
      const dependency = entries.find((other) => other.name === name);
      if (dependency !== undefined) visit(dependency);
    }
    ordered.push(entry);
  };
  for (const entry of entries) visit(entry);
  return ordered;
}

/** File by file: the target's other files, such as `.terraform`, stay. Staging stands beside it, so nothing is copied. */
function moveFiles(staging: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(staging, { withFileTypes: true })) {
    const [from, to] = [join(staging, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) moveFiles(from, to);
    else renameSync(from, to);
  }
}

function removeStaleStacks(target: string, entries: readonly StackEntry[]): void {
  const stacks = join(target, "stacks");
  if (!existsSync(stacks)) return;
  const current = new Set(entries.map((entry) => entry.directory));
  for (const name of readdirSync(stacks)) {
    const directory = join(stacks, name);
    if (!current.has(directory)) rmSync(join(directory, "cdk.tf.json"), { force: true });
  }
}
