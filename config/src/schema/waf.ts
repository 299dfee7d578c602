import { z } from "zod";
import { logRetentionDays } from "./common.js";
import { hints, text } from "./hints.js";
import { reason } from "./reason.js";

const why = reason("Say in a sentence why less is blocked here, and until when.");

const path = text(/^(?!\/\*$)(\/(\*|[A-Za-z0-9._~-]+))+$/, {
  allowed: "a path such as /login, /uploads/* or /visits/*/files",
  fix: "Write it from the first slash, without one at the end; * stands for a whole segment, at the end for everything below. /* would be every path.",
});

const country = text(/^[A-Z]{2}$/, {
  allowed:
    "a country of ISO 3166 by its two capital letters, between quotes where YAML reads something else (NO)",
  fix: 'Write the code, for example BR or "NO".',
});

const network = text(/^[0-9A-Fa-f.:]+\/[0-9]{1,3}$/, {
  allowed: "an IPv4 or IPv6 network such as 203.0.113.0/24 or 2001:db8::/48",
  fix: "Write the address, a slash and the prefix length; /32 or /128 for a single one.",
});

const managedRule = text(/^[A-Za-z0-9]+(_[A-Za-z0-9]+)*$/, {
  allowed: "a rule of AWS's groups that blocks, such as SQLi_BODY",
  fix: "Copy its name from the log, where it stands under ruleGroupList, or from AWS's documentation.",
});

const block = z.strictObject({
  action: z.literal("block").describe("What matches gets 403, or 429 for a limit."),
});

const count = z.strictObject({
  action: z.literal("count").describe("What matches is logged and passes."),
  reason: why.describe("Why, for the reviewer; it becomes a tag. 10 to 256 characters."),
});

const off = z.strictObject({
  action: z.literal("off").describe("No WAF: nothing is limited, inspected or logged."),
  reason: why.describe("Why, for the reviewer. 10 to 256 characters."),
});

function group(what: string) {
  return z
    .discriminatedUnion("action", [block, count])
    .prefault({ action: "block" })
    .describe(`${what} Default: block.`);
}

function limit(requests: number, what: string) {
  return z
    .strictObject({
      requests: z
        .int()
        .min(10)
        .max(2_000_000_000)
        .default(requests)
        .describe(`Requests of one address within the window. Default: ${requests}.`),
      windowSeconds: z
        .literal([60, 120, 300, 600])
        .default(300)
        .describe("Seconds that WAF looks back. Default: 300."),
    })
    .prefault({})
    .describe(what);
}

const openPaths = z
  .array(path)
  .default(["/health"])
  .describe("Paths open to every country: health checks and webhooks come from abroad. Default: /health.");

const countryList = z.array(country).min(1).register(hints, {
  allowed: "a list of one country or more",
  fix: "Name the countries, for example [BR, PT], or write { kind: all }.",
});

const countries = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("all").describe("Requests may come from everywhere.") }),
    z.strictObject({
      kind: z.literal("only").describe("Requests from other countries get 403."),
      countries: countryList.describe("The countries that may. Brazil has to be one."),
      openPaths,
    }),
    z.strictObject({
      kind: z.literal("except").describe("Requests from these countries get 403."),
      countries: countryList.describe("The countries that may not. Brazil cannot be one."),
      openPaths,
    }),
  ])
  .prefault({ kind: "all" })
  .describe("Where requests may come from, by the address; a VPN passes. Default: all.");

const exception = z.strictObject({
  rule: managedRule.describe("Name of the rule, in AWS's spelling."),
  paths: z
    .array(path)
    .min(1)
    .register(hints, {
      allowed: "a list of one path or more",
      fix: "Name the paths on which it may not block.",
    })
    .describe("Where it does not block. Everywhere else it does."),
  reason: why.describe("Why, for the reviewer; it becomes a tag. 10 to 256 characters."),
});

export const wafSchema = z
  .strictObject({
    mode: z
      .discriminatedUnion("action", [block, count, off])
      .prefault({ action: "block" })
      .describe("What becomes of a match. New rules are best counted for a week first. Default: block."),
    groups: z
      .strictObject({
        ipReputation: group("Addresses that AWS knows for attacks."),
        knownBadInputs: group("Requests that only attacks send, such as Log4Shell's."),
        common: group("AWS's core rules, after OWASP's list."),
        sqli: group("SQL in requests."),
        php: group("PHP in requests."),
      })
      .prefault({})
      .describe("AWS's own rules. A group that counts still says in the log what it would have blocked."),
    uploadPaths: z
      .array(path)
      .default(["/uploads/*", "/api/uploads/*"])
      .describe(
        "Where the application takes files and long texts: bodies over 8 KiB, and ones that look like scripts, pass on these paths only. Default: /uploads/*, /api/uploads/*.",
      ),
    exceptions: z
      .array(exception)
      .default([])
      .describe("Rules of AWS that may not block on some paths. Default: none."),
    rateLimits: z
      .strictObject({
        everything: limit(2000, "All requests but WebSockets."),
        login: limit(100, "Logins, registrations, password resets and codes."),
        webSockets: limit(2000, "Handshakes of WebSockets, counted apart."),
      })
      .prefault({})
      .describe("Requests of one address, above which it gets 429. Everybody in an office shares one."),
    loginPaths: z
      .array(path)
      .min(1)
      .register(hints, { allowed: "a list of one path or more", fix: "Name them, or leave the key out." })
      .exactOptional()
      .describe("Paths whose POST counts as a login. Default: those of Laravel's starter kits and Fortify."),
    countries,
    allowedNetworks: z
      .strictObject({
        cidrs: z
          .array(network)
          .min(1)
          .register(hints, {
            allowed: "a list of one network or more",
            fix: "Name them, or leave the key out.",
          })
          .describe("IPv4 or IPv6."),
        reason: why.describe("Why, for the reviewer; it becomes a tag. 10 to 256 characters."),
      })
      .exactOptional()
      .describe("Networks that no rule sees, such as a penetration tester's. Default: none."),
    blockedNetworks: z
      .array(network)
      .default([])
      .describe("Networks that get nothing but 403. Default: none."),
    bodyInspectionKiB: z
      .literal([16, 32, 48, 64])
      .default(64)
      .describe(
        "KiB of a body that the rules see at CloudFront. Above 16, AWS bills US$ 0.30 a million requests for every 16 really inspected. Default: 64.",
      ),
    moreCapacity: z
      .strictObject({
        reason: why.describe("Why, for the reviewer; it becomes a tag. 10 to 256 characters."),
      })
      .exactOptional()
      .describe(
        "Up to 5000 capacity units instead of 1500, at US$ 0.20 more a million requests for every 500 begun. Needed from about eight exceptions on. Default: no.",
      ),
    logs: z
      .strictObject({
        retentionDays: logRetentionDays
          .default(365)
          .describe("Days that requests are kept. Default: 365, the strategy's figure."),
        requests: z
          .enum(["all", "matched"])
          .default("all")
          .describe(
            "`matched` leaves out requests that no rule matched; the log costs about US$ 1 a million. Default: all.",
          ),
        queryStrings: z
          .enum(["hidden", "shown"])
          .default("hidden")
          .describe(
            "They carry names and addresses. `shown` helps to see what a rule took offence at. Default: hidden.",
          ),
      })
      .prefault({})
      .describe(
        "Which requests WAF saw and what it did. No cookie, credential header or body is in it; the path is.",
      ),
  })
  .prefault({})
  .describe("AWS WAF before CloudFront, about US$ 15 a month and US$ 0.60 a million requests.");
