import type { NameScope } from "@telemedicina/core";
import { oneOfFaults } from "@telemedicina/core";
import type { CspOrigins } from "./application-csp.js";
import { type Behaviour, behaviourFaults, behaviourTable, defaultStaticPaths } from "./behaviours.js";
import type { CspDirectives } from "./csp.js";
import {
  aliasCertificateFaultText,
  logPrefixFaultText,
  staticPathFaultText,
  usEast1FaultText,
} from "./errors.js";
import { domainFaults, isCovered } from "./faults.js";
import { geoFaults } from "./geo-restriction.js";
import { headerFaults } from "./header-faults.js";
import { originFaults } from "./origin-faults.js";
import type { Permissions } from "./permissions-policy.js";
import type {
  ApplicationOrigin,
  BucketOrigin,
  DistributionProps,
  GeoRestriction,
  PriceClass,
  SignedFiles,
} from "./props.js";
import { publicKeyFaults } from "./public-keys.js";

/** Headers with every default in its place. */
export interface HeaderSettings {
  readonly hstsMaxAgeSeconds: number;
  readonly hstsPreload: boolean;
  readonly csp: CspOrigins;
  readonly cspReportUri: CspDirectives["reportUri"] | undefined;
  readonly permissions: Permissions;
  readonly xssProtection: "omit" | "block";
  readonly immutableMaxAgeSeconds: number;
  readonly dynamicMaxAgeSeconds: number;
  readonly apiCacheControl: "force" | "whenAbsent";
}

/** The props with every default in its place. */
export interface DistributionSettings {
  readonly names: NameScope;
  /** All the names, the main one first. */
  readonly aliases: readonly string[];
  readonly domain: string;
  readonly certificateArn: string;
  readonly certificateDomains: readonly string[];
  readonly application: ApplicationOrigin & {
    readonly readTimeoutSeconds: number;
    readonly keepaliveSeconds: number;
  };
  readonly assets: BucketOrigin;
  readonly signedFiles: SignedFiles | undefined;
  readonly accessLogs: { readonly bucketArn: string; readonly prefix: string };
  readonly webAclArn: string | undefined;
  readonly headers: HeaderSettings;
  readonly staticPaths: readonly string[];
  readonly behaviours: readonly Behaviour[];
  readonly maintenancePage: boolean;
  readonly geoRestriction: GeoRestriction;
  readonly priceClass: PriceClass;
  readonly realtimeMetrics: boolean;
  readonly waitForDeployment: boolean;
}

const YEAR_SECONDS = 31_536_000;
const LOG_PREFIX = /^[A-Za-z0-9_-]+(?:[/.][A-Za-z0-9_-]+)*$/;
const priceClasses: readonly PriceClass[] = ["PriceClass_100", "PriceClass_200", "PriceClass_All"];

export function resolveSettings(props: DistributionProps): DistributionSettings {
  const staticPaths = props.staticPaths ?? defaultStaticPaths;
  return {
    names: props.names,
    domain: props.domain,
    aliases: [props.domain, ...(props.alternativeDomains ?? [])],
    certificateArn: props.certificateArn,
    certificateDomains: props.certificateDomains,
    application: {
      ...props.application,
      readTimeoutSeconds: props.application.readTimeoutSeconds ?? 60,
      keepaliveSeconds: props.application.keepaliveSeconds ?? 60,
    },
    assets: props.assets,
    signedFiles: props.signedFiles,
    accessLogs: {
      bucketArn: props.accessLogs.bucketArn,
      prefix: props.accessLogs.prefix ?? "cloudfront",
    },
    webAclArn: props.webAclArn,
    headers: resolveHeaders(props.headers ?? {}),
    staticPaths,
    behaviours: behaviourTable({
      staticPaths,
      signedFiles: props.signedFiles !== undefined,
      extra: props.extraBehaviours ?? [],
    }),
    maintenancePage: props.maintenancePage ?? true,
    geoRestriction: props.geoRestriction ?? { kind: "none" },
    priceClass: props.priceClass ?? "PriceClass_All",
    realtimeMetrics: props.realtimeMetrics ?? true,
    waitForDeployment: props.waitForDeployment ?? true,
  };
}

/** Everything that is wrong with the settings. */
export function settingsFaults(settings: DistributionSettings, usEast1Region: string | undefined): string[] {
  return [
    ...regionFaults("usEast1", usEast1Region),
    ...aliasFaults(settings),
    ...originFaults(settings),
    ...(settings.signedFiles === undefined ? [] : publicKeyFaults(settings.signedFiles.publicKeys)),
    ...staticPathFaults(settings.staticPaths),
    ...behaviourFaults(settings.behaviours),
    ...headerFaults(settings),
    ...geoFaults(settings.geoRestriction),
    ...oneOfFaults("priceClass", settings.priceClass, priceClasses),
    ...(LOG_PREFIX.test(settings.accessLogs.prefix) ? [] : [logPrefixFaultText(settings.accessLogs.prefix)]),
  ];
}

/** A provider without a region takes one from its surroundings, which nobody can know here. */
export function regionFaults(prop: string, region: string | undefined): string[] {
  return region === "us-east-1" ? [] : [usEast1FaultText(prop, region ?? "an unknown region")];
}

function resolveHeaders(headers: NonNullable<DistributionProps["headers"]>): HeaderSettings {
  return {
    hstsMaxAgeSeconds: headers.hstsMaxAgeSeconds ?? YEAR_SECONDS,
    hstsPreload: headers.hstsPreload ?? false,
    csp: headers.csp ?? {},
    cspReportUri: headers.cspReportUri,
    permissions: headers.permissions ?? {},
    xssProtection: headers.xssProtection ?? "omit",
    immutableMaxAgeSeconds: headers.immutableMaxAgeSeconds ?? YEAR_SECONDS,
    dynamicMaxAgeSeconds: headers.dynamicMaxAgeSeconds ?? 300,
    apiCacheControl: headers.apiCacheControl ?? "force",
  };
}

function aliasFaults({ domain, aliases, certificateDomains }: DistributionSettings): string[] {
  return aliases.flatMap((alias, index) => {
    const prop = index === 0 && alias === domain ? "domain" : `alternativeDomains[${index - 1}]`;
    const faults = domainFaults(prop, alias);
    if (faults.length > 0) return faults;
    return isCovered(alias, certificateDomains) ? [] : [aliasCertificateFaultText(alias, certificateDomains)];
  });
}

function staticPathFaults(paths: readonly string[]): string[] {
  return paths.filter((path) => !/^\/[^*?]+$/.test(path)).map(staticPathFaultText);
}
