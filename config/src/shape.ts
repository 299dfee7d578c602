import { z } from "zod";
import { describeAllowed, keysOf, schemaAt, waysToWrite } from "./allowed.js";
import type { ConfigFault } from "./fault.js";
import { formatPath, isWithin, type Path, valueAt } from "./path.js";
import { hints } from "./schema/hints.js";
import type { Source } from "./source.js";
import { nearest } from "./suggest.js";

type Issue = z.core.$ZodIssue;

/** Zod's issues about one file, put into the operator's words. */
export function shapeFaults(schema: z.ZodType, issues: readonly Issue[], source: Source): ConfigFault[] {
  const known = (path: Path) => source.refused.some((refused) => isWithin(path, refused));
  return issues.flatMap((issue) => {
    const path = issue.path.filter((part) => typeof part !== "symbol");
    if (known(path)) return [];
    if (issue.code === "unrecognized_keys") {
      return issue.keys
        .map((key) => [...path, key])
        .filter((keyPath) => !known(keyPath))
        .map((keyPath) => unknownKey(schema, keyPath, source));
    }
    return [
      source.written(path) === undefined
        ? missingKey(schema, path, source)
        : badValue(schema, path, issue, source),
    ];
  });
}

function unknownKey(schema: z.ZodType, path: Path, source: Source): ConfigFault {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const keys = keysOf(schemaAt(schema, parent, source.value), valueAt(source.value, parent));
  const meant = nearest(key, keys);
  return {
    ...about(source, path, source.keyPlace(path)),
    rule: "unknown-key",
    message: "unknown key",
    found: JSON.stringify(key),
    allowed: keys.join(", "),
    fix:
      meant === undefined
        ? "Remove the key, or move it to where it belongs."
        : `Did you mean "${meant}"? Rename the key, or remove it.`,
  };
}

function missingKey(schema: z.ZodType, path: Path, source: Source): ConfigFault {
  return {
    ...about(source, path, source.place(path.slice(0, -1))),
    rule: "missing-key",
    message: "missing key",
    found: "nothing",
    allowed: describeAllowed(schemaAt(schema, path, source.value)),
    fix: `Add the key "${path.at(-1)}" to the mapping that starts here.`,
  };
}

function badValue(schema: z.ZodType, path: Path, issue: Issue, source: Source): ConfigFault {
  const expected = schemaAt(schema, path, source.value);
  return {
    ...about(source, path, source.place(path)),
    ...kindOf(issue),
    found: source.written(path) ?? "nothing",
    allowed: describeAllowed(expected),
    fix:
      path.length === 0
        ? "Write the environment's keys, one a line, at the start of the file."
        : fixFor(expected, valueAt(source.value, path)),
  };
}

function about(source: Source, path: Path, place: { line: number; column: number }) {
  return { file: source.file, ...place, path: formatPath(path), otherFiles: [] };
}

function kindOf(issue: Issue): Pick<ConfigFault, "rule" | "message"> {
  switch (issue.code) {
    case "invalid_type":
      return { rule: "wrong-type", message: "wrong type of value" };
    case "invalid_value":
    case "invalid_union":
      return { rule: "unknown-value", message: "unknown value" };
    case "too_small":
      return {
        rule: "too-small",
        message: issue.origin === "string" || issue.origin === "array" ? "too short" : "too small",
      };
    case "too_big":
      return {
        rule: "too-big",
        message: issue.origin === "string" || issue.origin === "array" ? "too long" : "too large",
      };
    default:
      return { rule: "wrong-form", message: "wrong form" };
  }
}

function fixFor(schema: z.ZodType | undefined, value: unknown): string {
  const hint = schema && hints.get(schema)?.fix;
  if (hint !== undefined) return hint;
  if (schema instanceof z.ZodDiscriminatedUnion) return fixForUnion(schema, value);
  if (schema instanceof z.ZodObject) return "Write its keys below it, indented, one a line.";
  if (schema instanceof z.ZodArray)
    return "Write a list: one item a line, each after a hyphen, or [] for none.";
  if (schema instanceof z.ZodNumber) return "Write a number in this range, without quotes.";
  if (schema instanceof z.ZodLiteral) return "Write one of these numbers, without quotes.";
  const meant =
    schema instanceof z.ZodEnum && typeof value === "string"
      ? nearest(value, schema.options.map(String))
      : undefined;
  return `${meant === undefined ? "" : `Did you mean ${meant}? `}Write one of the allowed values.`;
}

/** `waf.mode: off` is how one says it, so most who get here wrote the right word without its key. */
function fixForUnion(union: z.ZodDiscriminatedUnion, value: unknown): string {
  const ways = waysToWrite(union);
  const word = typeof value === "object" ? "" : String(value);
  const meant = nearest(word, [...ways.keys()]);
  if (meant === undefined) {
    const blanks = [...ways.values()].some((way) => way.includes("…"));
    return `Write one of the allowed mappings${blanks ? ", with a value where … stands" : ""}.`;
  }
  return `${meant === word ? "" : `Did you mean ${meant}? `}Write ${ways.get(meant)}: the word goes behind its key.`;
}
