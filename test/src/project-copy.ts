import { cpSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { root } from "./project.js";

/** A copy of the project as git would see it, in a temporary directory; nothing installed. */
export async function copyProject(): Promise<string> {
  const target = mkdtempSync(join(tmpdir(), "telemedicina-copy-"));
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z"];
  const { stdout } = await execa("git", args, { cwd: root });
  for (const file of stdout.split("\0").filter((name) => name !== "")) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(root, file), join(target, file));
  }
  return target;
}

/** Installs a copy's packages with the pinned pnpm; most come from the store that the project filled. */
export async function installPackages(directory: string, ...args: readonly string[]): Promise<void> {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    packageManager: string;
  };
  await execa("npm", ["exec", "--yes", `--package=${packageManager}`, "--", "pnpm", "install", ...args], {
    cwd: directory,
    env: { CI: "true" },
  });
}
