import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applicationCsp,
  type CspDirectives,
  contentSecurityPolicy,
  contentSecurityPolicyTemplate,
  NONCE,
} from "../src/index.js";
import { domain } from "./support.js";

const nonce = "c2l4dGVlbi1ieXRlcy4u";

function careless(directives: Record<string, unknown>): CspDirectives {
  return { defaultSrc: ["'self'"], ...directives } as CspDirectives;
}

describe("the policy of pages", () => {
  it("CDN-10, T-48: is what an Inertia application with Reverb and WebRTC needs", () => {
    expect(contentSecurityPolicy(applicationCsp({ domain }), { nonce }).split("; ")).toEqual([
      "default-src 'self'",
      `script-src 'self' 'nonce-${nonce}'`,
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self' data:",
      "media-src 'self' blob:",
      "connect-src 'self' wss://telemedicina.example.com",
      "worker-src 'self' blob:",
      "frame-src 'none'",
      "manifest-src 'self'",
      "object-src 'none'",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "upgrade-insecure-requests",
    ]);
  });

  it("is without a nonce where CloudFront writes it, and lets no inline script run there", () => {
    const value = contentSecurityPolicy(applicationCsp({ domain }));

    expect(value).toContain("; script-src 'self';");
    expect(value).not.toContain("nonce");
  });

  it("has a place for the nonce where Laravel writes it", () => {
    expect(contentSecurityPolicyTemplate(applicationCsp({ domain }))).toContain(
      "script-src 'self' 'nonce-{nonce}';",
    );
  });

  it("takes the hosts that are named, each for its own use", () => {
    const value = contentSecurityPolicy(
      applicationCsp({
        domain,
        connect: ["https://uploads.s3.sa-east-1.amazonaws.com", "wss://live.example.com"],
        scripts: ["https://js.example.com"],
        styles: ["https://css.example.com"],
        fonts: ["https://fonts.bunny.net"],
        images: ["https://*.example.com"],
        media: ["https://media.example.com"],
        frames: ["https://maps.example.com"],
        reportUri: "/csp-reports",
      }),
    );

    expect(value.split("; ")).toEqual(
      expect.arrayContaining([
        "connect-src 'self' wss://telemedicina.example.com https://uploads.s3.sa-east-1.amazonaws.com wss://live.example.com",
        "script-src 'self' https://js.example.com",
        "style-src 'self' 'unsafe-inline' https://css.example.com",
        "font-src 'self' data: https://fonts.bunny.net",
        "img-src 'self' data: blob: https://*.example.com",
        "media-src 'self' blob: https://media.example.com",
        "frame-src https://maps.example.com",
        "report-uri /csp-reports",
      ]),
    );
  });
});

describe("the builder", () => {
  it("refuses by its types what would take the policy's worth away", () => {
    // @ts-expect-error -- inline scripts without a nonce
    const inline: CspDirectives = { defaultSrc: ["'self'"], scriptSrc: ["'unsafe-inline'"] };
    // @ts-expect-error -- code from text
    const evaluated: CspDirectives = { defaultSrc: ["'self'"], scriptSrc: ["'unsafe-eval'"] };
    // @ts-expect-error -- a whole scheme
    const scheme: CspDirectives = { defaultSrc: ["'self'"], connectSrc: ["https:"] };
    // @ts-expect-error -- plain HTTP
    const plain: CspDirectives = { defaultSrc: ["'self'"], imgSrc: ["http://example.com"] };
    // @ts-expect-error -- a keyword without its quotes is a host named self
    const unquoted: CspDirectives = { defaultSrc: ["self"] };
    // @ts-expect-error -- a directive that does not exist
    const unknown: CspDirectives = { defaultSrc: ["'self'"], scriptsSrc: ["'self'"] };
    // @ts-expect-error -- nothing and something
    const mixed: CspDirectives = { defaultSrc: ["'self'"], frameSrc: ["'none'", "'self'"] };

    expect([inline, evaluated, scheme, plain, unquoted, unknown, mixed]).toHaveLength(7);
  });

  it("writes 'none' where only the nonce was left", () => {
    expect(contentSecurityPolicy({ defaultSrc: "'none'", scriptSrc: [NONCE] })).toBe(
      "default-src 'none'; script-src 'none'",
    );
  });

  it("writes sandbox and upgrade-insecure-requests when asked for, and not otherwise", () => {
    const plain = { defaultSrc: "'none'" } as const;

    expect(contentSecurityPolicy({ ...plain, sandbox: true, upgradeInsecureRequests: true })).toBe(
      "default-src 'none'; sandbox; upgrade-insecure-requests",
    );
    expect(contentSecurityPolicy({ ...plain, sandbox: false })).toBe("default-src 'none'");
  });

  const hostWords =
    "Allowed: one of the quoted keywords, data:, blob:, or a host such as https://cdn.example.com or wss://api.example.com, in lower case, without path.";

  it.each([
    [{ scriptSrc: ["'unsafe-inline' *"] }, `script-src has "'unsafe-inline' *". ${hostWords}`],
    [{ imgSrc: ["https://a.example.com/x"] }, `img-src has "https://a.example.com/x". ${hostWords}`],
    [
      { connectSrc: ["https://a.example.com; script-src *"] },
      `connect-src has "https://a.example.com; script-src *". ${hostWords}`,
    ],
    [{ frameSrc: ["'none'", "'self'"] }, `frame-src has "'none'". ${hostWords}`],
    [
      { fontSrc: [] },
      "font-src is an empty list. Write \"'none'\" for nothing, or leave the directive out for default-src.",
    ],
    [{ mediaSrc: ["blob:", "blob:"] }, "media-src has blob: twice. Remove one of the two."],
    [
      { reportUri: "/a; b" },
      'report-uri is "/a; b". Allowed: a path of this site such as /csp-reports, or a host such as https://reports.example.com.',
    ],
  ])("fails when a source is none: %j", (directives, fault) => {
    expect(() => contentSecurityPolicy(careless(directives))).toThrow(
      new Error(`Content-Security-Policy: ${fault}`),
    );
  });

  it("fails when a nonce could be guessed, or is none", () => {
    expect(() => contentSecurityPolicy(applicationCsp({ domain }), { nonce: "1" })).toThrow(
      new Error(
        'Content-Security-Policy: the nonce is "1". Allowed: 16 or more characters of base64, new for every answer.',
      ),
    );
  });

  it("fails when the policy is longer than CloudFront takes", () => {
    const images = Array.from({ length: 60 }, (_, index) => `https://pictures-${index}.example.com` as const);

    expect(() => contentSecurityPolicy(applicationCsp({ domain, images }))).toThrow(
      new Error(
        "Content-Security-Policy: the policy has 2331 characters. Allowed: at most 1783, CloudFront's limit. Name fewer hosts, or one with a wildcard.",
      ),
    );
  });

  it("never lets a source end its directive or begin another", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const directives = careless({ imgSrc: [`https://${text}`] });
        let value = "";
        try {
          value = contentSecurityPolicy(directives);
        } catch {
          return;
        }
        expect(value).toBe(`default-src 'self'; img-src https://${text}`);
        expect(text).not.toMatch(/[;,\s]/);
      }),
    );
  });
});
