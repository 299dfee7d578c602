import { z } from "zod";
import { instanceType, zoneLetters } from "./common.js";
import { deletionProtection } from "./deletion-protection.js";
import { hints } from "./hints.js";

export const turnSchema = z
  .strictObject({
    instanceType: instanceType
      .default("t3.medium")
      .describe(
        "EC2 instance type of a relay, x86_64: its network decides how many calls it carries. A change takes effect when a relay is replaced. Default: t3.medium.",
      ),
    zones: z
      .array(z.enum(zoneLetters))
      .min(1)
      .register(hints, {
        allowed: "a list of one letter or more of a, b, c",
        fix: "Name the zones, for example [a, b].",
      })
      .default(["a", "b"])
      .describe(
        "Letters of the zones with a relay, one self-healing host with a fixed address each. Default: a, b.",
      ),
    credentialTtlMinutes: z
      .int()
      .min(5)
      .max(1440)
      .default(60)
      .describe(
        "Life of the credentials a browser gets for a call, no shorter than drainMinutes. Default: 60.",
      ),
    drainMinutes: z
      .int()
      .min(1)
      .max(480)
      .default(60)
      .describe(
        "Minutes of the longest consultation: so long a relay that leaves waits for its calls; then they are cut off. Default: 60.",
      ),
    userQuota: z
      .int()
      .min(1)
      .max(1000)
      .default(12)
      .describe(
        "Relayed addresses that one user may hold on a host. A call takes a few: browsers ask for one at every URL. Default: 12.",
      ),
    deletionProtection: deletionProtection(
      "the relays' addresses, which stand in clients' firewalls",
      "Terraform refuses to give up a relay's address: AWS gives it to somebody else, and clients' firewalls go on naming it.",
    ),
  })
  .prefault({})
  .describe("coturn, the STUN and TURN relays for video calls.");
