import type { Field, TextTransformations } from "./field.js";
import { managedGroups } from "./managed-groups.js";
import type { PlacedRule } from "./rule.js";
import type { Condition, ManagedGroupStatement, Match, RateStatement } from "./statement.js";

/** Units that AWS gives a web ACL at most; 1500 are in the price. */
export const MOST_CAPACITY = 5000;

const TRANSFORMATION = 10;
const ALL_QUERY_ARGUMENTS = 10;

/**
 * Capacity units of the rules by AWS's published figures. AWS may count less, since it shares transformations between
 * rules, and never more.
 */
export function capacityOf(rules: readonly PlacedRule[]): number {
  return sum(rules.map(({ rule }) => statementCapacity(rule.statement)));
}

/** Figures: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-match.html */
export function statementCapacity(statement: Condition | RateStatement | ManagedGroupStatement): number {
  switch (statement.kind) {
    case "rate":
      return 2 + scopeCapacity(statement.scope);
    case "managedGroup":
      return managedGroups[statement.group].capacity + scopeCapacity(statement.scope);
    case "and":
    case "or":
      return sum(statement.statements.map(statementCapacity));
    case "not":
      return statementCapacity(statement.statement);
    default:
      return matchCapacity(statement);
  }
}

function scopeCapacity(scope: Condition | undefined): number {
  return scope === undefined ? 0 : statementCapacity(scope);
}

function matchCapacity(match: Match): number {
  switch (match.kind) {
    case "byteMatch":
      return inspected(match, match.position.startsWith("CONTAINS") ? 10 : 2);
    case "regexMatch":
      return inspected(match, 3);
    case "regexPatternSet":
      return inspected(match, 25);
    case "sizeConstraint":
      return inspected(match, 1);
    case "sqliMatch":
      return inspected(match, match.sensitivity === "HIGH" ? 30 : 20);
    case "xssMatch":
      return inspected(match, 40);
    case "geoMatch":
    case "ipSet":
    case "asnMatch":
    case "labelMatch":
      return 1;
  }
}

function inspected(
  { field, transformations }: { readonly field: Field; readonly transformations: TextTransformations },
  base: number,
): number {
  return (
    base * (field.part === "jsonBody" ? 2 : 1) +
    (field.part === "allQueryArguments" ? ALL_QUERY_ARGUMENTS : 0) +
    transformations.filter((each) => each !== "NONE").length * TRANSFORMATION
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
