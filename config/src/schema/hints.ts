import { z } from "zod";

/** What a fault says about a value that its pattern alone would not explain. */
export interface Hint {
  /** Completes "allowed: …". */
  readonly allowed: string;
  /** One sentence that says what to do. */
  readonly fix: string;
}

/** Hints by schema. A registry of zod's, not `.meta`, because `.meta` would leak into the JSON Schema. */
export const hints = z.registry<Hint>();

/** Text of a given form, with words for whoever writes it wrongly. */
export function text(pattern: RegExp, hint: Hint): z.ZodString {
  return z.string().regex(pattern).register(hints, hint);
}
