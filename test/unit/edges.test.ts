import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { packages, root, type WorkspacePackage } from "../src/project.js";

const CORE = "@telemedicina/core";

/** Which of our packages a package may depend on, tests included. pnpm hides all that is not declared. */
function mayDependOn(directory: string, name: string): boolean {
  if (directory === "test") return true;
  if (directory === "config" || directory === "modules/core" || directory === "modules/policy") return false;
  if (directory.startsWith("modules/")) return name === CORE;
  // The operator's commands drive the other apps; those never see each other.
  if (directory === "apps/cli") return true;
  return name === "@telemedicina/config" || isModule(name);
}

function isModule(name: string): boolean {
  return packages.some(
    ({ directory, manifest }) => directory.startsWith("modules/") && manifest.name === name,
  );
}

describe("import edges", () => {
  it.each(packages)("$directory depends on what it may", ({ directory, manifest }) => {
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies };
    const ours = Object.keys(declared).filter((name) => name.startsWith("@telemedicina/"));
    expect(ours.filter((name) => !mayDependOn(directory, name))).toEqual([]);
  });

  it("finds the packages that there are", () => {
    expect(packages.map(({ directory }) => directory)).toEqual(
      expect.arrayContaining(["apps/cli", "config", "modules/core", "modules/networking", "test"]),
    );
  });

  it.each(packages)("$directory reaches no other package by a relative path", (workspacePackage) => {
    expect(escapes(workspacePackage)).toEqual([]);
  });
});

describe("one physical copy", () => {
  it.each(["cdktf", "constructs"])("%s resolves to one path from every package that uses it", (name) => {
    const users = packages.filter(({ manifest }) =>
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).includes(name),
    );
    const paths = users.map(({ directory }) =>
      createRequire(join(root, directory, "package.json")).resolve(`${name}/package.json`),
    );
    expect(users.length).toBeGreaterThan(3);
    expect([...new Set(paths)]).toHaveLength(1);
  });
});

function escapes({ directory }: WorkspacePackage): string[] {
  const home = join(root, directory);
  return sources(home).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
      .map(([, specifier = ""]) => resolve(dirname(file), specifier))
      .filter((target) => relative(home, target).startsWith(".."))
      .map((target) => `${relative(root, file)} imports ${relative(root, target)}`),
  );
}

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name === "dist") return [];
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}
