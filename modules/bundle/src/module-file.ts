import { readFileSync } from "node:fs";

/** Text of a file under `files/` of this package: scripts that need no rendering, only their settings. */
export function moduleFile(name: string): string {
  return readFileSync(new URL(`../files/${name}`, import.meta.url), "utf8");
}
