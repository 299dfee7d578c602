import { join } from "node:path";
import { type EnvironmentConfig, loadEnvironments } from "@telemedicina/config";
import { type StackJson, synth } from "@telemedicina/core/testing";
import { compose } from "../src/compose.js";
import { EnvironmentJson } from "./environment-json.js";

const root = join(import.meta.dirname, "../../..");

/** Every environment of the project, with the JSON of its stacks by area. */
export const environments: readonly Environment[] = loadEnvironments(join(root, "config/environments")).map(
  (config) => {
    const stacks = synthesize(config);
    return { name: config.name, config, stacks, json: new EnvironmentJson(stacks.all) };
  },
);

export interface Environment {
  readonly name: string;
  readonly config: EnvironmentConfig;
  readonly stacks: Stacks;
  /** All stacks as one. */
  readonly json: EnvironmentJson;
}

export interface Stacks {
  (area: string): StackJson;
  readonly all: readonly StackJson[];
}

/** The stacks of a configuration that is not on file: an environment with something changed. */
export function synthesize(config: EnvironmentConfig): Stacks {
  const stacks = synth((app) => compose(app, config));
  const byArea = (area: string): StackJson => {
    const stack = stacks.get(`${config.name}-${area}`);
    if (stack === undefined) throw new Error(`${config.name} has no stack for ${area}`);
    return stack;
  };
  return Object.assign(byArea, { all: [...stacks.values()] });
}

/** The environment of that name. */
export function environment(name: EnvironmentConfig["name"]): Environment {
  const found = environments.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no environment ${name}`);
  return found;
}
