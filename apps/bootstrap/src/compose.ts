import type { EnvironmentConfig } from "@telemedicina/config";
import type { App } from "cdktf";
import { BootstrapStack } from "./bootstrap-stack.js";
import { WorkspacesStack } from "./workspaces-stack.js";

/**
 * The stacks that an operator applies before any other: the environment's account and, with its state in HCP
 * Terraform, its workspaces. Pure: what it makes follows from the environment file alone.
 */
export function compose(app: App, config: EnvironmentConfig): void {
  new BootstrapStack(app, config);
  if (config.state.backend === "hcp") new WorkspacesStack(app, config, config.state);
}
