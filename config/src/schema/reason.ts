import { z } from "zod";
import { hints } from "./hints.js";

/** Why something departs from the secure default. What AWS's services let stand in a tag, which is where it ends up. */
export function reason(fix: string) {
  return z
    .string()
    .min(10)
    .max(256)
    .regex(/^(?=.*\S)[\p{L}\p{Nd} _.:/=+\-@]+$/u)
    .register(hints, {
      allowed: "10 to 256 letters, digits, spaces and . : / = + - @ _ (it becomes a tag)",
      fix,
    });
}
