import type { Catalog } from "../catalog.js";
import type { Fault, RuleId } from "../finding.js";
import type { Policy, Statement } from "../model.js";

/** A statement and what is needed to judge it. */
export interface Subject {
  readonly policy: Policy;
  readonly statement: Statement;
  readonly catalog: Catalog;
}

export interface Rule {
  readonly id: RuleId;
  /** Whether the rule has anything to say about statements like this one. */
  readonly applies: (policy: Policy, statement: Statement) => boolean;
  /** Nothing when the statement is as it should be. */
  readonly judge: (subject: Subject) => readonly Fault[];
}
