import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compose as composeBootstrap } from "@telemedicina/bootstrap";
import { type EnvironmentConfig, loadEnvironments } from "@telemedicina/config";
import { type StackEntry, synthesize } from "@telemedicina/core";
import { compose as composePlatform } from "@telemedicina/platform";
import type { App } from "cdktf";
import { root } from "./project.js";

/** Where the goldens stand, from the project's root. */
export const GOLDEN = "test/golden";

const apps: Readonly<Record<string, (app: App, config: EnvironmentConfig) => void>> = {
  bootstrap: composeBootstrap,
  platform: composePlatform,
};

/**
 * What every app makes of every environment, as files below {@link GOLDEN}:
 * `<app>/<environment>/<area>.tf.json` and, as the quick alarm, `<app>/<environment>/addresses.txt`.
 */
export function renderGoldens(): ReadonlyMap<string, string> {
  const configs = loadEnvironments(join(root, "config/environments"));
  return new Map(
    Object.entries(apps).flatMap(([app, compose]) =>
      configs.flatMap((config) => renderEnvironment(app, config, compose)),
    ),
  );
}

function renderEnvironment(
  app: string,
  config: EnvironmentConfig,
  compose: (app: App, config: EnvironmentConfig) => void,
): [string, string][] {
  const outdir = mkdtempSync(join(tmpdir(), "telemedicina-golden-"));
  try {
    const stacks = synthesize(join(outdir, "out"), (scope) => compose(scope, config));
    const documents = stacks.map((stack) => ({ stack, document: read(stack) }));
    return [
      ...documents.map(({ stack, document }): [string, string] => [
        `${app}/${config.name}/${stack.name.slice(config.name.length + 1)}.tf.json`,
        `${JSON.stringify(sorted(document), null, 2)}\n`,
      ]),
      [`${app}/${config.name}/addresses.txt`, documents.flatMap(addresses).join("\n").concat("\n")],
    ];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

interface Document {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function read(stack: StackEntry): Document {
  return JSON.parse(readFileSync(join(stack.directory, "cdk.tf.json"), "utf8")) as Document;
}

function addresses({ stack, document }: { stack: StackEntry; document: Document }): string[] {
  return Object.entries(document.resource ?? {})
    .flatMap(([type, named]) => Object.keys(named).map((name) => `${stack.name} ${type}.${name}`))
    .sort();
}

/** Keys in one order, so that another engine's JSON compares too. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}
