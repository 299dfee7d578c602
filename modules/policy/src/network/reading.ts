import { type Protocol, parseProtocol } from "../protocol.js";
import { parseCidr, type Range } from "../ranges.js";
import type { Block } from "../terraform/document.js";
import { notKnownYet, type Resolver, type Value } from "../terraform/resolver.js";
import { type Finding, type Identity, type Named, type Resolved, same } from "./model.js";

/** The attributes of a resource or of one inline block, by name. */
export type Fields = (attribute: string) => Value;

interface Nested {
  /** undefined: the file does not speak of such blocks at all, which is not the same as `[]`. */
  readonly blocks: readonly Fields[] | undefined;
  /** Why there may be more blocks than these. */
  readonly doubt: Finding | undefined;
}

/**
 * Reads attributes as facts. What can't be read becomes a finding that names the resource; nothing is
 * defaulted, so that whatever needs the fact can fail closed.
 */
export class Reading {
  private readonly found = new Map<string, Finding>();
  private readonly known: ReadonlyMap<string, Identity>;

  constructor(
    private readonly resolver: Resolver,
    values: Readonly<Record<string, unknown>>,
  ) {
    this.known = new Map(
      this.resolver.blocks.flatMap((block) =>
        Object.entries(values).flatMap(([key, value]): [string, Identity][] => {
          if (!key.startsWith(`${block.address}.`) || typeof value !== "string") return [];
          // One id can't be that of two resources: where documents share an address, it stays unknown.
          if (this.resolver.blocks.some((each) => each !== block && each.address === block.address))
            return [];
          const identity = this.symbol(block, key.slice(block.address.length + 1));
          return typeof identity === "string" ? [] : [[value, identity]];
        }),
      ),
    );
  }

  get findings(): readonly Finding[] {
    return [...this.found.values()];
  }

  resources(...types: string[]): Block[] {
    return this.resolver.blocks.filter((block) => block.mode === "resource" && types.includes(block.type));
  }

  data(...types: string[]): Block[] {
    return this.resolver.blocks.filter((block) => block.mode === "data" && types.includes(block.type));
  }

  fields(block: Block): Fields {
    return (attribute) => this.resolver.value(block.body[attribute], block.document);
  }

  value(raw: unknown, document: number): Value {
    return this.resolver.value(raw, document);
  }

  named(block: Block): Named {
    const name = this.tags(block).get("Name");
    return { address: block.address, path: block.path, name };
  }

  tags(block: Block): ReadonlyMap<string, string> {
    const tags = this.fields(block)("tags");
    if (tags.kind !== "object") return new Map();
    return new Map(
      [...tags.entries].flatMap(([key, value]): [string, string][] =>
        value.kind === "literal" ? [[key, String(value.value)]] : [],
      ),
    );
  }

  /** Records what is not understood about a resource. */
  finding(block: Block, problem: string): Finding {
    const where = block.path === undefined ? block.address : `${block.address} (${block.path})`;
    const finding = { address: block.address, path: block.path, text: `${where}: ${problem}` };
    const before = this.found.get(finding.text);
    if (before !== undefined) return before;
    this.found.set(finding.text, finding);
    return finding;
  }

  fails(block: Block, problem: string): { readonly ok: false; readonly finding: Finding } {
    return { ok: false, finding: this.finding(block, problem) };
  }

  /** A finding for `count` and `for_each`: the file does not show how many resources there are, or which. */
  repeated(block: Block): Finding | undefined {
    if (block.repeatedBy === undefined) return undefined;
    return this.finding(
      block,
      `it is repeated by ${block.repeatedBy}, and the file does not show what that yields`,
    );
  }

  /** A finding when a `module` block is given this resource: it may add to it what the file does not show. */
  givenToModule(block: Block): Finding | undefined {
    const reference = new RegExp(`\\b${block.address.replaceAll(".", "\\.")}\\b(?![-\\w])`);
    const module = this.resolver
      .modules(block.document)
      .find(([, body]) => reference.test(JSON.stringify(body)));
    return module === undefined
      ? undefined
      : this.finding(block, `module.${module[0]} is given it, and modules are not read`);
  }

