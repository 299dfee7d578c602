import { faultsError } from "@telemedicina/core";
import { type AvailabilityZones, type AzLetter, zonesOf } from "./availability-zones.js";
import { block, contains, parseCidr } from "./cidr.js";
import { cidrFaultText, publicCidrFaultText } from "./errors.js";

/**
 * What a subnet is for:
 * - `public`: load balancer and NAT gateways, routed to the internet gateway
 * - `app`: application hosts and interface endpoints, out through NAT
 * - `data`: database and cache, no route out of the VPC at all
 * - `turn`: TURN hosts, routed to the internet gateway, kept apart because they relay strangers' packets
 */
export type SubnetTier = "public" | "app" | "data" | "turn";

export const subnetTiers: readonly SubnetTier[] = ["public", "app", "data", "turn"];

export interface PlannedSubnet {
  /** `public-use1-az1`: part of the subnet's Terraform address. */
  readonly key: string;
  readonly tier: SubnetTier;
  readonly letter: AzLetter;
  readonly zoneId: string;
  readonly cidr: string;
}

export interface SubnetPlan {
  readonly cidr: string;
  /** One network for each tier, so that a NACL rule names a tier by one CIDR. */
  readonly supernets: Readonly<Record<SubnetTier, string>>;
  readonly subnets: readonly PlannedSubnet[];
}

/**
 * Where a tier lies in the VPC: it is block number `index` of the VPC cut into 2^bits. What no line
 * names is free for later (in a /16: x.x.112.0 and up). Each tier has four slots: a, b, c, one kept free.
 */
const layout: Readonly<Record<SubnetTier, { readonly bits: number; readonly index: number }>> = {
  app: { bits: 2, index: 0 },
  public: { bits: 4, index: 4 },
  data: { bits: 4, index: 5 },
  turn: { bits: 4, index: 6 },
};

const SLOT_BITS = 2;
const slots: Readonly<Record<AzLetter, number>> = { a: 0, b: 1, c: 2 };

/** Largest VPC that AWS makes. */
const SHORTEST_PREFIX = 16;
/** Public subnets become /26 then, 59 addresses: a load balancer alone may take 8 to 100. */
const LONGEST_PREFIX = 20;

const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/**
 * The CIDR plan of a VPC. Pure: a subnet's CIDR follows from the VPC's CIDR, its tier and its letter
 * alone, so another zone never moves a subnet that is already there.
 *
 * @throws when `cidr` is not a private IPv4 network of /16 to /20
 */
export function subnetPlan(cidr: string, zones: AvailabilityZones): SubnetPlan {
  const faults = cidrFaults(cidr);
  if (faults.length > 0) throw faultsError("subnetPlan", faults);
  const supernets = {
    public: supernet(cidr, "public"),
    app: supernet(cidr, "app"),
    data: supernet(cidr, "data"),
    turn: supernet(cidr, "turn"),
  };
  const subnets = subnetTiers.flatMap((tier) =>
    zonesOf(zones).map(({ letter, id }) => ({
      key: `${tier}-${id}`,
      tier,
      letter,
      zoneId: id,
      cidr: block(supernets[tier], SLOT_BITS, slots[letter]),
    })),
  );
  return { cidr, supernets, subnets };
}

/** What is wrong with a VPC CIDR; empty when nothing is. */
export function cidrFaults(cidr: string): string[] {
  const network = parseCidr(cidr);
  if (network === undefined) return [cidrFaultText(cidr)];
  if (network.subnetMask < SHORTEST_PREFIX || network.subnetMask > LONGEST_PREFIX)
    return [cidrFaultText(cidr)];
  if (!privateNetworks.some((outer) => contains(outer, cidr)))
    return [publicCidrFaultText(cidr, privateNetworks)];
  return [];
}

function supernet(cidr: string, tier: SubnetTier): string {
  return block(cidr, layout[tier].bits, layout[tier].index);
}
