import type { EnvironmentConfig } from "../schema/environment.js";

/** What a rule says about one key. The engine adds file, line, column and the value found. */
export interface RuleFault {
  /** The key at fault, for example `network.nat` or `adminCidrs[1]`. */
  readonly path: string;
  readonly message: string;
  readonly allowed: string;
  readonly fix: string;
  /** The other environment's file, where two contradict each other. */
  readonly otherFile?: string;
}

/** Another environment, checked before this one. */
export interface Neighbour {
  readonly config: EnvironmentConfig;
  readonly file: string;
  /** `file:line:column` of a key's value. */
  readonly place: (path: string) => string;
}

interface RuleContext {
  readonly file: string;
  /** The environments of the files before this one, so that each pair is compared once. */
  readonly earlier: readonly Neighbour[];
}

/** A statement about several keys, or about one key's meaning, that the schema cannot make. */
export interface Rule {
  readonly id: string;
  /**
   * Every key that `check` reads. A rule runs when all of them are valid, in a file that may have faults
   * elsewhere; of its neighbours it sees those in which they are valid too.
   */
  readonly paths: readonly string[];
  readonly check: (environment: EnvironmentConfig, context: RuleContext) => Iterable<RuleFault>;
}
