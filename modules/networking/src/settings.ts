import { faultsError, logRetentionDays, type NameScope, unknownFaultText } from "@telemedicina/core";
import {
  type AzLetter,
  azLetters,
  type ByAz,
  type Zone,
  zoneIdPrefix,
  zonesOf,
} from "./availability-zones.js";
import { parseCidr } from "./cidr.js";
import {
  type GatewayService,
  gatewayServices,
  type InterfaceService,
  interfaceServices,
} from "./endpoint-services.js";
import {
  adminCidrFaultText,
  allocationWithoutNatFaultText,
  duplicateFaultText,
  duplicateZoneFaultText,
  missingZoneFaultText,
  openAdminCidrFaultText,
  reasonFaultText,
  retentionFaultText,
  zoneIdFaultText,
  zoneLetterFaultText,
} from "./errors.js";
import { type NatMode, natModes, natZones } from "./nat-gateways.js";
import type { NetworkProps } from "./network.js";
import type { LoadBalancerIngress } from "./security-group-plan.js";
import { cidrFaults, type SubnetPlan, subnetPlan } from "./subnet-plan.js";

/** The props with every default in its place, and known to be sound. */
export interface NetworkSettings {
  readonly names: NameScope;
  readonly plan: SubnetPlan;
  readonly zones: readonly Zone[];
  readonly nat: NatMode;
  readonly natEipAllocationIds: ByAz<string>;
  readonly loadBalancerIngress: LoadBalancerIngress;
  readonly adminCidrs: readonly string[];
  readonly gatewayEndpoints: readonly GatewayService[];
  readonly interfaceEndpoints: readonly InterfaceService[];
  readonly databaseProxy: boolean;
  readonly httpPackages: boolean;
  readonly flowLogs: { readonly retentionDays: number; readonly kmsKeyArn: string | undefined };
  readonly quotas: { readonly rulesPerSecurityGroup: number; readonly naclEntries: number };
}

/** Widest network that may administer hosts. */
const WIDEST_ADMIN_PREFIX = 8;

/** EC2's limit for a tag's value. */
const REASON_MAX_LENGTH = 256;
/** What Terraform would take for a template, and what no tag can hold. */
const REASON_REFUSED = /[$%]\{|\p{Cc}/u;

/** @throws one error with every fault of the props */
export function resolveSettings(path: string, props: NetworkProps): NetworkSettings {
  const faults = [
    ...cidrFaults(props.cidr),
    ...zoneFaults(props),
    ...natFaults(props),
    ...ingressFaults(props.loadBalancerIngress),
    ...adminCidrsFaults(props.adminCidrs ?? []),
    ...listFaults("gatewayEndpoints", props.gatewayEndpoints ?? [], gatewayServices),
    ...listFaults("interfaceEndpoints", props.interfaceEndpoints ?? [], interfaceServices),
    ...retentionFaults(props.flowLogs?.retentionDays),
  ];
  if (faults.length > 0) throw faultsError(path, faults);
  return {
    names: props.names,
    plan: subnetPlan(props.cidr, props.availabilityZones),
    zones: zonesOf(props.availabilityZones),
    nat: props.nat,
    natEipAllocationIds: props.natEipAllocationIds ?? {},
    loadBalancerIngress: props.loadBalancerIngress ?? { from: "cloudfront" },
    adminCidrs: props.adminCidrs ?? [],
    gatewayEndpoints: props.gatewayEndpoints ?? ["s3"],
    interfaceEndpoints: props.interfaceEndpoints ?? [],
    databaseProxy: props.databaseProxy ?? false,
    httpPackages: props.httpPackages ?? false,
    flowLogs: {
      retentionDays: props.flowLogs?.retentionDays ?? 60,
      kmsKeyArn: props.flowLogs?.kmsKeyArn,
    },
    quotas: {
      rulesPerSecurityGroup: props.quotas?.rulesPerSecurityGroup ?? 60,
      naclEntries: props.quotas?.naclEntries ?? 20,
    },
  };
}

function zoneFaults({ availabilityZones: zones, names }: NetworkProps): string[] {
  const prefix = zoneIdPrefix(names.region);
  const missing = (["a", "b"] as const)
    .filter((letter) => zones[letter] === undefined)
    .map(missingZoneFaultText);
  const strange = Object.keys(zones)
    .filter((letter) => !isLetter(letter))
    .map(zoneLetterFaultText);
  const wrong = zonesOf(zones).flatMap(({ letter, id }, index, all) => {
    if (!new RegExp(`^${prefix}[0-9]+$`).test(id)) return [zoneIdFaultText(letter, id, names.region, prefix)];
    const first = all.slice(0, index).find((other) => other.id === id);
    return first === undefined ? [] : [duplicateZoneFaultText(letter, id, first.letter)];
  });
  return [...missing, ...strange, ...wrong];
}

function natFaults({ nat, natEipAllocationIds = {}, availabilityZones }: NetworkProps): string[] {
  if (!natModes.includes(nat)) return [unknownFaultText("nat", nat, natModes)];
  const served = natZones(nat, zonesOf(availabilityZones)).map((zone) => zone.letter);
  return Object.keys(natEipAllocationIds)
    .filter((letter) => !served.some((other) => other === letter))
    .map((letter) => allocationWithoutNatFaultText(letter, nat));
}

function ingressFaults(ingress: LoadBalancerIngress | undefined): string[] {
  if (ingress === undefined || ingress.from === "cloudfront") return [];
  const { reason } = ingress;
  const sound = reason.trim() !== "" && reason.length <= REASON_MAX_LENGTH && !REASON_REFUSED.test(reason);
  return sound ? [] : [reasonFaultText(reason, REASON_MAX_LENGTH)];
}

function adminCidrsFaults(cidrs: readonly string[]): string[] {
  const faulty = cidrs.flatMap((cidr) => {
    const network = parseCidr(cidr);
    if (network === undefined) return [adminCidrFaultText(cidr)];
    return network.subnetMask < WIDEST_ADMIN_PREFIX
      ? [openAdminCidrFaultText(cidr, WIDEST_ADMIN_PREFIX)]
      : [];
  });
  return [...faulty, ...duplicates(cidrs).map((cidr) => duplicateFaultText("adminCidrs", cidr))];
}

function listFaults(prop: string, found: readonly string[], allowed: readonly string[]): string[] {
  const unknown = found.filter((name) => !allowed.includes(name));
  return [
    ...unknown.map((name) => unknownFaultText(prop, name, allowed)),
    ...duplicates(found).map((name) => duplicateFaultText(prop, name)),
  ];
}

function retentionFaults(days: number | undefined): string[] {
  return days === undefined || logRetentionDays.includes(days)
    ? []
    : [retentionFaultText(days, logRetentionDays)];
}

function duplicates(list: readonly string[]): string[] {
  return [...new Set(list.filter((item, index) => list.indexOf(item) !== index))];
}

function isLetter(letter: string): letter is AzLetter {
  return azLetters.some((known) => known === letter);
}
