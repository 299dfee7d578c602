import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group/index.js";
import type { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template/index.js";
import { resourceTags } from "@telemedicina/core";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { lifecycleHooks } from "./lifecycle-hooks.js";

/** Minutes of a deletion beyond the drain: a node that is starting, and AWS's own time. */
const DELETE_MINUTES = 30;
/** The launch hook has tried the node before; this covers the way from there into the metrics. */
const GRACE_SECONDS = 60;

/** What the alarms read; they cost nothing. */
const GROUP_METRICS = ["GroupInServiceInstances", "GroupPendingInstances", "GroupTerminatingInstances"];

/**
 * The old node goes before the new one counts: both would need the same address. AWS starts the new one while the old
 * one still drains; it waits for the address.
 */
const ONE_AFTER_THE_OTHER = { minHealthyPercentage: 0, maxHealthyPercentage: 100 };

export interface NodeGroupProps {
  /** Name of the group, a literal. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly subnetId: string;
  readonly template: LaunchTemplate;
  readonly drainMinutes: number;
  readonly replaceOnChange: boolean;
  /** What a node needs from its first second to its last. */
  readonly dependsOn: ITerraformDependable[];
}

/** A group of exactly one node in one zone: AWS replaces the node when it ends, or says of itself that it is ill. */
export class NodeGroup extends Construct {
  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { template } = props;
    new AutoscalingGroup(this, "group", {
      name: props.name,
      minSize: 1,
      maxSize: 1,
      desiredCapacity: 1,
      vpcZoneIdentifier: [props.subnetId],
      // A number, not `$Latest`: only so does a new version show in the plan.
      launchTemplate: {
        id: template.id,
        version: `\${${template.terraformResourceType}.${template.friendlyUniqueId}.latest_version}`,
      },
      healthCheckType: "EC2",
      healthCheckGracePeriod: GRACE_SECONDS,
      defaultInstanceWarmup: GRACE_SECONDS,
      enabledMetrics: GROUP_METRICS,
      metricsGranularity: "1Minute",
      instanceMaintenancePolicy: ONE_AFTER_THE_OTHER,
      ...(props.replaceOnChange
        ? {
            instanceRefresh: {
              strategy: "Rolling",
              preferences: { ...ONE_AFTER_THE_OTHER, skipMatching: true },
            },
          }
        : {}),
      initialLifecycleHook: lifecycleHooks(),
      // The launch hook and the alarms judge the node, and a group that is only slow must not be tainted.
      waitForCapacityTimeout: "0",
      tag: groupTags(props),
      timeouts: { delete: `${props.drainMinutes + DELETE_MINUTES}m` },
      dependsOn: props.dependsOn,
      // AWS takes it with a new group only; a plan would show a change that is none.
      lifecycle: { ignoreChanges: ["initial_lifecycle_hook"] },
    });
  }
}

/** The template tags what the group launches. */
function groupTags({ name, tags }: NodeGroupProps) {
  const all = { ...tags, ...resourceTags(name, { tier: "frontend" }) };
  return Object.entries(all).map(([key, value]) => ({ key, value, propagateAtLaunch: false }));
}
