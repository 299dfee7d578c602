import { noneFaultText, oneOfFaults, rangeFaults } from "@telemedicina/core";
import {
  fixedSizeFaultText,
  flappingFaultText,
  orderFaultText,
  requestsWithoutTargetFaultText,
  zeroFleetFaultText,
} from "./errors.js";

/** What makes the fleet grow and shrink. */
export type Scaling = StepScaling | TargetTracking | QueueScaling | FixedSize;

/**
 * Rules of CPU and requests: one host more above the first figure for 5 minutes, two above the second for 3, one
 * fewer below the last for 15. Figures are means of the fleet.
 */
export interface StepScaling {
  readonly kind: "steps";
  /** @default 70 */
  readonly addAboveCpuPercent?: number | undefined;
  /** @default 90 */
  readonly addFastAboveCpuPercent?: number | undefined;
  /** @default 30 */
  readonly removeBelowCpuPercent?: number | undefined;
  /**
   * Requests a minute **to each host**, for 3 minutes. Of the whole fleet it would say nothing about a host.
   * @default 1000 behind a load balancer, none elsewhere
   */
  readonly addAboveRequestsPerMinute?: number | undefined;
}

/** AWS adds and removes hosts to keep the figures; it makes the alarms itself. Calmer than steps, and never at odds with itself. */
export interface TargetTracking {
  readonly kind: "targetTracking";
  /** @default 70 */
  readonly cpuPercent?: number | undefined;
  /** To each host. Adds hosts and never removes one: that is the CPU's. @default 1000 behind a load balancer, none elsewhere */
  readonly requestsPerMinute?: number | undefined;
}

/** For workers: by how many jobs wait. */
export interface QueueScaling {
  readonly kind: "queue";
  /** `Queue` of the metric `QueueDepth` in `Telemedicina/App`. */
  readonly queueName: string;
  /** Jobs; one host more above it for 3 minutes. @default 1000 */
  readonly addAboveQueueDepth?: number | undefined;
  /** Jobs; one host fewer below it for 15 minutes. @default a tenth of `addAboveQueueDepth` */
  readonly removeBelowQueueDepth?: number | undefined;
}

/** For what must be there so many times, such as the scheduler: `minSize` and `maxSize` are the same. */
export interface FixedSize {
  readonly kind: "fixed";
}

/** Scaling with every default in its place. */
export type ScalingSettings =
  | {
      readonly kind: "steps";
      readonly addAboveCpuPercent: number;
      readonly addFastAboveCpuPercent: number;
      readonly removeBelowCpuPercent: number;
      readonly addAboveRequestsPerMinute: number | undefined;
    }
  | {
      readonly kind: "targetTracking";
      readonly cpuPercent: number;
      readonly requestsPerMinute: number | undefined;
    }
  | {
      readonly kind: "queue";
      readonly queueName: string;
      readonly addAboveQueueDepth: number;
      readonly removeBelowQueueDepth: number;
    }
  | { readonly kind: "fixed" };

/** What the rules have to fit. */
export interface FleetSize {
  readonly minSize: number;
  readonly maxSize: number;
  readonly behindLoadBalancer: boolean;
}

const REQUESTS_PER_MINUTE = 1000;
const MOST_REQUESTS = 1_000_000;
const MOST_JOBS = 100_000_000;
const kinds: readonly Scaling["kind"][] = ["steps", "targetTracking", "queue", "fixed"];

export function resolveScaling(scaling: Scaling, behindLoadBalancer: boolean): ScalingSettings {
  const requests = behindLoadBalancer ? REQUESTS_PER_MINUTE : undefined;
  switch (scaling.kind) {
    case "steps":
      return {
        kind: "steps",
        addAboveCpuPercent: scaling.addAboveCpuPercent ?? 70,
        addFastAboveCpuPercent: scaling.addFastAboveCpuPercent ?? 90,
        removeBelowCpuPercent: scaling.removeBelowCpuPercent ?? 30,
        addAboveRequestsPerMinute: scaling.addAboveRequestsPerMinute ?? requests,
      };
    case "targetTracking":
      return {
        kind: "targetTracking",
        cpuPercent: scaling.cpuPercent ?? 70,
        requestsPerMinute: scaling.requestsPerMinute ?? requests,
      };
    case "queue":
      return resolveQueue(scaling);
    default:
      return scaling;
  }
}

