import { CloudfrontFunction } from "@cdktf/provider-aws/lib/cloudfront-function/index.js";
import { type NameScope, resourceName } from "@telemedicina/core";
import { Construct } from "constructs";

export interface ImmutableCacheControlProps {
  readonly names: NameScope;
  readonly maxAgeSeconds: number;
}

/**
 * Tells browsers to keep a file for good, if it is one. A headers policy dresses errors like files, so that whoever asks
 * for a file a moment before its upload would keep "not found" for a year; a function does not run for errors.
 *
 * About 0.10 US dollars for a million files that are asked for.
 */
export class ImmutableCacheControl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { names, maxAgeSeconds }: ImmutableCacheControlProps) {
    super(scope, id);
    this.arn = new CloudfrontFunction(this, "function", {
      name: resourceName(names, "cloudfront-function", "immutable"),
      comment: "Cache-Control of files with a hash in their name",
      runtime: "cloudfront-js-2.0",
      publish: true,
      code: immutableCacheControlCode(maxAgeSeconds),
      // One in use cannot be deleted.
      lifecycle: { createBeforeDestroy: true },
    }).arn;
  }
}

/** CloudFront does not run it for errors of the origin; it looks again, since files are kept by it for a year. */
function immutableCacheControlCode(maxAgeSeconds: number): string {
  return [
    "function handler(event) {",
    "  var response = event.response;",
    "  if (response.statusCode < 400) {",
    `    response.headers["cache-control"] = { value: "public, max-age=${maxAgeSeconds}, immutable" };`,
    "  }",
    "  return response;",
    "}",
    "",
  ].join("\n");
}
