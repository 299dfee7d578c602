import type { NameScope } from "@telemedicina/core";
import type { TlsPolicy } from "./tls-policy.js";

/** Who can reach the load balancer. A change between `vpcOrigin` and the others replaces it. */
export type Exposure = InternetExposure | CloudFrontExposure | VpcOriginExposure;

/** Everybody, past CloudFront and its firewall. */
export interface InternetExposure {
  readonly kind: "internet";
  /** Why; it becomes the tag `PublicBecause`. */
  readonly reason: string;
}

/** A public address that answers 403 to whoever does not send the header: CloudFront's addresses are every customer's. */
export interface CloudFrontExposure {
  readonly kind: "cloudfront";
  readonly originHeader: OriginHeader;
}

/** No public address at all: CloudFront comes through a VPC origin, in private subnets. */
export interface VpcOriginExposure {
  readonly kind: "vpcOrigin";
}

/**
 * The header by which the load balancer knows CloudFront.
 *
 * A rule has no write-only form: **both values are in this stack's state**, the plan's role reads the secrets, and
 * whoever may call `elasticloadbalancing:DescribeRules` can read them.
 */
export interface OriginHeader {
  /** Such as `X-Origin-Verify`. */
  readonly name: string;
  /**
   * Two secrets whose whole value is accepted, so that the one which CloudFront does not send can be changed. They must
   * have a value before the first plan, letters and digits at best: `*` and `?` are wildcards here.
   */
  readonly secretArns: readonly [string, string];
}

/** Where the certificate comes from. */
export type CertificateSource = DnsCertificate | ExistingCertificate;

/** Made by ACM in the load balancer's region and validated by records in a zone; ACM renews it while they stand. */
export interface DnsCertificate {
  readonly from: "dns";
  /** Public zone that all the names lie in. */
  readonly zoneId: string;
  /** A literal, no wildcard. A change makes a new certificate before it takes the old one away. */
  readonly domainName: string;
  /** @default [] */
  readonly alternativeNames?: readonly string[] | undefined;
}

export interface ExistingCertificate {
  readonly from: "arn";
  /** Issued, in the load balancer's region. */
  readonly arn: string;
}

/** A bucket that takes the logs of load balancers: SSE-S3 only, since they are not delivered to one with a KMS key. */
export interface LogDestination {
  readonly bucketName: string;
  /** Without slashes at the ends; AWS puts `/AWSLogs/<account>/…` behind it. @default - none */
  readonly prefix?: string | undefined;
}

/** Whether it can be deleted. Turning the protection off costs a reason, which becomes the tag `UnprotectedBecause`. */
export type DeletionProtection = { readonly on: true } | { readonly on: false; readonly reason: string };

/** How hosts are asked whether they serve. A host goes after `unhealthyThreshold` intervals, and comes back after `healthyThreshold`. */
export interface HealthCheck {
  /** Answered without database or Redis: one of them failing over must not take every host out. @default "/health" */
  readonly path?: string | undefined;
  /** 5 to 300. @default 15 */
  readonly intervalSeconds?: number | undefined;
  /** 2 to 120, below the interval. @default 5 */
  readonly timeoutSeconds?: number | undefined;
  /** 2 to 10. @default 2 */
  readonly healthyThreshold?: number | undefined;
  /** 2 to 10. @default 3 */
  readonly unhealthyThreshold?: number | undefined;
}

export type RoutingAlgorithm = "least_outstanding_requests" | "round_robin";

export interface LoadBalancerProps {
  /** What every name starts and ends with. A change replaces the load balancer, and its DNS name with it. */
  readonly names: NameScope;
  /** Tells a second one of the same environment apart. A change replaces it. @default - none */
  readonly qualifier?: string | undefined;
  /** A change replaces the target group, under a name that is taken: give another qualifier with it. */
  readonly vpcId: string;
  /** In at least two zones; public ones unless the exposure is `vpcOrigin`. */
  readonly subnetIds: readonly string[];
  /** Groups that let viewers in on 80 and 443, and out to the hosts on 8080. */
  readonly securityGroupIds: readonly string[];
  readonly exposure: Exposure;
  readonly certificate: CertificateSource;
  /** Every request, in five-minute files. */
  readonly accessLogs: LogDestination;
  /** Every connection and TLS handshake, those without a request too. */
  readonly connectionLogs: LogDestination;
  /** @default "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" - what AWS recommends */
  readonly tlsPolicy?: TlsPolicy | undefined;
  /**
   * Seconds after which a silent connection is closed, 61 to 4000. Reverb pings every 60: with AWS's own default of 60
   * about every second quiet WebSocket would be cut.
   * @default 300
   */
  readonly idleTimeoutSeconds?: number | undefined;
  /**
   * Requests that could smuggle another one: `defensive` closes their connection, `strictest` refuses whatever the RFC
   * does not allow.
   * @default "defensive"
   */
  readonly desyncMitigation?: "defensive" | "strictest" | undefined;
  /** @default { on: true } - AWS and Terraform both refuse to delete it */
  readonly deletionProtection?: DeletionProtection | undefined;
  readonly healthCheck?: HealthCheck | undefined;
  /** How long the cookie ties a browser to a host. Sessions are in Redis, so its loss costs nothing. @default 86400 */
  readonly stickinessSeconds?: number | undefined;
  /**
   * Seconds, 0 to 3600, that a host which leaves keeps its open connections. A WebSocket ends only with them: shorter
   * makes all its clients reconnect at once, longer makes scaling in and every refresh slower.
   * @default 300
   */
  readonly deregistrationDelaySeconds?: number | undefined;
  /**
   * `least_outstanding_requests` spares a host whose php-fpm is busy, and gives a new one its share at once. It excludes
   * slow start, which is why there is none.
   * @default "least_outstanding_requests"
   */
  readonly algorithm?: RoutingAlgorithm | undefined;
  /**
   * Two target groups with weights between them, blue with all of the traffic at first, for releases that are shifted.
   * The weights are the shifting program's: no apply changes them. Cookies no longer tie a browser to a host, for AWS
   * then wants them to tie it to a colour as well, beyond the end of that colour's hosts. About 0.20 US dollars a month
   * for green's alarms.
   * @default false - one target group
   */
  readonly blueGreen?: boolean | undefined;
  /** Topics that hear of the two health alarms. @default [] - they only guard refreshes and deployments */
  readonly alarmActionArns?: readonly string[] | undefined;
}
