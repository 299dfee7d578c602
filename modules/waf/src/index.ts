export { capacityOf, statementCapacity } from "./capacity.js";
export type { ClientAddress } from "./client-address.js";
export { addressIn, and, countryIn, labelledBy, methodIs, not } from "./conditions.js";
export type { Field, Oversize, TextTransformation, TextTransformations } from "./field.js";
export {
  blockingRules,
  labelOf,
  type ManagedGroup,
  type ManagedRule,
  managedGroups,
  managedRules,
} from "./managed-groups.js";
export { type PathPattern, pathIn } from "./path-pattern.js";
export type {
  BodyInspectionKiB,
  CapacityLimit,
  Countries,
  GroupProps,
  LogProps,
  ManagedRuleException,
  Mode,
  RateLimit,
  RateLimits,
  TooManyRequests,
  WebAclProps,
  WebAclScope,
} from "./props.js";
export type {
  Block,
  BlockResponse,
  GroupRule,
  MatchRule,
  PlacedRule,
  RateRule,
  Rule,
  RuleAction,
} from "./rule.js";
export { ruleJson } from "./rule-json.js";
export type { Some } from "./some.js";
export type {
  Condition,
  Condition1,
  EvaluationWindow,
  ManagedGroupStatement,
  Match,
  RateStatement,
  ScopeDown,
  Several,
} from "./statement.js";
export { type Json, statementJson } from "./statement-json.js";
export { WebAcl } from "./web-acl.js";
