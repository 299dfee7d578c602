import { describe, expect, it } from "vitest";
import { compareVersions, satisfies } from "../../src/terraform/versions.js";

describe("compareVersions", () => {
  it("compares numbers, not text", () => {
    expect(compareVersions("6.9.0", "6.25.0")).toBeLessThan(0);
    expect(compareVersions("10.0", "9.99.99")).toBeGreaterThan(0);
    expect(compareVersions("1.11", "1.11.0")).toBe(0);
    expect(compareVersions("v1.11.4", "1.11.4")).toBe(0);
  });
});

describe("satisfies", () => {
  it.each([
    ["6.30.1", ">= 6.25.0, < 7.0.0", true],
    ["6.25.0", ">= 6.25.0, < 7.0.0", true],
    ["7.0.0", ">= 6.25.0, < 7.0.0", false],
    ["5.100.0", ">= 6.25.0, < 7.0.0", false],
    ["5.100.0", "5.100.0", true],
    ["5.100.1", "= 5.100.0", false],
    ["5.100.1", "!= 5.100.0", true],
    ["5.100.0", "!= 5.100.0", false],
    ["5.9.0", "~> 5.1", true],
    ["6.0.0", "~> 5.1", false],
    ["5.0.9", "~> 5.1", false],
    ["5.1.9", "~> 5.1.2", true],
    ["5.2.0", "~> 5.1.2", false],
    ["5.0.0", "> 5", false],
    ["5.0.0", "<= 5", true],
    ["1.0.0", "", true],
  ])("%s against %j is %s", (version, constraint, expected) => {
    expect(satisfies(version, constraint)).toBe(expected);
  });

  it("refuses what is no constraint", () => {
    expect(() => satisfies("1.0.0", "about 1")).toThrow('"about 1" is not a version constraint');
  });
});
