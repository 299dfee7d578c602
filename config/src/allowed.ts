import { z } from "zod";
import { isMapping, type Path } from "./path.js";
import { hints } from "./schema/hints.js";

/** The schema without its defaults: what a written value has to be. */
export function bare(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional
  ) {
    return bare(schema.unwrap() as z.ZodType);
  }
  return schema;
}

/** The schema that a key is checked against. In a union it is the alternative that the written value chose. */
export function schemaAt(schema: z.ZodType, path: Path, value: unknown): z.ZodType | undefined {
  const here = bare(schema);
  const [part, ...rest] = path;
  if (part === undefined) return here;
  const child = isMapping(value) || Array.isArray(value) ? Reflect.get(value, part) : undefined;
  if (here instanceof z.ZodArray) return schemaAt(here.element as z.ZodType, rest, child);
  const object = objectWith(here, part, value);
  const next = object?.shape[part];
  return next && schemaAt(next as z.ZodType, rest, child);
}

function objectWith(schema: z.ZodType, key: string | number, value: unknown): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodDiscriminatedUnion) return chosen(schema, value) ?? discriminators(schema);
  return schema instanceof z.ZodUnion
    ? alternatives(schema).find((option) => key in option.shape)
    : undefined;
}

/** The keys that a mapping may have; in a union, those of the alternative that the written value chose. */
export function keysOf(schema: z.ZodType | undefined, value: unknown): string[] {
  const object = schema instanceof z.ZodDiscriminatedUnion ? chosen(schema, value) : schema;
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

/** Completes "allowed: …". */
export function describeAllowed(schema: z.ZodType | undefined): string {
  if (schema === undefined) return "nothing";
  const inner = bare(schema);
  const hint = hints.get(inner);
  if (hint !== undefined) return hint.allowed;
  if (inner instanceof z.ZodEnum) return inner.options.join(", ");
  if (inner instanceof z.ZodLiteral) return [...inner.values].join(", ");
  if (inner instanceof z.ZodBoolean) return "true, false";
  if (inner instanceof z.ZodNumber) return `a whole number from ${inner.minValue} to ${inner.maxValue}`;
  if (inner instanceof z.ZodArray) return `a list; each item: ${describeAllowed(inner.element as z.ZodType)}`;
  if (inner instanceof z.ZodDiscriminatedUnion) return oneOf([...waysToWrite(inner).values()]);
  if (inner instanceof z.ZodObject) return `a mapping with the keys ${keysOf(inner, undefined).join(", ")}`;
  if (inner instanceof z.ZodUnion)
    return inner.options.map((option) => describeAllowed(option as z.ZodType)).join(", or ");
  throw new Error(
    `describeAllowed has no words for a schema of type ${inner.def.type}; add them in allowed.ts`,
  );
}

/** The alternatives of a union as one writes them, by the word that chooses each: with the keys that have no default. */
export function waysToWrite(union: z.ZodDiscriminatedUnion): ReadonlyMap<string, string> {
  const key = union.def.discriminator;
  return new Map(
    alternatives(union).flatMap((option) => {
      const required = Object.keys(option.shape).filter((name) => name !== key && isRequired(option, name));
      const rest = required.map((name) => `, ${name}: …`).join("");
      return literals(option, key).map((word): [string, string] => [
        String(word),
        `{ ${key}: ${word}${rest} }`,
      ]);
    }),
  );
}

function isRequired(object: z.ZodObject, key: string): boolean {
  const schema = object.shape[key] as z.ZodType;
  return bare(schema) === schema;
}

function oneOf(ways: readonly string[]): string {
  return [ways.slice(0, -1).join(", "), ways.at(-1)].filter(Boolean).join(" or ");
}

function chosen(union: z.ZodDiscriminatedUnion, value: unknown): z.ZodObject | undefined {
  const written = isMapping(value) ? value[union.def.discriminator] : undefined;
  return alternatives(union).find((option) => literals(option, union.def.discriminator).includes(written));
}

/** Stands for a union whose alternative is not known yet: a mapping with the key that chooses it. */
function discriminators(union: z.ZodDiscriminatedUnion): z.ZodObject {
  const key = union.def.discriminator;
  const values = alternatives(union).flatMap((option) => literals(option, key));
  return z.strictObject({ [key]: z.enum(values.map(String)) });
}

function alternatives(union: z.ZodUnion): z.ZodObject[] {
  return union.options.filter((option) => option instanceof z.ZodObject);
}

function literals(option: z.ZodObject, key: string): unknown[] {
  const schema = option.shape[key];
  return schema instanceof z.ZodLiteral ? [...schema.values] : [];
}
