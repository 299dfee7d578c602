import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { NameScope } from "@telemedicina/core";
import type { CspOrigins } from "./application-csp.js";
import type { Behaviour } from "./behaviours.js";
import type { CspDirectives } from "./csp.js";
import type { Permissions } from "./permissions-policy.js";

/** What the distribution has to know of the load balancer, to refuse what would only fail at the first request. */
export interface LoadBalancerFacts {
  /** Whether it has private addresses only. */
  readonly internal: boolean;
  /** Security policy of its HTTPS listener. */
  readonly tlsPolicy: string;
  /** Names in its certificate. */
  readonly certificateDomains: readonly string[];
}

/**
 * How the load balancer knows this distribution among all the others of CloudFront, whose addresses it shares.
 *
 * A distribution has no write-only form: **the header's value is in this stack's state**, the plan's role reads the
 * secret, and whoever may call `cloudfront:GetDistribution` can read it.
 */
export type OriginVerification =
  | {
      readonly kind: "header";
      /** Such as `X-Origin-Verify`. */
      readonly name: string;
      /** Secret whose whole value is sent; it must have one before the first plan. */
      readonly secretArn: string;
    }
  | {
      readonly kind: "none";
      /** Why anybody may go past CloudFront; it becomes the tag `OriginOpenBecause`. */
      readonly reason: string;
    };

interface ApplicationOriginProps {
  /**
   * Name of the load balancer, by TLS: its certificate has to hold this name or the one that viewers ask for, which
   * goes along as `Host`.
   */
  readonly domainName: string;
  readonly loadBalancer: LoadBalancerFacts;
  /** Seconds that CloudFront waits for an answer, and between two packets of it: 1 to 120. @default 60 */
  readonly readTimeoutSeconds?: number | undefined;
  /** Seconds that a connection is kept for the next request: 1 to 120, below the load balancer's idle timeout. @default 60 */
  readonly keepaliveSeconds?: number | undefined;
}

/** A load balancer with public addresses. */
export interface PublicOrigin extends ApplicationOriginProps {
  readonly kind: "public";
  readonly verification: OriginVerification;
}

/**
 * A load balancer inside the VPC. Free of charge; making one takes up to 15 minutes, and the VPC needs an internet
 * gateway, though no route to it. WebSockets work since May 2026.
 */
export interface VpcOrigin extends ApplicationOriginProps {
  readonly kind: "vpcOrigin";
  readonly loadBalancerArn: string;
}

export type ApplicationOrigin = PublicOrigin | VpcOrigin;

/** A private bucket that CloudFront alone reads, by origin access control. Its policy needs `readStatements`. */
export interface BucketOrigin {
  readonly bucketName: string;
  /** Regional: `<bucket>.s3.<region>.amazonaws.com`. */
  readonly bucketDomainName: string;
}

/**
 * Files under `/files/` that only a signed URL opens. Objects stand under the same prefix in the bucket; nothing else
 * of it can be reached. Costs nothing by itself.
 */
export interface SignedFiles extends BucketOrigin {
  /**
   * Public keys, PEM, RSA of 2048 bits or ECDSA P-256, one or two: a URL signed with any of them is good. To rotate, put
   * the new one first, apply, let the application sign with it, and remove the old one when its last URL has expired.
   */
  readonly publicKeys: readonly string[];
  /** Copy of the bucket in another region, asked when the first one answers 5XX or not at all. @default - none */
  readonly replica?: BucketOrigin | undefined;
}

/** Who may come, by country. */
export type GeoRestriction =
  | { readonly kind: "none" }
  /** ISO 3166-1 alpha-2. Brazilians abroad, and everyone whose address is filed elsewhere, stay out. */
  | { readonly kind: "allow"; readonly countries: readonly string[] }
  | { readonly kind: "block"; readonly countries: readonly string[] };

export type PriceClass = "PriceClass_100" | "PriceClass_200" | "PriceClass_All";

