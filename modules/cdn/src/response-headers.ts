import {
  CloudfrontResponseHeadersPolicy,
  type CloudfrontResponseHeadersPolicyConfig,
  type CloudfrontResponseHeadersPolicyCustomHeadersConfigItems,
} from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy/index.js";
import { type NameScope, resourceName } from "@telemedicina/core";
import { Construct } from "constructs";
import { applicationCsp, uploadedFileCsp } from "./application-csp.js";
import type { HeadersKind } from "./content-kinds.js";
import { contentSecurityPolicy } from "./csp.js";
import { permissionsPolicy } from "./permissions-policy.js";
import type { HeaderSettings } from "./settings.js";

export interface ResponseHeadersProps {
  readonly names: NameScope;
  readonly domain: string;
  readonly headers: HeaderSettings;
  readonly kinds: readonly HeadersKind[];
}

interface KindOfHeaders {
  readonly comment: string;
  readonly csp: (props: ResponseHeadersProps) => string;
  /** Whether the origin's own policy gives way. */
  readonly ownsCsp: boolean;
  readonly cors: boolean;
  readonly custom: (
    headers: HeaderSettings,
  ) => readonly CloudfrontResponseHeadersPolicyCustomHeadersConfigItems[];
  readonly fromS3: boolean;
}

const kindsOfHeaders: Readonly<Record<HeadersKind, KindOfHeaders>> = {
  page: {
    comment: "Pages: Laravel's own policy with its nonce, or one without",
    csp: siteCsp,
    // Two policies would both have to be met, and only Laravel's has the nonce.
    ownsCsp: false,
    cors: false,
    custom: () => [cacheControl("no-store, private", false)],
    fromS3: false,
  },
  api: {
    comment: "API: kept nowhere",
    csp: siteCsp,
    ownsCsp: false,
    cors: true,
    custom: ({ apiCacheControl }) => [cacheControl("no-cache, no-store", apiCacheControl === "force")],
    fromS3: false,
  },
  hashedAsset: {
    comment: "Files with a hash in their name",
    csp: siteCsp,
    ownsCsp: true,
    cors: true,
    // Not here: this policy dresses errors too, and a browser would keep a 404 for a year. See `ImmutableCacheControl`.
    custom: () => [],
    fromS3: true,
  },
  asset: {
    comment: "Files whose content changes under their name",
    csp: siteCsp,
    ownsCsp: true,
    cors: true,
    custom: ({ dynamicMaxAgeSeconds }) => [
      cacheControl(`public, max-age=${dynamicMaxAgeSeconds}, must-revalidate`, true),
    ],
    fromS3: true,
  },
  file: {
    comment: "Patients' files: kept nowhere, shown by nobody but their reader",
    csp: () => contentSecurityPolicy(uploadedFileCsp),
    ownsCsp: true,
    cors: true,
    custom: () => [
      cacheControl("private, no-store", true),
      // An object may ask to be shown; it is in a sandbox then.
      { header: "Content-Disposition", value: "attachment", override: false },
    ],
    fromS3: true,
  },
};

/** What tells an attacker, or nobody, something: the software, and which key and version S3 keeps a file under. */
const REMOVED = ["Server", "X-Powered-By"];
const REMOVED_FROM_S3 = [
  "x-amz-replication-status",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-bucket-key-enabled",
  "x-amz-version-id",
];

/** Seconds that a browser remembers the answer to a preflight. */
const PREFLIGHT_SECONDS = 3600;

/** A policy for each kind of answer: what CloudFront adds to it, whatever the origin does or forgets. */
export class ResponseHeaders extends Construct {
  private readonly ids: Readonly<Partial<Record<HeadersKind, string>>>;

  constructor(scope: Construct, id: string, props: ResponseHeadersProps) {
    super(scope, id);
    this.ids = Object.fromEntries(props.kinds.map((kind) => [kind, this.policy(kind, props).id]));
  }

  /** @throws when the policy was not asked for */
  idOf(kind: HeadersKind): string {
    const id = this.ids[kind];
    if (id === undefined) throw new Error(`${this.node.path} has no policy for ${kind}`);
    return id;
  }

  private policy(kind: HeadersKind, props: ResponseHeadersProps): CloudfrontResponseHeadersPolicy {
    const { comment, cors, custom, fromS3 } = kindsOfHeaders[kind];
    const removed = [...REMOVED, ...(fromS3 ? REMOVED_FROM_S3 : [])];
    return new CloudfrontResponseHeadersPolicy(this, kind, {
      name: resourceName(props.names, "cloudfront-policy", `headers-${kebab(kind)}`),
      comment,
      securityHeadersConfig: security(kind, props),
      customHeadersConfig: { items: [permissions(props.headers), ...custom(props.headers)] },
      removeHeadersConfig: { items: removed.map((header) => ({ header })) },
      ...(cors ? { corsConfig: corsFor(kind, props.domain) } : {}),
      // One in use cannot be deleted.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

function siteCsp({ domain, headers }: ResponseHeadersProps): string {
  return contentSecurityPolicy(applicationCsp({ domain, ...headers.csp, reportUri: headers.cspReportUri }));
}

function security(
  kind: HeadersKind,
  props: ResponseHeadersProps,
): NonNullable<CloudfrontResponseHeadersPolicyConfig["securityHeadersConfig"]> {
  const { csp, ownsCsp } = kindsOfHeaders[kind];
  const { hstsMaxAgeSeconds, hstsPreload, xssProtection } = props.headers;
  return {
    strictTransportSecurity: {
      accessControlMaxAgeSec: hstsMaxAgeSeconds,
      includeSubdomains: true,
      preload: hstsPreload,
      override: true,
    },
    contentSecurityPolicy: { contentSecurityPolicy: csp(props), override: ownsCsp },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: "DENY", override: true },
    referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
    ...(xssProtection === "block"
      ? { xssProtection: { protection: true, modeBlock: true, override: true } }
      : {}),
  };
}

function permissions({ permissions: chosen }: HeaderSettings) {
  return { header: "Permissions-Policy", value: permissionsPolicy(chosen), override: true };
}

function cacheControl(value: string, override: boolean) {
  return { header: "Cache-Control", value, override };
}

/** The API's own answer to a preflight wins: only Laravel knows what a route takes. */
function corsFor(kind: HeadersKind, domain: string) {
  const isApi = kind === "api";
  return {
    accessControlAllowOrigins: { items: [`https://${domain}`] },
    accessControlAllowMethods: {
      items: isApi ? ["DELETE", "GET", "OPTIONS", "POST", "PUT"] : ["GET", "HEAD", "OPTIONS"],
    },
    accessControlAllowHeaders: {
      items: isApi ? ["Accept", "Authorization", "Content-Type", "X-Requested-With", "X-XSRF-TOKEN"] : ["*"],
    },
    accessControlAllowCredentials: false,
    accessControlMaxAgeSec: PREFLIGHT_SECONDS,
    originOverride: !isApi,
  };
}

function kebab(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
