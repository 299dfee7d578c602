import type { NameScope } from "@telemedicina/core";
import { noneFaultText, oneOfFaults, rangeFaults, reasonFaults } from "@telemedicina/core";
import { certificateFaults } from "./certificate.js";
import {
  healthPathFaultText,
  idleTimeoutFaultText,
  logPrefixFaultText,
  originHeaderNameFaultText,
  sameSecretFaultText,
  subnetsFaultText,
  timeoutFaultText,
  tls13OnlyFaultText,
} from "./errors.js";
import type {
  CertificateSource,
  DeletionProtection,
  Exposure,
  HealthCheck,
  LoadBalancerProps,
  LogDestination,
  OriginHeader,
  RoutingAlgorithm,
} from "./load-balancer-props.js";
import { isTls13Only, tlsPolicies } from "./tls-policy.js";

/** The props with every default in its place. */
export interface LoadBalancerSettings {
  readonly names: NameScope;
  readonly qualifier: string | undefined;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly exposure: Exposure;
  readonly certificate: CertificateSource;
  readonly accessLogs: LogDestination;
  readonly connectionLogs: LogDestination;
  readonly tlsPolicy: string;
  readonly idleTimeoutSeconds: number;
  readonly desyncMitigation: string;
  readonly deletionProtection: DeletionProtection;
  readonly healthCheck: { readonly [K in keyof HealthCheck]-?: NonNullable<HealthCheck[K]> };
  readonly stickinessSeconds: number;
  readonly deregistrationDelaySeconds: number;
  readonly algorithm: RoutingAlgorithm;
  readonly blueGreen: boolean;
  readonly alarmActionArns: readonly string[];
}

/** Reverb's `ping_interval`. */
const REVERB_PING_SECONDS = 60;
const LONGEST_IDLE_SECONDS = 4000;
const WEEK_SECONDS = 604_800;

const exposureKinds: readonly Exposure["kind"][] = ["internet", "cloudfront", "vpcOrigin"];
const desyncModes = ["defensive", "strictest"];
const algorithms: readonly RoutingAlgorithm[] = ["least_outstanding_requests", "round_robin"];

const HEADER_NAME = /^[A-Za-z0-9-]{1,40}$/;
/** Those the load balancer or CloudFront keep for themselves. */
const RESERVED_HEADER = /^(?:host$|x-forwarded-|x-amz-|x-amzn-|x-edge-|connection$|upgrade$)/i;

export function resolveLoadBalancer(props: LoadBalancerProps): LoadBalancerSettings {
  return {
    names: props.names,
    qualifier: props.qualifier,
    vpcId: props.vpcId,
    subnetIds: props.subnetIds,
    securityGroupIds: props.securityGroupIds,
    exposure: props.exposure,
    certificate: props.certificate,
    accessLogs: props.accessLogs,
    connectionLogs: props.connectionLogs,
    tlsPolicy: props.tlsPolicy ?? tlsPolicies[0],
    idleTimeoutSeconds: props.idleTimeoutSeconds ?? 300,
    desyncMitigation: props.desyncMitigation ?? "defensive",
    deletionProtection: props.deletionProtection ?? { on: true },
    healthCheck: {
      path: props.healthCheck?.path ?? "/health",
      intervalSeconds: props.healthCheck?.intervalSeconds ?? 15,
      timeoutSeconds: props.healthCheck?.timeoutSeconds ?? 5,
      healthyThreshold: props.healthCheck?.healthyThreshold ?? 2,
      unhealthyThreshold: props.healthCheck?.unhealthyThreshold ?? 3,
    },
    stickinessSeconds: props.stickinessSeconds ?? 86_400,
    deregistrationDelaySeconds: props.deregistrationDelaySeconds ?? 300,
    algorithm: props.algorithm ?? "least_outstanding_requests",
    blueGreen: props.blueGreen ?? false,
    alarmActionArns: props.alarmActionArns ?? [],
  };
}

