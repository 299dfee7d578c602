import { type Box, cut, type Region } from "./ranges.js";

/** One line of an ordered list (a NACL, a route table). `certain: false`: it may or may not be there. */
export interface Entry {
  readonly regions: readonly Region[];
  readonly certain: boolean;
}

interface Match<E extends Entry> {
  readonly box: Box;
  /** The certain entry that decides, or undefined where the list ends without one. */
  readonly decided: E | undefined;
  /** Entries before it that would decide instead if they exist as read. */
  readonly maybe: readonly E[];
}

/**
 * First match wins, for a whole box of packets at once: the box is cut wherever an entry covers only
 * part of it, so that no packet is judged by a rule that does not match it.
 */
export function firstMatch<E extends Entry>(entries: readonly E[], box: Box): Match<E>[] {
  return walk(entries, 0, box, []);
}

function walk<E extends Entry>(
  entries: readonly E[],
  index: number,
  box: Box,
  maybe: readonly E[],
): Match<E>[] {
  const entry = entries[index];
  if (entry === undefined) return [{ box, decided: undefined, maybe }];
  const matches: Match<E>[] = [];
  let rest: Box[] = [box];
  for (const region of entry.regions) {
    const next: Box[] = [];
    for (const piece of rest) {
      const { inside, outside } = cut(piece, region);
      next.push(...outside);
      if (inside === undefined) continue;
      if (entry.certain) matches.push({ box: inside, decided: entry, maybe });
      else matches.push(...walk(entries, index + 1, inside, [...maybe, entry]));
    }
    rest = next;
  }
  for (const piece of rest) matches.push(...walk(entries, index + 1, piece, maybe));
  return matches;
}
