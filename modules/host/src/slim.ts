/** A comment that has its line for itself, in shell, Python, PHP, ini and nginx's notation. Never `#!`. */
const COMMENT = /^\s*(#|;|\/\/|\/\*\*) .*$/;
/** What a function says of itself in one line, which Python keeps as a string. */
const DOCSTRING = /^\s+"""[^"]*"""$/;
const BLOCK = /^\s*(def|class) .*:$/;

/**
 * The text without its comments and empty lines: they are for whoever reads the source, and cost a tenth of what
 * user data has room for.
 */
export function slim(text: string): string {
  const kept: string[] = [];
  const all = text.split("\n");
  let insideText = false;
  for (const [index, line] of all.entries()) {
    const docstring =
      DOCSTRING.test(line) && BLOCK.test(kept.at(-1) ?? "") && goesOn(line, all.slice(index + 1));
    const comment = line.trim() === "" || COMMENT.test(line) || docstring;
    if (insideText || !comment) kept.push(line);
    // Python's texts of several lines.
    if (line.split('"""').length % 2 === 0) insideText = !insideText;
  }
  return `${kept.join("\n")}\n`;
}

/** A block whose only line this is needs it. */
function goesOn(line: string, rest: readonly string[]): boolean {
  const next = rest.find((each) => each.trim() !== "") ?? "";
  return indentation(next) >= indentation(line);
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}
