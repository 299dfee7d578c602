import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation/index.js";
import {
  type NameScope,
  oneOfFaults,
  resourceName,
  resourceTags,
  validationRecord,
} from "@telemedicina/core";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { domainNameFaultText, repeatedDomainFaultText, tooManyDomainsFaultText } from "./errors.js";
import type { CertificateSource, DnsCertificate } from "./load-balancer-props.js";

/** ACM's quota for one certificate. */
const MOST_NAMES = 10;

const DOMAIN_NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

export interface ValidatedCertificateProps extends DnsCertificate {
  readonly names: NameScope;
  readonly qualifier: string | undefined;
}

/** A certificate of ACM with its validation records. Costs nothing. */
export class ValidatedCertificate extends Construct {
  /** Of the certificate once it is issued: whoever uses it waits for that. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ValidatedCertificateProps) {
    super(scope, id);
    const certificate = this.certificate(props);
    const records = domainNames(props).map((domain) =>
      validationRecord(this, domain, certificate, props.zoneId),
    );
    this.arn = new AcmCertificateValidation(this, "issued", {
      certificateArn: certificate.arn,
      validationRecordFqdns: records.map((record) => record.fqdn),
    }).certificateArn;
  }

  private certificate(props: ValidatedCertificateProps): AcmCertificate {
    const { domainName, alternativeNames = [] } = props;
    return new AcmCertificate(this, "certificate", {
      domainName,
      ...(alternativeNames.length === 0 ? {} : { subjectAlternativeNames: [...alternativeNames] }),
      validationMethod: "DNS",
      tags: resourceTags(resourceName(props.names, "acm", props.qualifier), { tier: "frontend" }),
      // The listener holds the old one until it has the new one.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

export function certificateFaults(source: CertificateSource): string[] {
  if (source.from === "arn") return [];
  if (source.from !== "dns") {
    const { from } = source as { readonly from: string };
    return oneOfFaults("certificate.from", from, ["dns", "arn"]);
  }
  const domains = domainNames(source);
  const strange = domains.filter((domain) => Token.isUnresolved(domain) || !DOMAIN_NAME.test(domain));
  const repeated = domains.filter((domain, index) => domains.indexOf(domain) !== index);
  return [
    ...strange.map(domainNameFaultText),
    ...repeated.map(repeatedDomainFaultText),
    ...(domains.length > MOST_NAMES ? [tooManyDomainsFaultText(domains.length, MOST_NAMES)] : []),
  ];
}

function domainNames({ domainName, alternativeNames = [] }: DnsCertificate): readonly string[] {
  return [domainName, ...alternativeNames];
}
