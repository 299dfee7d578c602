import { join } from "node:path";
import { type EnvironmentConfig, loadEnvironments } from "@telemedicina/config";
import { type Attributes, type StackJson, synth } from "@telemedicina/core/testing";
import { compose, type EnvironmentStacks } from "@telemedicina/platform";
import { renderRunbook } from "../../src/docs/runbooks.js";
import { ENVIRONMENTS, projectRoot } from "../../src/project.js";

export interface Runbook {
  readonly what: string;
  readonly config: EnvironmentConfig;
  readonly page: string;
  /** By area: `app`, `delivery`. */
  readonly stacks: ReadonlyMap<string, StackJson>;
}

export const onFile = loadEnvironments(join(projectRoot(), ENVIRONMENTS));

/** The page of a configuration, and what Terraform would read of it. */
export function runbook(what: string, config: EnvironmentConfig): Runbook {
  let stacks: EnvironmentStacks | undefined;
  const documents = synth((app) => {
    stacks = compose(app, config);
  });
  if (stacks === undefined) throw new Error("compose was not called");
  const byArea = [...documents].map(([name, stack]) => [name.slice(config.name.length + 1), stack] as const);
  return { what, config, page: renderRunbook(config, stacks), stacks: new Map(byArea) };
}

export function environment(name: EnvironmentConfig["name"]): EnvironmentConfig {
  const found = onFile.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no environment ${name}`);
  return found;
}

/** An environment that delivers otherwise than its file says. */
export function delivering(
  config: EnvironmentConfig,
  by: Partial<EnvironmentConfig["pipeline"]>,
): EnvironmentConfig {
  return { ...config, pipeline: { ...config.pipeline, ...by } };
}

/** Whatever a stack gives a name to. */
export function namesOf(stack: StackJson): readonly string[] {
  const keys = ["name", "bucket", "alarm_name", "deployment_group_name"];
  return Object.values(stack.document.resource ?? {})
    .flatMap((named) => Object.values(named))
    .flatMap((attributes) => keys.map((key) => attributes[key]))
    .filter((name) => typeof name === "string");
}

/** What stands under a heading of the second level. */
export function section(page: string, title: string): string {
  const found = page.split(/^(?=## )/m).find((part) => part.startsWith(`## ${title}\n`));
  if (found === undefined) throw new Error(`the page has no section ${title}`);
  return found;
}

/** Every block of commands. */
export function blocks(page: string): readonly string[] {
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
}

/** The project that shifts, with its buildspec as AWS would get it: lines of a local, Terraform's escapes undone. */
export function shiftingProject(stacks: Runbook["stacks"]): {
  readonly buildspec: string;
  readonly settings: string;
} {
  const delivery = stacks.get("delivery");
  const project = delivery
    ?.all("aws_codebuild_project")
    .find(({ attributes }) => String(attributes["name"]).includes("blue-green"))?.attributes;
  if (delivery === undefined || project === undefined) throw new Error("there is no project that shifts");
  const { buildspec } = project["source"] as { readonly buildspec: string };
  const local = /local\.([\w-]+)\)\}$/.exec(buildspec)?.[1] ?? "";
  const locals = delivery.document["locals"] as Readonly<Record<string, readonly string[]>>;
  const { environment_variable: variables } = project["environment"] as {
    readonly environment_variable: readonly Attributes[];
  };
  return {
    buildspec: (locals[local] ?? []).join("\n").replaceAll(/([$%])\1\{/g, "$1{"),
    settings: String(variables.find(({ name }) => name === "BLUE_GREEN_SETTINGS")?.["value"]),
  };
}
