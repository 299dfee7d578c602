import fc from "fast-check";
import { textTransformations } from "../src/field.js";
import type {
  ClientAddress,
  Condition,
  Condition1,
  Field,
  Match,
  RateStatement,
  Rule,
  ScopeDown,
  Several,
  TextTransformations,
} from "../src/index.js";
import { type ManagedRule, managedGroupOrder, managedGroups } from "../src/managed-groups.js";

/** Statements of every kind, at every depth that the types have. */

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/);
const oversize = fc.constantFrom("CONTINUE", "MATCH", "NO_MATCH" as const);
const invalid = fc.constantFrom("MATCH", "NO_MATCH" as const);

const address: fc.Arbitrary<ClientAddress> = fc.oneof(
  fc.constant({ from: "connection" } as const),
  fc.record({ from: fc.constant("header" as const), name: word, invalid }),
);

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.constantFrom("uriPath", "queryString", "allQueryArguments", "method" as const).map((part) => ({ part })),
  fc.record({ part: fc.constantFrom("header", "queryArgument" as const), name: word }),
  fc.record({ part: fc.constant("body" as const), oversize }),
  fc.record({
    part: fc.constant("jsonBody" as const),
    look: fc.constantFrom("KEY", "VALUE", "ALL" as const),
    paths: fc.option(fc.constant(["/patient/name"] as const), { nil: undefined }),
    invalid: fc.constantFrom("MATCH", "NO_MATCH", "EVALUATE_AS_STRING" as const),
    oversize,
  }),
);

const transformations = fc.array(fc.constantFrom(...textTransformations), {
  minLength: 1,
  maxLength: 3,
}) as unknown as fc.Arbitrary<TextTransformations>;

const inspects = { field, transformations };
const arn = word.map((name) => `arn:aws:wafv2:sa-east-1:333333333333:regional/x/${name}/1`);

const match: fc.Arbitrary<Match> = fc.oneof(
  fc.record({
    kind: fc.constant("byteMatch" as const),
    search: word,
    position: fc.constantFrom("EXACTLY", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "CONTAINS_WORD" as const),
    ...inspects,
  }),
  fc.record({ kind: fc.constant("regexMatch" as const), pattern: word, ...inspects }),
  fc.record({ kind: fc.constant("regexPatternSet" as const), arn, ...inspects }),
  fc.record({
    kind: fc.constant("sizeConstraint" as const),
    comparison: fc.constantFrom("EQ", "NE", "LE", "LT", "GE", "GT" as const),
    bytes: fc.nat(65_536),
    ...inspects,
  }),
  fc.record({
    kind: fc.constant("sqliMatch" as const),
    sensitivity: fc.constantFrom("LOW", "HIGH" as const),
    ...inspects,
  }),
  fc.record({ kind: fc.constant("xssMatch" as const), ...inspects }),
  fc.record({
    kind: fc.constant("geoMatch" as const),
    countries: fc.constant(["BR", "PT"] as const),
    address,
  }),
  fc.record({ kind: fc.constant("ipSet" as const), arn, address }),
  fc.record({ kind: fc.constant("asnMatch" as const), numbers: fc.constant([64_496] as const), address }),
  fc.record({
    kind: fc.constant("labelMatch" as const),
    look: fc.constantFrom("LABEL", "NAMESPACE" as const),
    key: word,
  }),
);

function joined<Inner>(inner: fc.Arbitrary<Inner>) {
  const several = fc.array(inner, { minLength: 2, maxLength: 3 }) as unknown as fc.Arbitrary<Several<Inner>>;
  return fc.oneof(
    fc.record({ kind: fc.constant("and" as const), statements: several }),
    fc.record({ kind: fc.constant("or" as const), statements: several }),
    fc.record({ kind: fc.constant("not" as const), statement: inner }),
  );
}

const once: fc.Arbitrary<Condition1> = fc.oneof(match, joined(match));
const scopeDown: fc.Arbitrary<ScopeDown> = fc.oneof(once, joined(once));
export const condition: fc.Arbitrary<Condition> = fc.oneof(scopeDown, joined(scopeDown));

const rate: fc.Arbitrary<RateStatement> = fc.record({
  kind: fc.constant("rate" as const),
  limit: fc.integer({ min: 10, max: 2000 }),
  windowSeconds: fc.constantFrom(60, 120, 300, 600 as const),
  address,
  scope: fc.option(scopeDown, { nil: undefined }),
});

const managedGroup = fc.constantFrom(...managedGroupOrder).chain((group) =>
  fc.record({
    kind: fc.constant("managedGroup" as const),
    group: fc.constant(group),
    version: fc.option(fc.constant("Version_1.10"), { nil: undefined }),
    counted: fc.subarray(Object.keys(managedGroups[group].rules) as ManagedRule[]),
    scope: fc.option(scopeDown, { nil: undefined }),
  }),
);

const block = fc.record({
  kind: fc.constant("block" as const),
  response: fc.option(
    fc.record({
      status: fc.constant(429),
      bodyKey: fc.option(word, { nil: undefined }),
      headers: fc.dictionary(word, word, { maxKeys: 2 }),
    }),
    { nil: undefined },
  ),
});
const count = fc.constant({ kind: "count" } as const);
const labels = fc.option(fc.array(word, { maxLength: 2 }), { nil: undefined });

export const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({
    name: word,
    labels,
    action: fc.oneof(block, count, fc.constant({ kind: "allow" } as const)),
    statement: condition,
  }),
  fc.record({ name: word, labels, action: fc.oneof(block, count), statement: rate }),
  fc.record({ name: word, mode: fc.constantFrom("block", "count" as const), statement: managedGroup }),
);
