import {
  type Block,
  type Body,
  blocksOf,
  bodies,
  isBody,
  isSet,
  type TerraformDocument,
} from "./document.js";
import { parseTemplate, parseTraversal } from "./expression.js";

/** What an attribute is worth before anything is applied. */
export type Value =
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "absent" }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, Value> }
  /** An attribute that AWS fills in: not known yet, but known to be this block's. */
  | { readonly kind: "symbol"; readonly block: Block; readonly attribute: string }
  | { readonly kind: "unknown"; readonly why: string };

const ABSENT: Value = { kind: "absent" };
/** References nest a few deep; a chain longer than this is a cycle. */
const MAX_DEPTH = 32;

/** Follows Terraform references between the blocks of the documents, by address and never by likeness. */
export class Resolver {
  readonly blocks: readonly Block[];
  private readonly byAddress = new Map<string, Block>();

  constructor(
    private readonly documents: readonly TerraformDocument[],
    private readonly values: Readonly<Record<string, unknown>>,
  ) {
    this.blocks = documents.flatMap(blocksOf);
    for (const block of this.blocks) this.byAddress.set(`${block.document} ${block.address}`, block);
  }

  value(raw: unknown, document: number, depth = 0): Value {
    if (!isSet(raw)) return ABSENT;
    if (typeof raw === "string") return this.template(raw, document, depth);
    if (typeof raw === "number" || typeof raw === "boolean") return { kind: "literal", value: raw };
    if (Array.isArray(raw))
      return { kind: "list", items: raw.map((item) => this.value(item, document, depth)) };
    if (!isBody(raw)) return unknown(`it is a ${typeof raw}`);
    return {
      kind: "object",
      entries: new Map(Object.entries(raw).map(([key, item]) => [key, this.value(item, document, depth)])),
    };
  }

  /** `module` blocks are not read; their arguments tell which resources they could change. */
  modules(document: number): [name: string, body: Body][] {
    return bodies(this.documents[document]?.["module"]).flatMap((modules) =>
      Object.entries(modules).flatMap(([name, body]) =>
        bodies(body).map((each): [string, Body] => [name, each]),
      ),
    );
  }

  private template(template: string, document: number, depth: number): Value {
    const parts = parseTemplate(template);
    if (parts === undefined) return unknown("a template directive is not evaluated");
    const values = parts.map(
      (part): Value =>
        part.kind === "text"
          ? { kind: "literal", value: part.text }
          : this.expression(part.text, document, depth),
    );
    const [only] = values;
    if (values.length === 1 && only !== undefined) return only;
    let text = "";
    for (const value of values) {
      if (value.kind === "unknown") return value;
      if (value.kind === "symbol") return unknown(notKnownYet(value));
      if (value.kind !== "literal") return unknown("a list or object stands inside a string");
      text += String(value.value);
    }
    return { kind: "literal", value: text };
  }

  private expression(expression: string, document: number, depth: number): Value {
    if (depth > MAX_DEPTH) return unknown("its references form a cycle");
    const steps = parseTraversal(expression);
    if (steps === undefined)
      return unknown(`only plain references are followed, and this is an expression: ${expression}`);
    const key = steps.join(".");
    if (Object.hasOwn(this.values, key)) return this.value(this.values[key], document, depth + 1);
    const [root = "", name = "", ...rest] = steps;
    if (["true", "false"].includes(expression)) return { kind: "literal", value: expression === "true" };
    if (root === "local") return this.local(name, rest, document, depth);
    if (root === "data") return this.data(steps, document, depth);
    const outside = OUTSIDE[root];
    if (outside !== undefined) return unknown(`${outside}; give it as values: { "${key}": … }`);
    return this.attribute(`${root}.${name}`, rest, document, depth);
  }

  private local(name: string, rest: readonly string[], document: number, depth: number): Value {
    for (const locals of bodies(this.documents[document]?.["locals"])) {
      if (Object.hasOwn(locals, name)) return select(this.value(locals[name], document, depth + 1), rest);
    }
    return unknown(`there is no local.${name} in its document`);
  }

