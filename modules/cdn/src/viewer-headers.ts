/** What is read of an `aws_cloudfront_response_headers_policy` as it stands in the synthesized JSON. */
export interface HeadersPolicyJson {
  readonly remove_headers_config?: { readonly items?: readonly { readonly header: string }[] };
  readonly custom_headers_config?: {
    readonly items?: readonly {
      readonly header: string;
      readonly value: string;
      readonly override: boolean;
    }[];
  };
  readonly security_headers_config?: {
    readonly content_security_policy?: {
      readonly content_security_policy: string;
      readonly override: boolean;
    };
    readonly content_type_options?: { readonly override: boolean };
    readonly frame_options?: { readonly frame_option: string; readonly override: boolean };
    readonly referrer_policy?: { readonly referrer_policy: string; readonly override: boolean };
    readonly strict_transport_security?: {
      readonly access_control_max_age_sec: number;
      readonly include_subdomains?: boolean;
      readonly preload?: boolean;
      readonly override: boolean;
    };
    readonly xss_protection?: {
      readonly protection: boolean;
      readonly mode_block?: boolean;
      readonly override: boolean;
    };
  };
  readonly cors_config?: {
    readonly access_control_allow_origins: { readonly items: readonly string[] };
    readonly origin_override: boolean;
  };
}

export type Headers = Readonly<Record<string, string>>;

/**
 * The headers that a viewer gets: the origin's, less what the policy removes, with what it adds. Names are in lower
 * case. Of CORS only the origin is followed; `requestOrigin` is what the browser sent in `Origin`.
 */
export function viewerHeaders(policy: HeadersPolicyJson, origin: Headers, requestOrigin?: string): Headers {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(origin)) headers[name.toLowerCase()] = value;
  for (const { header } of policy.remove_headers_config?.items ?? []) delete headers[header.toLowerCase()];
  const set = (name: string, value: string, override: boolean) => {
    if (override || headers[name] === undefined) headers[name] = value;
  };
  addSecurity(policy, set);
  for (const { header, value, override } of policy.custom_headers_config?.items ?? []) {
    set(header.toLowerCase(), value, override);
  }
  const cors = policy.cors_config;
  const allowed = cors?.access_control_allow_origins.items ?? [];
  if (cors !== undefined && requestOrigin !== undefined && allowed.includes(requestOrigin)) {
    set("access-control-allow-origin", requestOrigin, cors.origin_override);
  }
  return headers;
}

function addSecurity(
  { security_headers_config: security }: HeadersPolicyJson,
  set: (name: string, value: string, override: boolean) => void,
): void {
  const csp = security?.content_security_policy;
  if (csp !== undefined) set("content-security-policy", csp.content_security_policy, csp.override);
  const sniffing = security?.content_type_options;
  if (sniffing !== undefined) set("x-content-type-options", "nosniff", sniffing.override);
  const frames = security?.frame_options;
  if (frames !== undefined) set("x-frame-options", frames.frame_option, frames.override);
  const referrer = security?.referrer_policy;
  if (referrer !== undefined) set("referrer-policy", referrer.referrer_policy, referrer.override);
  const hsts = security?.strict_transport_security;
  if (hsts !== undefined) {
    const parts = [`max-age=${hsts.access_control_max_age_sec}`];
    if (hsts.include_subdomains === true) parts.push("includeSubDomains");
    if (hsts.preload === true) parts.push("preload");
    set("strict-transport-security", parts.join("; "), hsts.override);
  }
  const xss = security?.xss_protection;
  if (xss !== undefined) {
    const value = xss.protection ? (xss.mode_block === true ? "1; mode=block" : "1") : "0";
    set("x-xss-protection", value, xss.override);
  }
}
