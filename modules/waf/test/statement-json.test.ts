import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl/index.js";
import { synthStack } from "@telemedicina/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Match, not, type Rule, ruleJson, statementJson } from "../src/index.js";
import { providerSchema, ruleFaults, statementFaults } from "./provider-schema.js";
import { condition, rule } from "./statements.js";
import { careless, type RuleJson } from "./support.js";

const path = { field: { part: "uriPath" }, transformations: ["NONE"] } as const;
const look: Match = { kind: "xssMatch", ...path };

describe("a statement's JSON", () => {
  it("SEC-10: has only names of the provider's schema, and all that it requires, in every rule that the types allow", () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), (rules) => {
        expect(written(rules).flatMap(ruleFaults)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps every statement that was given", () => {
    fc.assert(
      fc.property(condition, (given) => {
        const kinds = JSON.stringify(given).match(/"kind":/g)?.length;
        const statements = JSON.stringify(statementJson(given)).match(/"[a-z_]+_statement":/g)?.length;
        expect(statements).toBe(kinds);
      }),
    );
  });

  it.each<[string, Rule["statement"], unknown]>([
    [
      "a text in a header",
      {
        kind: "byteMatch",
        search: "curl",
        position: "STARTS_WITH",
        field: { part: "header", name: "User-Agent" },
        transformations: ["URL_DECODE", "LOWERCASE"],
      },
      {
        byte_match_statement: {
          search_string: "curl",
          positional_constraint: "STARTS_WITH",
          field_to_match: { single_header: { name: "user-agent" } },
          text_transformation: [
            { priority: 0, type: "URL_DECODE" },
            { priority: 1, type: "LOWERCASE" },
          ],
        },
      },
    ],
    [
      "a country by a header",
      {
        kind: "geoMatch",
        countries: ["BR"],
        address: { from: "header", name: "X-Viewer", invalid: "MATCH" },
      },
      {
        geo_match_statement: {
          country_codes: ["BR"],
          forwarded_ip_config: { header_name: "X-Viewer", fallback_behavior: "MATCH" },
        },
      },
    ],
    [
      "an address set by a header",
      { kind: "ipSet", arn: "arn:1", address: { from: "header", name: "X-Viewer", invalid: "NO_MATCH" } },
      {
        ip_set_reference_statement: {
          arn: "arn:1",
          ip_set_forwarded_ip_config: {
            header_name: "X-Viewer",
            fallback_behavior: "NO_MATCH",
            position: "FIRST",
          },
        },
      },
    ],
    [
      "a limit by connection",
      { kind: "rate", limit: 100, windowSeconds: 60, address: { from: "connection" } },
      { rate_based_statement: { limit: 100, evaluation_window_sec: 60, aggregate_key_type: "IP" } },
    ],
    [
      "a limit by a header, narrowed",
      {
        kind: "rate",
        limit: 100,
        windowSeconds: 600,
        address: { from: "header", name: "X-Viewer", invalid: "MATCH" },
        scope: { kind: "not", statement: { kind: "labelMatch", look: "LABEL", key: "a:b" } },
      },
      {
        rate_based_statement: {
          limit: 100,
          evaluation_window_sec: 600,
          aggregate_key_type: "FORWARDED_IP",
          forwarded_ip_config: { header_name: "X-Viewer", fallback_behavior: "MATCH" },
          scope_down_statement: {
            not_statement: { statement: [{ label_match_statement: { scope: "LABEL", key: "a:b" } }] },
          },
        },
      },
    ],
    [
      "a group with a rule that only counts",
      {
        kind: "managedGroup",
        group: "php",
        version: "Version_1.0",
        counted: ["PHPHighRiskMethodsVariables_BODY"],
      },
      {
        managed_rule_group_statement: {
          vendor_name: "AWS",
          name: "AWSManagedRulesPHPRuleSet",
          version: "Version_1.0",
          rule_action_override: [{ name: "PHPHighRiskMethodsVariables_BODY", action_to_use: { count: {} } }],
        },
      },
    ],
  ])("says %s in the provider's words", (_, statement, json) => {
    expect(statementJson(statement)).toEqual(json);
  });

  it("fails for a kind that there is not, if the compiler was not asked", () => {
    expect(() => statementJson(careless({ kind: "ipMatch" }))).toThrow(
      new Error('WAF has no statement {"kind":"ipMatch"}. Take one that the type knows.'),
    );
    expect(() => statementJson(careless({ ...look, field: { part: "cookies" } }))).toThrow(
      new Error('WAF has no field {"part":"cookies"}. Take one that the type knows.'),
    );
  });
});