function resolveQueue(scaling: QueueScaling): ScalingSettings {
  const addAboveQueueDepth = scaling.addAboveQueueDepth ?? 1000;
  return {
    kind: "queue",
    queueName: scaling.queueName,
    addAboveQueueDepth,
    removeBelowQueueDepth: scaling.removeBelowQueueDepth ?? Math.max(1, Math.floor(addAboveQueueDepth / 10)),
  };
}

export function scalingFaults(scaling: ScalingSettings, size: FleetSize): string[] {
  switch (scaling.kind) {
    case "steps":
      return [
        ...stepFaults(scaling, size),
        ...requestFaults("addAboveRequestsPerMinute", scaling.addAboveRequestsPerMinute, size),
      ];
    case "targetTracking":
      return [
        ...rangeFaults("scaling.cpuPercent", scaling.cpuPercent, 10, 90),
        ...zeroFaults(scaling.kind, size),
        ...requestFaults("requestsPerMinute", scaling.requestsPerMinute, size),
      ];
    case "queue":
      return queueFaults(scaling);
    case "fixed":
      return size.minSize === size.maxSize ? [] : [fixedSizeFaultText(size.minSize, size.maxSize)];
    default:
      return oneOfFaults("scaling.kind", (scaling as { readonly kind: string }).kind, kinds);
  }
}

function stepFaults(scaling: Extract<ScalingSettings, { kind: "steps" }>, size: FleetSize): string[] {
  const { addAboveCpuPercent: add, addFastAboveCpuPercent: fast, removeBelowCpuPercent: remove } = scaling;
  const ranges = [
    ...rangeFaults("scaling.addAboveCpuPercent", add, 1, 99),
    ...rangeFaults("scaling.addFastAboveCpuPercent", fast, 1, 99),
    ...rangeFaults("scaling.removeBelowCpuPercent", remove, 1, 99),
    ...zeroFaults(scaling.kind, size),
  ];
  if (ranges.length > 0) return ranges;
  return [
    ...(fast > add ? [] : [orderFaultText("addFastAboveCpuPercent", fast, "addAboveCpuPercent", add)]),
    ...(add > remove
      ? flappingFaults(add, remove, size)
      : [orderFaultText("addAboveCpuPercent", add, "removeBelowCpuPercent", remove)]),
  ];
}

/** The hosts that stay take over the load of the one that goes: where that is enough to add one, it never ends. */
function flappingFaults(add: number, remove: number, { minSize, maxSize }: FleetSize): string[] {
  if (minSize >= maxSize) return [];
  const after = (remove * (minSize + 1)) / minSize;
  return after < add ? [] : [flappingFaultText(remove, add, minSize, Math.round(after))];
}

/** No host, no CPU: nothing would ever add the first one. */
function zeroFaults(kind: string, { minSize }: FleetSize): string[] {
  return minSize === 0 ? [zeroFleetFaultText(kind)] : [];
}

function requestFaults(
  prop: string,
  requests: number | undefined,
  { behindLoadBalancer }: FleetSize,
): string[] {
  if (requests === undefined) return [];
  if (!behindLoadBalancer) return [requestsWithoutTargetFaultText(prop)];
  return rangeFaults(`scaling.${prop}`, requests, 1, MOST_REQUESTS);
}

function queueFaults(scaling: Extract<ScalingSettings, { kind: "queue" }>): string[] {
  const { queueName, addAboveQueueDepth: add, removeBelowQueueDepth: remove } = scaling;
  return [
    ...(queueName === "" ? [noneFaultText("scaling.queueName", "character")] : []),
    ...rangeFaults("scaling.addAboveQueueDepth", add, 1, MOST_JOBS),
    ...rangeFaults("scaling.removeBelowQueueDepth", remove, 1, MOST_JOBS),
    ...(add >= remove ? [] : [orderFaultText("addAboveQueueDepth", add, "removeBelowQueueDepth", remove)]),
  ];
}
