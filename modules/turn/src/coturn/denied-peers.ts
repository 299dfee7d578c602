import { turnSoftwareError } from "../software-errors.js";
import { networkFaults, networkRange } from "./peer-range.js";

/** Not of the internet (IANA's special-purpose registries), so never the address of somebody in a call. */
const specialRanges: readonly string[] = [
  "0.0.0.0/8", // this host: Linux takes it for loopback
  "10.0.0.0/8",
  "100.64.0.0/10", // carriers, and VPCs
  "127.0.0.0/8",
  "169.254.0.0/16", // the metadata service, DNS and time of EC2
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  "::1-::ffff:ffff", // loopback, and IPv4 in old clothes; coturn refuses :: by itself
  // IPv4 in others: without them an IPv4 line is evaded.
  "::ffff:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "2002::/16",
  "2001::/32",
  "100::/64",
  "2001:db8::/32",
  "fc00::/7", // the metadata service of EC2 too, fd00:ec2::254
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

/**
 * `denied-peer-ip` of a relay: whoever has a credential could else send to the VPC's hosts, to the metadata service and to
 * the node itself through it. The node's own address is allowed again when it is known, since two clients of one relay
 * meet there.
 *
 * @param vpcCidrs networks of the VPC, IPv4 and IPv6, whatever their range
 * @throws when one of them is no network
 */
export function deniedPeerRanges(vpcCidrs: readonly string[]): string[] {
  const faults = networkFaults("vpcCidrs", vpcCidrs);
  if (faults.length > 0) throw turnSoftwareError("deniedPeerRanges", faults);
  const ranges = [...specialRanges, ...vpcCidrs].map((range) => networkRange(range) ?? range);
  return [...new Set(ranges)];
}
