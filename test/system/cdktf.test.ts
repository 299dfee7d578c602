import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyProject, installPackages } from "../src/project-copy.js";

/**
 * The way of the README: bootstrap, plain Terraform, cdktf. Against the emulator, which `npm run emulator`
 * starts and whose variables it prints.
 */
describe("the commands for AWS, on the emulator", () => {
  let root: string;
  let emulator: Emulator;

  beforeAll(async () => {
    // Not in the project itself: its output directories may belong to a real account.
    root = await copyProject();
    await installPackages(root, "--frozen-lockfile");
    emulator = await startEmulator(root, "development");
  });
  afterAll(async () => {
    await emulator.end();
    rmSync(root, { recursive: true, force: true });
  });

  it("bootstrap applies nothing without a yes", async () => {
    const { stdout, exitCode } = await cli(["bootstrap", "development"], "no\n");
    expect(stdout).toContain("Nothing was applied.");
    expect(exitCode).toBe(1);
  });

  it("bootstrap shows its plan, applies it and moves the state into the bucket that it made", async () => {
    const { stdout, exitCode } = await cli(["bootstrap", "development"], "yes\n");
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("aws_s3_bucket");
    expect(stdout).toContain("moving the state into its bucket");
    const stack = join(root, "apps/bootstrap/cdktf.out/stacks/development-bootstrap");
    expect(readdirSync(stack).filter((file) => file.endsWith(".tfstate"))).toEqual([]);
  });

  it("bootstrap finds nothing to do the second time", async () => {
    const { stdout, exitCode } = await cli(["bootstrap", "development"], "");
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("done, 0 resources changed");
  });

  it("cdktf lists and synthesizes every environment's stacks, as npm run synth does", async () => {
    const list = await cdktf(["list"]);
    for (const stack of ["development-network", "staging-network", "production-network"]) {
      expect(list).toContain(stack);
    }
    await cdktf(["synth"]);
    const byCdktf = readFileSync(join(root, "cdktf.out/stacks/development-network/cdk.tf.json"), "utf8");
    rmSync(join(root, "cdktf.out"), { recursive: true });
    await execa("npm", ["run", "--silent", "synth"], { cwd: root });
    expect(readFileSync(join(root, "cdktf.out/stacks/development-network/cdk.tf.json"), "utf8")).toBe(
      byCdktf,
    );
  });

  it("terraform plans and applies a stack's directory", async () => {
    const cwd = join(root, "cdktf.out/stacks/development-network");
    const terraform = (...args: string[]) => execa("terraform", args, { cwd, env: emulator.env });
    await terraform(...["init", "-input=false"]);
    await terraform(...["plan", "-input=false", "-out", "plan.tfplan"]);
    const { stdout } = await terraform(...["apply", "-input=false", "plan.tfplan"]);
    expect(stdout).toMatch(/Apply complete! Resources: \d+ added, 0 changed, 0 destroyed/);
  });

  it("cdktf sees that nothing is left to do, and deploys", async () => {
    expect(await cdktf(["diff", "development-network", "--skip-provider-lock"])).toContain("No changes");
    const deployed = await cdktf(["deploy", "development-network", "--auto-approve", "--skip-provider-lock"]);
    expect(deployed).toContain("No changes");
  });

  function cli(args: readonly string[], input: string) {
    return execa("node", ["scripts/run.mjs", "apps/cli/src/main.ts", ...args], {
      cwd: root,
      env: emulator.env,
      input,
      reject: false,
    });
  }

  async function cdktf(args: readonly string[]): Promise<string> {
    const { all } = await execa("npx", ["cdktf", ...args], {
      cwd: root,
      env: { ...emulator.env, CI: "true" },
      all: true,
      stdin: "ignore",
    });
    return all;
  }
});

interface Emulator {
  readonly env: Readonly<Record<string, string>>;
  readonly end: () => Promise<void>;
}

async function startEmulator(root: string, environment: string): Promise<Emulator> {
  const args = ["scripts/run.mjs", "apps/cli/src/main.ts", "emulator", "--environment", environment];
  const child = spawn("node", args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const text = await until(child, "# Ctrl-C ends it");
  const env = Object.fromEntries(
    [...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
  return {
    env,
    end: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await ended;
    },
  };
}

function until(child: ChildProcess, marker: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(marker)) resolve(text);
    });
    child.once("exit", (code) => reject(new Error(`the emulator ended with ${code}: ${text}`)));
  });
}
