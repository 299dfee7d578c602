import { S3BucketCorsConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-cors-configuration/index.js";
import type { NameScope } from "@telemedicina/core";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { originFaultText, originsFaultText } from "./errors.js";
import type { BucketProfile } from "./profile.js";

/** What pages of some origins may do with a bucket. */
export interface CorsSettings {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  /** Request headers a page may set. */
  readonly headers: readonly string[];
  /** Answer headers a page may see. */
  readonly exposed: readonly string[];
}

/** Seconds that a browser remembers the answer to its preflight. */
const MAX_AGE_SECONDS = 3600;

const HTTPS_ORIGIN = /^https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;
const LOCAL_ORIGIN = /^http:\/\/localhost(?::\d{1,5})?$/;

export function corsSettings(profile: BucketProfile): CorsSettings | undefined {
  switch (profile.purpose) {
    case "assets":
      return { origins: profile.corsOrigins, methods: ["GET", "HEAD"], headers: [], exposed: [] };
    case "uploads":
      return {
        origins: profile.corsOrigins,
        methods: ["GET", "HEAD", "PUT"],
        headers: ["content-type", "content-md5", "x-amz-*"],
        // The page that put a file proves by its ETag that it arrived whole.
        exposed: ["ETag"],
      };
    default:
      return undefined;
  }
}

export function corsFaults(profile: BucketProfile, { environment }: NameScope): string[] {
  if (profile.purpose !== "assets" && profile.purpose !== "uploads") return [];
  const origins: readonly string[] | undefined = profile.corsOrigins;
  if (origins === undefined || origins.length === 0) return [originsFaultText(origins, profile.purpose)];
  const localAllowed = environment === "development";
  return origins
    .filter((origin) => !(HTTPS_ORIGIN.test(origin) || (localAllowed && LOCAL_ORIGIN.test(origin))))
    .map((origin) => originFaultText(origin, localAllowed));
}

export function allowOrigins(
  scope: Construct,
  bucket: string,
  cors: CorsSettings,
  provider: TerraformProvider | undefined,
): void {
  new S3BucketCorsConfiguration(scope, "cors", {
    bucket,
    corsRule: [
      {
        allowedOrigins: [...cors.origins],
        allowedMethods: [...cors.methods],
        ...(cors.headers.length === 0 ? {} : { allowedHeaders: [...cors.headers] }),
        ...(cors.exposed.length === 0 ? {} : { exposeHeaders: [...cors.exposed] }),
        maxAgeSeconds: MAX_AGE_SECONDS,
      },
    ],
    ...(provider === undefined ? {} : { provider }),
  });
}
