import { CloudfrontCachePolicy } from "@cdktf/provider-aws/lib/cloudfront-cache-policy/index.js";
import {
  CloudfrontDistribution,
  type CloudfrontDistributionDefaultCacheBehavior,
} from "@cdktf/provider-aws/lib/cloudfront-distribution/index.js";
import { CloudfrontMonitoringSubscription } from "@cdktf/provider-aws/lib/cloudfront-monitoring-subscription/index.js";
import { faultsError, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { AccessLogDelivery, deliveryNameFaults } from "./access-logs.js";
import { applicationCsp } from "./application-csp.js";
import { type Behaviour, defaultBehaviour } from "./behaviours.js";
import { type ContentKind, factsOf, type HeadersKind, managedPolicies } from "./content-kinds.js";
import { contentSecurityPolicyTemplate } from "./csp.js";
import { FileKeys } from "./file-keys.js";
import { geoBlock } from "./geo-restriction.js";
import { ImmutableCacheControl } from "./immutable-cache-control.js";
import { errorResponses, maintenancePage } from "./maintenance-page.js";
import { Origins } from "./origins.js";
import type { DistributionProps } from "./props.js";
import { ResponseHeaders } from "./response-headers.js";
import { type DistributionSettings, resolveSettings, settingsFaults } from "./settings.js";

/** What a record, or a failover, points at. */
export interface DistributionTarget {
  /** `d….cloudfront.net` */
  readonly domainName: string;
  readonly hostedZoneId: string;
}

/** What behaviours refer to. */
interface Parts {
  readonly origins: Origins;
  readonly headers: ResponseHeaders;
  readonly shortCacheId: string;
  readonly immutableFunctionArn: string;
  readonly fileKeyGroupId: string | undefined;
}

/**
 * CloudFront before a Laravel application: its pages, API and WebSockets uncached, its files from a private bucket, and
 * on every answer the headers that its kind needs. HTTPS from TLS 1.2 on, HTTP/2 and 3, IPv6; gzip and Brotli for files,
 * while pages come as the application compressed them.
 *
 * No monthly price of its own; traffic to Brazil is about 0.11 US dollars a GB.
 *
 * @throws one error with every fault of the props
 */
export class Distribution extends Construct {
  readonly id: string;
  /** For the conditions of bucket and key policies. */
  readonly arn: string;
  readonly target: DistributionTarget;
  /** Every line of its table of behaviours, in order; literals. */
  readonly behaviours: readonly Behaviour[];
  /** The policy that Laravel has to send with pages: `{nonce}` stands where the nonce of each answer goes. */
  readonly pageCspTemplate: string;
  /** `Key-Pair-Id` for signed URLs, in the order of the public keys. Empty without signed files. */
  readonly fileKeyIds: readonly string[];

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const faults = [...settingsFaults(settings, props.usEast1.region), ...deliveryNameFaults(settings.names)];
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    const { names, accessLogs } = settings;
    const keys = this.fileKeys(settings);
    const distribution = this.distribution(settings, this.parts(settings, keys?.groupId));
    if (settings.maintenancePage) maintenancePage(this, "maintenance-page", settings.assets);
    if (settings.realtimeMetrics) this.realtimeMetrics(distribution.id);
    new AccessLogDelivery(this, "access-logs", {
      ...accessLogs,
      names,
      distributionArn: distribution.arn,
      provider: props.usEast1,
    });

    this.id = distribution.id;
    this.arn = distribution.arn;
    this.target = { domainName: distribution.domainName, hostedZoneId: distribution.hostedZoneId };
    this.behaviours = settings.behaviours;
    this.pageCspTemplate = contentSecurityPolicyTemplate(
      applicationCsp({
        domain: settings.domain,
        ...settings.headers.csp,
        reportUri: settings.headers.cspReportUri,
      }),
    );
    this.fileKeyIds = keys?.keyIds ?? [];
  }

  private fileKeys({ names, signedFiles }: DistributionSettings): FileKeys | undefined {
    if (signedFiles === undefined) return undefined;
    return new FileKeys(this, "file-keys", { names, publicKeys: signedFiles.publicKeys });
  }

  private parts(settings: DistributionSettings, fileKeyGroupId: string | undefined): Parts {
    const { names, domain, headers, behaviours } = settings;
    const kinds = [defaultBehaviour, ...behaviours.map(({ kind }) => kind)].map(
      (kind) => factsOf(kind).headers,
    );
    return {
      origins: new Origins(this, "origins", settings),
      headers: new ResponseHeaders(this, "headers", { names, domain, headers, kinds: distinct(kinds) }),
      shortCacheId: this.shortCache(settings),
      immutableFunctionArn: new ImmutableCacheControl(this, "immutable", {
        names,
        maxAgeSeconds: headers.immutableMaxAgeSeconds,
      }).arn,
      fileKeyGroupId,
    };
  }

  /** However long the origin says, the edge looks again in time: a file under an old name has to be renewed soon. */
  private shortCache({ names, headers: { dynamicMaxAgeSeconds } }: DistributionSettings): string {
    // CloudFront refuses a policy of its own that caches nothing and compresses.
    if (dynamicMaxAgeSeconds === 0) return managedPolicies.cachingDisabled;
    return new CloudfrontCachePolicy(this, "short-cache", {
      name: resourceName(names, "cloudfront-policy", "cache-short"),
      comment: "Files whose content changes under their name",
      minTtl: 0,
      defaultTtl: dynamicMaxAgeSeconds,
      maxTtl: dynamicMaxAgeSeconds,
      parametersInCacheKeyAndForwardedToOrigin: {
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
      },
      lifecycle: { createBeforeDestroy: true },
    }).id;
  }

  private distribution(settings: DistributionSettings, parts: Parts): CloudfrontDistribution {
    const name = resourceName(settings.names, "cloudfront");
    return new CloudfrontDistribution(this, "distribution", {
      enabled: true,
      comment: name,
      aliases: [...settings.aliases],
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass: settings.priceClass,
      waitForDeployment: settings.waitForDeployment,
      ...(settings.webAclArn === undefined ? {} : { webAclId: settings.webAclArn }),
      origin: parts.origins.origins,
      ...(parts.origins.groups.length === 0 ? {} : { originGroup: parts.origins.groups }),
      defaultCacheBehavior: behaviour(defaultBehaviour, parts),
      orderedCacheBehavior: settings.behaviours.map(({ pathPattern, kind }) => ({
        pathPattern,
        ...behaviour(kind, parts),
      })),
      customErrorResponse: errorResponses(settings.maintenancePage),
      restrictions: { geoRestriction: geoBlock(settings.geoRestriction) },
      viewerCertificate: {
        acmCertificateArn: settings.certificateArn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
      tags: distributionTags(name, settings),
    });
  }

  private realtimeMetrics(distributionId: string): void {
    new CloudfrontMonitoringSubscription(this, "realtime-metrics", {
      distributionId,
      monitoringSubscription: {
        realtimeMetricsSubscriptionConfig: { realtimeMetricsSubscriptionStatus: "Enabled" },
      },
    });
  }
}

function behaviour(kind: ContentKind, parts: Parts): CloudfrontDistributionDefaultCacheBehavior {
  const { origin, cache, originRequest, headers, methods, signed } = factsOf(kind);
  return {
    targetOriginId: parts.origins.targetOf(origin),
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: [...methods],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId: {
      none: managedPolicies.cachingDisabled,
      optimized: managedPolicies.cachingOptimized,
      short: parts.shortCacheId,
    }[cache],
    originRequestPolicyId: managedPolicies[originRequest],
    ...(headers === undefined ? {} : { responseHeadersPolicyId: parts.headers.idOf(headers) }),
    ...(headers === "hashedAsset"
      ? { functionAssociation: [{ eventType: "viewer-response", functionArn: parts.immutableFunctionArn }] }
      : {}),
    ...(signed === true && parts.fileKeyGroupId !== undefined
      ? { trustedKeyGroups: [parts.fileKeyGroupId] }
      : {}),
  };
}

function distributionTags(name: string, { application }: DistributionSettings): Record<string, string> {
  return {
    ...resourceTags(name, { tier: "frontend" }),
    ...(application.kind === "public" && application.verification.kind === "none"
      ? { OriginOpenBecause: application.verification.reason }
      : {}),
  };
}

function distinct(kinds: readonly (HeadersKind | undefined)[]): HeadersKind[] {
  return [...new Set(kinds.filter((kind) => kind !== undefined))];
}
