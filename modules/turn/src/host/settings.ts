import type { TurnHostProps } from "./props.js";

/** The props with every default in its place. */
export interface TurnHostSettings extends Required<Omit<TurnHostProps, "acmeDirectory" | "capacity">> {
  readonly acmeDirectory: string | undefined;
  readonly totalQuota: number;
}

export function resolveSettings(props: TurnHostProps): TurnHostSettings {
  return {
    region: props.region,
    environment: props.environment,
    hostName: props.hostName,
    realm: props.realm,
    groupName: props.groupName,
    launchHook: props.launchHook,
    terminateHook: props.terminateHook,
    secretName: props.secretName,
    certificateSecretName: props.certificateSecretName,
    vpcCidrs: props.vpcCidrs,
    logGroupName: props.logGroupName,
    metricNamespace: props.metricNamespace,
    totalQuota: props.capacity.allocations,
    acmeEmail: props.acmeEmail,
    acmeDirectory: props.acmeDirectory,
    credentialTtlSeconds: props.credentialTtlSeconds ?? 3600,
    secretOverlapSeconds: props.secretOverlapSeconds ?? 86_400,
    drainSeconds: props.drainSeconds ?? 3600,
    userQuota: props.userQuota ?? 12,
    maxBps: props.maxBps ?? 625_000,
  };
}
