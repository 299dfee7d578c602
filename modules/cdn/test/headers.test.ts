import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { defaultPermissions, type Headers, permissionsPolicy, viewerHeaders } from "../src/index.js";
import {
  distribution,
  distributionJson,
  domain,
  headersPolicyFor,
  names,
  referred,
  signedFiles,
} from "./support.js";

const { stack, made } = distribution({ signedFiles });

/** A URL of each kind of content that has a policy. */
const samples = {
  page: "/appointments/42",
  api: "/api/v1/appointments",
  health: "/health",
  hashedAsset: "/build/assets/app-4f2a.js",
  asset: "/assets/logo.svg",
  file: "/files/7/exam.pdf",
} as const;
type Sample = keyof typeof samples;

/** What a viewer gets of an answer with these headers. */
function answered(sample: Sample, origin: Headers = {}, requestOrigin?: string, of = stack): Headers {
  return viewerHeaders(headersPolicyFor(of, samples[sample]) ?? {}, origin, requestOrigin);
}

const everywhere = Object.keys(samples) as Sample[];
const fromBuckets = ["hashedAsset", "asset", "file"] as const;

describe("headers of every answer", () => {
  it.each(everywhere)(
    "CDN-06, CDN-07, CDN-09, SEC-03: a %s has frame, sniffing, referrer and transport",
    (sample) => {
      expect(answered(sample)).toMatchObject({
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "permissions-policy": permissionsPolicy(),
      });
    },
  );

  it.each(everywhere)("a %s keeps them whatever the origin says", (sample) => {
    const origin = {
      "Strict-Transport-Security": "max-age=0",
      "X-Frame-Options": "ALLOWALL",
      "X-Content-Type-Options": "sniff",
      "Referrer-Policy": "unsafe-url",
      "Permissions-Policy": "camera=*",
    };

    expect(answered(sample, origin)).toEqual(answered(sample));
  });

  it.each(everywhere)("a %s does not tell which software answered", (sample) => {
    const headers = answered(sample, { Server: "nginx/1.26", "X-Powered-By": "PHP/8.4", ETag: '"a"' });

    expect(headers["server"]).toBeUndefined();
    expect(headers["x-powered-by"]).toBeUndefined();
  });

  it("CDN-14: keeps the ETag that the origin sends", () => {
    for (const sample of everywhere) expect(answered(sample, { ETag: '"a"' })["etag"]).toBe('"a"');
  });

  it("does not tell how S3 keeps a file, and under which key", () => {
    const origin = {
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:sa-east-1:333333333333:key/1",
      "x-amz-version-id": "1",
    };

    for (const sample of fromBuckets) {
      expect(Object.keys(answered(sample, origin)).filter((name) => name.startsWith("x-amz-"))).toEqual([]);
    }
  });

  it("CDN-08, T-47: leaves X-XSS-Protection out, and sends it when asked for", () => {
    const asked = distribution({ headers: { xssProtection: "block" } }).stack;

    for (const sample of everywhere) expect(answered(sample)["x-xss-protection"]).toBeUndefined();
    expect(answered("page", {}, undefined, asked)["x-xss-protection"]).toBe("1; mode=block");
  });

  it("takes HSTS's length, preload and the permissions of its caller", () => {
    const other = distribution({
      headers: {
        hstsMaxAgeSeconds: 63_072_000,
        hstsPreload: true,
        permissions: { "display-capture": "self", microphone: "none" },
      },
    }).stack;
    const headers = answered("page", {}, undefined, other);

    expect(headers["strict-transport-security"]).toBe("max-age=63072000; includeSubDomains; preload");
    expect(headers["permissions-policy"]).toContain("display-capture=(self)");
    expect(headers["permissions-policy"]).toContain("microphone=()");
  });

  it("sends WebSockets none: a handshake is no document", () => {
    expect(headersPolicyFor(stack, "/app/key")).toBeUndefined();
  });
});

