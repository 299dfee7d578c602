import { oneOfFaults, rangeFaults, reasonFaults } from "@telemedicina/core";
import {
  headerMissingFaultText,
  headerNameFaultText,
  internalOverPublicFaultText,
  originCertificateFaultText,
  originTlsFaultText,
  publicOverVpcFaultText,
} from "./errors.js";
import { domainFaults, isCovered } from "./faults.js";
import type { OriginVerification } from "./props.js";
import type { DistributionSettings } from "./settings.js";

const LONGEST_TIMEOUT_SECONDS = 120;
/** Policies that offer TLS 1.3 alone. */
const TLS_13_ONLY = /^ELBSecurityPolicy-TLS13-1-3-/;
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
/** Prefixes and names that CloudFront keeps for itself or leaves to the protocol. */
const RESERVED_HEADER =
  /^(?:x-amz-|x-edge-|x-real-ip$|x-forwarded-|host$|connection$|cookie$|cache-control$|via$|te$|trailer$|upgrade$|expect$|content-length$|transfer-encoding$|if-|range$|accept-encoding$|proxy-)/i;

export function originFaults({ application, domain }: DistributionSettings): string[] {
  const { kind, domainName, loadBalancer } = application;
  const unknown = oneOfFaults("application.kind", kind, ["public", "vpcOrigin"]);
  if (unknown.length > 0) return unknown;
  const { certificateDomains, internal, tlsPolicy } = loadBalancer;
  const named = isCovered(domainName, certificateDomains) || isCovered(domain, certificateDomains);
  return [
    ...domainFaults("application.domainName", domainName),
    ...(kind === "vpcOrigin" && !internal ? [publicOverVpcFaultText(domainName)] : []),
    ...(kind === "public" && internal ? [internalOverPublicFaultText(domainName)] : []),
    ...(TLS_13_ONLY.test(tlsPolicy) ? [originTlsFaultText(tlsPolicy)] : []),
    ...(named ? [] : [originCertificateFaultText(domainName, domain, certificateDomains)]),
    ...rangeFaults(
      "application.readTimeoutSeconds",
      application.readTimeoutSeconds,
      1,
      LONGEST_TIMEOUT_SECONDS,
    ),
    ...rangeFaults("application.keepaliveSeconds", application.keepaliveSeconds, 1, LONGEST_TIMEOUT_SECONDS),
    ...(kind === "public" ? verificationFaults(application.verification) : []),
  ];
}

function verificationFaults(verification: OriginVerification | undefined): string[] {
  if (verification === undefined) return [headerMissingFaultText()];
  if (verification.kind === "none")
    return reasonFaults("application.verification.reason", verification.reason);
  const { kind, name } = verification;
  const unknown = oneOfFaults("application.verification.kind", kind, ["header", "none"]);
  if (unknown.length > 0) return unknown;
  return HEADER_NAME.test(name) && !RESERVED_HEADER.test(name) ? [] : [headerNameFaultText(name)];
}
