import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lockFileError } from "./errors.js";

/** What this command wrote last, by path: so it knows a file of its own from one that somebody changed. */
export type Written = Readonly<Record<string, string>>;

export const LOCK_FILE = "bundle.lock.json";

export function readWritten(directory: string): Written {
  const file = join(directory, LOCK_FILE);
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Written;
  } catch {
    throw lockFileError(file);
  }
}

export function writtenText(written: Written): string {
  return `${JSON.stringify(written, null, 2)}\n`;
}

/** Without carriage returns: git on Windows adds them by itself. */
export function fingerprint(content: string): string {
  return createHash("sha256").update(content.replaceAll("\r\n", "\n")).digest("hex");
}
