/** Why the name cannot be made, and what the caller should change. */
export function unresolvedNameError(part: string, value: string): Error {
  return new Error(
    `The ${part} of a name must be known at synth time, found the token "${value}". ` +
      "Names are part of the contract with operators: pass a literal, never an attribute of another resource.",
  );
}

export function nameCharactersError(type: string, part: string, value: string, allowed: string): Error {
  return new Error(
    `The ${part} "${value}" cannot stand in the name of a ${type}. Allowed: ${allowed}. Change the ${part}.`,
  );
}

export function unknownNameTypeError(type: string, known: readonly string[]): Error {
  return new Error(
    `No naming rule for "${type}". Known: ${known.join(", ")}. ` +
      "Add a line to modules/core/src/name-limits.ts with the limit and character set from the AWS documentation.",
  );
}

export function constructsOutsideStacksError(paths: readonly string[]): Error {
  return new Error(
    `These constructs stand outside a stack and would be left out without a word: ${paths.join(", ")}. ` +
      "Give each a TerraformStack as its scope.",
  );
}

export function userDataSizeError(path: string, found: number, allowed: number): Error {
  return new Error(
    `${path}: user data is ${found} bytes when compressed. Allowed: ${allowed}, for EC2 takes no more. ` +
      "Shorten what the host runs, or let it fetch a part from a bucket.",
  );
}
