/** Everything that is wrong with the props of one construct, at once. */
export function faultsError(path: string, faults: readonly string[]): Error {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return new Error(`${path} has ${count}:\n${faults.map((fault) => `  - ${path}: ${fault}`).join("\n")}`);
}

/** @returns the fault, if the number is not whole or out of the range */
export function rangeFaults(prop: string, found: number, lowest: number, highest: number): string[] {
  const sound = Number.isInteger(found) && found >= lowest && found <= highest;
  return sound ? [] : [rangeFaultText(prop, found, lowest, highest)];
}

/** @returns the fault, if the value is not one of the allowed */
export function oneOfFaults(prop: string, found: string, allowed: readonly string[]): string[] {
  return allowed.includes(found) ? [] : [unknownFaultText(prop, found, allowed)];
}

export function rangeFaultText(prop: string, found: number, lowest: number, highest: number): string {
  return `${prop} is ${found}. Allowed: a whole number from ${lowest} to ${highest}.`;
}

export function unknownFaultText(
  prop: string,
  found: unknown,
  allowed: readonly (string | number)[],
): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: ${allowed.join(", ")}.`;
}

export function noneFaultText(prop: string, what: string): string {
  return `${prop} is empty. Allowed: at least one ${what}.`;
}
