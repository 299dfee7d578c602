import type { EnvironmentConfig } from "@telemedicina/config";
import type { Construct } from "constructs";
import { NetworkStack } from "./stacks/network.js";

/**
 * The stacks of one environment, in order of dependency. Pure: what it makes follows from the
 * environment file alone.
 */
export function compose(app: Construct, config: EnvironmentConfig): void {
  new NetworkStack(app, config);
}
