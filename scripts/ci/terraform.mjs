// Terraform in one stack's directory.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "./workflow.mjs";

// One copy of the provider for all stacks. Terraform does not lock it, so stacks are initialized one by one.
const cache = process.env.TF_PLUGIN_CACHE_DIR ?? join(tmpdir(), "telemedicina-providers");

/** Runs one command and says how it ended: { status, stdout, stderr }. What it prints goes to the log too. */
export function terraform(stack, args, { quiet = false } = {}) {
  console.log(`\n[${stack.name}] terraform ${args.join(" ")}`);
  mkdirSync(cache, { recursive: true });
  const result = spawnSync("terraform", [`-chdir=${stack.directory}`, ...args], {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["ignore", quiet ? "pipe" : "inherit", "pipe"],
    env: {
      ...process.env,
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
      TF_PLUGIN_CACHE_DIR: cache,
    },
  });
  if (result.error !== undefined)
    fail(`terraform could not be started: ${result.error.message}. Is it on PATH?`);
  process.stderr.write(result.stderr);
  return result;
}
