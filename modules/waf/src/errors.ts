/** Only for callers without the compiler. */
export function unknownKindError(what: string, found: unknown): Error {
  return new Error(`WAF has no ${what} ${JSON.stringify(found)}. Take one that the type knows.`);
}

export function providerRegionFaultText(found: string, region: string): string {
  return (
    `scope.provider is for ${found}. Allowed: a provider for ${region}. ` +
    "CloudFront knows web ACLs of that region only; give the stack a second provider there."
  );
}

export function keyRegionFaultText(found: string, region: string): string {
  return (
    `logs.kmsKeyArn is of ${found}. Allowed: a key of ${region}, where the ACL and its log group are. ` +
    "Make one there, or leave it out."
  );
}

export function forwardedForFaultText(found: string): string {
  return (
    `scope.clientAddress.name is ${JSON.stringify(found)}. Allowed: a header that CloudFront writes itself and overwrites. ` +
    "WAF takes the first address of the header, and the first of X-Forwarded-For is whatever the client sent: " +
    "each request would come from another address. Set a header of your own in a CloudFront function on viewer request."
  );
}

export function headerFaultText(prop: string, found: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: the name of a header, up to 64 letters, digits, - and _.`;
}

export function pathFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found)}. Allowed: a path such as /login or /uploads/*, with letters, digits, . _ ~ - ` +
    "and whole segments *, without a slash at the end."
  );
}

export function everywhereFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found)}, which is every path. ` +
    "Allowed: the paths that need it. Name them, or let the whole group count."
  );
}

export function countryFaultText(prop: string, found: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: a country of ISO 3166 by its two capital letters, such as BR.`;
}

export function homeFaultText(found: string, kind: "only" | "except"): string {
  const way = kind === "only" ? "does not name it" : "names it";
  return (
    `countries shuts out ${found}, one of homeCountries: { kind: "${kind}" } ${way}. ` +
    (kind === "only" ? "Add it to the list." : "Take it off the list.")
  );
}

export function networkFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found)}. Allowed: an IPv4 or IPv6 network such as 203.0.113.0/24 or 2001:db8::/48, ` +
    "without bits beyond its prefix. WAF refuses /0."
  );
}

export function loginLimitFaultText(login: string, everything: string): string {
  return (
    `rateLimits.login, ${login}, is not below rateLimits.everything, ${everything}: a login counts in both, so the ` +
    "limit for all would always come first. Lower rateLimits.login or raise rateLimits.everything."
  );
}

export function countingRuleFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found)}. Allowed: a rule that blocks. ` +
    "AWS only counts with this rule; it needs no exception. Take the exception out: it would block everywhere else."
  );
}

export function twiceFaultText(prop: string, found: string): string {
  return `${prop} ${JSON.stringify(found)} stands there twice. Allowed: each once. Join the two.`;
}

export function versionFaultText(prop: string, found: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: a version such as Version_1.10, and none for ipReputation, which has no versions.`;
}

export function ruleNameFaultText(prop: string, found: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: 1 to 128 letters, digits, - and _; All and Default_Action are AWS's own.`;
}

export function labelFaultText(prop: string, found: string): string {
  return (
    `${prop} is ${JSON.stringify(found)}. Allowed: letters, digits, - _ and :, and no part between colons that AWS ` +
    "uses: awswaf, aws, waf, rulegroup, webacl, regexpatternset, ipset, managed."
  );
}

export function contentFaultText(found: number, most: number): string {
  return `tooManyRequests.content has ${found} bytes. Allowed: 1 to ${most}.`;
}

export function retentionFaultText(found: number, allowed: readonly number[]): string {
  return (
    `logs.retentionDays is ${found}. Allowed: ${allowed.join(", ")}. ` +
    "CloudWatch Logs knows no other periods; keeping logs for ever is not offered, they hold addresses of patients."
  );
}

export function capacityFaultText(found: number, limit: number, most: number): string {
  const way =
    limit < most
      ? `Take fewer rules or paths, or set capacity to { limit: ${most}, reason }: AWS then bills 0.20 US dollars more a million requests for every 500 units begun.`
      : "Take fewer rules or paths; AWS gives no more.";
  return `the rules need ${found} capacity units, and the limit is ${limit}. ${way}`;
}
