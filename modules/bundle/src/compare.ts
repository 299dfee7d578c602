import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BundleFile } from "./bundle-file.js";
import { fingerprint, readWritten } from "./lock-file.js";

/**
 * - `same`: as it would be written.
 * - `missing`: not there.
 * - `outdated`: as this command wrote it, and it would write it otherwise now.
 * - `changed`: somebody's own, in whole or in part.
 */
type FileState = "same" | "missing" | "outdated" | "changed";

export interface ComparedFile {
  readonly file: BundleFile;
  readonly state: FileState;
}

/** The bundle's files beside what is in the directory. */
export function compare(directory: string, files: readonly BundleFile[]): readonly ComparedFile[] {
  const written = readWritten(directory);
  return files.map((file) => ({
    file,
    state: stateOf(join(directory, file.path), file, written[file.path]),
  }));
}

function stateOf(path: string, file: BundleFile, written: string | undefined): FileState {
  if (!existsSync(path)) return "missing";
  const found = fingerprint(readFileSync(path, "utf8"));
  if (found === fingerprint(file.content)) return "same";
  return found === written ? "outdated" : "changed";
}
