/** Everything that is wrong with what a function was given, at once. */
export function turnSoftwareError(what: string, faults: readonly string[]): Error {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  return new Error(`${what} has ${count}:\n${faults.map((fault) => `  - ${what}: ${fault}`).join("\n")}`);
}

export function formatFaultText(prop: string, found: string, allowed: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: ${allowed}.`;
}

export function tokenFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found)}, a reference that Terraform resolves later. ` +
    "User data is literal, so that a review sees every line of it. Give the value itself."
  );
}

export function unknownOptionFaultText(name: string, version: string, known: readonly string[]): string {
  return (
    `"${name}" is no option of coturn ${version} that this builder knows. ` +
    `coturn would log "Bad configuration format" and start without it. Allowed: ${known.join(", ")}.`
  );
}

export function foreignOptionFaultText(name: string, version: string, versions: readonly string[]): string {
  return (
    `"${name}" is an option of coturn ${versions.join(", ")}, not of ${version}. ` +
    "coturn would log it and start without it. Take it out; what it turned on or off may have another name there."
  );
}

export function refusedOptionFaultText(name: string, reason: string): string {
  return `"${name}" is refused. ${reason} Take it out.`;
}

export function missingOptionFaultText(name: string): string {
  return `"${name}" is missing. Without it coturn starts and authenticates everybody or nobody. Give it.`;
}

export function optionTypeFaultText(name: string, found: unknown, allowed: string): string {
  return `${name} is ${JSON.stringify(found)}. Allowed: ${allowed}.`;
}

export function optionTextFaultText(name: string, found: unknown): string {
  return `${name} is ${JSON.stringify(found)}. Allowed: one line without quotes and without spaces at its ends.`;
}

export function addressFaultText(name: string, found: unknown): string {
  return `${name} has ${JSON.stringify(found)}. Allowed: an IPv4 or IPv6 address.`;
}

export function rangeFormatFaultText(option: string, found: string): string {
  return (
    `${option} has ${JSON.stringify(found)}. ` +
    'Allowed: an address, or the first and the last of a range, such as "10.0.0.0-10.255.255.255".'
  );
}

export function cidrRangeFaultText(option: string, found: string, range: string): string {
  return `${option} has ${JSON.stringify(found)}, and coturn knows no prefixes. Write "${range}".`;
}

export function backwardRangeFaultText(option: string, found: string): string {
  return (
    `${option} has ${JSON.stringify(found)}, which runs backwards and would hold no address. ` +
    "Write the lower address first."
  );
}

export function endlessRangeFaultText(option: string, found: string): string {
  return (
    `${option} has ${JSON.stringify(found)}. coturn takes an unspecified address for an open end, and IPv4 for lower than ` +
    'IPv6: it would hold every address of both families. Begin with "::1"; coturn refuses the unspecified address itself.'
  );
}

export function mixedRangeFaultText(option: string, found: string): string {
  return `${option} has ${JSON.stringify(found)}, from one family to the other. Write a range for each.`;
}

export function networkFaultText(prop: string, found: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: a network without host bits, such as 10.0.0.0/16.`;
}

export function relayRangeFaultText(least: number, most: number): string {
  return `min-port ${least} is above max-port ${most}. Write the lower first.`;
}

export function portInRangeFaultText(name: string, port: number, least: number, most: number): string {
  return (
    `${name} ${port} lies among the relay's ports, min-port ${least} to max-port ${most}. ` +
    "A call could take it before coturn listens. Move one."
  );
}

export function unknownInstanceTypeFaultText(found: string, known: readonly string[]): string {
  return (
    `instanceType is ${JSON.stringify(found)}, of which the capacity table does not know the network. ` +
    `Allowed: ${known.join(", ")}. For another, add EC2's BaselineBandwidthInGbps to modules/turn/src/capacity.ts.`
  );
}

export function overlapFaultText(overlap: number, ttl: number): string {
  return (
    `secretOverlapSeconds is ${overlap}, and credentials live ${ttl} s (credentialTtlSeconds). ` +
    "The last ones signed with the old secret would be refused. Give at least as much."
  );
}

export function userDataFaultText(found: number, budget: number): string {
  return (
    `the user data has ${found} bytes after gzip. Allowed: ${budget}; EC2 takes 16384. ` +
    "Shorten what the node's files say, or move programs into an image."
  );
}
