/** The candidate that a typist most likely meant, or undefined when none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => isShortFor(word, candidate) || steps <= tolerance(word, candidate))
    .sort((one, other) => one.steps - other.steps);
  return ranked[0]?.candidate;
}

/** `prod` for `production`. */
function isShortFor(word: string, candidate: string): boolean {
  return word.length >= 3 && candidate.startsWith(word);
}

/** A third of the shorter word, but one slip in any word of two letters or more. */
function tolerance(word: string, candidate: string): number {
  const length = Math.min(word.length, candidate.length);
  return length < 2 ? 0 : Math.max(1, Math.floor(length / 3));
}

/** Levenshtein's distance with swapped neighbours as one step, because `singel` is the commonest kind of slip. */
function distance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        cell(row - 1, column) + 1,
        cell(row, column - 1) + 1,
        cell(row - 1, column - 1) + (same ? 0 : 1),
        swapped ? cell(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  }
  return cell(one.length, other.length);
}
