import type { Condition, ManagedGroupStatement, RateStatement } from "./statement.js";

/** What a blocked client is told. @default - 403 without words */
export interface BlockResponse {
  readonly status: number;
  /** Key of one of the web ACL's bodies. */
  readonly bodyKey?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Block {
  readonly kind: "block";
  readonly response?: BlockResponse | undefined;
}

/** Blocks what matches, lets it pass at once past every later rule, or only counts and labels it. */
export type RuleAction = Block | { readonly kind: "allow" } | { readonly kind: "count" };

interface Named {
  /** Also the name of the rule's metric: letters, digits, `-` and `_`. */
  readonly name: string;
  /** What later rules and the log know a match by. */
  readonly labels?: readonly string[] | undefined;
}

export interface MatchRule extends Named {
  readonly statement: Condition;
  readonly action: RuleAction;
}

/** WAF has no `allow` here: letting whoever asks too often pass makes no sense. */
export interface RateRule extends Named {
  readonly statement: RateStatement;
  readonly action: Exclude<RuleAction, { readonly kind: "allow" }>;
}

/** The rules of the group have their own actions: they stand, or all of them only count. */
export interface GroupRule {
  readonly name: string;
  readonly statement: ManagedGroupStatement;
  readonly mode: "block" | "count";
}

export type Rule = MatchRule | RateRule | GroupRule;

/** WAF asks the rules in the order of their priority, the lowest first; each has its own. */
export interface PlacedRule {
  readonly priority: number;
  readonly rule: Rule;
}

export function isGroupRule(rule: Rule): rule is GroupRule {
  return rule.statement.kind === "managedGroup";
}
