import { hasPorts, ICMP, type Protocol } from "../protocol.js";
import { ALL_PORTS, type Range } from "../ranges.js";
import type { Block } from "../terraform/document.js";
import type { Resolved } from "./model.js";
import type { Fields, Reading } from "./reading.js";

interface PortAttributes {
  readonly from: string;
  readonly to: string;
  readonly icmpType: string;
  readonly icmpCode: string;
}

/** Security groups write the ICMP type and code into the port attributes. */
export const GROUP_PORTS: PortAttributes = {
  from: "from_port",
  to: "to_port",
  icmpType: "from_port",
  icmpCode: "to_port",
};
export const ACL_PORTS: PortAttributes = {
  from: "from_port",
  to: "to_port",
  icmpType: "icmp_type",
  icmpCode: "icmp_code",
};

/** AWS heeds ports for TCP and UDP and types for ICMP; for every other protocol the rule means all of it. */
export function readPorts(
  reading: Reading,
  block: Block,
  fields: Fields,
  protocol: Protocol,
  names: PortAttributes,
): Resolved<Range> {
  if (protocol === "all" || (protocol !== ICMP && !hasPorts(protocol))) return { ok: true, value: ALL_PORTS };
  const isIcmp = protocol === ICMP;
  const [first, last] = isIcmp ? [names.icmpType, names.icmpCode] : [names.from, names.to];
  const lo = reading.number(block, first, fields(first));
  const hi = reading.number(block, last, fields(last));
  if (!lo.ok) return lo;
  if (isIcmp && lo.value === -1) return { ok: true, value: ALL_PORTS };
  if (!hi.ok) return hi;
  const range = isIcmp ? icmpRange(lo.value, hi.value) : portRange(lo.value, hi.value);
  if (range !== undefined) return { ok: true, value: range };
  return reading.fails(
    block,
    isIcmp
      ? `${first} ${lo.value ?? "(not set)"} with ${last} ${hi.value ?? "(not set)"} is not an ICMP type and code: both are 0-255, and -1 means all`
      : `${first} ${lo.value ?? "(not set)"} with ${last} ${hi.value ?? "(not set)"} is not a port range: both are 0-65535, the lower one first`,
  );
}

export function icmpRange(type: number | undefined, code: number | undefined): Range | undefined {
  if (type === undefined || type < 0 || type > 255) return undefined;
  if (code === -1) return { lo: type * 256, hi: type * 256 + 255 };
  if (code === undefined || code < 0 || code > 255) return undefined;
  return { lo: type * 256 + code, hi: type * 256 + code };
}

function portRange(lo: number | undefined, hi: number | undefined): Range | undefined {
  if (lo === undefined || hi === undefined || lo < 0 || hi > 65_535 || lo > hi) return undefined;
  return { lo, hi };
}
