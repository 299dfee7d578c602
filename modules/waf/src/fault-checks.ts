import { rangeFaultText, unknownFaultText } from "@telemedicina/core";

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
