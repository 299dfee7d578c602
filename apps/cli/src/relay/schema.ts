import protobuf from "protobufjs";
import { type BlockMessage, schemaMessage } from "./protocol.js";
import { parseType, type ValueType } from "./value-type.js";

export interface AttributeSchema {
  readonly name: string;
  readonly type: ValueType;
  /** The configuration may give it; if it is also computed, leaving it out is a choice of the caller. */
  readonly optional: boolean;
  readonly computed: boolean;
  /** Sent to the provider, never kept: always null in state. */
  readonly writeOnly: boolean;
}

export type Nesting = "single" | "list" | "set" | "map" | "group";

export interface NestedBlockSchema {
  readonly name: string;
  readonly nesting: Nesting;
  readonly block: BlockSchema;
  readonly minItems: number;
  /** 0: no limit. */
  readonly maxItems: number;
}

export interface BlockSchema {
  readonly attributes: ReadonlyMap<string, AttributeSchema>;
  readonly blocks: ReadonlyMap<string, NestedBlockSchema>;
}

const NESTINGS: Readonly<Record<number, Nesting>> = {
  1: "single",
  2: "list",
  3: "set",
  4: "map",
  5: "group",
};
const RESOURCE_SCHEMAS_FIELD = 2;

/** The resource schemas in a provider's answer to GetSchema; each is decoded when it is first asked for. */
export class ResourceSchemas {
  private readonly raw: ReadonlyMap<string, Uint8Array>;
  private readonly decoded = new Map<string, BlockSchema>();

  constructor(answer: Uint8Array) {
    this.raw = indexOf(answer);
  }

  get types(): readonly string[] {
    return [...this.raw.keys()];
  }

  get(type: string): BlockSchema | undefined {
    const known = this.decoded.get(type);
    if (known) return known;
    const bytes = this.raw.get(type);
    if (!bytes) return undefined;
    const block = blockSchema(schemaMessage.decode(bytes).block ?? {});
    this.decoded.set(type, block);
    return block;
  }
}

export function blockSchema(message: BlockMessage): BlockSchema {
  return {
    attributes: new Map(
      (message.attributes ?? []).map((attribute) => [
        attribute.name,
        {
          name: attribute.name,
          type: parseType(JSON.parse(Buffer.from(attribute.type).toString("utf8"))),
          optional: attribute.optional ?? false,
          computed: attribute.computed ?? false,
          writeOnly: attribute.write_only ?? false,
        },
      ]),
    ),
    blocks: new Map(
      (message.block_types ?? []).map((nested) => [
        nested.type_name,
        {
          name: nested.type_name,
          nesting: NESTINGS[nested.nesting] ?? "list",
          block: blockSchema(nested.block ?? {}),
          minItems: nested.min_items ?? 0,
          maxItems: nested.max_items ?? 0,
        },
      ]),
    ),
  };
}

/** Walks the map `resource_schemas` without looking into its 1,500 values. */
function indexOf(answer: Uint8Array): Map<string, Uint8Array> {
  const reader = protobuf.Reader.create(answer);
  const found = new Map<string, Uint8Array>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 !== RESOURCE_SCHEMAS_FIELD) {
      reader.skipType(tag & 7);
      continue;
    }
    const [name, schema] = mapEntry(reader.bytes());
    found.set(name, schema);
  }
  return found;
}

function mapEntry(entry: Uint8Array): [string, Uint8Array] {
  const reader = protobuf.Reader.create(entry);
  let name = "";
  let schema: Uint8Array = new Uint8Array();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) name = reader.string();
    else if (tag >>> 3 === 2) schema = reader.bytes();
    else reader.skipType(tag & 7);
  }
  return [name, schema];
}
