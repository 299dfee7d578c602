import type { YAMLError } from "yaml";
import type { ConfigFault } from "./fault.js";
import { secretIn } from "./secret.js";

/** A fault's words, before it has a place. */
export type Words = Pick<ConfigFault, "rule" | "message" | "found" | "allowed" | "fix">;

export const emptyFile: Words = {
  rule: "empty-file",
  message: "the file is empty",
  found: "nothing",
  allowed: "a mapping that describes one environment",
  fix: "Copy another environment's file and change its values, or delete this one.",
};

const tab: Words = {
  rule: "tab",
  message: "a tab as indentation",
  found: "a tab",
  allowed: "spaces",
  fix: "Indent with two spaces a level.",
};

const secondDocument: Words = {
  rule: "yaml-syntax",
  message: "a second document in the file",
  found: "---",
  allowed: "one environment a file",
  fix: "Move what follows to a file of its own, or remove it.",
};

/** The parser's own words, where it has no better ones: they name the construct that it was reading. */
export function syntaxFault({ code, message }: YAMLError): Words {
  if (code === "TAB_AS_INDENT") return tab;
  if (code === "MULTIPLE_DOCS") return secondDocument;
  return {
    rule: "yaml-syntax",
    // The parser may quote the file, and what it quotes may be a secret.
    message: secretIn(message) === undefined ? `not valid YAML: ${message}` : "not valid YAML",
    found: "a syntax error",
    allowed: "YAML 1.2",
    fix: "Correct it here or on the line above; the file's other checks wait for it.",
  };
}

export function notPlain(what: string, found: string): Words {
  return {
    rule: "plain-data",
    message: `${what} in a file that is plain data`,
    found: secretIn(found) === undefined ? found : "a secret, not repeated here",
    allowed: "keys, values and lists, each written out",
    fix: "Write the value out here, even when another place has the same.",
  };
}

export function duplicate(key: string, firstLine: number): Words {
  return {
    rule: "duplicate-key",
    message: `the key stands twice, first on line ${firstLine}`,
    found: `"${key}" again`,
    allowed: "each key once in a mapping",
    fix: "Remove one of the two.",
  };
}

export function secretFound(kind: string): Words {
  return {
    rule: "secret",
    message: `this looks like ${kind}`,
    found: "a secret, not repeated here",
    allowed: "no secret in any environment file",
    fix: "Remove it and treat it as leaked: revoke it, and put its successor in Secrets Manager.",
  };
}