  scalar(block: Block, attribute: string, value: Value): Resolved<string | number | boolean | undefined> {
    if (value.kind === "absent") return { ok: true, value: undefined };
    if (value.kind === "literal") return { ok: true, value: value.value };
    return this.fails(block, `${attribute} can't be resolved: ${whyNot(value)}`);
  }

  text(block: Block, attribute: string, value: Value): Resolved<string | undefined> {
    const scalar = this.scalar(block, attribute, value);
    return scalar.ok && scalar.value !== undefined
      ? { ok: true, value: String(scalar.value) }
      : (scalar as Resolved<undefined>);
  }

  number(block: Block, attribute: string, value: Value): Resolved<number | undefined> {
    const scalar = this.scalar(block, attribute, value);
    if (!scalar.ok) return scalar;
    if (scalar.value === undefined) return { ok: true, value: undefined };
    const number = typeof scalar.value === "boolean" ? Number.NaN : Number(scalar.value);
    if (Number.isInteger(number)) return { ok: true, value: number };
    return this.fails(block, `${attribute} is "${scalar.value}", which is not a whole number`);
  }

  boolean(block: Block, attribute: string, value: Value, whenAbsent: boolean): Resolved<boolean> {
    const scalar = this.scalar(block, attribute, value);
    if (!scalar.ok) return scalar;
    const text = String(scalar.value ?? whenAbsent);
    if (text === "true" || text === "false") return { ok: true, value: text === "true" };
    return this.fails(block, `${attribute} is "${text}", which is neither true nor false`);
  }

  cidr(block: Block, attribute: string, value: Value): Resolved<Range> {
    const scalar = this.scalar(block, attribute, value);
    if (!scalar.ok) return scalar;
    const range = parseCidr(String(scalar.value));
    if (range !== undefined) return { ok: true, value: range };
    return this.fails(
      block,
      scalar.value === undefined
        ? `${attribute} is not set`
        : `${attribute} is "${scalar.value}", which is not an IPv4 CIDR such as 10.0.0.0/16`,
    );
  }

  protocol(block: Block, attribute: string, value: Value): Resolved<Protocol> {
    const scalar = this.scalar(block, attribute, value);
    if (!scalar.ok) return scalar;
    const protocol = scalar.value === undefined ? undefined : parseProtocol(String(scalar.value));
    if (protocol !== undefined) return { ok: true, value: protocol };
    return this.fails(
      block,
      `${attribute} is "${scalar.value ?? ""}", which is not a protocol such as tcp, 6 or -1`,
    );
  }

  /** A list of any values; one failure when the list itself can't be resolved. */
  items(block: Block, attribute: string, value: Value): Resolved<Value>[] {
    if (value.kind === "absent") return [];
    if (value.kind === "list") return value.items.map((item) => ({ ok: true, value: item }));
    return [this.fails(block, `${attribute} can't be resolved: ${whyNot(value)}`)];
  }

  nested(block: Block, name: string): Nested {
    const value = this.fields(block)(name);
    const dynamic = this.fields(block)("dynamic");
    const more = (dynamic.kind === "list" ? dynamic.items : [dynamic]).some(
      (each) => each.kind === "object" && each.entries.has(name),
    );
    const doubt = more
      ? this.finding(block, `it has a dynamic "${name}" block, and the file does not show what that yields`)
      : undefined;
    if (value.kind === "absent") return { blocks: more ? [] : undefined, doubt };
    const items = value.kind === "list" ? value.items : [value];
    const blocks = items.flatMap((item): Fields[] =>
      item.kind === "object" ? [(attribute) => item.entries.get(attribute) ?? { kind: "absent" }] : [],
    );
    const odd = items.find((item) => item.kind !== "object");
    return {
      blocks,
      doubt: odd === undefined ? doubt : this.finding(block, `${name} can't be resolved: ${whyNot(odd)}`),
    };
  }

