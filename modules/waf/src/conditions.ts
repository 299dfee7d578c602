import type { ClientAddress } from "./client-address.js";
import { labelOf, type ManagedRule } from "./managed-groups.js";
import { type Some, some } from "./some.js";
import type { Condition1, Match } from "./statement.js";

export function methodIs(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"): Match {
  return {
    kind: "byteMatch",
    search: method,
    position: "EXACTLY",
    field: { part: "method" },
    transformations: ["NONE"],
  };
}

export function countryIn(countries: Some<string>, address: ClientAddress): Match {
  return { kind: "geoMatch", countries, address };
}

/** In one of the sets: IPv4 and IPv6 cannot share one. */
export function addressIn(arns: Some<string>, address: ClientAddress): Condition1 {
  const [first, second, ...rest] = some(arns.map((arn): Match => ({ kind: "ipSet", arn, address })));
  return second === undefined ? first : { kind: "or", statements: [first, second, ...rest] };
}

/** Whether an earlier managed group found something by this rule, blocking or not. */
export function labelledBy(rule: ManagedRule): Match {
  return { kind: "labelMatch", look: "LABEL", key: labelOf(rule) };
}

export function not<Inner>(statement: Inner): { readonly kind: "not"; readonly statement: Inner } {
  return { kind: "not", statement };
}

export function and<First, Second>(
  first: First,
  second: Second,
): { readonly kind: "and"; readonly statements: readonly [First | Second, First | Second] } {
  return { kind: "and", statements: [first, second] };
}
