import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { root } from "../project.js";

/** What a step of a workflow did. */
export interface StepResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What it wrote to GITHUB_OUTPUT, as `name=value` lines. */
  readonly outputs: string;
  /** What it wrote to GITHUB_STEP_SUMMARY. */
  readonly summary: string;
}

/** A stack in the engine's manifest, and its JSON. */
export interface SandboxStack {
  readonly dependencies?: readonly string[];
  readonly document?: unknown;
}

/** An empty checkout in which the scripts of `scripts/ci` run as a workflow runs them. */
export class Sandbox {
  readonly directory = mkdtempSync(join(tmpdir(), "telemedicina-ci-"));

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  write(file: string, text: string): void {
    const target = join(this.directory, file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  read(file: string): string {
    return readFileSync(join(this.directory, file), "utf8");
  }

  /** What an app's synth would leave in `outdir`. */
  stacks(outdir: string, stacks: Readonly<Record<string, SandboxStack>>): void {
    const entries = Object.entries(stacks).map(([name, { dependencies = [] }]) => {
      return [name, { name, workingDirectory: `stacks/${name}`, dependencies }];
    });
    this.write(`${outdir}/manifest.json`, JSON.stringify({ stacks: Object.fromEntries(entries) }));
    for (const [name, { document = {} }] of Object.entries(stacks)) {
      this.write(`${outdir}/stacks/${name}/cdk.tf.json`, JSON.stringify(document));
    }
  }

  /** Puts a program of this name, a shell script, before all others on PATH. */
  program(name: string, source: string): void {
    this.write(`bin/${name}`, `#!/bin/sh\n${source}`);
    chmodSync(join(this.directory, "bin", name), 0o755);
  }

  git(...args: readonly string[]): void {
    const identity = [
      "-c",
      "user.name=Test",
      "-c",
      "user.email=test@example.com",
      "-c",
      "commit.gpgsign=false",
    ];
    const { status, stderr } = spawnSync("git", [...identity, ...args], {
      cwd: this.directory,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`git ${args.join(" ")} failed: ${stderr}`);
  }

  /** Runs `node scripts/ci/<script>.mjs` here. */
  step(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): StepResult {
    this.forgetStep();
    const { status, stdout, stderr } = spawnSync("node", [scriptFile(script), ...args], {
      cwd: this.directory,
      encoding: "utf8",
      env: this.environment(env),
    });
    return { status, stdout, stderr, ...this.written() };
  }

  /** The same while this process goes on, for a script that talks to a server in it. */
  async startStep(
    script: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<StepResult> {
    this.forgetStep();
    const { exitCode, stdout, stderr } = await execa("node", [scriptFile(script), ...args], {
      cwd: this.directory,
      extendEnv: false,
      env: this.environment(env),
      reject: false,
      stripFinalNewline: false,
    });
    return { status: exitCode ?? null, stdout, stderr, ...this.written() };
  }

  private environment(env: Readonly<Record<string, string>>): Record<string, string> {
    return {
      PATH: `${join(this.directory, "bin")}${delimiter}${process.env["PATH"]}`,
      HOME: this.directory,
      TF_PLUGIN_CACHE_DIR: join(this.directory, "providers"),
      GITHUB_OUTPUT: join(this.directory, "outputs"),
      GITHUB_STEP_SUMMARY: join(this.directory, "summary"),
      ...env,
    };
  }

  private forgetStep(): void {
    for (const file of ["outputs", "summary"]) rmSync(join(this.directory, file), { force: true });
  }

  private written(): { readonly outputs: string; readonly summary: string } {
    return {
      outputs: readIfThere(join(this.directory, "outputs")),
      summary: readIfThere(join(this.directory, "summary")),
    };
  }
}

function scriptFile(script: string): string {
  return join(root, "scripts/ci", `${script}.mjs`);
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
