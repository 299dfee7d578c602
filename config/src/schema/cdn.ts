import { z } from "zod";

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
      .describe("Browser cache of assets without one. Default: 300."),
  })
  .prefault({})
  .describe("CloudFront.");
