/** A question that can't be asked of these documents. */
export class QuestionError extends Error {
  override readonly name = "QuestionError";
}

export function noSuchThing(what: string, wanted: string, known: readonly string[]): QuestionError {
  const list = known.length === 0 ? `they hold no ${what}` : `they hold ${[...known].sort().join(", ")}`;
  return new QuestionError(`No ${what} of the documents is ${wanted}; ${list}.`);
}

export function severalThings(what: string, wanted: string, found: readonly string[]): QuestionError {
  return new QuestionError(
    `${wanted} is more than one ${what}: ${found.join(", ")}. Name one by its address, or by its construct path.`,
  );
}

export function badAddress(wanted: string, allowed: string): QuestionError {
  return new QuestionError(`"${wanted}" is not ${allowed}.`);
}

export function badQuestion(problem: string): QuestionError {
  return new QuestionError(problem);
}
