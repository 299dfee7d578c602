import { type Some, some } from "./some.js";
import type { Condition1, Match } from "./statement.js";

/**
 * A path of the application, or several. A `*` at the end stands for the path itself and everything below it, a `*`
 * between two slashes for one segment: `/login`, `/uploads/*`, and, without the blanks, `/visits/ * /files`.
 */
export type PathPattern = `/${string}`;

/** AWS's quota for one expression. */
const LONGEST_EXPRESSION = 200;

const SEGMENT = /^(?:\*|[A-Za-z0-9._~-]+)$/;

/** Laravel finds the same route behind its front controller's name, and with slashes at the end. */
const HEAD = "^(/index\\.php)?(";
const TAIL = ")/*$";

export function isPathPattern(pattern: string): pattern is PathPattern {
  return (
    pattern.startsWith("/") &&
    pattern
      .slice(1)
      .split("/")
      .every((segment) => SEGMENT.test(segment)) &&
    alternative(pattern).length <= LONGEST_EXPRESSION - HEAD.length - TAIL.length
  );
}

/**
 * Requests to one of the paths. They are decoded and normalized first, as a server does: `/%6Cogin` reaches `/login`,
 * and `/uploads/../login` is no upload. 23 units for every 200 characters.
 */
export function pathIn(patterns: Some<PathPattern>): Condition1 {
  const [first, second, ...rest] = some(expressions(patterns).map(pathMatch));
  return second === undefined ? first : { kind: "or", statements: [first, second, ...rest] };
}

/** As few expressions as the quota allows. */
export function expressions(patterns: readonly PathPattern[]): string[] {
  const groups: string[][] = [];
  let room = 0;
  for (const each of [...new Set(patterns)].map(alternative)) {
    const needed = each.length + 1;
    if (needed > room) {
      groups.push([]);
      room = LONGEST_EXPRESSION - HEAD.length - TAIL.length + 1;
    }
    groups.at(-1)?.push(each);
    room -= needed;
  }
  return groups.map((group) => `${HEAD}${group.join("|")}${TAIL}`);
}

function alternative(pattern: string): string {
  const segments = pattern.slice(1).split("/");
  return segments
    .map((segment, index) => {
      if (segment !== "*") return `/${segment.replaceAll(".", "\\.")}`;
      return index === segments.length - 1 ? "(/.*)?" : "/[^/]+";
    })
    .join("");
}

function pathMatch(pattern: string): Match {
  return {
    kind: "regexMatch",
    pattern,
    field: { part: "uriPath" },
    transformations: ["URL_DECODE", "NORMALIZE_PATH"],
  };
}
