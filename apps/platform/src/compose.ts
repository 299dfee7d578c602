import type { EnvironmentConfig } from "@telemedicina/config";
import type { Construct } from "constructs";
import { DataStack } from "./stacks/data.js";
import { NetworkStack } from "./stacks/network.js";
import { SecurityStack } from "./stacks/security.js";

/**
 * The stacks of one environment, in order of dependency. Pure: what it makes follows from the
 * environment file alone.
 */
export function compose(app: Construct, config: EnvironmentConfig): void {
  const network = new NetworkStack(app, config);
  const security = new SecurityStack(app, config);
  new DataStack(app, config, { network, security });
}
