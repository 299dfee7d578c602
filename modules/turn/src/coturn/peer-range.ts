import { Address4, Address6 } from "ip-address";
import {
  backwardRangeFaultText,
  cidrRangeFaultText,
  endlessRangeFaultText,
  mixedRangeFaultText,
  networkFaultText,
  rangeFormatFaultText,
} from "../software-errors.js";

type Address = Address4 | Address6;

/** What is wrong with a range as coturn reads it: `address`, or `first-last`. Nothing if it is sound. */
export function peerRangeFaults(option: string, found: string): string[] {
  const range = networkRange(found);
  if (range !== undefined) return [cidrRangeFaultText(option, found, range)];
  const parts = found.split("-").map(parseAddress);
  const [first, last = first] = parts;
  if (parts.length > 2 || first === undefined || last === undefined || parts.includes(undefined)) {
    return [rangeFormatFaultText(option, found)];
  }
  if (isUnspecified(first) && (isSix(first) || parts.length === 1))
    return [endlessRangeFaultText(option, found)];
  if (isSix(first) !== isSix(last)) return [mixedRangeFaultText(option, found)];
  return first.bigInt() <= last.bigInt() ? [] : [backwardRangeFaultText(option, found)];
}

/** A network as coturn takes it: `10.0.0.0/8` → `10.0.0.0-10.255.255.255`. Undefined if it is none. */
export function networkRange(cidr: string): string | undefined {
  if (!/^[0-9a-f.:]+\/\d{1,3}$/i.test(cidr)) return undefined;
  const network = cidr.includes(":") ? six(cidr) : four(cidr);
  if (network === undefined) return undefined;
  const [start, end] = [network.startAddress(), network.endAddress()];
  return `${start.correctForm()}-${end.correctForm()}`;
}

/** What is wrong with networks that must be whole: `10.0.1.0/16` is none. */
export function networkFaults(prop: string, cidrs: readonly string[]): string[] {
  return cidrs.flatMap((cidr, index) => {
    const first = networkRange(cidr)?.split("-")[0];
    const written = parseAddress(cidr.split("/")[0] ?? "")?.correctForm();
    return first !== undefined && first === written ? [] : [networkFaultText(`${prop}[${index}]`, cidr)];
  });
}

export function parseAddress(text: string): Address | undefined {
  // Both classes take a prefix too, and 6 a zone.
  if (!/^[0-9a-f.:]+$/i.test(text)) return undefined;
  return text.includes(":") ? six(text) : four(text);
}

function four(text: string): Address4 | undefined {
  return Address4.isValid(text) ? new Address4(text) : undefined;
}

function six(text: string): Address6 | undefined {
  return Address6.isValid(text) ? new Address6(text) : undefined;
}

/** coturn compares families before addresses, and takes an unspecified end for none. */
function isUnspecified(address: Address): boolean {
  return address.bigInt() === 0n;
}

function isSix(address: Address): boolean {
  return address instanceof Address6;
}
