import { Address4 } from "ip-address";

/** Whole numbers from `lo` to `hi`, both included: IPv4 addresses or ports. */
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/**
 * A set of packets: every client address with every server address with every port. The port is the
 * destination port of the packet under test; for ICMP it is `type * 256 + code`.
 */
export interface Box {
  readonly client: Range;
  readonly server: Range;
  readonly port: Range;
}

/** The part of a box that a rule speaks about; a side that it does not name is unlimited. */
export type Region = Partial<Box>;

export const ALL_PORTS: Range = { lo: 0, hi: 65_535 };
export const ALL_ADDRESSES: Range = { lo: 0, hi: 0xffff_ffff };

const SIDES = ["client", "server", "port"] as const;

function intersect(a: Range, b: Range): Range | undefined {
  const lo = Math.max(a.lo, b.lo);
  const hi = Math.min(a.hi, b.hi);
  return lo <= hi ? { lo, hi } : undefined;
}

export function subtract(from: readonly Range[], taken: Range): Range[] {
  return from.flatMap((range) => {
    const common = intersect(range, taken);
    if (common === undefined) return [range];
    const left = [];
    if (range.lo < common.lo) left.push({ lo: range.lo, hi: common.lo - 1 });
    if (common.hi < range.hi) left.push({ lo: common.hi + 1, hi: range.hi });
    return left;
  });
}

/** Cuts a box along a region: what lies inside, and the rest as boxes that do not overlap. */
export function cut(box: Box, region: Region): { readonly inside: Box | undefined; readonly outside: Box[] } {
  const outside: Box[] = [];
  let inside = box;
  for (const side of SIDES) {
    const limit = region[side];
    if (limit === undefined) continue;
    const common = intersect(inside[side], limit);
    if (common === undefined) return { inside: undefined, outside: [box] };
    outside.push(...subtract([inside[side]], common).map((range) => ({ ...inside, [side]: range })));
    inside = { ...inside, [side]: common };
  }
  return { inside, outside };
}

/** An IPv4 CIDR such as `10.0.0.0/16`; undefined when it is not one. Host bits are masked, as AWS does. */
export function parseCidr(text: string): Range | undefined {
  if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(text) || !Address4.isValid(text)) return undefined;
  const address = new Address4(text);
  return { lo: Number(address.startAddress().bigInt()), hi: Number(address.endAddress().bigInt()) };
}

/** An IPv4 address or CIDR. */
export function parseAddresses(text: string): Range | undefined {
  return parseCidr(text.includes("/") ? text : `${text}/32`);
}

export function addressText(address: number): string {
  return Address4.fromInteger(address).correctForm();
}

export function prefixLength(range: Range): number {
  return 32 - Math.round(Math.log2(range.hi - range.lo + 1));
}
