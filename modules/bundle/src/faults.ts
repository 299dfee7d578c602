import { maintenanceFaultText, typeFaultText, unknownPropFaultText, viteFaultText } from "./errors.js";
import type { BundleProps, GitHubDeployment } from "./props.js";
import { reverbVariables } from "./settings.js";

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
  migrationSeconds: whole(60, 3480),
  migrationConnection: text(/^[A-Za-z0-9_]+$/, "a name of letters, digits and _"),
  externalCheck: oneOf("appUrl", "none"),
  phpVersion: text(/^8\.[2-9]$/, '8.2 or newer, as text, such as "8.3"'),
  nodeVersion: whole(20, 99),
  branch: text(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, "the exact name of one branch"),
  gitHubDeployment: {
    allowed: "an object, or nothing",
    holds: isObject,
  },
  gitHubEnvironment: text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "letters, digits and . _ -"),
  minimumCoverage: whole(0, 100),
  staticFiles: list(/^[A-Za-z0-9._-]+$/, "names of files at the root of public/"),
  viteVariables: list(/^VITE_[A-Z0-9_]+$/, "names that begin with VITE_"),
};

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const NAME = /^[A-Za-z0-9+=,.@_-]{1,100}$/;

/** All required but the distribution. */
const deploymentChecks: Readonly<Record<keyof GitHubDeployment, Check>> = {
  roleArn: text(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, "the ARN of a role"),
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as sa-east-1"),
  application: text(NAME, "the name of an application of CodeDeploy"),
  group: text(NAME, "the name of a deployment group"),
  deploymentsBucket: text(BUCKET, "the name of a bucket"),
  assetsBucket: text(BUCKET, "the name of a bucket"),
  distributionId: text(/^E[A-Z0-9]{5,20}$/, "the id of a distribution, such as E1A2B3C4D5E6F7"),
  vite: { allowed: "an object of texts in one line, by name", holds: isTexts },
};

/** Everything that is wrong with the props. */
export function propsFaults(props: Readonly<Record<string, unknown>>): string[] {
  return [
    ...checkedFaults("", props, checks, Object.keys(checks)),
    ...deploymentFaults(props),
    ...(isList(props["staticFiles"]) && props["staticFiles"].includes(MAINTENANCE)
      ? [maintenanceFaultText(MAINTENANCE)]
      : []),
  ];
}

const MAINTENANCE = "maintenance.html";

function checkedFaults(
  prefix: string,
  found: Readonly<Record<string, unknown>>,
  allowed: Readonly<Record<string, Check>>,
  optional: readonly string[],
): string[] {
  const known = Object.keys(allowed);
  const missing = (name: string) => found[name] === undefined && optional.includes(name);
  return [
    ...Object.keys(found)
      .filter((name) => !known.includes(name))
      .map((name) => unknownPropFaultText(`${prefix}${name}`, known)),
    ...Object.entries(allowed)
      .filter(([name, { holds }]) => !missing(name) && !holds(found[name]))
      .map(([name, check]) => typeFaultText(`${prefix}${name}`, found[name], check.allowed)),
  ];
}

function deploymentFaults(props: Readonly<Record<string, unknown>>): string[] {
  const deployment = props["gitHubDeployment"];
  if (!isObject(deployment)) return [];
  const faults = checkedFaults("gitHubDeployment.", deployment, deploymentChecks, ["distributionId"]);
  const { vite } = deployment;
  const needed = isList(props["viteVariables"]) ? props["viteVariables"] : reverbVariables;
  const missing = needed.filter((name) => isTexts(vite) && !Object.hasOwn(vite, String(name)));
  return [...faults, ...missing.map((name) => viteFaultText(String(name)))];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([name, each]) => /^VITE_[A-Z0-9_]+$/.test(name) && typeof each === "string" && /^[^\n\r]+$/.test(each),
    )
  );
}

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
