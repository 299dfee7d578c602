import type { BlockSchema, NestedBlockSchema } from "./schema.js";
import type { ValueType } from "./value-type.js";
import { hasUnknown, isObject, isUnknown, type ObjectValue, type Value } from "./values.js";

/**
 * What an echoed resource's state is after apply: every value that was planned, and the provider's answer for
 * what the plan left open. Without it a value that the emulator loses would already be missing here, and
 * Terraform would call the result inconsistent with the plan.
 */
export function merge(block: BlockSchema, planned: Value, actual: Value): Value {
  if (isUnknown(planned)) return actual;
  if (!isObject(planned) || !isObject(actual)) return planned;
  return mergeObject(planned, actual, (name, plan, answer) => {
    const attribute = block.attributes.get(name);
    if (attribute) return mergeValue(attribute.type, plan, answer);
    const nested = block.blocks.get(name);
    return nested ? mergeNested(nested, plan, answer) : answer;
  });
}

function mergeValue(type: ValueType, planned: Value, actual: Value): Value {
  if (!hasUnknown(planned)) return planned;
  if (isUnknown(planned)) return actual;
  switch (type.kind) {
    case "list":
      return mergeList(planned, actual, (plan, answer) => mergeValue(type.element, plan, answer));
    case "map":
      return isObject(planned) && isObject(actual)
        ? mergeObject(planned, actual, (_, plan, answer) => mergeValue(type.element, plan, answer))
        : actual;
    case "object":
      return isObject(planned) && isObject(actual)
        ? mergeObject(planned, actual, (name, plan, answer) =>
            mergeValue(type.attributes.get(name) ?? { kind: "dynamic" }, plan, answer),
          )
        : actual;
    default:
      // The elements of a set have no names by which a half-known one could find its answer.
      return actual;
  }
}

function mergeNested(schema: NestedBlockSchema, planned: Value, actual: Value): Value {
  if (!hasUnknown(planned)) return planned;
  if (isUnknown(planned) || schema.nesting === "set") return actual;
  const one = (plan: Value, answer: Value) => merge(schema.block, plan, answer);
  if (schema.nesting === "list")
    return wasLost(planned, actual) ? known(planned) : mergeList(planned, actual, one);
  if (schema.nesting !== "map") return one(planned, actual);
  return isObject(planned) && isObject(actual)
    ? mergeObject(planned, actual, (_, plan, answer) => one(plan, answer))
    : actual;
}

function mergeList(planned: Value, actual: Value, one: (plan: Value, answer: Value) => Value): Value {
  if (!Array.isArray(planned) || !Array.isArray(actual) || planned.length !== actual.length) return actual;
  return planned.map((plan, index) => one(plan, actual[index]));
}

/** The emulator forgot the blocks altogether. */
function wasLost(planned: Value, actual: Value): boolean {
  return Array.isArray(planned) && planned.length > 0 && Array.isArray(actual) && actual.length === 0;
}

/** A value without what nobody will ever answer. */
function known(value: Value): Value {
  if (isUnknown(value)) return null;
  if (Array.isArray(value)) return value.map(known);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, known(inner)]));
}

function mergeObject(
  planned: ObjectValue,
  actual: ObjectValue,
  one: (name: string, plan: Value, answer: Value) => Value,
): ObjectValue {
  return Object.fromEntries(
    Object.entries(planned).map(([name, plan]) => [name, one(name, plan, actual[name] ?? null)]),
  );
}
