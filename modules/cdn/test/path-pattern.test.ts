import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparedPath, covers, matches } from "../src/path-pattern.js";

const letter = fc.constantFrom("a", "b", "/", ".");
const pattern = fc
  .array(fc.constantFrom("a", "b", "/", ".", "*", "?"), { maxLength: 8 })
  .map((characters) => `/${characters.join("")}`);
const path = fc.array(letter, { maxLength: 10 }).map((characters) => `/${characters.join("")}`);

/** A second way to the same answer: the pattern as a regular expression. */
function asRegExp(text: string): RegExp {
  const escaped = [...text].map((character) => {
    if (character === "*") return "[^]*";
    return character === "?" ? "[^]" : character.replace(/[.$+^]/, "\\$&");
  });
  return new RegExp(`^${escaped.join("")}$`);
}

describe("patterns", () => {
  it.each([
    ["/build/assets/*", "/build/assets/", true],
    ["/build/assets/*", "/build/assets", false],
    ["build/*", "/build/x", true],
    ["/a?.jpg", "/ab.jpg", true],
    ["/a?.jpg", "/a.jpg", false],
    ["/a?.jpg", "/a/.jpg", true],
    ["*.jpg", "/a/b/c.jpg", true],
    ["/*.jpg", "/a.JPG", false],
    ["*", "/", true],
  ])("%s takes %s: %s", (wanted, found, expected) => {
    expect(matches(wanted, found)).toBe(expected);
  });

  it("take what the same expression takes as a regular one", () => {
    fc.assert(
      fc.property(pattern, path, (wanted, found) => {
        expect(matches(wanted, found)).toBe(asRegExp(wanted).test(found));
      }),
      { numRuns: 2000 },
    );
  });

  it("that cover another take whatever that one takes", () => {
    const grown = fc.tuple(pattern, pattern, fc.array(fc.tuple(letter, fc.nat(3)), { minLength: 10 }));
    fc.assert(
      fc.property(grown, ([earlier, later, growth]) => {
        fc.pre(covers(earlier, later));
        expect(matches(earlier, grow(later, growth))).toBe(true);
      }),
      { numRuns: 300, maxSkipsPerRun: 1000 },
    );
  });

  it.each([
    ["/build/*", "/build/assets/*", true],
    ["*", "/api/*", true],
    ["/a?", "/ab", true],
    ["/a?", "/a*", false],
    ["/a*", "/a?", true],
    ["/build/assets/*", "/build/*", false],
    ["/api/*", "/api", false],
    ["api/*", "/api/*", true],
  ])("%s covers %s: %s", (earlier, later, expected) => {
    expect(covers(earlier, later)).toBe(expected);
  });
});

describe("the path that is compared", () => {
  it.each([
    ["https://a.example.com", "/"],
    ["https://a.example.com/x?y=/z", "/x"],
    ["/a/b/..?c=1", "/a/"],
    ["/a/./b", "/a/b"],
    ["/../../a", "/a"],
    ["/a//b///c", "/a/b/c"],
    ["/a/", "/a/"],
    ["/%41%7e%2f", "/A~%2F"],
    ["/%2e%2e/a", "/a"],
    ["/a/.", "/a/"],
  ])("of %s is %s", (url, expected) => {
    expect(comparedPath(url)).toBe(expected);
  });

  it("is the same when it is asked for again", () => {
    fc.assert(
      fc.property(path, (found) => {
        expect(comparedPath(comparedPath(found))).toBe(comparedPath(found));
      }),
    );
  });
});

/** A path that the pattern takes: each wildcard replaced by what is drawn. */
function grow(text: string, growth: readonly (readonly [string, number])[]): string {
  return [...text]
    .map((character, index) => {
      const [drawn, times] = growth[index % growth.length] ?? ["a", 1];
      if (character === "*") return drawn.repeat(times);
      return character === "?" ? drawn : character;
    })
    .join("");
}
