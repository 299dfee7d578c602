import { isIP } from "node:net";

/** Networks by family: WAF's sets hold one each. */
export const families = ["ipv4", "ipv6"] as const;
export type Family = (typeof families)[number];

export function familyOf(cidr: string): Family {
  return cidr.includes(":") ? "ipv6" : "ipv4";
}

/** Whether it is a network as WAF takes it: any prefix but /0, and no bits beyond it. */
export function isNetwork(cidr: string): boolean {
  const [address = "", prefix = "", ...rest] = cidr.split("/");
  // A zone, as in fe80::1%eth0, means something on one machine only.
  const family = address.includes("%") ? 0 : isIP(address);
  const width = family === 6 ? 128 : 32;
  if (family === 0 || rest.length > 0 || !/^[1-9][0-9]{0,2}$/.test(prefix) || Number(prefix) > width)
    return false;
  return bits(address, family)
    .slice(Number(prefix))
    .every((bit) => bit === "0");
}

function bits(address: string, family: number): string[] {
  const numbers = family === 4 ? address.split(".").map(Number) : hextets(address);
  return [...numbers.map((number) => number.toString(2).padStart(family === 4 ? 8 : 16, "0")).join("")];
}

function hextets(address: string): number[] {
  // A literal of a URL is always in the short form of RFC 5952, without dots.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const front = words(head);
  if (tail === undefined) return front;
  const back = words(tail);
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}

function words(text: string): number[] {
  return text === "" ? [] : text.split(":").map((word) => Number.parseInt(word, 16));
}
