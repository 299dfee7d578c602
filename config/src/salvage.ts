import { z } from "zod";
import { bare } from "./allowed.js";
import { isMapping, type Path } from "./path.js";

/** A value as far as its schema accepts it, and the paths where it does not. */
export interface Salvage {
  readonly value: unknown;
  readonly invalid: readonly Path[];
}

/**
 * Parses what can be parsed, so that one bad key does not silence the rules about the others. Descends into
 * mappings only: a list or a union with a fault in it counts as invalid as a whole. Unknown keys do no harm.
 */
export function salvage(schema: z.ZodType, value: unknown, path: Path = []): Salvage {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, invalid: [] };
  const object = bare(schema);
  if (!(object instanceof z.ZodObject) || !isMapping(value)) return { value: undefined, invalid: [path] };
  const parts = Object.entries(object.shape).map(
    ([key, child]) => [key, salvage(child as z.ZodType, value[key], [...path, key])] as const,
  );
  return {
    value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
    invalid: parts.flatMap(([, part]) => part.invalid),
  };
}
