export function referenceFaultText(prop: string): string {
  return (
    `${prop} is a reference that Terraform resolves later. ` +
    "Names and user data are literal, so that a review sees every line. Give the value itself."
  );
}

export function zoneLetterFaultText(index: number, found: string): string {
  return `zones[${index}] is ${JSON.stringify(found)}. Allowed: a lower-case letter; it stands in names for good.`;
}

export function repeatedZoneFaultText(index: number, found: string): string {
  return `zones[${index}] is "${found}", which stands there already. A zone has one relay. Remove one of the two.`;
}

export function zoneWithoutSubnetFaultText(index: number, found: string, known: readonly string[]): string {
  return (
    `zones[${index}] is "${found}", and subnetIds has no subnet for it. ` +
    `Allowed: ${known.join(", ")}. Take another letter, or give subnetIds a public subnet in that zone.`
  );
}

export function hostNameLengthFaultText(hostName: string, longest: number): string {
  return (
    `domain makes the host name ${hostName} of ${hostName.length} characters. ` +
    `Allowed: at most ${longest}, where a certificate's name ends. Choose a shorter domain.`
  );
}

export function secretArnFaultText(found: string): string {
  return (
    `secret.arn is ${JSON.stringify(found)}. Allowed: a complete ARN of Secrets Manager, ` +
    "with the six characters at its end: the key's permission is bound to it."
  );
}

export function shortCredentialFaultText(ttlMinutes: number, drainMinutes: number): string {
  return (
    `credentialTtlMinutes is ${ttlMinutes}, and drainMinutes, the longest consultation, is ${drainMinutes}. ` +
    "A browser that has to connect anew late in one would be refused. " +
    "Let credentials live longer, or lower drainMinutes."
  );
}

export function userQuotaFaultText(found: number, instanceType: string, allocations: number): string {
  return (
    `userQuota is ${found}, and a ${instanceType} holds ${allocations} relays open in all. ` +
    `Allowed: 1 to ${allocations}, or one user could take them all. Lower it, or take a larger instanceType.`
  );
}

export function retentionFaultText(found: number, allowed: readonly number[]): string {
  return (
    `logs.retentionDays is ${found}. Allowed: ${allowed.join(", ")}. ` +
    "CloudWatch Logs knows no other periods; keeping logs for ever is not offered, they hold clients' addresses."
  );
}

export function reasonFaultText(found: string, longest: number): string {
  return (
    `deletionProtection.reason is ${JSON.stringify(found)}. ` +
    `Allowed: 1 to ${longest} letters, digits, spaces and . : / = + - @ _ (it becomes a tag of the addresses). ` +
    "Say why these addresses may be given up."
  );
}

export function replaceTogetherFaultText(zones: readonly string[]): string {
  return (
    `replaceOnChange is true with the zones ${zones.join(", ")}. One apply would drain all of them together, ` +
    "and new calls would find no relay until they are done. " +
    "Leave it out and replace zone by zone with refreshCommands."
  );
}
