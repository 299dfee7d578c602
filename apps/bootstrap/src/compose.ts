import type { EnvironmentConfig } from "@telemedicina/config";
import type { App, TerraformStack } from "cdktf";
import { BootstrapStack } from "./bootstrap-stack.js";

/** The bootstrap stack of one environment's account. Pure: what it makes follows from the environment file alone. */
export function compose(app: App, config: EnvironmentConfig): TerraformStack {
  return new BootstrapStack(app, config);
}
