import { cspFaultTexts } from "./errors.js";

/** Stands where Laravel writes the nonce of one answer. CloudFront has none to write, and leaves it out. */
export const NONCE: unique symbol = Symbol("nonce");

/** One host, by TLS: `https://` for requests, `wss://` for WebSockets. */
export type CspHost = `https://${string}` | `wss://${string}`;
type HttpsHost = `https://${string}`;
type Self = "'self'";

/** Nothing at all, or a list; `'none'` beside anything else means nothing to a browser. */
type Sources<Source> = "'none'" | readonly Source[];

/**
 * The directives of a Content-Security-Policy. What is not offered here (`'unsafe-eval'`, scripts by `'unsafe-inline'`,
 * whole schemes such as `https:`) would take the policy's worth away.
 */
export interface CspDirectives {
  readonly defaultSrc: Sources<Self>;
  readonly scriptSrc?: Sources<Self | HttpsHost | typeof NONCE | "'wasm-unsafe-eval'">;
  /** A style may be inline: components set `style` attributes, for which there is no nonce. */
  readonly styleSrc?: Sources<Self | HttpsHost | "'unsafe-inline'">;
  readonly imgSrc?: Sources<Self | HttpsHost | "data:" | "blob:">;
  readonly fontSrc?: Sources<Self | HttpsHost | "data:">;
  /** `blob:` is what recordings and `MediaSource` play from; a camera's stream needs nothing. */
  readonly mediaSrc?: Sources<Self | HttpsHost | "blob:">;
  readonly connectSrc?: Sources<Self | CspHost | "blob:" | "data:">;
  readonly workerSrc?: Sources<Self | HttpsHost | "blob:">;
  readonly frameSrc?: Sources<Self | HttpsHost | "blob:">;
  readonly manifestSrc?: Sources<Self>;
  readonly objectSrc?: "'none'";
  readonly baseUri?: "'none'" | Self;
  readonly formAction?: Sources<Self | HttpsHost>;
  /** Who may frame the page. It overrules X-Frame-Options wherever a browser knows both. */
  readonly frameAncestors?: Sources<Self | HttpsHost>;
  /** An empty sandbox: no script, no form, an origin of its own. @default false */
  readonly sandbox?: boolean;
  /** Rewrites `http:` addresses that are left in old content. @default false */
  readonly upgradeInsecureRequests?: boolean;
  /** Where browsers post violations to: a path of this site, or another host. @default - nowhere */
  readonly reportUri?: `/${string}` | HttpsHost;
}

/** CloudFront's limit for this header. */
export const CSP_MAX_LENGTH = 1783;

const listed = {
  defaultSrc: "default-src",
  scriptSrc: "script-src",
  styleSrc: "style-src",
  imgSrc: "img-src",
  fontSrc: "font-src",
  mediaSrc: "media-src",
  connectSrc: "connect-src",
  workerSrc: "worker-src",
  frameSrc: "frame-src",
  manifestSrc: "manifest-src",
  objectSrc: "object-src",
  baseUri: "base-uri",
  formAction: "form-action",
  frameAncestors: "frame-ancestors",
} as const satisfies Partial<Record<keyof CspDirectives, string>>;

const keywords = ["'self'", "'unsafe-inline'", "'wasm-unsafe-eval'", "data:", "blob:"];

/** A host, with a wildcard for its first label at most: no path, no query, nothing that could end the directive. */
const HOST = /^(?:https|wss):\/\/(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}(?::\d{1,5})?$/;
const REPORT_PATH = /^\/[A-Za-z0-9/_-]*$/;
const NONCE_VALUE = /^[A-Za-z0-9+/_-]{16,}={0,2}$/;

/** What Laravel replaces in {@link contentSecurityPolicyTemplate}. */
export const NONCE_PLACEHOLDER = "{nonce}";

/**
 * The header's value. Without a nonce what stands for it is left out, so that inline scripts do not run.
 *
 * @throws one error with every source that no browser would understand
 */
export function contentSecurityPolicy(
  directives: CspDirectives,
  options: { readonly nonce?: string } = {},
): string {
  const { nonce } = options;
  const faults = [
    ...cspFaults(directives),
    ...(nonce === undefined || NONCE_VALUE.test(nonce) ? [] : [cspFaultTexts.nonce(nonce)]),
  ];
  if (faults.length > 0) throw new Error(`Content-Security-Policy: ${faults.join(" ")}`);
  return render(directives, nonce);
}

/** The value with {@link NONCE_PLACEHOLDER} in it, for whoever makes the nonces: the application. */
export function contentSecurityPolicyTemplate(directives: CspDirectives): string {
  const faults = cspFaults(directives);
  if (faults.length > 0) throw new Error(`Content-Security-Policy: ${faults.join(" ")}`);
  return render(directives, NONCE_PLACEHOLDER);
}

/** Everything that a browser, or CloudFront, would not take. */
export function cspFaults(directives: CspDirectives): string[] {
  const faults = sourceLists(directives).flatMap(([name, list]) => listFaults(name, list));
  const { reportUri } = directives;
  if (reportUri !== undefined && !REPORT_PATH.test(reportUri) && !isHost(reportUri)) {
    faults.push(cspFaultTexts.reportUri(reportUri));
  }
  // Measured with the longest nonce in use, so that what Laravel sends fits as well.
  const { length } = render(directives, "n".repeat(44));
  if (faults.length === 0 && length > CSP_MAX_LENGTH)
    faults.push(cspFaultTexts.length(length, CSP_MAX_LENGTH));
  return faults;
}

type SourceList = readonly (string | typeof NONCE)[];

function sourceLists(directives: CspDirectives): [name: string, list: SourceList][] {
  return Object.entries(listed).flatMap(([key, name]) => {
    const value = directives[key as keyof typeof listed];
    if (value === undefined) return [];
    return [[name, typeof value === "string" ? [value] : value] satisfies [string, SourceList]];
  });
}

function listFaults(name: string, list: SourceList): string[] {
  if (list.length === 0) return [cspFaultTexts.empty(name)];
  return list.flatMap((source, index) => {
    if (list.indexOf(source) !== index) return [cspFaultTexts.twice(name, String(source))];
    if (typeof source === "symbol" || keywords.includes(source) || isHost(source)) return [];
    if (source === "'none'" && list.length === 1) return [];
    return [cspFaultTexts.source(name, source)];
  });
}

function isHost(source: string): boolean {
  return HOST.test(source);
}

function render(directives: CspDirectives, nonce: string | undefined): string {
  const parts = sourceLists(directives).map(([name, list]) => {
    const sources = list.flatMap((source) => {
      if (typeof source === "string") return [source];
      return nonce === undefined ? [] : [`'nonce-${nonce}'`];
    });
    return `${name} ${sources.length === 0 ? "'none'" : sources.join(" ")}`;
  });
  if (directives.sandbox === true) parts.push("sandbox");
  if (directives.upgradeInsecureRequests === true) parts.push("upgrade-insecure-requests");
  if (directives.reportUri !== undefined) parts.push(`report-uri ${directives.reportUri}`);
  return parts.join("; ");
}
