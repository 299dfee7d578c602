import { z } from "zod";
import { instanceType } from "./common.js";
import { hints } from "./hints.js";

/** Every type has to be x86_64; a rule says which are not. */
export function instanceTypes(preferred: readonly string[]) {
  return z
    .array(instanceType)
    .min(1)
    .max(10)
    .register(hints, {
      allowed: "a list of 1 to 10 EC2 instance types such as t3.medium",
      fix: "Name the types, for example [t3.medium, t3.large].",
    })
    .default([...preferred])
    .describe(
      `EC2 instance types of x86_64, the preferred one first. A change replaces the hosts, a few at a time. Default: ${preferred.join(", ")}.`,
    );
}
