import { readdirSync } from "node:fs";
import { join } from "node:path";

/** An entry of `permissions` as CodeDeploy's agent reads it. */
export interface AgentPermission {
  readonly object: string;
  readonly pattern?: string;
  readonly except?: readonly string[];
  readonly type?: readonly ("file" | "directory")[];
}

interface Target {
  readonly path: string;
  readonly type: "file" | "directory";
}

/**
 * Every path that a permission is given to, as often as one is: what CodeDeploy's agent goes through when it makes its
 * instructions. It fails at the first path that comes twice.
 */
export function permissionTargets(
  source: string,
  destination: string,
  permissions: readonly AgentPermission[],
): readonly string[] {
  const targets = copied(source, destination);
  return permissions.flatMap((permission) =>
    targets.filter((target) => takes(permission, target)).map(({ path }) => path),
  );
}

/** On a host that has nothing yet: the agent gives permissions to directories only where it makes them. */
function copied(source: string, destination: string): readonly Target[] {
  const entries = readdirSync(source, { recursive: true, withFileTypes: true }).map((entry): Target => {
    const path = join(destination, join(entry.parentPath, entry.name).slice(source.length));
    return { path, type: entry.isDirectory() ? "directory" : "file" };
  });
  return [{ path: destination, type: "directory" }, ...entries];
}

function takes(
  { object, pattern = "**", except = [], type = ["file", "directory"] }: AgentPermission,
  target: Target,
): boolean {
  // A file by its own name.
  if (target.path === object) return target.type === "file" && type.includes("file");
  if (!type.includes(target.type) || !target.path.startsWith(`${object}/`)) return false;
  const name = target.path.slice(object.length + 1);
  return (pattern === "**" || simpleGlob(name, pattern)) && !except.some((glob) => simpleGlob(name, glob));
}

/** Knows the star only, and nothing below the directory itself. */
function simpleGlob(name: string, glob: string): boolean {
  if (name.includes("/")) return false;
  const parts = glob.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
