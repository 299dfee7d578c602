import { nearest } from "./suggest.js";

/** Nobody is ever given a default environment: a missing or misspelt name ends here. */
export class UnknownEnvironmentError extends Error {
  override readonly name = "UnknownEnvironmentError";

  constructor(
    readonly environment: string,
    readonly known: readonly string[],
    directory: string,
  ) {
    const meant = nearest(environment, known);
    super(
      [
        `There is no environment "${environment}" in ${directory}; allowed: ${known.join(", ")}.`,
        meant === undefined ? "Write one of these names." : `Did you mean ${meant}?`,
      ].join("\n"),
    );
  }
}

export class NoEnvironmentsError extends Error {
  override readonly name = "NoEnvironmentsError";

  constructor(directory: string) {
    super(
      `There is no environment file in ${directory}; expected: files such as production.yaml.\nRun the command from the project's root, or name the right directory.`,
    );
  }
}