/** Headers of answers. */
export interface HeaderProps {
  /** Seconds that browsers remember to come by HTTPS only, subdomains too. They cannot be told to forget. @default 31536000 */
  readonly hstsMaxAgeSeconds?: number | undefined;
  /** Consent to the browsers' built-in lists. **Leaving those takes months.** @default false */
  readonly hstsPreload?: boolean | undefined;
  /** Hosts that pages may use besides the site's own. @default - none */
  readonly csp?: CspOrigins | undefined;
  /** Where browsers post violations of the policy to. @default - nowhere */
  readonly cspReportUri?: CspDirectives["reportUri"] | undefined;
  /** @default - camera and microphone for the site itself, see `defaultPermissions` */
  readonly permissions?: Permissions | undefined;
  /**
   * The header `X-XSS-Protection`, whose filter no browser has any more and which once could be used to break pages:
   * `block` sends what old audits ask for.
   * @default "omit"
   */
  readonly xssProtection?: "omit" | "block" | undefined;
  /** Seconds that browsers keep files with a hash in their name. @default 31536000 */
  readonly immutableMaxAgeSeconds?: number | undefined;
  /** Seconds that browsers and CloudFront keep files without one. @default 300 */
  readonly dynamicMaxAgeSeconds?: number | undefined;
  /**
   * `Cache-Control` of the API. Laravel always sends one of its own, `no-cache, private`, which lets browsers store
   * answers: `force` replaces it, `whenAbsent` leaves each route its own.
   * @default "force"
   */
  readonly apiCacheControl?: "force" | "whenAbsent" | undefined;
}

/** Where the logs of requests go: a bucket whose policy has `logDeliveryStatement`. */
export interface AccessLogs {
  readonly bucketArn: string;
  /** Without slashes at the ends. @default "cloudfront" */
  readonly prefix?: string | undefined;
}

export interface DistributionProps {
  /** What every name starts and ends with. */
  readonly names: NameScope;
  /** The stack's provider for us-east-1, where CloudFront's log delivery is kept. */
  readonly usEast1: AwsProvider;
  /** The name that users visit. */
  readonly domain: string;
  /** More names for the same site. @default [] */
  readonly alternativeDomains?: readonly string[] | undefined;
  /** Issued, in us-east-1: `EdgeCertificate.arn`, which waits for it. */
  readonly certificateArn: string;
  /** Names in that certificate. */
  readonly certificateDomains: readonly string[];
  readonly application: ApplicationOrigin;
  readonly assets: BucketOrigin;
  /** @default - no files by signed URL */
  readonly signedFiles?: SignedFiles | undefined;
  readonly accessLogs: AccessLogs;
  /** ARN of a web ACL of scope CLOUDFRONT. @default - none: nothing limits who asks how often */
  readonly webAclArn?: string | undefined;
  readonly headers?: HeaderProps | undefined;
  /** Paths of single files in the assets bucket. @default - `favicon.ico`, `favicon.svg`, `apple-touch-icon.png`, `robots.txt` */
  readonly staticPaths?: readonly string[] | undefined;
  /** Lines before the table of behaviours. One that covers a later line is refused. @default [] */
  readonly extraBehaviours?: readonly Behaviour[] | undefined;
  /** A page from the assets bucket when the application answers 502, 503 or 504. See the README for what it costs. @default true */
  readonly maintenancePage?: boolean | undefined;
  /** @default { kind: "none" } */
  readonly geoRestriction?: GeoRestriction | undefined;
  /** Edges in use. Only `PriceClass_All` has South America. @default "PriceClass_All" */
  readonly priceClass?: PriceClass | undefined;
  /** Cache hit rate, origin latency and errors by status, minute by minute. About 2.40 US dollars a month. @default true */
  readonly realtimeMetrics?: boolean | undefined;
  /** Whether an apply waits until every edge has the change: minutes. @default true */
  readonly waitForDeployment?: boolean | undefined;
}
