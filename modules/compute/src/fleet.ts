import {
  AutoscalingGroup,
  type AutoscalingGroupConfig,
} from "@cdktf/provider-aws/lib/autoscaling-group/index.js";
import { faultsError, resourceTags } from "@telemedicina/core";
import { Token } from "cdktf";
import { Construct } from "constructs";

import { type FleetNames, fleetNames } from "./fleet-names.js";
import type { FleetProps } from "./fleet-props.js";
import { type FleetSettings, fleetFaults, resolveFleet } from "./fleet-settings.js";
import { HostTemplate } from "./host-template.js";
import { canRollBack } from "./image.js";
import { initialHooks, LifecycleHooks } from "./lifecycle-hooks.js";
import { ScalingPolicies } from "./scaling-policies.js";

const SECONDS_PER_DAY = 86_400;

/** All of them; they cost nothing. */
const GROUP_METRICS = [
  "GroupDesiredCapacity",
  "GroupInServiceCapacity",
  "GroupInServiceInstances",
  "GroupMaxSize",
  "GroupMinSize",
  "GroupPendingCapacity",
  "GroupPendingInstances",
  "GroupStandbyCapacity",
  "GroupStandbyInstances",
  "GroupTerminatingCapacity",
  "GroupTerminatingInstances",
  "GroupTotalCapacity",
  "GroupTotalInstances",
];

/**
 * Hosts of one kind: a launch template and an Auto Scaling group over all the zones of its subnets. A new host serves
 * only once it says that it can, one that goes drains first, one that is ill or old is replaced, and a change of what
 * hosts are is rolled out host by host.
 *
 * @throws one error with every fault of the props
 */
export class Fleet extends Construct {
  /** Literals. */
  readonly names: FleetNames;
  readonly groupArn: string;
  readonly launchTemplateId: string;
  /** Of the version that the group runs: what to go back to is the one before. */
  readonly launchTemplateLatestVersion: number;
  /** Names of the alarms that change the size, literals. */
  readonly scalingAlarmNames: readonly string[];

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    const settings = resolveFleet(props);
    const faults = fleetFaults(settings);
    if (faults.length > 0) throw faultsError(this.node.path, faults);
    this.names = fleetNames(settings.names, settings.qualifier);

    const template = new HostTemplate(this, "template", settings);
    const group = this.group(settings, template);
    new LifecycleHooks(this, "hooks", { groupReference: group.name, names: this.names, ...settings.hooks });
    const scaling = new ScalingPolicies(this, "scaling", {
      names: settings.names,
      qualifier: settings.qualifier,
      groupName: this.names.group,
      groupReference: group.name,
      scaling: settings.scaling,
      target: settings.target,
    });

    this.groupArn = group.arn;
    this.launchTemplateId = template.resource.id;
    this.launchTemplateLatestVersion = template.resource.latestVersion;
    this.scalingAlarmNames = scaling.alarmNames;
  }

  private group(settings: FleetSettings, template: HostTemplate): AutoscalingGroup {
    const { target } = settings;
    return new AutoscalingGroup(this, "group", {
      name: this.names.group,
      ...whatToLaunch(settings, template),
      ...sizesAtBirth(settings),
      maxSize: settings.maxSize,
      vpcZoneIdentifier: [...settings.subnetIds],
      // A zone without capacity must not keep the others from growing.
      availabilityZoneDistribution: { capacityDistributionStrategy: "balanced-best-effort" },
      ...(target === undefined ? {} : { targetGroupArns: [target.targetGroupArn] }),
      healthCheckType: target === undefined ? "EC2" : "ELB",
      healthCheckGracePeriod: settings.healthCheckGraceSeconds,
      defaultInstanceWarmup: settings.warmupSeconds,
      maxInstanceLifetime: settings.maxInstanceLifetimeDays * SECONDS_PER_DAY,
      terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
      enabledMetrics: GROUP_METRICS,
      metricsGranularity: "1Minute",
      ...replacement(settings),
      initialLifecycleHook: initialHooks(this.names, settings.hooks),
      // What hosts need to become healthy, a first release for one, may come after the apply. The launch hook and the
      // alarms judge them, and a group that is only slow must not be tainted.
      waitForCapacityTimeout: "0",
      tag: groupTags(this.names.group, settings),
      timeouts: { delete: "20m" },
      ...(target === undefined ? {} : { dependsOn: [...target.dependsOn] }),
      lifecycle: {
        ignoreChanges: [
          // Scaling's from the first day.
          "desired_capacity",
          // Only for the birth of the group: AWS never takes a change of it, the hooks' own resources do.
          "initial_lifecycle_hook",
          // A colour that does not serve has no hosts, and one that is about to may not lose any.
          // Nor is it judged while a release comes to it.
          ...(settings.colour === undefined ? [] : ["min_size", "suspended_processes"]),
        ],
      },
    });
  }
}

/** Green begins as the colour that does not serve. */
function sizesAtBirth({ colour, minSize, desiredSize }: FleetSettings) {
  return colour === "green" ? { minSize: 0, desiredCapacity: 0 } : { minSize, desiredCapacity: desiredSize };
}

/** A number, not `$Latest`: only so does a new version show in the plan and start a refresh. */
function whatToLaunch(
  { instanceTypes }: FleetSettings,
  { resource }: HostTemplate,
): Pick<AutoscalingGroupConfig, "launchTemplate" | "mixedInstancesPolicy"> {
  const version = Token.asString(resource.latestVersion);
  if (instanceTypes.length === 1) return { launchTemplate: { id: resource.id, version } };
  return {
    mixedInstancesPolicy: {
      instancesDistribution: {
        onDemandAllocationStrategy: "prioritized",
        onDemandPercentageAboveBaseCapacity: 100,
      },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: resource.id, version },
        override: instanceTypes.map((instanceType) => ({ instanceType })),
      },
    },
  };
}

/** A new host serves before an old one goes, whether a refresh, its age or its illness is the reason. */
function replacement({
  image,
  maxHealthyPercent,
  refreshAlarmNames,
}: FleetSettings): Pick<AutoscalingGroupConfig, "instanceMaintenancePolicy" | "instanceRefresh"> {
  const percentages = { minHealthyPercentage: 100, maxHealthyPercentage: maxHealthyPercent };
  return {
    instanceMaintenancePolicy: percentages,
    instanceRefresh: {
      strategy: "Rolling",
      preferences: {
        ...percentages,
        autoRollback: canRollBack(image),
        // Hosts that already are what they shall be stay.
        skipMatching: true,
        ...(refreshAlarmNames.length === 0 ? {} : { alarmSpecification: { alarms: [...refreshAlarmNames] } }),
      },
    },
  };
}

/** `Name` is the group's own: the template names the hosts. */
function groupTags(name: string, { tags }: FleetSettings) {
  const own = Object.entries(resourceTags(name)).map(([key, value]) => ({
    key,
    value,
    propagateAtLaunch: false,
  }));
  const passedOn = Object.entries({ ...tags, Tier: "backend" }).map(([key, value]) => ({
    key,
    value,
    propagateAtLaunch: true,
  }));
  return [...own, ...passedOn];
}
