/** Slots of the subnet plan. A letter is a position in the CIDR plan for ever, whatever zone stands behind it. */
export const azLetters = ["a", "b", "c"] as const;

export type AzLetter = (typeof azLetters)[number];

/** A value for each zone in use; `c` is missing where only two zones are used. */
export type ByAz<T> = Readonly<Partial<Record<AzLetter, T>>>;

/**
 * Zone ids (`use1-az1`), not zone names: names are shuffled for each account, ids are the same place
 * everywhere. Changing the id behind a letter replaces the subnets of that letter and all that is in them.
 */
export interface AvailabilityZones {
  readonly a: string;
  readonly b: string;
  /** Can be added later: it changes no address and no CIDR of the first two. */
  readonly c?: string | undefined;
}

export interface Zone {
  readonly letter: AzLetter;
  /** @example "use1-az1" */
  readonly id: string;
}

/** The zones in use, always in the order of their letters. */
export function zonesOf(zones: AvailabilityZones): readonly Zone[] {
  return azLetters.flatMap((letter) => {
    const id = zones[letter];
    return id === undefined ? [] : [{ letter, id }];
  });
}

const directions: Readonly<Record<string, string>> = {
  gov: "g",
  north: "n",
  south: "s",
  east: "e",
  west: "w",
  central: "c",
  northeast: "ne",
  northwest: "nw",
  southeast: "se",
  southwest: "sw",
};

/** How AWS starts the zone ids of a region: `us-east-1` → `use1-az`. Unknown parts stand as they are. */
export function zoneIdPrefix(region: string): string {
  const parts = region.split("-").map((part) => directions[part] ?? part);
  return `${parts.join("")}-az`;
}
