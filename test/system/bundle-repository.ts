import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BundleProps, deployBundle } from "@telemedicina/bundle";
import { execa } from "execa";

/** A Laravel repository with the bundle in it, and programs that only note how they are called. */
export class Repository {
  readonly directory = mkdtempSync(join(tmpdir(), "bundle-repository-"));
  /** `$NOTES` of the programs: their calls, and what a test tells them. */
  readonly notes = mkdtempSync(join(tmpdir(), "bundle-notes-"));

  at(path: string): string {
    return join(this.directory, path);
  }

  put(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text, { mode });
  }

  read(path: string): string {
    return readFileSync(this.at(path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(this.at(path));
  }

  bundle(props: BundleProps = {}): void {
    for (const { path, content, mode } of deployBundle(props)) {
      this.put(path, content, Number.parseInt(mode, 8));
    }
  }

  /** A program of this name, before all others: notes its call, then does what the source says. */
  program(name: string, source: string): void {
    mkdirSync(join(this.notes, "bin"), { recursive: true });
    writeFileSync(join(this.notes, "bin", name), `#!/bin/bash\n${source}\n`, { mode: 0o755 });
  }

  note(name: string, text: string): void {
    writeFileSync(join(this.notes, name), text);
  }

  /** Runs a command as a shell does, with nothing of this machine but its programs. */
  async run(command: string, env: Readonly<Record<string, string>> = {}) {
    const { exitCode, all } = await execa("bash", ["-c", command], {
      cwd: this.directory,
      env: { PATH: `${join(this.notes, "bin")}:/usr/bin:/bin`, NOTES: this.notes, HOME: this.notes, ...env },
      extendEnv: false,
      // A shell whose input is a socket takes itself for a remote one, and reads ~/.bashrc.
      stdin: "ignore",
      reject: false,
      all: true,
    });
    return { exitCode: exitCode ?? -1, output: all ?? "" };
  }

  calls(): string[] {
    const path = join(this.notes, "calls");
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  }

  dispose(): void {
    for (const each of [this.directory, this.notes]) rmSync(each, { recursive: true, force: true });
  }
}
