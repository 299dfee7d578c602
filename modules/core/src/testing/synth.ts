import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { App, type AppConfig, TerraformStack } from "cdktf";
import { configureBackend } from "../backend.js";
import { StackJson, type TerraformDocument } from "./stack-json.js";

/**
 * Builds stacks and returns what Terraform would read, by stack id.
 *
 * It goes through `app.synth()`, so aspects, validations and cross-stack references run as in
 * production, and an error annotation fails. `Testing.synth` of the engine does none of this.
 */
export function synth(build: (app: App) => void, config: AppConfig = {}): ReadonlyMap<string, StackJson> {
  const outdir = mkdtempSync(join(tmpdir(), "telemedicina-synth-"));
  try {
    const app = new App({ ...config, outdir });
    build(app);
    app.synth();
    return readStacks(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A stack with a provider and a backend around the constructs under test, and its JSON. */
export function synthStack(build: (stack: TerraformStack) => void, region = "us-east-1"): StackJson {
  const stacks = synth((app) => {
    const stack = new TerraformStack(app, "test");
    new AwsProvider(stack, "aws", { region });
    configureBackend(stack, { backend: "local" }, "test");
    build(stack);
  });
  const stack = stacks.get("test");
  if (stack === undefined) throw new Error("The engine wrote no stack named test");
  return stack;
}

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly name: string; readonly synthesizedStackPath: string }>>;
}

function readStacks(outdir: string): Map<string, StackJson> {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  return new Map(
    Object.values(manifest.stacks).map((stack) => {
      const text = readFileSync(join(outdir, stack.synthesizedStackPath), "utf8");
      return [stack.name, new StackJson(stack.name, JSON.parse(text) as TerraformDocument)];
    }),
  );
}
