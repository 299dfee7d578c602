import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { GOLDEN } from "../src/golden.js";
import { root } from "../src/project.js";
import { copyProject, installPackages } from "../src/project-copy.js";

/** CDK Terrain, the community's continuation of cdktf (docs/adr/0002-engine.md). */
const overrides = {
  cdktf: "npm:cdktn@0.24.0",
  "@cdktf/provider-aws": "npm:@cdktn/provider-aws@25.7.0",
};

let copy: string;

describe("CDK Terrain in the place of cdktf", () => {
  beforeAll(async () => {
    copy = await copyProject();
    const file = join(copy, "pnpm-workspace.yaml");
    const workspace = parseDocument(readFileSync(file, "utf8"));
    for (const [name, target] of Object.entries(overrides)) workspace.setIn(["overrides", name], target);
    // Our modules ask for cdktf by its exact version: here another engine answers to its name.
    workspace.set("strictPeerDependencies", false);
    writeFileSync(file, workspace.toString());
    await installPackages(copy, "--no-frozen-lockfile");
    await execa("node", ["scripts/run.mjs", "test/src/golden-update.ts"], { cwd: copy });
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it("really is another engine", () => {
    const manifest = JSON.parse(
      readFileSync(join(copy, "modules/core/node_modules/cdktf/package.json"), "utf8"),
    ) as { name: string };
    expect(manifest.name).toBe("cdktn");
  });

  it("makes the same JSON, but for the engine's own version", () => {
    const ours = goldens(root);
    const theirs = goldens(copy);
    expect(ours.size).toBeGreaterThan(6);
    expect([...theirs.keys()]).toEqual([...ours.keys()]);
    for (const [file, text] of ours) expect(theirs.get(file), file).toBe(text);
  });
});

function goldens(project: string): Map<string, string> {
  const directory = join(project, GOLDEN);
  return new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [
        file.slice(directory.length + 1),
        readFileSync(file, "utf8").replace(/"version": "0\.\d+\.\d+"/g, '"version": "engine"'),
      ]),
  );
}
