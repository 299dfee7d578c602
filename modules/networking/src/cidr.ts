import { Address4 } from "ip-address";

/** An IPv4 network such as `10.0.0.0/16`; undefined unless written with its prefix and without host bits. */
export function parseCidr(text: string): Address4 | undefined {
  const network = networkOf(text);
  return network === text ? new Address4(text) : undefined;
}

/** The network a CIDR with host bits lies in: `10.0.5.1/16` → `10.0.0.0/16`. Undefined when it is no CIDR at all. */
export function networkOf(text: string): string | undefined {
  if (!/^[0-9.]+\/[0-9]+$/.test(text) || !Address4.isValid(text)) return undefined;
  return format(new Address4(text));
}

/** The block number `index` among the 2^bits equal blocks of a network. */
export function block(cidr: string, bits: number, index: number): string {
  const network = new Address4(cidr);
  const prefix = network.subnetMask + bits;
  const size = 2n ** BigInt(32 - prefix);
  const start = Address4.fromBigInt(network.startAddress().bigInt() + BigInt(index) * size);
  return `${start.correctForm()}/${prefix}`;
}

/** Whether every address of `inner` lies in `outer`. */
export function contains(outer: string, inner: string): boolean {
  return new Address4(inner).isInSubnet(new Address4(outer));
}

function format(network: Address4): string {
  return `${network.startAddress().correctForm()}/${network.subnetMask}`;
}
