/** What CloudFront takes as a path pattern: 255 characters, `*` any number of characters, `?` exactly one. */
export const PATH_PATTERN = /^[A-Za-z0-9_\-.*$/~"'@:+&?]{1,255}$/;

/**
 * The path that patterns are compared with: without the query, percent-encoding undone where it was not needed, dot
 * segments and repeated slashes removed. The origin gets the path as it was sent.
 */
export function comparedPath(url: string): string {
  const [withoutQuery = ""] = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").split(/[?#]/, 1);
  const unreserved = withoutQuery.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : code.toUpperCase();
  });
  const kept: string[] = [];
  const segments = unreserved.split("/").slice(1);
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === "..") kept.pop();
    else if (segment !== "." && (segment !== "" || isLast)) kept.push(segment);
    if ((segment === ".." || segment === ".") && isLast) kept.push("");
  }
  return `/${kept.join("/")}`;
}

/** Whether a pattern takes a path: case counts, and the slash at the front may be left out of the pattern. */
export function matches(pattern: string, path: string): boolean {
  return follow([...rooted(pattern)], [...path], (wanted, found) => wanted === "?" || wanted === found);
}

/**
 * Whether everything that `later` takes is taken by `earlier` already. Where it says yes it is so; two spellings of one
 * pattern such as `/*?` and `/?*` it does not know as the same.
 */
export function covers(earlier: string, later: string): boolean {
  // A `*` of the later pattern is a run of any length, which only a `*` takes.
  return follow(
    [...rooted(earlier)],
    [...rooted(later)],
    (wanted, found) => found !== "*" && (wanted === "?" || wanted === found),
  );
}

/** `*` of the pattern takes any run of what is followed; what anything else takes, `takes` says. */
function follow(
  pattern: readonly string[],
  text: readonly string[],
  takes: (wanted: string, found: string) => boolean,
): boolean {
  // reached[t]: the pattern so far takes the first t characters.
  let reached = [true, ...text.map(() => false)];
  for (const wanted of pattern) {
    const next: boolean[] = [];
    for (let taken = 0; taken <= text.length; taken += 1) {
      const last = text[taken - 1];
      next.push(
        wanted === "*"
          ? reached[taken] === true || next[taken - 1] === true
          : last !== undefined && reached[taken - 1] === true && takes(wanted, last),
      );
    }
    reached = next;
  }
  return reached[text.length] === true;
}

function rooted(pattern: string): string {
  return pattern.startsWith("/") ? pattern : `/${pattern}`;
}
