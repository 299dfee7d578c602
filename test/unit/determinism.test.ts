import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compose as composeBootstrap } from "@telemedicina/bootstrap";
import { loadEnvironments } from "@telemedicina/config";
import { synthesize } from "@telemedicina/core";
import { compose as composePlatform } from "@telemedicina/platform";
import { afterEach, describe, expect, it } from "vitest";
import { root } from "../src/project.js";

const scratch: string[] = [];
const started = process.cwd();
afterEach(() => {
  process.chdir(started);
  for (const directory of scratch.splice(0)) rmSync(directory, { recursive: true, force: true });
});

describe("determinism: the same files make the same bytes", () => {
  it("is the same in two directories, from two working directories", () => {
    const first = synthesizeIn(temporaryDirectory());
    process.chdir(temporaryDirectory());
    const second = synthesizeIn(temporaryDirectory());
    expect(first.size).toBeGreaterThan(6);
    expect(second).toEqual(first);
  });

  it("names no directory of this machine", () => {
    const directory = temporaryDirectory();
    for (const text of synthesizeIn(directory).values()) {
      expect(text).not.toContain(root);
      expect(text).not.toContain(directory);
      expect(text).not.toMatch(/TfToken|TFTOKEN/i);
    }
  });
});

function synthesizeIn(directory: string): ReadonlyMap<string, string> {
  const configs = loadEnvironments(join(root, "config/environments"));
  synthesize(join(directory, "bootstrap"), (app) => {
    for (const config of configs) composeBootstrap(app, config);
  });
  synthesize(join(directory, "platform"), (app) => {
    for (const config of configs) composePlatform(app, config);
  });
  return new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(directory.length), readFileSync(file, "utf8")]),
  );
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "telemedicina-determinism-"));
  scratch.push(directory);
  return directory;
}
