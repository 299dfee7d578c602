import { turnSoftwareError, unknownInstanceTypeFaultText } from "./software-errors.js";

/** What a relay on an instance type carries. */
export interface TurnCapacity {
  /** What EC2 keeps up without network credits, out and in each: `BaselineBandwidthInGbps`. */
  readonly networkGbpsBaseline: number;
  /** Mbit/s out that the node is planned for: 80 % of the baseline, or what its processors relay if that is less. */
  readonly relayMbps: number;
  /** Relayed video calls at once within `relayMbps`. */
  readonly calls: number;
  /** `total-quota`: allocations at once, of which most are held and not used. */
  readonly allocations: number;
}

/** Above it the bandwidth alarm rings: network credits would hide the rest until they are used up. */
const USABLE_SHARE = 0.8;
/**
 * What a vCPU relays, Mbit/s out: 800 were measured with packets of 1,000 bytes over loopback (docs/turn.md). The rest is
 * for network cards, TLS, smaller packets and neighbours.
 */
const MBPS_PER_VCPU = 300;
/** Two people in 720p through one allocation: 1.5 Mbit/s each way, and what comes in goes out. */
const MBPS_PER_CALL = 3;
/** Before a call a browser allocates at every URL; both of its ends do, and a reconnection does it again. */
const ALLOCATIONS_PER_CALL = 12;
/** Relayed ports: 49152 to 65535. */
const MOST_ALLOCATIONS = 16_000;

/** vCPUs and baseline, Gbit/s, of amd64 types as EC2's DescribeInstanceTypes tells them. */
const instanceTypes: Readonly<Record<string, readonly [vcpus: number, baselineGbps: number]>> = {
  "t3.micro": [2, 0.064],
  "t3.small": [2, 0.128],
  "t3.medium": [2, 0.256],
  "t3.large": [2, 0.512],
  "t3.xlarge": [4, 1.024],
  "t3.2xlarge": [8, 2.048],
  "m6i.large": [2, 0.781],
  "m7i.large": [2, 0.781],
  "c5.large": [2, 0.75],
  "c6i.large": [2, 0.781],
  "c6i.xlarge": [4, 1.562],
  "c6i.2xlarge": [8, 3.125],
  "c7i.large": [2, 0.781],
  "c7i.xlarge": [4, 1.562],
  "c7i.2xlarge": [8, 3.125],
  "c6in.large": [2, 3.125],
  "c6in.xlarge": [4, 6.25],
};

/** By instance type, with all that sizing, quotas and the bandwidth alarm are derived from. */
export const turnCapacity: Readonly<Record<string, TurnCapacity>> = Object.fromEntries(
  Object.entries(instanceTypes).map(([type, [vcpus, baseline]]) => [type, capacity(vcpus, baseline)]),
);

/** @throws with a message that names the known types, when this one is not among them */
export function turnCapacityOf(instanceType: string): TurnCapacity {
  const found = Object.hasOwn(turnCapacity, instanceType) ? turnCapacity[instanceType] : undefined;
  if (found !== undefined) return found;
  throw turnSoftwareError("turnCapacityOf", [
    unknownInstanceTypeFaultText(instanceType, Object.keys(turnCapacity)),
  ]);
}

function capacity(vcpus: number, baseline: number): TurnCapacity {
  const relayMbps = Math.floor(Math.min(baseline * 1000 * USABLE_SHARE, vcpus * MBPS_PER_VCPU));
  const calls = Math.floor(relayMbps / MBPS_PER_CALL);
  return {
    networkGbpsBaseline: baseline,
    relayMbps,
    calls,
    allocations: Math.min(calls * ALLOCATIONS_PER_CALL, MOST_ALLOCATIONS),
  };
}
