/**
 * What runs on the nodes. Valkey is what became of Redis when its licence changed: same protocol and
 * commands, 20 % cheaper. Redis to Valkey is done in place; the way back is a new store.
 *
 * Major and minor only: AWS chooses the patch. A lower version than the store has replaces it.
 */
export type Engine =
  | { readonly name: "valkey"; readonly version: `8.${number}` }
  | { readonly name: "redis"; readonly version: `7.${number}` };

export type EngineName = Engine["name"];

interface EngineFacts {
  readonly version: RegExp;
  /** Such as the error message shows it. */
  readonly example: string;
  readonly family: string;
}

export const engineFacts: Readonly<Record<EngineName, EngineFacts>> = {
  valkey: { version: /^8\.[0-9]+$/, example: "8.2", family: "valkey8" },
  redis: { version: /^7\.[0-9]+$/, example: "7.1", family: "redis7" },
};

/** Family of parameter groups that the engine takes. */
export function parameterGroupFamily(engine: Engine): string {
  return engineFacts[engine.name].family;
}
