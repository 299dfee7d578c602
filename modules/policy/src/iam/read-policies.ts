import {
  type Block,
  type Body,
  bodies,
  isBody,
  isSet,
  type TerraformDocument,
} from "../terraform/document.js";
import { parseTemplate, parseTraversal } from "../terraform/expression.js";
import { Resolver } from "../terraform/resolver.js";
import type { Attachment, Place, Policy, PolicyModel, Unread } from "./model.js";
import { policyDocument } from "./policy-document.js";
import { type Parsed, parsePolicy, textOf } from "./policy-text.js";
import { attachments, sources } from "./sources.js";
import { statementsOf } from "./statements.js";

/**
 * Every policy of the documents, with references followed. Stacks that read each other's outputs are read together.
 * Never throws for what a document holds: what can't be read is listed, and fails the check.
 * @param values what the file can't tell, such as `{ "var.account": "111111111111" }`
 */
export function readPolicies(
  documents: TerraformDocument | readonly TerraformDocument[],
  values: Readonly<Record<string, unknown>> = {},
): PolicyModel {
  const list = Array.isArray(documents) ? (documents as readonly TerraformDocument[]) : [documents];
  const resolver = new Resolver(list as readonly TerraformDocument[], values);
  const resources = resolver.blocks.filter(({ mode }) => mode === "resource");
  const read = resources.flatMap((block) => policiesOf(block, resolver));
  return {
    policies: read.filter((each): each is Policy => "statements" in each),
    unread: [
      ...read.filter((each): each is Unread => "why" in each),
      ...resources.flatMap((block) => elsewhere(block, resolver)),
    ],
    attachments: resources.flatMap((block) => attachmentsOf(block, resolver)),
  };
}

function policiesOf(block: Block, resolver: Resolver): (Policy | Unread)[] {
  return (sources[block.type] ?? []).flatMap((source) =>
    argumentsAt(block.body, source.argument).map(({ attribute, value }): Policy | Unread => {
      const place: Place = placeOf(block, attribute);
      const parsed = parse(value, block, resolver);
      const statements = typeof parsed === "string" ? parsed : statementsOf(parsed, source.kind);
      if (typeof statements === "string") return { ...place, why: statements };
      return { ...place, kind: source.kind, holder: holderOf(block, source.holder, resolver), statements };
    }),
  );
}

/** A policy is written out as text, or a reference leads to it. */
function parse(value: unknown, block: Block, resolver: Resolver): Parsed | string {
  if (typeof value !== "string") return "it is not a text";
  const [only, ...more] = parseTemplate(value) ?? [];
  if (only?.kind !== "expression" || more.length > 0) return parsePolicy(value, block.document, resolver);
  const [root, type, name] = parseTraversal(only.text) ?? [];
  if (root === "data" && type === "aws_iam_policy_document")
    return fromDataSource(`data.${type}.${name}`, block.document, resolver);
  const followed = resolver.value(value, block.document);
  if (followed.kind === "literal") return parsePolicy(asTemplate(followed.value), block.document, resolver);
  return followed.kind === "unknown" ? followed.why : `${only.text} is no text that the file holds`;
}

function fromDataSource(address: string, document: number, resolver: Resolver): Parsed | string {
  const source = resolver.blocks.find((each) => each.document === document && each.address === address);
  const json = source === undefined ? `there is no ${address} in its document` : policyDocument(source);
  if (typeof json === "string") return json;
  // The data source writes IAM's variables with & so that Terraform leaves them alone.
  return {
    json,
    text: (text) =>
      textOf(
        text.replaceAll("&{", () => "$${"),
        document,
        resolver,
      ),
  };
}

/** What was followed is no template any more. */
function asTemplate(value: string | number | boolean): string {
  return String(value).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}

function attachmentsOf(block: Block, resolver: Resolver): Attachment[] {
  const found = attachments[block.type];
  if (found === undefined) return [];
  return argumentsAt(block.body, found.policies).flatMap(({ attribute, value }) =>
    (Array.isArray(value) ? value : [value]).map((arn) => ({
      ...placeOf(block, attribute),
      holder: holderOf(block, found.holder, resolver),
      policy: textOf(String(arn), block.document, resolver),
    })),
  );
}

/** Texts that are policies in arguments that `sources` doesn't list: nobody would look at them. */
function elsewhere(block: Block, resolver: Resolver): Unread[] {
  const known = (sources[block.type] ?? []).map(({ argument }) => argument);
  return leaves(block.body, "").flatMap(({ attribute, value }) => {
    if (known.includes(attribute.replace(/\[\d+\]/g, "")) || !looksLikePolicy(value)) return [];
    const parsed = parsePolicy(value, block.document, resolver);
    if (typeof parsed === "string" || !isBody(parsed.json) || parsed.json["Statement"] === undefined)
      return [];
    return [{ ...placeOf(block, attribute), why: "no policy is expected there, so its kind is not known" }];
  });
}

/** The role (or user, or group) itself, found by reference or by its name; the text where it is not of the documents. */
function holderOf(block: Block, argument: string | undefined, resolver: Resolver): string | undefined {
  if (argument === undefined) return undefined;
  if (argument === "self") return block.address;
  const raw = block.body[argument];
  if (typeof raw !== "string") return undefined;
  const value = resolver.value(raw, block.document);
  if (value.kind === "symbol") return value.block.address;
  if (value.kind !== "literal") return raw;
  const named = resolver.blocks.find(
    (each) =>
      each.type === "aws_iam_role" && each.document === block.document && each.body["name"] === value.value,
  );
  return named?.address ?? String(value.value);
}

function looksLikePolicy(text: string): boolean {
  return text.trimStart().startsWith("{") && text.includes('"Statement"');
}

interface Argument {
  readonly attribute: string;
  readonly value: unknown;
}

/** `policy`, or the `policy` of each block for `inline_policy.policy`. */
function argumentsAt(body: Body, argument: string): Argument[] {
  const [first = "", second] = argument.split(".");
  if (second === undefined) return isSet(body[first]) ? [{ attribute: first, value: body[first] }] : [];
  return bodies(body[first]).flatMap((block, index) =>
    isSet(block[second]) ? [{ attribute: `${first}[${index}].${second}`, value: block[second] }] : [],
  );
}

function leaves(value: unknown, attribute: string): { readonly attribute: string; readonly value: string }[] {
  if (typeof value === "string") return [{ attribute, value }];
  if (Array.isArray(value)) return value.flatMap((each, index) => leaves(each, `${attribute}[${index}]`));
  if (!isBody(value)) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === "//" ? [] : leaves(each, attribute === "" ? key : `${attribute}.${key}`),
  );
}

function placeOf({ document, address, path }: Block, attribute: string): Place {
  return { document, address, attribute, path };
}
