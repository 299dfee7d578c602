import { join } from "node:path";
import { type EnvironmentConfig, loadEnvironments } from "@telemedicina/config";
import { type StackJson, synth } from "@telemedicina/core/testing";
import { compose } from "../src/compose.js";

const root = join(import.meta.dirname, "../../..");

/** Every environment of the project, with the JSON of its stacks by area. */
export const environments: readonly Environment[] = loadEnvironments(join(root, "config/environments")).map(
  (config) => ({ name: config.name, config, stacks: synthesize(config) }),
);

export interface Environment {
  readonly name: string;
  readonly config: EnvironmentConfig;
  readonly stacks: Stacks;
}

export type Stacks = (area: string) => StackJson;

/** The stacks of a configuration that is not on file: an environment with something changed. */
export function synthesize(config: EnvironmentConfig): Stacks {
  const stacks = synth((app) => compose(app, config));
  return (area) => {
    const stack = stacks.get(`${config.name}-${area}`);
    if (stack === undefined) throw new Error(`${config.name} has no stack for ${area}`);
    return stack;
  };
}
