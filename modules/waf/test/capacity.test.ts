import { describe, expect, it } from "vitest";
import { type Match, type Rule, statementCapacity } from "../src/index.js";
import { cloudFrontAcl } from "./support.js";

const path = { field: { part: "uriPath" }, transformations: ["NONE"] } as const;
const text: Match = { kind: "byteMatch", search: "a", position: "EXACTLY", ...path };
const connection = { from: "connection" } as const;
const json = {
  field: { part: "jsonBody", look: "ALL", invalid: "MATCH", oversize: "MATCH" },
  transformations: ["NONE"],
} as const;

/** AWS's tables: waf-rule-statements-match, -rate-based, aws-managed-rule-groups-list. */
const figures: [number, Rule["statement"]][] = [
  [2, text],
  [2, { ...text, position: "STARTS_WITH" }],
  [2, { ...text, position: "ENDS_WITH" }],
  [10, { ...text, position: "CONTAINS" }],
  [10, { ...text, position: "CONTAINS_WORD" }],
  [12, { ...text, transformations: ["LOWERCASE"] }],
  [22, { ...text, transformations: ["URL_DECODE", "LOWERCASE"] }],
  [12, { ...text, field: { part: "allQueryArguments" } }],
  [4, { ...text, ...json }],
  [3, { kind: "regexMatch", pattern: "a", ...path }],
  [25, { kind: "regexPatternSet", arn: "arn:1", ...path }],
  [1, { kind: "sizeConstraint", comparison: "GT", bytes: 1, ...path }],
  [20, { kind: "sqliMatch", sensitivity: "LOW", ...path }],
  [30, { kind: "sqliMatch", sensitivity: "HIGH", ...path }],
  [60, { kind: "sqliMatch", sensitivity: "HIGH", ...json }],
  [40, { kind: "xssMatch", ...path }],
  [1, { kind: "geoMatch", countries: ["BR"], address: connection }],
  [1, { kind: "ipSet", arn: "arn:1", address: connection }],
  [1, { kind: "asnMatch", numbers: [64_496], address: connection }],
  [1, { kind: "labelMatch", look: "LABEL", key: "a" }],
  [42, { kind: "and", statements: [text, { kind: "xssMatch", ...path }] }],
  [4, { kind: "or", statements: [text, text] }],
  [2, { kind: "not", statement: text }],
  [2, { kind: "rate", limit: 100, windowSeconds: 60, address: connection }],
  [4, { kind: "rate", limit: 100, windowSeconds: 60, address: connection, scope: text }],
  [25, { kind: "managedGroup", group: "ipReputation", counted: [] }],
  [200, { kind: "managedGroup", group: "knownBadInputs", counted: [] }],
  [700, { kind: "managedGroup", group: "common", counted: ["SizeRestrictions_BODY"] }],
  [200, { kind: "managedGroup", group: "sqli", counted: [] }],
  [100, { kind: "managedGroup", group: "php", counted: [] }],
  [102, { kind: "managedGroup", group: "php", counted: [], scope: text }],
];

describe("capacity", () => {
  it.each(figures)("is %d for %j", (units, statement) => {
    expect(statementCapacity(statement)).toBe(units);
  });

  it("of the defaults leaves 198 units of the 1500 that are in the price", () => {
    // Groups 25 + 200 + 700 + 200 + 100; WebSockets 2 + 23; logins 2 + 2 + 23; everything 2 + 23.
    expect(cloudFrontAcl().made.capacity).toBe(1302);
  });

  it("of upload paths is a label and an expression for each of the two rules", () => {
    expect(cloudFrontAcl({ uploadPaths: ["/uploads/*"] }).made.capacity).toBe(1302 + 2 * (1 + 23));
  });
});
