import type { AutoscalingGroupInitialLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-group/index.js";

export const hookNames = {
  /** Holds a new node back until it answers at its address. */
  launch: "launch-until-answering",
  /** Holds a node that leaves until its calls have ended. */
  terminate: "terminate-when-drained",
} as const;

/**
 * Seconds within which a node has to give a sign of life. A node that drains gives one again and again; one that is
 * dead gives none and is replaced after so long.
 */
const TERMINATE_HEARTBEAT_SECONDS = 300;
/** Long enough to install everything; then a node that waits for its address gives signs as well. */
const LAUNCH_HEARTBEAT_SECONDS = 900;

/** AWS ends a wait after a hundred times the heartbeat: 500 minutes, of which twenty are left for what follows the drain. */
export const LONGEST_DRAIN_MINUTES = 480;

/**
 * The hooks that AWS has from the group's first node on, and until its last one is gone: as resources of their own they
 * would be destroyed before the group, and a zone that is taken out would cut its calls.
 */
export function lifecycleHooks(): AutoscalingGroupInitialLifecycleHook[] {
  return [
    {
      name: hookNames.launch,
      lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      heartbeatTimeout: LAUNCH_HEARTBEAT_SECONDS,
      // A node that never answered is not put into service but ends.
      defaultResult: "ABANDON",
    },
    {
      name: hookNames.terminate,
      lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
      heartbeatTimeout: TERMINATE_HEARTBEAT_SECONDS,
      // A node ends in any case: one that is dead can no longer drain.
      defaultResult: "CONTINUE",
    },
  ];
}
