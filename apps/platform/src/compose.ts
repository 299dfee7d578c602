import type { EnvironmentConfig } from "@telemedicina/config";
import type { Construct } from "constructs";
import { AppStack } from "./stacks/app.js";
import { DataStack } from "./stacks/data.js";
import { DeliveryStack } from "./stacks/delivery.js";
import { EdgeStack } from "./stacks/edge.js";
import { NetworkStack } from "./stacks/network.js";
import { SecurityStack } from "./stacks/security.js";
import { TurnStack } from "./stacks/turn.js";

export type { ApplicationContract } from "./application-contract.js";

export interface EnvironmentStacks {
  readonly network: NetworkStack;
  readonly security: SecurityStack;
  readonly data: DataStack;
  readonly app: AppStack;
  readonly edge: EdgeStack;
  readonly turn: TurnStack;
  /** Absent while no repository is delivered from. */
  readonly delivery: DeliveryStack | undefined;
}

/**
 * The stacks of one environment, in order of dependency. Pure: what it makes follows from the
 * environment file alone.
 */
export function compose(app: Construct, config: EnvironmentConfig): EnvironmentStacks {
  const network = new NetworkStack(app, config);
  const security = new SecurityStack(app, config);
  const data = new DataStack(app, config, { network, security });
  const appStack = new AppStack(app, config, { network, security, data });
  const edge = new EdgeStack(app, config, { network, security, data, app: appStack });
  const turn = new TurnStack(app, config, { network, security });
  const { repository } = config.pipeline;
  const delivery =
    repository === undefined
      ? undefined
      : new DeliveryStack(app, config, repository, { security, data, app: appStack, edge });
  return { network, security, data, app: appStack, edge, turn, delivery };
}