  private data(steps: readonly string[], document: number, depth: number): Value {
    const [, type = "", name = "", ...rest] = steps;
    if (type !== "terraform_remote_state")
      return this.attribute(`data.${type}.${name}`, rest, document, depth);
    const state = this.byAddress.get(`${document} data.${type}.${name}`);
    const [outputs, output = "", ...path] = rest;
    if (state === undefined || outputs !== "outputs")
      return unknown(`there is no data.${type}.${name} in its document`);
    const source = this.documents.findIndex((each) => isStateOf(each, state.body));
    if (source === -1)
      return unknown(`none of the documents read keeps its state where data.${type}.${name} looks`);
    for (const declared of bodies(this.documents[source]?.["output"])) {
      const body = declared[output];
      if (isBody(body)) return select(this.value(body["value"], source, depth + 1), path);
    }
    return unknown(`the document behind data.${type}.${name} has no output ${output}`);
  }

  private attribute(address: string, rest: readonly string[], document: number, depth: number): Value {
    const block = this.byAddress.get(`${document} ${address}`);
    if (block === undefined) return unknown(`there is no ${address} in its document`);
    if (block.repeatedBy !== undefined)
      return unknown(`${address} is repeated by ${block.repeatedBy}, which the file does not show`);
    const [attribute, ...path] = rest;
    if (attribute === undefined) return unknown(`${address} is named without an attribute`);
    // A resource's own id is AWS's to give, whatever the file writes; a data source's id is a question put to AWS.
    const written = attribute === "id" && block.mode === "resource" ? undefined : block.body[attribute];
    if (isSet(written)) return select(this.value(written, document, depth + 1), path);
    if (path.length > 0) return unknown(`${address}.${attribute} is known only after apply`);
    return { kind: "symbol", block, attribute };
  }
}

export function notKnownYet(symbol: { readonly block: Block; readonly attribute: string }): string {
  const key = `${symbol.block.address}.${symbol.attribute}`;
  return `${key} is known only after apply; give it as values: { "${key}": … }`;
}

const OUTSIDE: Readonly<Record<string, string>> = {
  var: "a variable has no value in the file",
  module: "modules are not read",
  each: "a repeated block is not expanded",
  count: "a repeated block is not expanded",
  self: "self is not followed",
  path: "a path of the machine is not evaluated",
  terraform: "the workspace is not evaluated",
};

function unknown(why: string): Value {
  return { kind: "unknown", why };
}

function select(value: Value, path: readonly string[]): Value {
  const [step, ...rest] = path;
  if (step === undefined || value.kind === "unknown") return value;
  const next =
    value.kind === "list"
      ? value.items[Number(step)]
      : value.kind === "object"
        ? value.entries.get(step)
        : undefined;
  return next === undefined ? unknown(`it has no element ${step}`) : select(next, rest);
}

/** The settings that say which state a backend keeps; equal settings are the same state. */
const STATE_KEYS: Readonly<Record<string, readonly string[]>> = {
  s3: ["bucket", "key"],
  local: ["path"],
  gcs: ["bucket", "prefix"],
  azurerm: ["storage_account_name", "container_name", "key"],
  http: ["address"],
  remote: ["organization", "workspaces"],
};

function isStateOf(document: TerraformDocument, remoteState: Body): boolean {
  const kind = remoteState["backend"];
  const keys = typeof kind === "string" ? STATE_KEYS[kind] : undefined;
  const [wanted] = bodies(remoteState["config"]);
  if (keys === undefined || wanted === undefined) return false;
  const settings = bodies(document["terraform"]).flatMap((terraform) =>
    kind === "remote"
      ? [...bodies(terraform["cloud"]), ...bodies(terraform["backend"]).flatMap((b) => bodies(b["remote"]))]
      : bodies(terraform["backend"]).flatMap((backend) => bodies(backend[String(kind)])),
  );
  return settings.some((own) => keys.every((key) => isSet(own[key]) && sameSetting(own[key], wanted[key])));
}

function sameSetting(a: unknown, b: unknown): boolean {
  const [left, right] = [bodies(a)[0], bodies(b)[0]];
  if (left === undefined || right === undefined) return a === b;
  return JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort());
}
