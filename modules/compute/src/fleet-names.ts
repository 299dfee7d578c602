import { type NameScope, resourceName } from "@telemedicina/core";

/** Names that hosts, roles and deployments need before the fleet exists: literals. */
export interface FleetNames {
  readonly group: string;
  /** Hook that holds a new host back until it serves. */
  readonly launchHook: string;
  /** Hook that holds a host which goes until it has drained. */
  readonly terminateHook: string;
}

/** @param qualifier that of the fleet, such as `web` */
export function fleetNames(names: NameScope, qualifier: string): FleetNames {
  return {
    group: resourceName(names, "asg", qualifier),
    launchHook: "launch-until-healthy",
    terminateHook: "terminate-when-drained",
  };
}
