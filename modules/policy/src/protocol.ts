/** An IP protocol number, or every protocol. */
export type Protocol = number | "all";

export const ICMP = 1;
const TCP = 6;
const UDP = 17;

/** The names that EC2 and the Terraform provider accept besides numbers. */
const NUMBERS: Readonly<Record<string, Protocol>> = {
  all: "all",
  "-1": "all",
  icmp: ICMP,
  igmp: 2,
  ipv4: 4,
  tcp: TCP,
  udp: UDP,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  "ipv6-icmp": 58,
  ospf: 89,
  sctp: 132,
};

/** Reads `"tcp"`, `"6"`, `6`, `"-1"`, `"all"`; undefined when it is none of them. */
export function parseProtocol(value: string | number): Protocol | undefined {
  const text = String(value).toLowerCase();
  const named = NUMBERS[text];
  if (named !== undefined) return named;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  return number <= 255 ? number : undefined;
}

export function protocolText(protocol: number): string {
  if (protocol === TCP) return "tcp";
  if (protocol === UDP) return "udp";
  return protocol === ICMP ? "icmp" : `protocol ${protocol}`;
}

export function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP;
}
