export const cspFaultTexts = {
  source: (directive: string, found: string): string =>
    `${directive} has ${JSON.stringify(found)}. Allowed: one of the quoted keywords, data:, blob:, or a host such as ` +
    "https://cdn.example.com or wss://api.example.com, in lower case, without path.",
  empty: (directive: string): string =>
    `${directive} is an empty list. Write "'none'" for nothing, or leave the directive out for default-src.`,
  twice: (directive: string, found: string): string =>
    `${directive} has ${found} twice. Remove one of the two.`,
  reportUri: (found: string): string =>
    `report-uri is ${JSON.stringify(found)}. Allowed: a path of this site such as /csp-reports, or a host such as https://reports.example.com.`,
  nonce: (found: string): string =>
    `the nonce is ${JSON.stringify(found)}. Allowed: 16 or more characters of base64, new for every answer.`,
  length: (found: number, most: number): string =>
    `the policy has ${found} characters. Allowed: at most ${most}, CloudFront's limit. Name fewer hosts, or one with a wildcard.`,
};

export function patternFaultText(found: string): string {
  return (
    `the path pattern ${JSON.stringify(found)} is none. Allowed: up to 255 letters, digits and _-.$/~"'@:+&, ` +
    "with * for any number of characters and ? for one."
  );
}

export function twiceFaultText(pattern: string): string {
  return `the path pattern ${pattern} stands twice in the table of behaviours. Remove one of the two: CloudFront refuses it.`;
}

export function shadowFaultText(pattern: string, earlier: string): string {
  return (
    `the behaviour ${pattern} can never be reached: ${earlier} stands before it and takes all of its paths. ` +
    "Move the narrower pattern to the front, or make the wider one narrower."
  );
}

export function domainFaultText(prop: string, found: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: a DNS name in lower case such as telemedicina.example.com.`;
}

export function aliasCertificateFaultText(alias: string, certificate: readonly string[]): string {
  return (
    `the alias ${alias} is not in the certificate, which has ${certificate.join(", ")}. ` +
    "CloudFront refuses it. Add the name to the certificate, or remove the alias."
  );
}

export function aliasZoneFaultText(name: string, zone: string): string {
  return (
    `${name} lies outside the zone ${zone}: a record there would answer nobody. ` +
    "Give the zone that holds the name, or another name."
  );
}

export function tokenFaultText(prop: string): string {
  return `${prop} is only known when Terraform runs. Give a literal: it is compared with other names here.`;
}

export function publicOverVpcFaultText(domainName: string): string {
  return (
    `application.kind is "vpcOrigin", and the load balancer behind ${domainName} has public addresses. ` +
    'Make it internal, or write kind "public" with a header.'
  );
}

export function internalOverPublicFaultText(domainName: string): string {
  return (
    `application.kind is "public", and the load balancer behind ${domainName} is internal: CloudFront has no way to it. ` +
    'Write kind "vpcOrigin", or give the load balancer public addresses.'
  );
}

export function originTlsFaultText(found: string): string {
  return (
    `application.loadBalancer.tlsPolicy is ${found}, which refuses TLS 1.2. CloudFront speaks no newer version to an origin ` +
    "and every request would end in 502. Allowed: a policy with TLS 1.2, such as ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09."
  );
}

export function originCertificateFaultText(
  domainName: string,
  domain: string,
  certificate: readonly string[],
): string {
  return (
    `the load balancer's certificate has ${certificate.join(", ")}, and neither ${domainName} nor ${domain}. ` +
    "CloudFront would answer 502 to every request. Add one of the two names to it."
  );
}

export function headerMissingFaultText(): string {
  return (
    "application.verification is missing, and the load balancer is public: everybody could go past the firewall and the " +
    'headers. Give { kind: "header", name, secretArn }, or { kind: "none", reason }.'
  );
}

export function headerNameFaultText(found: string): string {
  return (
    `application.verification.name is ${JSON.stringify(found)}. Allowed: a header name such as X-Origin-Verify. ` +
    "CloudFront refuses names that begin with X-Amz- or X-Edge- and those of HTTP itself."
  );
}

