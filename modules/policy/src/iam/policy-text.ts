import { parseTemplate } from "../terraform/expression.js";
import type { Resolver } from "../terraform/resolver.js";
import type { Piece, Text } from "./model.js";

/** The JSON of a policy and the way from its strings, which hold marks for Terraform's expressions, to texts. */
export interface Parsed {
  readonly json: unknown;
  readonly text: (value: string) => Text;
}

/** Private use characters: they stand in no policy, so that a mark can't be mistaken for one. */
const OPEN = "\uE000";
const CLOSE = "\uE001";
const MARK = new RegExp(`${OPEN}(\\d+)${CLOSE}`);

/**
 * Reads the JSON text of a policy. Expressions are taken out before the JSON is parsed, since one may hold quotes, and
 * followed where they stand; `$${aws:username}`, which is IAM's variable and not Terraform's, stays as text.
 */
export function parsePolicy(template: string, document: number, resolver: Resolver): Parsed | string {
  const parts = parseTemplate(template);
  if (parts === undefined) return "it holds a template directive, which is not evaluated";
  const expressions: string[] = [];
  const marked = parts
    .map((part) => (part.kind === "text" ? part.text : `${OPEN}${expressions.push(part.text) - 1}${CLOSE}`))
    .join("");
  const json = parseJson(marked);
  if (json === undefined) return "it is not JSON";
  const piece = (expression: string): Piece => follow(expression, document, resolver);
  return { json, text: (value) => split(value, expressions, piece) };
}

/** A value of a resource's own argument, such as a role's name or the ARN of an attached policy. */
export function textOf(template: string, document: number, resolver: Resolver): Text {
  const parts = parseTemplate(template);
  if (parts === undefined)
    return { pieces: [{ kind: "unknown", why: "a template directive is not evaluated" }], written: template };
  const pieces = parts.map(
    (part): Piece =>
      part.kind === "text" ? { kind: "text", text: part.text } : follow(part.text, document, resolver),
  );
  const written = parts.map(({ kind, text }) => (kind === "text" ? text : `\${${text}}`)).join("");
  return { pieces, written };
}

function follow(expression: string, document: number, resolver: Resolver): Piece {
  const value = resolver.value(`\${${expression}}`, document);
  if (value.kind === "literal") return { kind: "text", text: String(value.value) };
  if (value.kind === "symbol") return { kind: "reference", block: value.block, attribute: value.attribute };
  return { kind: "unknown", why: value.kind === "unknown" ? value.why : `it is a ${value.kind}` };
}

function split(value: string, expressions: readonly string[], piece: (text: string) => Piece): Text {
  const pieces: Piece[] = [];
  let written = "";
  value.split(MARK).forEach((part, index) => {
    const expression = index % 2 === 1 ? (expressions[Number(part)] ?? "") : undefined;
    if (expression === undefined && part === "" && value !== "") return;
    pieces.push(expression === undefined ? { kind: "text", text: part } : piece(expression));
    written += expression === undefined ? part : `\${${expression}}`;
  });
  return { pieces, written };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
