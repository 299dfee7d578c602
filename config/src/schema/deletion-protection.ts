import { z } from "zod";
import { hints } from "./hints.js";
import { reason } from "./reason.js";

const why = reason("Say in a sentence why nobody would miss what is deleted.");

/** A mapping, not a boolean: whoever turns the protection off has to say why. */
export function deletionProtection(of: string, refusal: string) {
  return z
    .discriminatedUnion("on", [
      z.strictObject({
        on: z.literal(true).describe(refusal),
      }),
      z.strictObject({
        on: z.literal(false).describe(`One wrong apply deletes ${of}.`),
        reason: why.describe(
          "Why nobody would miss it, for the reviewer; it becomes a tag. 10 to 256 characters.",
        ),
      }),
    ])
    .register(hints, {
      allowed: "{ on: true }, or { on: false, reason: … }",
      fix: "Write { on: true }, or say why it may be deleted: { on: false, reason: … }.",
    })
    .prefault({ on: true })
    .describe(`${refusal} Costs nothing. Default: on.`);
}
