import { maintenanceFaultText, typeFaultText, unknownPropFaultText } from "./errors.js";
import type { BundleProps } from "./props.js";

interface Check {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
}

const DIRECTORY = /^(\/[A-Za-z0-9._-]+)+$/;
const path = text(DIRECTORY, "an absolute path of letters, digits and . _ -, without a slash at the end");

/** What each prop may be. They come from a JSON file too, so nothing is taken for granted. */
const checks: Readonly<Record<keyof BundleProps, Check>> = {
  application: path,
  hostEnv: path,
  hostPrograms: path,
  port: whole(1, 65_535),
  healthPath: text(/^(\/[A-Za-z0-9._~-]+)+$/, "a path such as /health"),
  healthSeconds: whole(5, 240),
  jobSeconds: whole(10, 3540),
  migration: oneOf("hosts", "elsewhere"),
  migrationConnection: text(/^[A-Za-z0-9_]+$/, "a name of letters, digits and _"),
  externalCheck: oneOf("appUrl", "none"),
  phpVersion: text(/^8\.[2-9]$/, '8.2 or newer, as text, such as "8.3"'),
  nodeVersion: whole(20, 99),
  branch: text(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, "the exact name of one branch"),
  gitHubEnvironment: text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "letters, digits and . _ -"),
  minimumCoverage: whole(0, 100),
  staticFiles: list(/^[A-Za-z0-9._-]+$/, "names of files at the root of public/"),
  viteVariables: list(/^VITE_[A-Z0-9_]+$/, "names that begin with VITE_"),
};

const known = Object.keys(checks);

/** Everything that is wrong with the props. */
export function propsFaults(props: Readonly<Record<string, unknown>>): string[] {
  return [
    ...Object.keys(props)
      .filter((name) => !known.includes(name))
      .map((name) => unknownPropFaultText(name, known)),
    ...Object.entries(checks)
      .filter(([name, { holds }]) => props[name] !== undefined && !holds(props[name]))
      .map(([name, { allowed }]) => typeFaultText(name, props[name], allowed)),
    ...(isList(props["staticFiles"]) && props["staticFiles"].includes(MAINTENANCE)
      ? [maintenanceFaultText(MAINTENANCE)]
      : []),
  ];
}

const MAINTENANCE = "maintenance.html";

function text(pattern: RegExp, allowed: string): Check {
  return { allowed, holds: (value) => typeof value === "string" && pattern.test(value) };
}

function whole(lowest: number, highest: number): Check {
  return {
    allowed: `a whole number from ${lowest} to ${highest}`,
    holds: (value) => Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest,
  };
}

function oneOf(...words: readonly string[]): Check {
  return { allowed: words.join(", "), holds: (value) => words.includes(value as string) };
}

function list(pattern: RegExp, allowed: string): Check {
  const { holds } = text(pattern, allowed);
  return { allowed: `a list of ${allowed}`, holds: (value) => isList(value) && value.every(holds) };
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
