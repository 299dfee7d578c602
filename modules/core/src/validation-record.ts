import type { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { Construct } from "constructs";

const TTL_SECONDS = 300;

/**
 * The record that proves to ACM whose one name of a certificate is; its id is the name. What ACM asks for is a set
 * without an order and unknown before the apply: the name, which is known, picks its own.
 *
 * @param domain a literal, one of the certificate's names
 */
export function validationRecord(
  scope: Construct,
  domain: string,
  certificate: AcmCertificate,
  zoneId: string,
): Route53Record {
  const options = `${certificate.terraformResourceType}.${certificate.friendlyUniqueId}.domain_validation_options`;
  const own = (attribute: string) =>
    `\${one([for option in ${options} : option.${attribute} if option.domain_name == "${domain}"])}`;
  return new Route53Record(scope, domain, {
    zoneId,
    name: own("resource_record_name"),
    type: own("resource_record_type"),
    records: [own("resource_record_value")],
    ttl: TTL_SECONDS,
    // ACM asks for the same record of a name again with its next certificate, and in every region.
    allowOverwrite: true,
  });
}
