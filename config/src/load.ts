import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { checkEnvironments, type EnvironmentFile } from "./check.js";
import { NoEnvironmentsError, UnknownEnvironmentError } from "./errors.js";
import { ConfigError } from "./fault.js";
import { deepFreeze } from "./freeze.js";
import type { EnvironmentConfig } from "./schema/environment.js";

/** All environments, in the order of their files' names. */
export type LoadedEnvironments = readonly EnvironmentConfig[];

/** Reads and checks every environment file of a directory. Throws one {@link ConfigError} with all faults. */
export function loadEnvironments(directory: string): LoadedEnvironments {
  return parseEnvironments(readFiles(directory));
}

/**
 * Reads and checks one environment. Its siblings are read for what must differ between environments; their own
 * faults do not count, so that a slip in development's file cannot block work on production.
 */
export function loadEnvironment(directory: string, name: string): EnvironmentConfig {
  const files = readFiles(directory);
  const own = files.find((file) => basename(file.path) === `${name}.yaml`);
  if (own === undefined)
    throw new UnknownEnvironmentError(name, environmentNames(directory), shown(directory));
  const { environments, faults } = checkEnvironments(files);
  const relevant = faults.filter((fault) => fault.file === own.path || fault.otherFiles.includes(own.path));
  const environment = environments.get(own.path);
  if (relevant.length > 0 || environment === undefined) throw new ConfigError(relevant);
  return deepFreeze(environment);
}

/** The names that {@link loadEnvironment} knows, without reading the files. */
export function environmentNames(directory: string): readonly string[] {
  return yamlFiles(directory)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"));
}

/** The pure core: texts in, environments out. Paths appear in messages as they are given. */
export function parseEnvironments(files: readonly EnvironmentFile[]): LoadedEnvironments {
  const { environments, faults } = checkEnvironments(files);
  if (faults.length > 0) throw new ConfigError(faults);
  return deepFreeze([...environments.values()]);
}

function readFiles(directory: string): EnvironmentFile[] {
  const names = yamlFiles(directory);
  if (names.length === 0) throw new NoEnvironmentsError(shown(directory));
  return names.map((name) => {
    const path = join(directory, name);
    return { path: shown(path), text: readFileSync(path, "utf8") };
  });
}

/** `.yml` too: left unread it would look like an environment that has no faults. A rule refuses the name. */
function yamlFiles(directory: string): string[] {
  if (!existsSync(directory)) throw new NoEnvironmentsError(shown(directory));
  return readdirSync(directory)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
}

/** Relative to where the operator stands, as editors and terminals expect it. */
function shown(path: string): string {
  return relative(process.cwd(), path).replaceAll("\\", "/") || ".";
}
