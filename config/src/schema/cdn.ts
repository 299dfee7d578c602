import { z } from "zod";
import { text } from "./hints.js";

const country = text(/^[A-Z]{2}$/, {
  allowed: "an ISO 3166-1 code of two capitals such as BR",
  fix: "Write the country's code, in capitals.",
});

const countries = z.array(country).min(1);

const geo = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none").describe("From everywhere.") }),
    z.strictObject({
      kind: z
        .literal("allow")
        .describe(
          "From these countries alone. Brazilians abroad, and everyone whose address is filed elsewhere, stay out.",
        ),
      countries: countries.describe("BR among them."),
    }),
    z.strictObject({
      kind: z.literal("block").describe("From everywhere but these countries."),
      countries: countries.describe("BR not among them."),
    }),
  ])
  .prefault({ kind: "none" })
  .describe("Who may come, by country. Free of charge. Default: none, everybody.");

const publicKey = text(/^\s*-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/, {
  allowed: "a public key in PEM, RSA of 2048 bits or ECDSA P-256",
  fix: "Paste what openssl rsa -pubout writes, under a | and indented. The private key belongs into the application's secrets.",
});

const httpsOrigin = text(/^https:\/\/(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}(:[0-9]{1,5})?$/, {
  allowed: "a host by HTTPS such as https://cdn.example.com",
  fix: "Write scheme and host in lower case, without path; *. may stand for the first label.",
});

const connectOrigin = text(
  /^(https|wss):\/\/(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}(:[0-9]{1,5})?$/,
  {
    allowed: "a host by TLS such as https://api.example.com or wss://live.example.com",
    fix: "Write scheme and host in lower case, without path; *. may stand for the first label.",
  },
);

const csp = z
  .strictObject({
    connect: z
      .array(connectOrigin)
      .default([])
      .describe("Requests, uploads and WebSockets to others. Default: none."),
    scripts: z
      .array(httpsOrigin)
      .default([])
      .describe("Code of others, which runs with the patient's session. Default: none."),
    styles: z.array(httpsOrigin).default([]).describe("Style sheets of others. Default: none."),
    fonts: z.array(httpsOrigin).default([]).describe("Fonts of others. Default: none."),
    images: z.array(httpsOrigin).default([]).describe("Pictures of others. Default: none."),
    media: z.array(httpsOrigin).default([]).describe("Sound and video of others. Default: none."),
    frames: z.array(httpsOrigin).default([]).describe("Pages of others inside ours. Default: none."),
  })
  .prefault({})
  .describe(
    "Hosts that pages may use besides the site's own. Each one can be told what a page shows: name as few as can be.",
  );

export const cdnSchema = z
  .strictObject({
    priceClass: z
      .enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"])
      .default("PriceClass_All")
      .describe("CloudFront edges in use. Only PriceClass_All has South America. Default: PriceClass_All."),
    hstsMaxAgeSeconds: z
      .int()
      .min(0)
      .max(63_072_000)
      .default(31_536_000)
      .describe(
        "Strict-Transport-Security. Browsers remember it: lowering it later helps nobody. Default: one year.",
      ),
    immutableMaxAgeSeconds: z
      .int()
      .min(0)
      .max(31_536_000)
      .default(31_536_000)
      .describe("Browser cache of assets with a hash in their name. Default: one year."),
    dynamicMaxAgeSeconds: z
      .int()
      .min(0)
      .max(31_536_000)
      .default(300)
      .describe("Browser and edge cache of assets without one. Default: 300."),
    geo,
    signedFiles: z
      .strictObject({
        publicKeys: z
          .array(publicKey)
          .max(2)
          .default([])
          .describe(
            "One key, or two while it is changed: new one first, and the old one removed when its last URL has expired. Default: none, and /files/ is the application's.",
          ),
      })
      .prefault({})
      .describe("Patients' files under /files/, from the uploads bucket, by signed URL only."),
    maintenancePage: z
      .boolean()
      .default(true)
      .describe(
        "A page in Portuguese when the application answers 502, 503 or 504. The API's clients get it too. Default: true.",
      ),
    healthCheck: z
      .boolean()
      .default(true)
      .describe(
        "Route 53 asks https://`domain`/health from around the world, with an alarm on the answer. About US$ 2 a month. Default: true.",
      ),
    realtimeMetrics: z
      .boolean()
      .default(true)
      .describe("Hit rate, origin latency and errors by status. About US$ 2.40 a month. Default: true."),
    csp,
  })
  .prefault({})
  .describe("CloudFront.");
