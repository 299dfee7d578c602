import { type NameScope, resourceName } from "@telemedicina/core";

/** Names of one node, literals: its user data has them before anything of it exists. */
export interface NodeNames {
  /** Tells it from its neighbours in every name: `turn-a`. */
  readonly qualifier: string;
  readonly hostName: string;
  readonly group: string;
  readonly certificateSecret: string;
}

export function nodeNames(names: NameScope, domain: string, zone: string): NodeNames {
  const qualifier = `turn-${zone}`;
  return {
    qualifier,
    hostName: `${qualifier}.${domain}`,
    group: resourceName(names, "asg", qualifier),
    certificateSecret: resourceName(names, "secret", `${qualifier}-certificate`),
  };
}

/** Marks the Elastic IP, the instance and its network interface that belong together; the value is the group's name. */
export const NODE_TAG = "TurnNode";