export function geoBrazilFaultText(kind: "allow" | "block"): string {
  return kind === "allow"
    ? "geoRestriction allows countries without BR: every patient in Brazil would be refused. Add BR."
    : "geoRestriction blocks BR: every patient in Brazil would be refused. Remove BR.";
}

export function countryFaultText(found: string): string {
  return `geoRestriction.countries has ${JSON.stringify(found)}. Allowed: ISO 3166-1 codes of two capitals such as BR.`;
}

export function countriesFaultText(): string {
  return 'geoRestriction.countries is empty. Name at least one country, or write { kind: "none" }.';
}

export function cacheOrderFaultText(immutable: number, dynamic: number): string {
  return (
    `headers.dynamicMaxAgeSeconds is ${dynamic}, longer than headers.immutableMaxAgeSeconds, which is ${immutable}: files ` +
    "that change would be kept longer than files that never do. Swap the two."
  );
}

export function featureFaultText(found: string): string {
  return `headers.permissions has ${JSON.stringify(found)}, which is no feature of the Permissions-Policy. Allowed: the keys of defaultPermissions.`;
}

export function staticPathFaultText(found: string): string {
  return `staticPaths has ${JSON.stringify(found)}. Allowed: the path of one file such as /favicon.ico, without * and ?.`;
}

export function keyCountFaultText(found: number): string {
  return `signedFiles.publicKeys has ${found}. Allowed: 1, or 2 while a key is changed.`;
}

export function sameKeyFaultText(): string {
  return "signedFiles.publicKeys has the same key twice. Remove one of the two.";
}

export function publicKeyFaultText(position: number, found: string): string {
  return (
    `signedFiles.publicKeys[${position}] is ${found}. Allowed: a public key in PEM, RSA of 2048 bits or ECDSA P-256, as ` +
    "openssl rsa -pubout writes it."
  );
}

export function usEast1FaultText(prop: string, found: string): string {
  return (
    `${prop} is a provider for ${found}. CloudFront's certificates, log delivery and health metrics are kept in us-east-1: ` +
    "give a provider for that region."
  );
}

export function logPrefixFaultText(found: string): string {
  return `accessLogs.prefix is ${JSON.stringify(found)}. Allowed: letters, digits and _-./ without slashes at the ends.`;
}

export function nameLengthFaultText(found: string, most: number): string {
  return `the name ${found} has ${found.length} characters. Allowed: at most ${most}. Shorten names.project.`;
}

export function wildcardFaultText(found: string): string {
  return `${found} is a wildcard. Name each host: a wildcard's certificate would be good for hosts that nobody has thought of.`;
}

export function tooManyDomainsFaultText(found: number, most: number): string {
  return `the certificate has ${found} names. Allowed: at most ${most}.`;
}

export function repeatedDomainFaultText(found: string): string {
  return `${found} stands twice among the names. Remove one of the two.`;
}

export function unknownRecordFaultText(found: string): string {
  return `recordsMadeElsewhere has ${found}, which is not a name of the certificate. Remove it.`;
}

export function cloudFrontSecondaryFaultText(found: string): string {
  return (
    `failover.secondary.dnsName is ${found}. Two distributions cannot have the same alias, so that a second one would refuse ` +
    "the name. Give a load balancer in the other region whose certificate has it, or change the origin's record instead."
  );
}

export function pathFaultText(prop: string, found: string): string {
  return `${prop} is ${JSON.stringify(found)}. Allowed: a path that begins with a slash, such as /health.`;
}

export function intervalFaultText(found: number): string {
  return `requestIntervalSeconds is ${found}. Allowed: 30, or 10 at a higher price.`;
}

export function checkersFaultText(regions: readonly string[]): string {
  const there = regions.length === 0 ? "none of the places" : `${regions.join(", ")} alone of the places`;
  return (
    `geoRestriction lets in ${there} that Route 53 checks from: it needs three, and the site would look down for ever. ` +
    "Let US in too, or make no health check."
  );
}

export function caaFaultText(found: string): string {
  return `certificateAuthorities has ${JSON.stringify(found)}. Allowed: a CA's domain such as amazon.com.`;
}

export function caaAmazonFaultText(): string {
  return "certificateAuthorities is without amazon.com: ACM could not renew the site's own certificate. Add it.";
}
