import type { Place } from "./model.js";

/** Every rule, by id, with the good state that it asks for. */
export const rules = {
  "readable-policies": "The text of every policy can be read from the file.",
  "well-formed": "Statements have the form that AWS takes, and a Sid of their own.",
  "known-actions": "Every action exists, and every pattern of actions means at least one.",
  "named-actions": "What is allowed is a list of actions, never all of a service or of AWS.",
  "named-resources":
    "What is allowed to an identity is limited to named resources wherever AWS can limit it.",
  "fitting-resources":
    "Every action can act on one of the statement's resources, and every resource is of use.",
  "known-conditions": "Condition operators exist, and requests of the actions carry the condition keys.",
  "no-negations": "Nothing is allowed by what it is not.",
  "named-principals": "What a resource allows, it allows to somebody named.",
  "bound-services": "An AWS service that acts for its customers does so for this account alone.",
  "trusted-parties": "Roles are taken by AWS services and identity providers, not by accounts and users.",
  "exact-subjects": "An identity provider's tokens are taken for one audience and for exact subjects.",
  "own-policies": "What a role may do is written in these documents.",
  "used-exceptions": "Every exception has a reason and is needed.",
} as const;

export type RuleId = keyof typeof rules;

/** What a rule has to say against a statement. */
export interface Fault {
  /** `unknown` fails as well: what can't be read proves nothing. */
  readonly verdict: "fail" | "unknown";
  readonly action?: string;
  /** What is wrong, in whole sentences. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** A departure from a rule that is right as it is. */
export interface PolicyException {
  /** Address of the resource that carries the policy; `*` stands for any characters. */
  readonly address: string;
  /** Sid of the statement; the name of the policy for `own-policies`. */
  readonly sid: string;
  readonly rule: RuleId;
  /** The one action that it is for. @default - whatever the rule has against the statement */
  readonly action?: string;
  /** Why it has to be so, for whoever audits. */
  readonly reason: string;
}

/** One rule over one statement. */
export interface PermissionFinding extends Partial<Omit<Place, "address">> {
  readonly rule: RuleId;
  readonly verdict: "pass" | "fail" | "unknown";
  readonly address: string;
  readonly sid: string;
  /** The action at fault, where it is one of several. */
  readonly action?: string;
  /** What is wrong; of a pass, what the rule asks for. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** The exception without which this would not pass. */
  readonly exception?: PolicyException;
}