describe("the Content-Security-Policy", () => {
  it("T-48: of a page is Laravel's, with its nonce, or else one without", () => {
    const laravel = made.pageCspTemplate.replace("{nonce}", "c2l4dGVlbi1ieXRlcy4u");

    expect(answered("page", { "Content-Security-Policy": laravel })["content-security-policy"]).toBe(laravel);
    expect(answered("page")["content-security-policy"]).toBe(
      made.pageCspTemplate.replace(" 'nonce-{nonce}'", ""),
    );
  });

  it("T-48: of a file of the site is CloudFront's, whatever the bucket says, and lets a worker work", () => {
    for (const sample of ["hashedAsset", "asset"] as const) {
      const value = answered(sample, { "Content-Security-Policy": "default-src *" })[
        "content-security-policy"
      ];

      expect(value).toBe(answered("page")["content-security-policy"]);
      expect(value).toContain(`connect-src 'self' wss://${domain}`);
    }
  });

  it("of a patient's file lets nothing of it run, and its reader keeps it as a download", () => {
    expect(answered("file", { "Content-Security-Policy": "default-src *" })).toMatchObject({
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
      "content-disposition": "attachment",
    });
    expect(answered("file", { "Content-Disposition": "inline" })["content-disposition"]).toBe("inline");
  });

  it("takes hosts and a place for reports", () => {
    const other = distribution({
      headers: { csp: { images: ["https://pictures.example.com"] }, cspReportUri: "/csp-reports" },
    });

    for (const value of [
      answered("page", {}, undefined, other.stack)["content-security-policy"],
      answered("asset", {}, undefined, other.stack)["content-security-policy"],
      other.made.pageCspTemplate,
    ]) {
      expect(value).toContain("img-src 'self' data: blob: https://pictures.example.com;");
      expect(value).toMatch(/; report-uri \/csp-reports$/);
    }
  });
});

describe("Cache-Control", () => {
  it("CDN-12: of files without a hash is five minutes, whatever the bucket says", () => {
    expect(answered("asset", { "Cache-Control": "max-age=9" })["cache-control"]).toBe(
      "public, max-age=300, must-revalidate",
    );
  });

  it("CDN-13: of the API is no-cache, no-store, whatever Laravel says, unless each route is left its own", () => {
    const laravel = { "Cache-Control": "no-cache, private" };
    const left = distribution({ headers: { apiCacheControl: "whenAbsent" } }).stack;

    expect(answered("api", laravel)["cache-control"]).toBe("no-cache, no-store");
    expect(answered("health", laravel)["cache-control"]).toBe("no-cache, no-store");
    expect(answered("api", laravel, undefined, left)["cache-control"]).toBe("no-cache, private");
    expect(answered("api", {}, undefined, left)["cache-control"]).toBe("no-cache, no-store");
  });

  it("of a page is Laravel's, and no-store where it says nothing", () => {
    expect(answered("page", { "Cache-Control": "no-cache, private" })["cache-control"]).toBe(
      "no-cache, private",
    );
    expect(answered("page")["cache-control"]).toBe("no-store, private");
  });

  it("of a patient's file is private, no-store", () => {
    expect(answered("file", { "Cache-Control": "public, max-age=9" })["cache-control"]).toBe(
      "private, no-store",
    );
  });

  it("T-49: of files with a hash is not in the policy, which dresses errors too", () => {
    expect(answered("hashedAsset")["cache-control"]).toBeUndefined();
    expect(answered("hashedAsset", { "Cache-Control": "max-age=9" })["cache-control"]).toBe("max-age=9");
  });

  it("CDN-11, T-49: of files with a hash is a year for files, and nothing for a file that is not there", () => {
    const run = handler(stack);

    for (const status of [200, 206, 304]) {
      expect(run(status)).toEqual({ "cache-control": { value: "public, max-age=31536000, immutable" } });
    }
    for (const status of [400, 403, 404, 500, 503]) expect(run(status)).toEqual({});
  });

  it("runs that function behind the answer, for files with a hash alone", () => {
    const ordered = distributionJson(stack).ordered_cache_behavior ?? [];
    const running = ordered.filter((behaviour) => behaviour.function_association !== undefined);
    const [association] = running.flatMap((behaviour) => behaviour.function_association ?? []);

    expect(running.map((behaviour) => behaviour.path_pattern)).toEqual(["/build/assets/*"]);
    expect(association?.event_type).toBe("viewer-response");
    expect(referred(stack, association?.function_arn)).toMatchObject({
      runtime: "cloudfront-js-2.0",
      publish: true,
    });
  });

  it("T-43: keeps that function's name within CloudFront's 64 characters, however long the project's is", () => {
    const longer = distribution({ names: { ...names, project: "telemedicina-para-todos-sempr" } }).stack;

    for (const each of [stack, longer]) {
      expect(each.only("aws_cloudfront_function")["name"]).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
    }
  });

  it("takes other lengths", () => {
    const other = distribution({
      headers: { immutableMaxAgeSeconds: 86_400, dynamicMaxAgeSeconds: 60 },
    }).stack;

    expect(handler(other)(200)).toEqual({ "cache-control": { value: "public, max-age=86400, immutable" } });
    expect(answered("asset", {}, undefined, other)["cache-control"]).toBe(
      "public, max-age=60, must-revalidate",
    );
    expect(other.only("aws_cloudfront_cache_policy")).toMatchObject({ default_ttl: 60, max_ttl: 60 });
  });
});

