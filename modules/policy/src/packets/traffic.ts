import { badQuestion } from "../errors.js";
import type { Direction } from "../network/model.js";
import { icmpRange } from "../network/ports.js";
import { hasPorts, ICMP, parseProtocol, protocolText } from "../protocol.js";
import { ALL_PORTS, addressText, type Range } from "../ranges.js";

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export interface TrafficProps {
  /** `tcp`, `udp`, `icmp`, or a protocol number as a number or a string. */
  readonly protocol: string | number;
  /** The destination port. Needed for tcp and udp, unless `portRange` is given. */
  readonly port?: number;
  /** Every one of these destination ports must pass. */
  readonly portRange?: PortRange;
  /** ICMP type and code, such as 3 and 4 for "fragmentation needed". @default every type; every code of a type */
  readonly icmp?: { readonly type: number; readonly code?: number };
  /**
   * The ports that the client may choose for itself: replies must pass to every one of them.
   * @default 1024-65535, what load balancers, NAT gateways and clients on the internet use
   */
  readonly clientPorts?: PortRange;
  /**
   * The packet belongs to a connection that the security groups already track, so that only NACLs and routes
   * decide. ICMP errors about a connection (type 3 code 4) are such packets. @default false
   */
  readonly established?: boolean;
}

export interface Traffic {
  readonly protocol: number;
  readonly ports: Range;
  /** Destination ports of the reply; undefined when the packet has none. */
  readonly replyPorts: Range | undefined;
  readonly established: boolean;
}

export const EPHEMERAL: PortRange = { from: 1024, to: 65_535 };
/** ICMP requests and the replies that answer them. */
const ICMP_REPLIES: ReadonlyMap<number, number> = new Map([
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
]);

export function readTraffic(props: TrafficProps): Traffic {
  const protocol = parseProtocol(props.protocol);
  if (protocol === undefined || protocol === "all")
    throw badQuestion(
      `"${props.protocol}" is not one protocol; ask about tcp, udp, icmp or a protocol number, each by itself.`,
    );
  const established = props.established ?? false;
  if (hasPorts(protocol)) {
    const ports = portsOf(props);
    if (props.icmp !== undefined)
      throw badQuestion("icmp is for protocol icmp; tcp and udp take port or portRange.");
    return { protocol, ports, replyPorts: range("clientPorts", props.clientPorts ?? EPHEMERAL), established };
  }
  if (props.port !== undefined || props.portRange !== undefined)
    throw badQuestion(`${protocolText(protocol)} has no ports; leave out port and portRange.`);
  if (protocol !== ICMP) return { protocol, ports: ALL_PORTS, replyPorts: ALL_PORTS, established };
  const { icmp } = props;
  if (icmp === undefined) return { protocol, ports: ALL_PORTS, replyPorts: ALL_PORTS, established };
  const ports = icmpRange(icmp.type, icmp.code ?? -1);
  if (ports === undefined)
    throw badQuestion(`icmp type ${icmp.type} code ${icmp.code ?? -1} is not a type and code from 0 to 255.`);
  const answer = ICMP_REPLIES.get(icmp.type);
  const replyPorts = answer === undefined ? undefined : icmpRange(answer, 0);
  return { protocol, ports, replyPorts, established };
}

/** One packet as a reason names it: from the filtering side, its far end and its port. */
export function packetText(protocol: number, direction: Direction, far: number, port: number): string {
  const name = protocolText(protocol);
  const where = direction === "outbound" ? `to ${addressText(far)}` : `from ${addressText(far)}`;
  if (protocol === ICMP) return `${name} type ${port >> 8} code ${port & 255} ${where}`;
  if (!hasPorts(protocol)) return `${name} ${where}`;
  return direction === "outbound"
    ? `${name} ${addressText(far)}:${port}`
    : `${name} ${where} to port ${port}`;
}

function portsOf(props: TrafficProps): Range {
  if (props.portRange !== undefined && props.port === undefined) return range("portRange", props.portRange);
  if (props.port !== undefined && props.portRange === undefined)
    return range("port", { from: props.port, to: props.port });
  throw badQuestion("tcp and udp need either port or portRange.");
}

function range(name: string, { from, to }: PortRange): Range {
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to <= 65_535 && from <= to)
    return { lo: from, hi: to };
  throw badQuestion(`${name} ${from === to ? from : `${from}-${to}`} is not within 0-65535.`);
}
