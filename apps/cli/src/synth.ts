import { join } from "node:path";
import { compose as composeBootstrap } from "@telemedicina/bootstrap";
import { type EnvironmentConfig, loadEnvironment, loadEnvironments } from "@telemedicina/config";
import { type StackEntry, synthesize } from "@telemedicina/core";
import { compose as composePlatform } from "@telemedicina/platform";
import { ENVIRONMENTS, projectRoot } from "./project.js";

/** One stack as Terraform will read it. */
export interface SynthesizedStack {
  /** `<environment>-<area>` */
  readonly name: string;
  readonly area: string;
  readonly environment: string;
  /** Absolute directory of its `cdk.tf.json`. */
  readonly directory: string;
  /** Names of the stacks that must be applied before it. */
  readonly dependencies: readonly string[];
}

/** All stacks of one environment. */
export interface Synthesis {
  readonly config: EnvironmentConfig;
  /** Once per account, before all others. */
  readonly bootstrap: SynthesizedStack;
  /** Its workspaces, where the state is in HCP Terraform: before bootstrap. */
  readonly workspaces?: SynthesizedStack;
  /** In order of dependency. */
  readonly stacks: readonly SynthesizedStack[];
}

/** Synthesizes one environment below `outdir`, its bootstrap stack included. */
export function synthesizeEnvironment(name: string, outdir: string): Synthesis {
  const config = loadEnvironment(join(projectRoot(), ENVIRONMENTS), name);
  return synthesizeConfigs([config], join(outdir, "bootstrap"), join(outdir, "platform"))[0] as Synthesis;
}

/** Synthesizes every environment to where the `cdktf` command puts them too. */
export function synthesizeAll(): readonly Synthesis[] {
  const root = projectRoot();
  const configs = loadEnvironments(join(root, ENVIRONMENTS));
  return synthesizeConfigs(configs, join(root, "apps/bootstrap/cdktf.out"), join(root, "cdktf.out"));
}

function synthesizeConfigs(
  configs: readonly EnvironmentConfig[],
  bootstrapOutdir: string,
  platformOutdir: string,
): Synthesis[] {
  const bootstrap = synthesize(bootstrapOutdir, (app) => {
    for (const config of configs) composeBootstrap(app, config);
  });
  const platform = synthesize(platformOutdir, (app) => {
    for (const config of configs) composePlatform(app, config);
  });
  return configs.map((config) => {
    const own = stacksOf(config, bootstrap);
    const first = own.find(({ area }) => area === "bootstrap");
    const workspaces = own.find(({ area }) => area === "workspaces");
    if (first === undefined) throw new Error(`The bootstrap app made no stack for ${config.name}`);
    return {
      config,
      bootstrap: first,
      ...(workspaces === undefined ? {} : { workspaces }),
      stacks: stacksOf(config, platform),
    };
  });
}

function stacksOf(config: EnvironmentConfig, entries: readonly StackEntry[]): SynthesizedStack[] {
  const prefix = `${config.name}-`;
  return entries
    .filter((entry) => entry.name.startsWith(prefix))
    .map((entry) => ({ ...entry, area: entry.name.slice(prefix.length), environment: config.name }));
}
