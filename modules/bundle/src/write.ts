import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BundleFile } from "./bundle-file.js";
import { compare } from "./compare.js";
import { changedFilesError } from "./errors.js";
import { fingerprint, LOCK_FILE, writtenText } from "./lock-file.js";

/**
 * Puts the bundle into the directory, and a note of what was written beside it.
 *
 * @param force take the place of what somebody changed, too
 * @returns paths of what is new
 * @throws before anything is written, if somebody's changes would be lost
 */
export function writeBundle(
  directory: string,
  files: readonly BundleFile[],
  force: boolean,
): readonly string[] {
  const compared = compare(directory, files);
  const changed = compared.filter(({ state }) => state === "changed").map(({ file }) => file.path);
  if (changed.length > 0 && !force) throw changedFilesError(changed);
  const renewed = compared.filter(({ state }) => state !== "same").map(({ file }) => file);
  for (const { path, content, mode } of renewed) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    chmodSync(target, Number.parseInt(mode, 8));
  }
  const written = Object.fromEntries(files.map(({ path, content }) => [path, fingerprint(content)]));
  writeFileSync(join(directory, LOCK_FILE), writtenText(written));
  return renewed.map(({ path }) => path);
}
