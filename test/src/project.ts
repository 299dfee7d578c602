import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The project's root, wherever the tests are started from. */
export const root = findRoot(process.cwd());

/** Every workspace package: its directory from the root and its manifest. */
export const packages: readonly WorkspacePackage[] = ["apps", "modules"]
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
  .concat("config", "test")
  .sort()
  .map((directory) => ({ directory, manifest: readManifest(directory) }));

export interface WorkspacePackage {
  readonly directory: string;
  readonly manifest: Manifest;
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(root, directory, "package.json"), "utf8")) as Manifest;
}

function findRoot(start: string): string {
  if (existsSync(join(start, "pnpm-workspace.yaml"))) return start;
  if (start === dirname(start)) throw new Error("The tests must run inside the project");
  return findRoot(dirname(start));
}
