import type { ExtData } from "@msgpack/msgpack";
import { distinct, element, listed, mapObject, type Place, ROOT, step } from "./place.js";
import { plausibleNumber, plausibleString, type Subject } from "./plausible.js";
import type { BlockSchema, NestedBlockSchema } from "./schema.js";
import { parseType, type ValueType } from "./value-type.js";
import { isObject, isUnknown, type ObjectValue, refinementOf, type Value } from "./values.js";

/** Keeps every known value of `planned` and puts a plausible one in the place of each unknown one. */
export function fill(block: BlockSchema, planned: ObjectValue, subject: Subject): ObjectValue {
  return new Filler(subject).block(block, planned, ROOT);
}

class Filler {
  constructor(private readonly subject: Subject) {}

  block(schema: BlockSchema, planned: ObjectValue, place: Place): ObjectValue {
    return this.object(planned, place, (name, value, look) => {
      const here = { ...step(place, name), look };
      const attribute = schema.attributes.get(name);
      if (attribute?.writeOnly) return null;
      if (attribute) {
        return this.value(attribute.type, value, {
          ...here,
          computedOnly: attribute.computed && !attribute.optional,
        });
      }
      const nested = schema.blocks.get(name);
      return nested ? this.nested(nested, value, here) : value;
    });
  }

  private nested(schema: NestedBlockSchema, value: Value, place: Place): Value {
    if (isUnknown(value)) return this.wholeBlock(schema, value, place);
    if (Array.isArray(value)) {
      const fillItem = (item: Value, here: Place) => this.nestedItem(schema, item, here);
      return schema.nesting === "set" ? distinct(value, place, fillItem) : listed(value, place, fillItem);
    }
    if (schema.nesting === "map" && isObject(value)) {
      return mapObject(value, (item, key) => this.nestedItem(schema, item, element(place, key)));
    }
    return this.nestedItem(schema, value, place);
  }

  private nestedItem(schema: NestedBlockSchema, item: Value, place: Place): Value {
    if (isUnknown(item)) return this.block(schema.block, wholly(schema.block, item), place);
    return isObject(item) ? this.block(schema.block, item, place) : item;
  }

  /** A block that is unknown as a whole: as many as the schema demands, and one where there can be only one. */
  private wholeBlock(schema: NestedBlockSchema, unknown: ExtData, place: Place): Value {
    if (schema.nesting === "single" || schema.nesting === "group")
      return this.nestedItem(schema, unknown, place);
    if (schema.nesting === "map") return {};
    const count = Math.max(schema.minItems, schema.maxItems === 1 ? 1 : 0);
    return this.nested(schema, Array<Value>(count).fill(unknown), place);
  }

  private value(type: ValueType, value: Value, place: Place): Value {
    if (isUnknown(value)) return this.make(type, value, place);
    switch (type.kind) {
      case "list":
      case "set":
        return Array.isArray(value) ? this.elements(type, value, place) : value;
      case "map":
        return isObject(value)
          ? mapObject(value, (item, key) => this.value(type.element, item, element(place, key)))
          : value;
      case "tuple":
        return Array.isArray(value)
          ? value.map((item, index) =>
              this.value(type.elements[index] ?? { kind: "dynamic" }, item, element(place, index)),
            )
          : value;
      case "object":
        return isObject(value)
          ? this.object(value, place, (name, item, look) =>
              this.value(type.attributes.get(name) ?? { kind: "dynamic" }, item, {
                ...step(place, name),
                look,
              }),
            )
          : value;
      case "dynamic":
        return this.dynamic(value, place);
      default:
        return value;
    }
  }

  private elements(
    type: ValueType & { readonly kind: "list" | "set" | "map" },
    items: readonly Value[],
    place: Place,
  ) {
    const fillItem = (item: Value, here: Place) => this.value(type.element, item, here);
    return type.kind === "set" ? distinct(items, place, fillItem) : listed(items, place, fillItem);
  }

  private make(type: ValueType, unknown: ExtData, place: Place): Value {
    switch (type.kind) {
      case "string":
        return plausibleString(this.subject, place, refinementOf(unknown).prefix);
      case "number":
        return plausibleNumber(this.subject, place);
      case "bool":
        return false;
      case "list":
      case "set": {
        // What only the provider can give is indexed in expressions (`[0].secret_arn`); what the caller
        // could have given, and did not, is empty.
        const count = Math.max(refinementOf(unknown).minLength, place.computedOnly ? 1 : 0);
        return this.elements(type, Array<Value>(count).fill(unknown), place);
      }
      case "map":
        return {};
      case "object":
        return this.value(
          type,
          Object.fromEntries([...type.attributes.keys()].map((name) => [name, unknown])),
          place,
        );
      case "tuple":
        return this.value(
          type,
          type.elements.map(() => unknown),
          place,
        );
      case "dynamic":
        return null;
    }
  }

  /** A dynamic value travels as its type, in JSON, and the value. */
  private dynamic(value: Value, place: Place): Value {
    if (!Array.isArray(value) || value.length !== 2 || !(value[0] instanceof Uint8Array)) return value;
    const type = parseType(JSON.parse(Buffer.from(value[0]).toString("utf8")));
    return [value[0], this.value(type, value[1], place)];
  }

  /** Fills attribute by attribute, in the order in which templates ask for each other. */
  private object(
    planned: ObjectValue,
    place: Place,
    fillOne: (name: string, value: Value, look: Place["look"]) => Value,
  ): ObjectValue {
    const done: ObjectValue = {};
    const open = new Set<string>();
    const get = (name: string): Value => {
      if (name in done) return done[name];
      if (!(name in planned)) return place.look(name);
      if (open.has(name)) return undefined;
      open.add(name);
      done[name] = fillOne(name, planned[name], get);
      return done[name];
    };
    for (const name of Object.keys(planned)) get(name);
    return done;
  }
}

function wholly(schema: BlockSchema, unknown: ExtData): ObjectValue {
  return Object.fromEntries(
    [...schema.attributes.keys(), ...schema.blocks.keys()].map((name) => [name, unknown]),
  );
}
