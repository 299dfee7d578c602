import { logRetentionDays, type NameScope, noneFaultText, rangeFaults } from "@telemedicina/core";
import { Token } from "cdktf";
import { turnCapacity } from "./capacity.js";
import {
  hostNameLengthFaultText,
  reasonFaultText,
  referenceFaultText,
  repeatedZoneFaultText,
  replaceTogetherFaultText,
  retentionFaultText,
  secretArnFaultText,
  shortCredentialFaultText,
  userQuotaFaultText,
  zoneLetterFaultText,
  zoneWithoutSubnetFaultText,
} from "./errors.js";
import { LONGEST_DRAIN_MINUTES } from "./lifecycle-hooks.js";
import { nodeNames } from "./node-names.js";
import type { DeletionProtection, TurnRelaysProps, TurnSecret } from "./props.js";
import { formatFaultText, unknownInstanceTypeFaultText } from "./software-errors.js";

/** The props with every default in its place. */
export interface TurnSettings {
  readonly names: NameScope;
  readonly accountId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly domain: string;
  readonly zoneId: string;
  readonly zones: readonly string[];
  readonly subnetIds: Readonly<Record<string, string>>;
  readonly securityGroupIds: readonly string[];
  readonly vpcCidrs: readonly string[];
  readonly secret: TurnSecret;
  readonly secretsKmsKeyArn: string;
  readonly logs: { readonly kmsKeyArn: string; readonly retentionDays: number };
  readonly acmeEmail: string;
  readonly acmeDirectory: string | undefined;
  readonly instanceType: string;
  readonly rootVolumeGiB: number;
  readonly volumeKmsKeyArn: string | undefined;
  readonly credentialTtlMinutes: number;
  readonly drainMinutes: number;
  readonly userQuota: number;
  readonly maxBps: number;
  readonly deletionProtection: DeletionProtection;
  readonly replaceOnChange: boolean;
  readonly certificateRecoveryDays: number;
  readonly alarmActionArns: readonly string[];
  readonly permissionsBoundaryArn: string | undefined;
}

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
/** Certificate authorities put the name into a field of this length. */
const LONGEST_HOST_NAME = 64;
const SECRET_ARN = /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/;
/** What EC2 lets stand in a tag. */
const REASON = /^[\p{L}\p{Nd} .:/=+\-@_]+$/u;
const REASON_MAX_LENGTH = 256;

export function resolveTurn(props: TurnRelaysProps): TurnSettings {
  return {
    names: props.names,
    accountId: props.accountId,
    tags: props.tags,
    domain: props.domain,
    zoneId: props.zoneId,
    zones: props.zones,
    subnetIds: props.subnetIds,
    securityGroupIds: props.securityGroupIds,
    vpcCidrs: props.vpcCidrs,
    secret: props.secret,
    secretsKmsKeyArn: props.secretsKmsKeyArn,
    logs: { kmsKeyArn: props.logs.kmsKeyArn, retentionDays: props.logs.retentionDays ?? 60 },
    acmeEmail: props.acmeEmail,
    acmeDirectory: props.acmeDirectory,
    instanceType: props.instanceType ?? "t3.medium",
    rootVolumeGiB: props.rootVolumeGiB ?? 12,
    volumeKmsKeyArn: props.volumeKmsKeyArn,
    credentialTtlMinutes: props.credentialTtlMinutes ?? 60,
    drainMinutes: props.drainMinutes ?? 60,
    userQuota: props.userQuota ?? 12,
    maxBps: props.maxBps ?? 625_000,
    deletionProtection: props.deletionProtection ?? { on: true },
    replaceOnChange: props.replaceOnChange ?? props.zones.length === 1,
    certificateRecoveryDays: props.certificateRecoveryDays ?? 7,
    alarmActionArns: props.alarmActionArns ?? [],
    permissionsBoundaryArn: props.permissionsBoundaryArn,
  };
}

