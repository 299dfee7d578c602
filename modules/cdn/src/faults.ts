import { Token } from "cdktf";
import { domainFaultText, tokenFaultText } from "./errors.js";

const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** A name has to be compared with others, so a token is refused. */
export function domainFaults(prop: string, found: string): string[] {
  if (Token.isUnresolved(found)) return [tokenFaultText(prop)];
  return DOMAIN.test(found) ? [] : [domainFaultText(prop, found)];
}

/** Whether a certificate with these names is good for a host: by name, or by a wildcard for its first label. */
export function isCovered(host: string, certificate: readonly string[]): boolean {
  const parent = host.slice(host.indexOf("."));
  return certificate.some((name) => name === host || name === `*${parent}`);
}

/** Whether a name is the zone's own or lies below it. */
export function isInZone(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
