import { z } from "zod";
import { dnsName } from "./common.js";
import { text } from "./hints.js";

const hostedZoneId = text(/^Z[A-Z0-9]{1,31}$/, {
  allowed: "the id of a Route 53 hosted zone such as Z0123456789ABCDEFGHIJ",
  fix: "Copy it from aws route53 list-hosted-zones, without /hostedzone/.",
});

const zone = z
  .discriminatedUnion("from", [
    z.strictObject({
      from: z
        .literal("create")
        .describe(
          "A Route 53 hosted zone for `domain` of the network stack, about US$ 0.50 a month. The parent domain has to delegate to its name servers before the app stack is applied.",
        ),
    }),
    z.strictObject({
      from: z
        .literal("existing")
        .describe("A public zone of this account that others own, delegated already."),
      zoneId: hostedZoneId.describe("Its id. It has to hold `domain`, as its own name or below it."),
    }),
  ])
  .prefault({ from: "create" })
  .describe(
    "The zone that takes the records of `domain`. Away from `create` deletes that zone with all its records; back makes one with other name servers. Default: create.",
  );

const loadBalancerName = text(/^([a-z0-9-]+\.)+elb\.amazonaws\.com$/, {
  allowed: "the DNS name of a load balancer such as site-123.us-east-1.elb.amazonaws.com",
  fix: "Copy DNSName from aws elbv2 describe-load-balancers, asked in drRegion. A distribution cannot stand here: two cannot have one name.",
});

const failover = z
  .strictObject({
    dnsName: loadBalancerName.describe(
      "Its DNS name. It has to be public, and its certificate has to name `domain`.",
    ),
    hostedZoneId: hostedZoneId.describe("CanonicalHostedZoneId of it, as the same command shows it."),
  })
  .exactOptional()
  .describe(
    "A load balancer in drRegion, which gets the visitors when CloudFront does not answer the health check. To and from it replaces the records, an outage of minutes. Default: none.",
  );

const certificateAuthority = text(dnsName, {
  allowed: "the domain of a certificate authority such as digicert.com",
  fix: "Write the name that the authority gives for CAA records, in lower case and alone: no scheme, parameter, wildcard or final dot.",
});

const certificateAuthorities = z
  .array(certificateAuthority)
  .default(["amazon.com", "letsencrypt.org"])
  .describe(
    "Who may issue certificates for `domain` and every name below it: the CAA record that the edge stack writes. Amazon issues CloudFront's, Let's Encrypt those of the relays for video calls: both have to stay. Add whoever else issues for a name there, such as the issuer of compute.certificate.arn: without it that certificate works until it ends, months later, and cannot be renewed. Default: amazon.com and letsencrypt.org, who issue all that is made here.",
  );

const wildcardCertificates = z
  .boolean()
  .default(false)
  .describe(
    "Whether the same authorities may issue wildcards such as *.`domain`. Write true where a certificate has one, such as that of compute.certificate.arn: else not even ACM can renew it, which shows when it ends. Default: false, because nothing that is made here has one, and whoever steals its key can pose as every name.",
  );

export const dnsSchema = z
  .strictObject({ zone, failover, certificateAuthorities, wildcardCertificates })
  .prefault({})
  .describe("Names of the environment.");
