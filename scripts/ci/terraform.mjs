// Terraform in one stack's directory.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "./workflow.mjs";

// One copy of the provider for all stacks. Terraform does not lock it, so stacks are initialized one by one.
const cache = process.env.TF_PLUGIN_CACHE_DIR ?? join(tmpdir(), "telemedicina-providers");

/** What `timeout` answers when it had to interrupt. */
export const INTERRUPTED = 124;

/**
 * Runs one command and says how it ended: { status, stdout, stderr }. What it prints goes to the log too. After
 * `seconds` it is interrupted as by Ctrl-C, once, and ends in its own time: a second interrupt would make it drop the state.
 */
export function terraform(stack, args, { quiet = false, seconds } = {}) {
  console.log(`\n[${stack.name}] terraform ${args.join(" ")}`);
  mkdirSync(cache, { recursive: true });
  const limit =
    seconds === undefined ? [] : ["timeout", "--foreground", "--signal=INT", String(Math.ceil(seconds))];
  const [program, ...rest] = [...limit, "terraform", `-chdir=${stack.directory}`, ...args];
  const result = spawnSync(program, rest, {
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
    fail(`${program} could not be started: ${result.error.message}. Is it on PATH?`);
  process.stderr.write(result.stderr);
  return result;
}
