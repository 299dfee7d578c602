import { rangeFaultText, unknownFaultText } from "@telemedicina/core";
import { reasonFaultText } from "./errors.js";

/** What AWS lets stand in a tag. */
const REASON = /^[\p{L}\p{Nd} .:/=+\-@_]+$/u;
const REASON_MAX_LENGTH = 256;

export function range(prop: string, found: number, lowest: number, highest: number): string[] {
  const sound = Number.isInteger(found) && found >= lowest && found <= highest;
  return sound ? [] : [rangeFaultText(prop, found, lowest, highest)];
}

export function oneOf<Item extends string | number>(
  prop: string,
  found: Item,
  allowed: readonly Item[],
): string[] {
  return allowed.includes(found) ? [] : [unknownFaultText(prop, found, allowed)];
}

export function reasonFaults(prop: string, reason: string): string[] {
  const sound = reason.trim() !== "" && reason.length <= REASON_MAX_LENGTH && REASON.test(reason);
  return sound ? [] : [reasonFaultText(prop, reason, REASON_MAX_LENGTH)];
}