  /** Which thing an id attribute means. */
  identity(block: Block, attribute: string, value: Value): Resolved<Identity> {
    if (value.kind === "symbol") {
      const identity = this.symbol(value.block, value.attribute);
      if (typeof identity !== "string") return { ok: true, value: identity };
      return this.fails(block, `${attribute} can't be resolved: ${identity}`);
    }
    if (value.kind === "literal") {
      const id = String(value.value);
      const identity = this.known.get(id) ?? { kind: "external", key: `id ${id}`, text: id };
      return { ok: true, value: identity };
    }
    if (value.kind === "absent") return this.fails(block, `${attribute} is not set`);
    return this.fails(block, `${attribute} can't be resolved: ${whyNot(value)}`);
  }

  identityOf(block: Block): Identity {
    const identity = this.symbol(block, "id");
    return typeof identity === "string" ? resource(block) : identity;
  }

  /** true, false, or undefined when the attribute may mean that thing. */
  means(resolved: Resolved<Identity>, identity: Identity): boolean | undefined {
    return resolved.ok ? same(resolved.value, identity) : undefined;
  }

  private symbol(block: Block, attribute: string): Identity | string {
    const adopted = ADOPTERS[block.type];
    if (block.mode === "resource" && adopted !== undefined && attribute === "id") {
      const value = this.fields(block)(adopted.attribute);
      if (value.kind !== "symbol" || value.block.type !== "aws_vpc") return resource(block);
      return this.symbol(value.block, adopted.vpcAttribute);
    }
    if (block.mode === "resource" && block.type === "aws_vpc") {
      if (attribute === "main_route_table_id")
        return this.resources("aws_main_route_table_association").length === 0
          ? this.symbol(block, "default_route_table_id")
          : `${block.address}.main_route_table_id depends on an aws_main_route_table_association`;
      if (VPC_DEFAULTS.includes(attribute)) return vpcDefault(resource(block), attribute);
    }
    if (attribute === "prefix_list_id" && block.type === "aws_vpc_endpoint")
      return this.prefixList(block, this.fields(block)("service_name"));
    if (attribute === "id" && PREFIX_LIST_DATA.includes(block.type) && block.mode === "data")
      return this.prefixList(block, this.prefixListName(block));
    if (attribute === "id" || (block.type === "aws_eip" && attribute === "allocation_id"))
      return resource(block);
    return notKnownYet({ block, attribute });
  }

  /** AWS-managed prefix lists are known by their name, from whichever block it comes. */
  private prefixList(block: Block, name: Value): Identity {
    return name.kind === "literal" ? prefixListNamed(String(name.value)) : resource(block);
  }

  private prefixListName(block: Block): Value {
    const filter = this.nested(block, "filter").blocks?.find((fields) => {
      const name = fields("name");
      return name.kind === "literal" && name.value === "prefix-list-name";
    });
    const values = filter?.("values");
    const only = values?.kind === "list" && values.items.length === 1 ? values.items[0] : undefined;
    return only ?? this.fields(block)("name");
  }
}

export function prefixListNamed(name: string): Identity {
  return { kind: "resource", key: `prefix-list ${name}`, text: name };
}

export function vpcDefault(vpc: Identity, attribute: string): Identity {
  return { kind: "resource", key: `${vpc.key}#${attribute}`, text: `${vpc.text}.${attribute}` };
}

const VPC_DEFAULTS = ["default_network_acl_id", "default_route_table_id", "default_security_group_id"];
const PREFIX_LIST_DATA = ["aws_prefix_list", "aws_ec2_managed_prefix_list"];

/** Resources that take over a thing that AWS made with the VPC. */
const ADOPTERS: Readonly<Record<string, { readonly attribute: string; readonly vpcAttribute: string }>> = {
  aws_default_network_acl: { attribute: "default_network_acl_id", vpcAttribute: "default_network_acl_id" },
  aws_default_route_table: { attribute: "default_route_table_id", vpcAttribute: "default_route_table_id" },
  aws_default_security_group: { attribute: "vpc_id", vpcAttribute: "default_security_group_id" },
};

function resource(block: Block): Identity {
  return {
    kind: block.mode === "resource" ? "resource" : "external",
    key: `${block.document} ${block.address}`,
    text: block.address,
  };
}

function whyNot(value: Value): string {
  if (value.kind === "unknown") return value.why;
  if (value.kind === "symbol") return notKnownYet(value);
  return value.kind === "absent" ? "it is not set" : `it is a ${value.kind}`;
}
