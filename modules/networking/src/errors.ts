import { networkOf } from "./cidr.js";

export function cidrFaultText(found: string): string {
  return (
    `cidr "${found}" cannot hold the subnet plan. Allowed: an IPv4 network of /16 to /20 without host bits, ` +
    "such as 10.0.0.0/16. AWS makes no VPC larger than /16, and below /20 a load balancer runs out of addresses."
  );
}

export function publicCidrFaultText(found: string, allowed: readonly string[]): string {
  return (
    `cidr "${found}" is public address space: its real owner would become unreachable from the VPC. ` +
    `Allowed: a network within ${allowed.join(", ")}.`
  );
}

export function missingZoneFaultText(letter: string): string {
  return (
    `availabilityZones.${letter} is missing. Allowed: a zone id such as use1-az1 for each of a and b, and optionally c. ` +
    "Two zones are the least: the load balancer and Multi-AZ need them."
  );
}

export function zoneLetterFaultText(letter: string): string {
  return (
    `availabilityZones.${letter} has no place in the subnet plan. Allowed: a, b and c. ` +
    "The fourth slot of every tier is kept free."
  );
}

export function zoneIdFaultText(letter: string, found: string, region: string, prefix: string): string {
  return (
    `availabilityZones.${letter} is "${found}". Allowed in ${region}: a zone id that starts with ${prefix}, ` +
    `such as ${prefix}1. Zone names like ${region}a mean another place in every account; ` +
    "aws ec2 describe-availability-zones shows the ids."
  );
}

export function duplicateZoneFaultText(letter: string, found: string, first: string): string {
  return (
    `availabilityZones.${letter} is "${found}", which is ${first}'s too. Allowed: each zone once. ` +
    "Two letters in one zone fail together."
  );
}

export function duplicateFaultText(prop: string, found: string): string {
  return `${prop} has "${found}" twice. Allowed: each once. Remove one.`;
}

export function allocationWithoutNatFaultText(letter: string, nat: string): string {
  return (
    `natEipAllocationIds.${letter} is given, but nat "${nat}" makes no NAT gateway in ${letter}. ` +
    "Remove it, or choose a mode that uses it: the address would be paid for and never seen."
  );
}

export function adminCidrFaultText(found: string): string {
  const network = networkOf(found);
  const hint = network === undefined ? "" : ` Did you mean ${network}?`;
  return `adminCidrs has "${found}". Allowed: IPv4 networks without host bits, such as 10.200.0.0/24.${hint}`;
}

export function openAdminCidrFaultText(found: string, longest: number): string {
  return (
    `adminCidrs has "${found}", which opens SSH to too many. Allowed: networks of /${longest} and smaller. ` +
    "Name the VPN's or the office's own network, or give none and use Session Manager."
  );
}

export function reasonFaultText(found: string, maxLength: number): string {
  return (
    `loadBalancerIngress.reason is ${JSON.stringify(found)}. Allowed: 1 to ${maxLength} characters ` +
    "without line breaks, ${ and %{ (it becomes a tag of the rules). " +
    "Say why the load balancer must be reachable without CloudFront and its WAF."
  );
}

export function retentionFaultText(found: number, allowed: readonly number[]): string {
  return (
    `flowLogs.retentionDays is ${found}. Allowed: ${allowed.join(", ")}. ` +
    "CloudWatch Logs knows no other periods; keeping logs for ever is not offered, they hold personal data (IP addresses)."
  );
}

export function ruleQuotaFaultText(group: string, direction: string, count: number, quota: number): string {
  return (
    `security group ${group} has ${count} ${direction} rules, the quota is ${quota}. ` +
    "A prefix list counts as many rules as its maximum of entries (CloudFront's: 55). " +
    "Allow fewer adminCidrs, or have the quota raised (Service Quotas L-0EA8095F) and set quotas.rulesPerSecurityGroup."
  );
}

export function naclQuotaFaultText(tier: string, direction: string, count: number, quota: number): string {
  return (
    `network ACL ${tier} has ${count} ${direction} entries with the default deny, the quota is ${quota}. ` +
    "Allow fewer adminCidrs, or have the quota raised (Service Quotas L-2AEEBF1A, at most 40) and set quotas.naclEntries."
  );
}