describe("CORS", () => {
  it("CDN-15, SEC-04: the API is open to the site's own origin, for the strategy's methods", () => {
    const cors = headersPolicyFor(stack, samples.api)?.cors_config as unknown as Record<string, unknown>;

    expect(answered("api", {}, `https://${domain}`)["access-control-allow-origin"]).toBe(`https://${domain}`);
    expect(answered("api", {}, "https://foreign.example.org")["access-control-allow-origin"]).toBeUndefined();
    expect(cors["access_control_allow_methods"]).toEqual({
      items: ["DELETE", "GET", "OPTIONS", "POST", "PUT"],
    });
  });

  it("T-51: the API's own answer wins, a bucket's does not, and files are only read", () => {
    const origin = { "Access-Control-Allow-Origin": "*" };
    const asks = `https://${domain}`;

    expect(answered("api", origin, asks)["access-control-allow-origin"]).toBe("*");
    for (const sample of fromBuckets) {
      expect(answered(sample, origin, asks)["access-control-allow-origin"]).toBe(asks);
      expect(headersPolicyFor(stack, samples[sample])?.cors_config).toMatchObject({
        access_control_allow_methods: { items: ["GET", "HEAD", "OPTIONS"] },
      });
    }
  });
});

describe("the Permissions-Policy", () => {
  it("lets the site itself use camera and microphone, and what a call needs; everything else is off", () => {
    const off = Object.entries(defaultPermissions).filter(([, permission]) => permission === "none");

    expect(permissionsPolicy()).toContain("camera=(self)");
    expect(permissionsPolicy()).toContain("microphone=(self)");
    expect(off.length).toBeGreaterThan(10);
    for (const [feature] of off) expect(permissionsPolicy()).toContain(`${feature}=()`);
  });
});

/** CloudFront's function as it stands in the JSON, run on an answer. */
function handler(of: typeof stack): (statusCode: number) => unknown {
  const { code } = of.only("aws_cloudfront_function") as { readonly code: string };
  const context = createContext({});
  runInContext(code, context);
  return (statusCode) => {
    const event = JSON.stringify({ response: { statusCode, headers: {} } });
    return JSON.parse(runInContext(`JSON.stringify(handler(${event}).headers)`, context) as string);
  };
}