/** Everything that is wrong with the settings. */
export function loadBalancerFaults(settings: LoadBalancerSettings): string[] {
  const { deletionProtection } = settings;
  return [
    ...placementFaults(settings),
    ...exposureFaults(settings.exposure),
    ...certificateFaults(settings.certificate),
    ...logFaults("accessLogs", settings.accessLogs),
    ...logFaults("connectionLogs", settings.connectionLogs),
    ...tlsFaults(settings.tlsPolicy),
    ...idleFaults(settings.idleTimeoutSeconds),
    ...oneOfFaults("desyncMitigation", settings.desyncMitigation, desyncModes),
    ...(deletionProtection.on ? [] : reasonFaults("deletionProtection.reason", deletionProtection.reason)),
    ...healthCheckFaults(settings),
    ...rangeFaults("stickinessSeconds", settings.stickinessSeconds, 1, WEEK_SECONDS),
    ...rangeFaults("deregistrationDelaySeconds", settings.deregistrationDelaySeconds, 0, 3600),
    ...oneOfFaults("algorithm", settings.algorithm, algorithms),
  ];
}

function placementFaults({ subnetIds, securityGroupIds }: LoadBalancerSettings): string[] {
  return [
    ...(subnetIds.length < 2 ? [subnetsFaultText(subnetIds.length)] : []),
    ...(securityGroupIds.length === 0
      ? [noneFaultText("securityGroupIds", "group; AWS would take the VPC's own")]
      : []),
  ];
}

function exposureFaults(exposure: Exposure): string[] {
  switch (exposure.kind) {
    case "internet":
      return reasonFaults("exposure.reason", exposure.reason);
    case "cloudfront":
      return headerFaults(exposure.originHeader);
    case "vpcOrigin":
      return [];
    default:
      return oneOfFaults("exposure.kind", (exposure as { readonly kind: string }).kind, exposureKinds);
  }
}

function headerFaults({ name, secretArns: [first, second] }: OriginHeader): string[] {
  return [
    ...(HEADER_NAME.test(name) && !RESERVED_HEADER.test(name) ? [] : [originHeaderNameFaultText(name)]),
    ...(first === second ? [sameSecretFaultText(first)] : []),
  ];
}

function logFaults(prop: string, { prefix }: LogDestination): string[] {
  if (prefix === undefined) return [];
  const sound = /^(?!\/)[\w\-./=]+(?<!\/)$/.test(prefix) && !prefix.includes("AWSLogs");
  return sound ? [] : [logPrefixFaultText(`${prop}.prefix`, prefix)];
}

function tlsFaults(policy: string): string[] {
  if (isTls13Only(policy)) return [tls13OnlyFaultText(policy, tlsPolicies)];
  return oneOfFaults("tlsPolicy", policy, tlsPolicies);
}

function idleFaults(found: number): string[] {
  const sound = Number.isInteger(found) && found > REVERB_PING_SECONDS && found <= LONGEST_IDLE_SECONDS;
  return sound ? [] : [idleTimeoutFaultText(found, REVERB_PING_SECONDS, LONGEST_IDLE_SECONDS)];
}

function healthCheckFaults({ healthCheck }: LoadBalancerSettings): string[] {
  const { path, intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold } = healthCheck;
  return [
    ...(/^\/[\w\-./?=&%~]{0,1023}$/.test(path) ? [] : [healthPathFaultText(path)]),
    ...rangeFaults("healthCheck.intervalSeconds", intervalSeconds, 5, 300),
    ...rangeFaults("healthCheck.timeoutSeconds", timeoutSeconds, 2, 120),
    ...(timeoutSeconds >= intervalSeconds ? [timeoutFaultText(timeoutSeconds, intervalSeconds)] : []),
    ...rangeFaults("healthCheck.healthyThreshold", healthyThreshold, 2, 10),
    ...rangeFaults("healthCheck.unhealthyThreshold", unhealthyThreshold, 2, 10),
  ];
}
