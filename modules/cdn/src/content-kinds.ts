/** Ids of policies that AWS keeps; they are the same in every account. */
export const managedPolicies = {
  /** Cache: nothing. */
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  /** Cache: by path alone, gzip and Brotli, 1 second to a year, a day where the origin says nothing. */
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  /** To the origin: all headers, cookies and query strings of the viewer, `Host` among them. */
  allViewer: "216adef6-5c7f-47e4-b989-5492eafa07d3",
  /** To the origin: what S3 needs to answer a CORS request. */
  corsS3Origin: "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
} as const;

/** What an answer is, and with it how it is cached, asked for and dressed. */
export type ContentKind = keyof typeof contentKinds;

export type OriginKind = "application" | "assets" | "files";
type CacheKind = "none" | "optimized" | "short";
export type HeadersKind = "page" | "api" | "hashedAsset" | "asset" | "file";

interface ContentKindFacts {
  readonly origin: OriginKind;
  readonly cache: CacheKind;
  readonly originRequest: "allViewer" | "corsS3Origin";
  /** `undefined`: none. */
  readonly headers: HeadersKind | undefined;
  readonly methods: readonly string[];
  readonly signed?: boolean;
  /** What it is, for the table of the documentation. */
  readonly what: string;
}

const read = ["GET", "HEAD"] as const;
/** With the preflight of pages of other origins. */
const readAcrossOrigins = ["GET", "HEAD", "OPTIONS"] as const;
/** CloudFront knows three sets of methods; this is the only one with `POST`. */
const all = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] as const;

const application = { origin: "application", cache: "none", originRequest: "allViewer" } as const;
const assets = { origin: "assets", originRequest: "corsS3Origin" } as const;

export const contentKinds = {
  page: { ...application, headers: "page", methods: all, what: "what Laravel renders" },
  api: { ...application, headers: "api", methods: all, what: "JSON for clients" },
  health: { ...application, headers: "api", methods: read, what: "the health check" },
  // A handshake's answer is no document, and whatever stands in it besides the protocol is noise.
  webSocket: {
    ...application,
    headers: undefined,
    methods: all,
    what: "Reverb: WebSockets and its HTTP API",
  },
  hashedAsset: {
    ...assets,
    cache: "optimized",
    headers: "hashedAsset",
    methods: readAcrossOrigins,
    what: "files with a hash in their name",
  },
  asset: {
    ...assets,
    cache: "short",
    headers: "asset",
    methods: readAcrossOrigins,
    what: "files whose content changes under their name",
  },
  maintenance: {
    ...assets,
    cache: "none",
    headers: "page",
    methods: readAcrossOrigins,
    what: "the page for when the application does not answer",
  },
  // Not kept at the edge: they are patients' data.
  file: {
    origin: "files",
    cache: "none",
    originRequest: "corsS3Origin",
    headers: "file",
    methods: read,
    signed: true,
    what: "patients' files, by signed URL only",
  },
} as const satisfies Record<string, ContentKindFacts>;

export function factsOf(kind: ContentKind): ContentKindFacts {
  return contentKinds[kind];
}