describe("the provider's schema", () => {
  it.each([
    [{ managedRuleGroupStatement: { vendorName: "AWS" } }, "statement.managedRuleGroupStatement is unknown"],
    [
      { byte_match_statement: { searchString: "a", positional_constraint: "EXACTLY" } },
      "statement.byte_match_statement.search_string is missing",
    ],
    [
      { xss_match_statement: { field_to_match: { uriPath: {} } } },
      "statement.xss_match_statement.field_to_match.uriPath is unknown",
    ],
    [nested(4), "is deeper than the schema"],
  ])("is what the check above holds statements against: %j", (statement, fault) => {
    expect(statementFaults(statement).join("\n")).toContain(fault);
  });

  it("has as many levels as the types", () => {
    expect(providerSchema.depth).toBe(3);
    expect(providerSchema.scopeDownDepth).toBe(2);
    expect(statementFaults(nested(3))).toEqual([]);
  });
});

/** Every line below a `@ts-expect-error` has to be refused by the compiler: `tsc` fails on one that is not. */
describe("the compiler", () => {
  it("refuses what the provider would not understand, before anything runs", () => {
    const limit = { kind: "rate", limit: 100, windowSeconds: 60, address: { from: "connection" } } as const;
    const threeLevels = not(not(not(look)));
    const group = { kind: "managedGroup", group: "php", counted: [] } as const;
    const refused: Rule["statement"][] = [
      threeLevels,
      // @ts-expect-error a kind that there is not
      { kind: "byteMach", search: "a", position: "EXACTLY", ...path },
      // @ts-expect-error the provider's spelling of a name
      { kind: "byteMatch", search_string: "a", position: "EXACTLY", ...path },
      // @ts-expect-error a position that there is not
      { kind: "byteMatch", search: "a", position: "STARTS", ...path },
      // @ts-expect-error no transformation: WAF wants one at least
      { ...look, transformations: [] },
      // @ts-expect-error a transformation that there is not
      { ...look, transformations: ["LOWER_CASE"] },
      // @ts-expect-error a part that there is not
      { ...look, field: { part: "path" } },
      // @ts-expect-error a body without a word on what is too long
      { ...look, field: { part: "body" } },
      // @ts-expect-error a name that a part does not have
      { ...look, field: { part: "uriPath", name: "x" } },
      // @ts-expect-error no country
      { kind: "geoMatch", countries: [], address: { from: "connection" } },
      // @ts-expect-error an `and` of one
      { kind: "and", statements: [look] },
      // @ts-expect-error a list where one statement stands
      { kind: "not", statement: [look] },
      // @ts-expect-error a window that there is not
      { kind: "rate", limit: 100, windowSeconds: 30, address: { from: "connection" } },
      // @ts-expect-error a rule of AWS that there is not
      { kind: "managedGroup", group: "php", counted: ["PHPHighRiskMethodsVariables_body"] },
      // @ts-expect-error a group of AWS that there is not
      { kind: "managedGroup", group: "wordpress", counted: [] },
      // @ts-expect-error a limit is no condition
      { kind: "not", statement: limit },
      // @ts-expect-error a fourth level
      { kind: "not", statement: threeLevels },
    ];
    const rules: Rule[] = [
      { name: "a", action: { kind: "block" }, statement: look },
      // @ts-expect-error an action that there is not
      { name: "b", action: { kind: "deny" }, statement: look },
      // @ts-expect-error letting pass whoever asks too often
      { name: "c", action: { kind: "allow" }, statement: limit },
      // @ts-expect-error a group has a mode instead
      { name: "d", action: { kind: "block" }, statement: group },
    ];
    expect([refused.length, rules.length]).toEqual([17, 4]);
  });
});

/** As the engine writes them, past the bindings. */
function written(rules: readonly Rule[]): readonly (RuleJson & Record<string, unknown>)[] {
  const stack = synthStack((scope) => {
    new Wafv2WebAcl(scope, "acl", {
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: { metricName: "acl", cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true },
      rule: rules.map((each, priority) => ruleJson({ priority, rule: each })),
    });
  });
  return stack.only("aws_wafv2_web_acl")["rule"] as readonly (RuleJson & Record<string, unknown>)[];
}

function nested(levels: number): Record<string, unknown> {
  if (levels === 0) return { label_match_statement: { scope: "LABEL", key: "a" } };
  return { not_statement: { statement: [nested(levels - 1)] } };
}
