/**
 * A fault that the operator can do something about. Its message says what is wrong, where, what was
 * found, what is allowed and what to do; it is printed without a stack trace.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** The operator stopped the run; everything it had started is ended by then. */
export class Interrupted extends UserError {
  override readonly name: string = "Interrupted";

  constructor(readonly by: NodeJS.Signals) {
    super(`Stopped by ${by}.`);
  }
}

/**
 * Faults of other parts that are written for the operator as well. By name, because importing all
 * parts would slow down every command.
 */
const USER_FAULTS = new Set([
  "UserError",
  "Interrupted",
  "ConfigError",
  "NoEnvironmentsError",
  "UnknownEnvironmentError",
  "ProviderStartError",
  "ProviderDiedError",
]);

/** Whether the message is meant for the operator, and so is printed alone. */
export function isUserFault(error: unknown): error is Error {
  return error instanceof Error && USER_FAULTS.has(error.name);
}
