import { Address4 } from "ip-address";
import { zoneLetters } from "../schema/common.js";
import { constrainedZones, zoneIdsByRegion } from "../schema/regions.js";
import type { Rule } from "./rule.js";

const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

export const vpcCidrPrivate: Rule = {
  id: "vpc-cidr-private",
  paths: ["network.cidr"],
  *check({ network }) {
    const block = new Address4(network.cidr);
    if (privateBlocks.some((each) => block.isInSubnet(new Address4(each)))) return;
    yield {
      path: "network.cidr",
      message: "not a private block, so its owner on the internet would become unreachable",
      allowed: `a block inside ${privateBlocks.join(", ")}`,
      fix: "Take a block of RFC 1918 that no other environment uses, for example 10.40.0.0/16.",
    };
  },
};

export const vpcCidrSize: Rule = {
  id: "vpc-cidr-size",
  paths: ["network.cidr"],
  *check({ network }) {
    const { subnetMask } = new Address4(network.cidr);
    if (subnetMask >= 16 && subnetMask <= 20) return;
    yield {
      path: "network.cidr",
      message: "a block of this size does not fit the subnet plan",
      allowed: "a prefix length from /16 to /20 (AWS takes /16 to /28; the plan's subnets need a /20)",
      fix: "Choose a prefix length in this range. AWS cannot resize it later, so take /16 unless addresses are scarce.",
    };
  },
};

export const vpcCidrCanonical: Rule = {
  id: "vpc-cidr-canonical",
  paths: ["network.cidr"],
  *check({ network }) {
    const canonical = networkOf(network.cidr);
    if (canonical === network.cidr) return;
    yield {
      path: "network.cidr",
      message: "the address has bits set beyond its prefix length",
      allowed: canonical,
      fix: `Write ${canonical}, or correct the prefix length.`,
    };
  },
};

export const vpcCidrDisjoint: Rule = {
  id: "vpc-cidr-disjoint",
  paths: ["name", "network.cidr"],
  *check({ network }, { earlier }) {
    for (const other of earlier) {
      if (!overlaps(network.cidr, other.config.network.cidr)) continue;
      yield {
        path: "network.cidr",
        message: `overlaps ${other.config.network.cidr} of ${other.config.name} (${other.place("network.cidr")})`,
        allowed: "a block that shares no address with another environment's",
        fix: "Change the environment that does not exist yet: a change replaces the VPC and all that is in it.",
        otherFile: other.file,
      };
    }
  },
};

export const adminCidrNotOpen: Rule = {
  id: "admin-cidr-not-open",
  paths: ["adminCidrs"],
  *check({ adminCidrs }) {
    for (const [index, cidr] of adminCidrs.entries()) {
      if (new Address4(cidr).subnetMask >= 8) continue;
      yield {
        path: `adminCidrs[${index}]`,
        message: "opens SSH to a large part of the internet",
        allowed: "the networks of your administrators, /8 or smaller, never 0.0.0.0/0",
        fix: "Write the office's or the VPN's own block, or remove the entry and use Session Manager.",
      };
    }
  },
};

export const adminCidrCanonical: Rule = {
  id: "admin-cidr-canonical",
  paths: ["adminCidrs"],
  *check({ adminCidrs }) {
    for (const [index, cidr] of adminCidrs.entries()) {
      const canonical = networkOf(cidr);
      if (canonical === cidr) continue;
      yield {
        path: `adminCidrs[${index}]`,
        message: "the address has bits set beyond its prefix length",
        allowed: canonical,
        fix: `Write ${canonical}, or /32 for a single address.`,
      };
    }
  },
};

export const azInRegion: Rule = {
  id: "az-in-region",
  paths: ["region", "network.availabilityZones"],
  *check({ region, network }) {
    const known: readonly string[] = zoneIdsByRegion[region];
    for (const letter of zoneLetters) {
      const zone = network.availabilityZones[letter];
      if (zone === undefined || known.includes(zone)) continue;
      yield {
        path: `network.availabilityZones.${letter}`,
        message: `not an availability zone of ${region}`,
        allowed: known.join(", "),
        fix: "Write a zone id of the region, or correct the region.",
      };
    }
  },
};

export const azSupported: Rule = {
  id: "az-supported",
  paths: ["region", "network.availabilityZones"],
  *check({ region, network }) {
    for (const letter of zoneLetters) {
      const zone = network.availabilityZones[letter];
      const reason = zone === undefined ? undefined : constrainedZones[zone];
      if (reason === undefined) continue;
      yield {
        path: `network.availabilityZones.${letter}`,
        message: reason,
        allowed: zoneIdsByRegion[region].filter((each) => constrainedZones[each] === undefined).join(", "),
        fix: "Take another zone of the region.",
      };
    }
  },
};

export const azDistinct: Rule = {
  id: "az-distinct",
  paths: ["network.availabilityZones"],
  *check({ network }) {
    const seen = new Map<string, string>();
    for (const letter of zoneLetters) {
      const zone = network.availabilityZones[letter];
      if (zone === undefined) continue;
      const first = seen.get(zone);
      seen.set(zone, first ?? letter);
      if (first === undefined) continue;
      yield {
        path: `network.availabilityZones.${letter}`,
        message: `the same zone as the letter ${first}, so that losing it would take both`,
        allowed: "a zone that no other letter has",
        fix: "Give each letter its own zone.",
      };
    }
  },
};

function networkOf(cidr: string): string {
  const block = new Address4(cidr);
  return `${block.startAddress().correctForm()}/${block.subnetMask}`;
}

function overlaps(one: string, other: string): boolean {
  const [first, second] = [new Address4(one), new Address4(other)];
  return first.isInSubnet(second) || second.isInSubnet(first);
}
