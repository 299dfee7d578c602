import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { notADirectoryError, settingsFileError } from "./errors.js";
import type { BundleProps } from "./props.js";

/** Settings of the Laravel repository, by its own people. */
const SETTINGS_FILE = "bundle.json";

/** The props in the directory's `bundle.json`, as they stand there; none without the file. `deployBundle` judges them. */
export function readProps(directory: string): BundleProps {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) throw notADirectoryError(directory);
  const file = join(directory, SETTINGS_FILE);
  if (!existsSync(file)) return {};
  const props = parsed(file);
  if (typeof props !== "object" || props === null || Array.isArray(props)) {
    throw settingsFileError(file, `it holds ${JSON.stringify(props)}`);
  }
  return props;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw settingsFileError(file, error instanceof Error ? error.message : String(error));
  }
}
