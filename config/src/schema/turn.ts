import { z } from "zod";
import { instanceType, zoneLetters } from "./common.js";
import { hints } from "./hints.js";

export const turnSchema = z
  .strictObject({
    instanceType: instanceType
      .default("t3.medium")
      .describe("EC2 instance type of a relay. Default: t3.medium."),
    zones: z
      .array(z.enum(zoneLetters))
      .min(1)
      .register(hints, {
        allowed: "a list of one letter or more of a, b, c",
        fix: "Name the zones, for example [a, b].",
      })
      .default(["a", "b"])
      .describe("Letters of the zones with a relay, one self-healing host each. Default: a, b."),
    credentialTtlMinutes: z
      .int()
      .min(5)
      .max(10_080)
      .default(60)
      .describe("Life of the credentials a browser gets for a call. Default: 60."),
    secretRotationDays: z
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe(
        "Days between rotations of the shared secret; never shorter than a credential lives. Default: 30.",
      ),
  })
  .prefault({})
  .describe("coturn, the STUN and TURN relays for video calls.");
