import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation/index.js";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import {
  faultsError,
  type NameScope,
  resourceName,
  resourceTags,
  validationRecord,
} from "@telemedicina/core";
import { Construct } from "constructs";
import {
  aliasZoneFaultText,
  repeatedDomainFaultText,
  tooManyDomainsFaultText,
  unknownRecordFaultText,
  wildcardFaultText,
} from "./errors.js";
import { domainFaults, isInZone } from "./faults.js";
import { regionFaults } from "./settings.js";

/** ACM's quota for one certificate. */
const MOST_NAMES = 10;

/** A zone of Route 53. */
export interface Zone {
  readonly zoneId: string;
  /** Its own name, such as `telemedicina.example.com`; a literal. */
  readonly name: string;
}

export interface EdgeCertificateProps {
  readonly names: NameScope;
  /** A provider for us-east-1: CloudFront takes certificates from nowhere else. */
  readonly usEast1: AwsProvider;
  readonly zone: Zone;
  /** A literal. A change makes a new certificate before it takes the old one away. */
  readonly domain: string;
  /** @default [] */
  readonly alternativeDomains?: readonly string[] | undefined;
  /**
   * Names whose validation record another certificate of this account keeps already: ACM asks for the same record in
   * every region, and two owners of one record take it away from each other.
   * @default [] - all are made here
   */
  readonly recordsMadeElsewhere?: readonly string[] | undefined;
}

/**
 * CloudFront's certificate, validated by records in the zone; ACM renews it while they stand. Costs nothing.
 *
 * @throws one error with every fault of the props
 */
export class EdgeCertificate extends Construct {
  /** Of the certificate once it is issued: whoever uses it waits for that. */
  readonly arn: string;
  /** The names in it, literals: what `Distribution` wants to know. */
  readonly domains: readonly string[];

  constructor(scope: Construct, id: string, props: EdgeCertificateProps) {
    super(scope, id);
    this.domains = [props.domain, ...(props.alternativeDomains ?? [])];
    const faults = certificateFaults(props, this.domains);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    const elsewhere = props.recordsMadeElsewhere ?? [];
    const certificate = this.certificate(props);
    const records = this.domains
      .filter((domain) => !elsewhere.includes(domain))
      .map((domain) => validationRecord(this, domain, certificate, props.zone.zoneId));
    this.arn = new AcmCertificateValidation(this, "issued", {
      provider: props.usEast1,
      certificateArn: certificate.arn,
      // With a list that is not complete the provider would refuse it.
      ...(elsewhere.length === 0 ? { validationRecordFqdns: records.map(({ fqdn }) => fqdn) } : {}),
      dependsOn: records,
    }).certificateArn;
  }

  private certificate({
    names,
    usEast1,
    domain,
    alternativeDomains = [],
  }: EdgeCertificateProps): AcmCertificate {
    return new AcmCertificate(this, "certificate", {
      provider: usEast1,
      domainName: domain,
      ...(alternativeDomains.length === 0 ? {} : { subjectAlternativeNames: [...alternativeDomains] }),
      validationMethod: "DNS",
      tags: resourceTags(resourceName(names, "acm", "edge"), { tier: "frontend" }),
      // The distribution holds the old one until it has the new one.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

function certificateFaults(props: EdgeCertificateProps, domains: readonly string[]): string[] {
  const { usEast1, zone, recordsMadeElsewhere = [] } = props;
  return [
    ...regionFaults("usEast1", usEast1.region),
    ...domainFaults("zone.name", zone.name),
    ...domains.flatMap((domain, index) => {
      if (domain.startsWith("*.")) return [wildcardFaultText(domain)];
      const faults = domainFaults(index === 0 ? "domain" : `alternativeDomains[${index - 1}]`, domain);
      if (faults.length > 0) return faults;
      if (domains.indexOf(domain) !== index) return [repeatedDomainFaultText(domain)];
      return isInZone(domain, zone.name) ? [] : [aliasZoneFaultText(domain, zone.name)];
    }),
    ...(domains.length > MOST_NAMES ? [tooManyDomainsFaultText(domains.length, MOST_NAMES)] : []),
    ...recordsMadeElsewhere.filter((name) => !domains.includes(name)).map(unknownRecordFaultText),
  ];
}
