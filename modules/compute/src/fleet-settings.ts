import { type NameScope, noneFaultText, oneOfFaults, rangeFaults, resourceTags } from "@telemedicina/core";
import { type Colour, colours } from "./colour.js";
import {
  colourWithoutTargetFaultText,
  desiredSizeFaultText,
  deviceNameFaultText,
  reservedTagFaultText,
  sizeOrderFaultText,
  tooManyAlarmsFaultText,
} from "./errors.js";

import type { FleetProps } from "./fleet-props.js";
import { type Image, imageFaults } from "./image.js";
import { instanceTypeFaults } from "./instance-types.js";
import type { HookTimes } from "./lifecycle-hooks.js";
import type { FleetTarget } from "./load-balancer.js";
import { resolveScaling, type ScalingSettings, scalingFaults } from "./scaling.js";
import { userDataFaults } from "./user-data.js";

/** The props with every default in its place. */
export interface FleetSettings {
  readonly names: NameScope;
  readonly qualifier: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly instanceProfileName: string;
  readonly image: Image;
  readonly instanceTypes: readonly string[];
  readonly userData: string;
  readonly rootDeviceName: string;
  readonly rootVolumeGiB: number;
  readonly dataVolumeGiB: number;
  readonly volumeKmsKeyArn: string | undefined;
  readonly keyName: string | undefined;
  readonly minSize: number;
  readonly desiredSize: number;
  readonly maxSize: number;
  readonly scaling: ScalingSettings;
  readonly colour: Colour | undefined;
  readonly target: FleetTarget | undefined;
  readonly healthCheckGraceSeconds: number;
  readonly warmupSeconds: number;
  readonly hooks: HookTimes;
  readonly maxInstanceLifetimeDays: number;
  readonly maxHealthyPercent: number;
  readonly refreshAlarmNames: readonly string[];
}

const MOST_HOSTS = 1000;
const LARGEST_GIB = 16_384;
const LONGEST_HOOK_SECONDS = 7200;
const MOST_REFRESH_ALARMS = 10;

export function resolveFleet(props: FleetProps): FleetSettings {
  const minSize = props.minSize ?? 2;
  const maxSize = props.maxSize ?? 10;
  return {
    names: props.names,
    qualifier: props.qualifier,
    tags: props.tags,
    subnetIds: props.subnetIds,
    securityGroupIds: props.securityGroupIds,
    instanceProfileName: props.instanceProfileName,
    image: props.image,
    instanceTypes: props.instanceTypes ?? ["t3.medium"],
    userData: props.userData,
    rootDeviceName: props.rootDeviceName ?? "/dev/xvda",
    rootVolumeGiB: props.rootVolumeGiB ?? 30,
    dataVolumeGiB: props.dataVolumeGiB ?? 100,
    volumeKmsKeyArn: props.volumeKmsKeyArn,
    keyName: props.keyName,
    minSize,
    desiredSize: props.desiredSize ?? Math.min(Math.max(3, minSize), maxSize),
    maxSize,
    scaling: resolveScaling(props.scaling, props.target !== undefined),
    colour: props.colour,
    target: props.target,
    healthCheckGraceSeconds: props.healthCheckGraceSeconds ?? 600,
    warmupSeconds: props.warmupSeconds ?? 300,
    hooks: {
      launchSeconds: props.launchHookSeconds ?? 900,
      terminateSeconds: props.terminateHookSeconds ?? 900,
    },
    maxInstanceLifetimeDays: props.maxInstanceLifetimeDays ?? 30,
    maxHealthyPercent: props.maxHealthyPercent ?? roomForOneMore(minSize),
    refreshAlarmNames: props.refreshAlarmNames ?? props.target?.alarmNames ?? [],
  };
}

