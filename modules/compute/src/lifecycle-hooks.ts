import type { AutoscalingGroupInitialLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-group/index.js";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook/index.js";
import { Construct } from "constructs";
import type { FleetNames } from "./fleet-names.js";

export interface HookTimes {
  readonly launchSeconds: number;
  readonly terminateSeconds: number;
}

export interface LifecycleHooksProps extends HookTimes {
  readonly names: FleetNames;
  /** Name of the group as a reference, so that hooks wait for it. */
  readonly groupReference: string;
}

interface Hook {
  readonly name: string;
  readonly lifecycleTransition: string;
  readonly heartbeatTimeout: number;
  readonly defaultResult: string;
}

/**
 * The hooks that AWS has from the group's first host on. Only with the resources of {@link LifecycleHooks} the first
 * hosts would start without any.
 */
export function initialHooks(names: FleetNames, times: HookTimes): AutoscalingGroupInitialLifecycleHook[] {
  return [launchHook(names, times), terminateHook(names, times)];
}

/**
 * The same hooks as resources of their own, by the same names: AWS takes the second for an update of the first. They
 * bring later changes, which the group's own block cannot, and end before the group does, so that nothing waits for a
 * drain when all is deleted.
 */
export class LifecycleHooks extends Construct {
  constructor(scope: Construct, id: string, { names, groupReference, ...times }: LifecycleHooksProps) {
    super(scope, id);
    const autoscalingGroupName = groupReference;
    new AutoscalingLifecycleHook(this, "launch", { ...launchHook(names, times), autoscalingGroupName });
    new AutoscalingLifecycleHook(this, "terminate", { ...terminateHook(names, times), autoscalingGroupName });
  }
}

/** A host that has not said that it serves is not put into service but ends. */
function launchHook({ launchHook: name }: FleetNames, { launchSeconds }: HookTimes): Hook {
  return {
    name,
    lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    heartbeatTimeout: launchSeconds,
    defaultResult: "ABANDON",
  };
}

/** A host ends in any case: one that is dead can no longer drain. */
function terminateHook({ terminateHook: name }: FleetNames, { terminateSeconds }: HookTimes): Hook {
  return {
    name,
    lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
    heartbeatTimeout: terminateSeconds,
    defaultResult: "CONTINUE",
  };
}
