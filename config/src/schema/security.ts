import { z } from "zod";

/** @param follow what has to be done after it was counted up */
function secretVersion(what: string, follow: string) {
  return z
    .int()
    .min(1)
    .max(2_147_483_647)
    .default(1)
    .describe(`${what} Count up for a new value; never lower it. Then: ${follow} Default: 1.`);
}

export const securitySchema = z
  .strictObject({
    secretVersions: z
      .strictObject({
        database: secretVersion(
          "Password of PostgreSQL's master.",
          "apply the data stack at once, which gives it to RDS without a restart, and let hosts read it anew.",
        ),
        redis: secretVersion(
          "Token of both Redis stores.",
          "apply the data stack, after which old and new one are valid, and let hosts read it anew before the next change.",
        ),
        appKey: secretVersion(
          "Laravel's APP_KEY, with which columns, cookies and sessions are encrypted.",
          "put the old one into APP_PREVIOUS_KEYS before hosts take the new one, or nothing of it can be read; encrypt anew before the change after that, which loses the old one.",
        ),
        reverb: secretVersion(
          "Reverb's app id, key and secret.",
          "build the front end anew and deploy; browsers with the old key lose their connection.",
        ),
        turn: secretVersion(
          "The secret that signs credentials for calls.",
          "let hosts read it anew within a day: so long relays, which read it by themselves, take the old one too. No call ends.",
        ),
        originHeaderA: secretVersion(
          "One of two values by which the load balancer knows CloudFront; it takes both, CloudFront sends one. Only while that is B:",
          "apply the security and the app stack, and let CloudFront send A before B changes.",
        ),
        originHeaderB: secretVersion(
          "The other of the two values by which the load balancer knows CloudFront. Only while CloudFront sends A:",
          "apply the security and the app stack, and let CloudFront send B before A changes.",
        ),
      })
      .prefault({})
      .describe(
        "Versions of the generated secrets. Any other number makes a new value; the old one stays as AWSPREVIOUS until the change after that.",
      ),
    secretRecoveryDays: z
      .int()
      .min(7)
      .max(30)
      .default(30)
      .describe(
        "Days that a deleted secret can be brought back; until then its name is taken. Free of charge. Default: 30.",
      ),
  })
  .prefault({})
  .describe("The generated secrets, about US$ 0.40 a month each.");