/** Everything that is wrong with the settings. What a node's own software refuses, `turnHost` says. */
export function turnFaults(settings: TurnSettings): string[] {
  return [
    ...zoneFaults(settings),
    ...nameFaults(settings),
    ...placementFaults(settings),
    ...instanceTypeFaults(settings),
    ...timeFaults(settings),
    ...rangeFaults("rootVolumeGiB", settings.rootVolumeGiB, 8, 100),
    ...rangeFaults("maxBps", settings.maxBps, 12_500, 125_000_000),
    ...rangeFaults("certificateRecoveryDays", settings.certificateRecoveryDays, 7, 30),
    ...(logRetentionDays.includes(settings.logs.retentionDays)
      ? []
      : [retentionFaultText(settings.logs.retentionDays, logRetentionDays)]),
    ...reasonFaults(settings.deletionProtection),
  ];
}

function zoneFaults({ zones, subnetIds, replaceOnChange }: TurnSettings): string[] {
  const known = Object.keys(subnetIds).sort();
  const each = zones.flatMap((zone, index) => {
    if (!/^[a-z]$/.test(zone)) return [zoneLetterFaultText(index, zone)];
    if (zones.indexOf(zone) !== index) return [repeatedZoneFaultText(index, zone)];
    return known.includes(zone) ? [] : [zoneWithoutSubnetFaultText(index, zone, known)];
  });
  return [
    ...(zones.length === 0 ? [noneFaultText("zones", "zone letter")] : []),
    ...each,
    ...(replaceOnChange && zones.length > 1 ? [replaceTogetherFaultText(zones)] : []),
  ];
}

function nameFaults({ accountId, names, domain, secret }: TurnSettings): string[] {
  return [
    ...(/^\d{12}$/.test(accountId) ? [] : [formatFaultText("accountId", accountId, "12 digits")]),
    ...domainFaults(names, domain),
    ...(Token.isUnresolved(secret.name) ? [referenceFaultText("secret.name")] : []),
    ...(Token.isUnresolved(secret.arn) || SECRET_ARN.test(secret.arn)
      ? []
      : [secretArnFaultText(secret.arn)]),
  ];
}

function domainFaults(names: NameScope, domain: string): string[] {
  if (Token.isUnresolved(domain)) return [referenceFaultText("domain")];
  if (!DOMAIN.test(domain)) {
    return [formatFaultText("domain", domain, "a name in lower case such as telemedicina.example.com")];
  }
  const { hostName } = nodeNames(names, domain, "a");
  return hostName.length > LONGEST_HOST_NAME ? [hostNameLengthFaultText(hostName, LONGEST_HOST_NAME)] : [];
}

function placementFaults({ securityGroupIds, vpcCidrs, tags }: TurnSettings): string[] {
  return [
    ...(securityGroupIds.length === 0
      ? [noneFaultText("securityGroupIds", "group; AWS would take the VPC's own")]
      : []),
    ...(vpcCidrs.length === 0
      ? [noneFaultText("vpcCidrs", "network; relays could be used to reach the VPC")]
      : []),
    ...(Object.keys(tags).length === 0 ? [noneFaultText("tags", "tag; nodes would have none")] : []),
  ];
}

function instanceTypeFaults({ instanceType, userQuota }: TurnSettings): string[] {
  const capacity = Object.hasOwn(turnCapacity, instanceType) ? turnCapacity[instanceType] : undefined;
  if (capacity === undefined) return [unknownInstanceTypeFaultText(instanceType, Object.keys(turnCapacity))];
  const sound = Number.isInteger(userQuota) && userQuota >= 1 && userQuota <= capacity.allocations;
  return sound ? [] : [userQuotaFaultText(userQuota, instanceType, capacity.allocations)];
}

function timeFaults({ credentialTtlMinutes, drainMinutes }: TurnSettings): string[] {
  const ranges = [
    ...rangeFaults("credentialTtlMinutes", credentialTtlMinutes, 5, 1440),
    ...rangeFaults("drainMinutes", drainMinutes, 1, LONGEST_DRAIN_MINUTES),
  ];
  if (ranges.length > 0) return ranges;
  return credentialTtlMinutes < drainMinutes
    ? [shortCredentialFaultText(credentialTtlMinutes, drainMinutes)]
    : [];
}

function reasonFaults(protection: DeletionProtection): string[] {
  if (protection.on) return [];
  const { reason } = protection;
  const sound = reason.trim() !== "" && reason.length <= REASON_MAX_LENGTH && REASON.test(reason);
  return sound ? [] : [reasonFaultText(reason, REASON_MAX_LENGTH)];
}
