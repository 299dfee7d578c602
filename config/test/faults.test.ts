import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../src/fault.js";
import { parseEnvironments } from "../src/load.js";
import { rules } from "../src/rules/index.js";
import { faultsDirectory, filesIn } from "./support.js";

/**
 * A folder `<rule>` or `<rule>.<variant>` holds the files of one mistake and, in `message.txt`, all that the
 * operator reads. The folders are the catalogue of what config refuses: read them to see how it sounds.
 */
const fixtures = readdirSync(faultsDirectory);

const shapeKinds = [
  "duplicate-key",
  "empty-file",
  "missing-key",
  "plain-data",
  "secret",
  "tab",
  "too-big",
  "too-small",
  "unknown-key",
  "unknown-value",
  "wrong-form",
  "wrong-type",
  "yaml-syntax",
];

describe("faults", () => {
  it.each(fixtures)("fails with its full message: %s", (fixture) => {
    const directory = join(faultsDirectory, fixture);
    const error = errorOf(() => parseEnvironments(filesIn(directory)));
    expect(`${error.message}\n`).toBe(readFileSync(join(directory, "message.txt"), "utf8"));
    expect([...new Set(error.faults.map(({ rule }) => rule))]).toEqual([ruleOf(fixture)]);
  });

  it("has a fixture for every rule and every kind of shape fault, and for nothing else", () => {
    const expected = [...rules.map(({ id }) => id), ...shapeKinds].sort();
    expect([...new Set(fixtures.map(ruleOf))].sort()).toEqual(expected);
  });

  it("gives every rule an id of its own", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it.each(fixtures.filter((fixture) => ruleOf(fixture) === "secret"))(
    "never repeats the secret: %s",
    (fixture) => {
      const error = errorOf(() => parseEnvironments(filesIn(join(faultsDirectory, fixture))));
      expect(JSON.stringify([error.message, error.faults])).not.toMatch(/AKIA|wJalr|MIIE|BEGIN/);
    },
  );
});

function ruleOf(fixture: string): string {
  return fixture.replace(/\..*/, "");
}

function errorOf(parse: () => unknown): ConfigError {
  try {
    parse();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the fixture has no fault");
}
