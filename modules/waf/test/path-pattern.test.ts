import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PathPattern, pathIn } from "../src/index.js";
import { expressions, isPathPattern } from "../src/path-pattern.js";

describe("a path pattern", () => {
  it.each<[PathPattern, readonly string[], readonly string[]]>([
    [
      "/login",
      ["/login", "/login/", "/index.php/login"],
      ["/login/x", "/logins", "/api/login", "/Login", "/loginx"],
    ],
    [
      "/uploads/*",
      ["/uploads", "/uploads/", "/uploads/a", "/uploads/a/b.pdf"],
      ["/uploadsx", "/x/uploads/a"],
    ],
    [
      "/visits/*/files",
      ["/visits/17/files", "/visits/17/files/"],
      ["/visits/files", "/visits/17/18/files", "/visits//files", "/visits/17/files/a"],
    ],
    ["/robots.txt", ["/robots.txt"], ["/robotsxtxt"]],
  ])("%s stands for %j and not for %j", (pattern, inside, outside) => {
    const [expression = ""] = expressions([pattern]);

    expect(inside.filter((path) => !new RegExp(expression).test(path))).toEqual([]);
    expect(outside.filter((path) => new RegExp(expression).test(path))).toEqual([]);
  });

  it.each(["login", "/", "/a/", "/a//b", "/a*", "/a/**", "/a?b", "/a b", "/a/{id}", `/${"a".repeat(200)}`])(
    "is not %s",
    (pattern) => {
      expect(isPathPattern(pattern)).toBe(false);
    },
  );

  it("is looked for after decoding and normalizing the path, in that order", () => {
    expect(pathIn(["/login"])).toEqual({
      kind: "regexMatch",
      pattern: "^(/index\\.php)?(/login)/*$",
      field: { part: "uriPath" },
      transformations: ["URL_DECODE", "NORMALIZE_PATH"],
    });
  });

  it("shares expressions of at most 200 characters, which together match what each would alone", () => {
    const segment = fc.oneof(fc.constant("*"), fc.stringMatching(/^[a-c.]{1,12}$/));
    const pattern = fc
      .array(segment, { minLength: 1, maxLength: 6 })
      .map((segments) => `/${segments.join("/")}` as PathPattern);
    const path = fc
      .array(fc.stringMatching(/^[a-c.]{0,3}$/), { minLength: 1, maxLength: 6 })
      .map((segments) => `/${segments.join("/")}`);
    fc.assert(
      fc.property(
        fc.uniqueArray(pattern, { minLength: 1, maxLength: 12 }),
        fc.array(path),
        (patterns, paths) => {
          const found = expressions(patterns);
          expect(found.filter((each) => each.length > 200)).toEqual([]);
          for (const each of paths) {
            const together = found.some((expression) => new RegExp(expression).test(each));
            expect(together, each).toBe(patterns.some((one) => stands(one, each)));
          }
        },
      ),
    );
  });
});

/** What the words say, without an expression. */
function stands(pattern: string, path: string): boolean {
  const wanted = pattern.slice(1).split("/");
  const found = path.replace(/\/+$/, "").slice(1).split("/");
  const below = wanted.at(-1) === "*";
  const head = below ? wanted.slice(0, -1) : wanted;
  if (below && head.length === 0) return true;
  if (below ? found.length < head.length : found.length !== head.length) return false;
  return head.every((segment, index) => {
    const there = found[index] ?? "";
    return segment === "*" ? there !== "" : segment === there;
  });
}