/** Everything that is wrong with the settings. */
export function fleetFaults(settings: FleetSettings): string[] {
  return [
    ...placementFaults(settings),
    ...instanceTypeFaults(settings.instanceTypes),
    ...imageFaults(settings.image, settings.instanceTypes),
    ...userDataFaults(settings.userData),
    ...volumeFaults(settings),
    ...sizeFaults(settings),
    ...timeFaults(settings),
    ...colourFaults(settings),
    ...rangeFaults("maxHealthyPercent", settings.maxHealthyPercent, 110, 200),
    ...(settings.refreshAlarmNames.length > MOST_REFRESH_ALARMS
      ? [tooManyAlarmsFaultText(settings.refreshAlarmNames.length, MOST_REFRESH_ALARMS)]
      : []),
  ];
}

/** A fleet at its smallest needs so many percent to start one host before the old one goes. */
function roomForOneMore(minSize: number): number {
  if (!(minSize > 0)) return 200;
  return Math.min(200, Math.max(110, 100 + Math.ceil(100 / minSize)));
}

function placementFaults({ subnetIds, securityGroupIds, tags }: FleetSettings): string[] {
  const reserved = Object.keys(resourceTags("", { tier: "backend", dataClassification: "sensitive" }));
  return [
    ...(Object.keys(tags).length === 0 ? [noneFaultText("tags", "tag; hosts would have none")] : []),
    ...Object.keys(tags)
      .filter((key) => reserved.includes(key))
      .map(reservedTagFaultText),
    ...(subnetIds.length === 0 ? [noneFaultText("subnetIds", "private subnet")] : []),
    ...(securityGroupIds.length === 0
      ? [noneFaultText("securityGroupIds", "group; AWS would take the VPC's own")]
      : []),
  ];
}

function volumeFaults({ rootDeviceName, rootVolumeGiB, dataVolumeGiB }: FleetSettings): string[] {
  return [
    ...(/^\/dev\/[a-z0-9]+$/.test(rootDeviceName) ? [] : [deviceNameFaultText(rootDeviceName)]),
    ...rangeFaults("rootVolumeGiB", rootVolumeGiB, 8, LARGEST_GIB),
    ...rangeFaults("dataVolumeGiB", dataVolumeGiB, 1, LARGEST_GIB),
  ];
}

function sizeFaults(settings: FleetSettings): string[] {
  const { minSize, desiredSize, maxSize, target } = settings;
  const ranges = [
    ...rangeFaults("minSize", minSize, 0, MOST_HOSTS),
    ...rangeFaults("desiredSize", desiredSize, 0, MOST_HOSTS),
    ...rangeFaults("maxSize", maxSize, 1, MOST_HOSTS),
  ];
  if (ranges.length > 0) return ranges;
  if (minSize > maxSize) return [sizeOrderFaultText(minSize, maxSize)];
  return [
    ...(desiredSize < minSize || desiredSize > maxSize
      ? [desiredSizeFaultText(desiredSize, minSize, maxSize)]
      : []),
    ...scalingFaults(settings.scaling, { minSize, maxSize, behindLoadBalancer: target !== undefined }),
  ];
}

function colourFaults({ colour, target }: FleetSettings): string[] {
  if (colour === undefined) return [];
  const unknown = oneOfFaults("colour", colour, colours);
  return [...unknown, ...(target === undefined ? [colourWithoutTargetFaultText(colour)] : [])];
}

function timeFaults({ hooks, ...settings }: FleetSettings): string[] {
  return [
    ...rangeFaults("healthCheckGraceSeconds", settings.healthCheckGraceSeconds, 0, 7200),
    ...rangeFaults("warmupSeconds", settings.warmupSeconds, 0, 3600),
    ...rangeFaults("launchHookSeconds", hooks.launchSeconds, 30, LONGEST_HOOK_SECONDS),
    ...rangeFaults("terminateHookSeconds", hooks.terminateSeconds, 30, LONGEST_HOOK_SECONDS),
    ...rangeFaults("maxInstanceLifetimeDays", settings.maxInstanceLifetimeDays, 0, 365),
  ];
}
