import { Route53Record, type Route53RecordConfig } from "@cdktf/provider-aws/lib/route53-record/index.js";
import { faultsError } from "@telemedicina/core";
import { Construct } from "constructs";
import type { DistributionTarget } from "./distribution.js";
import type { Zone } from "./edge-certificate.js";
import {
  aliasZoneFaultText,
  caaAmazonFaultText,
  caaFaultText,
  cloudFrontSecondaryFaultText,
} from "./errors.js";
import { domainFaults, isInZone } from "./faults.js";

/** Where the names go when the site does not answer. */
export interface Failover {
  /**
   * Health check that decides. It has to ask the distribution by its own name, `d….cloudfront.net`: one that asks the
   * site's name would ask the secondary as soon as that has taken over.
   */
  readonly healthCheckId: string;
  /** A load balancer in the other region, public, with the site's name in its certificate. */
  readonly secondary: {
    readonly dnsName: string;
    readonly hostedZoneId: string;
  };
}

export interface EdgeRecordsProps {
  readonly zone: Zone;
  /** Names that users visit: the distribution's aliases. */
  readonly domains: readonly string[];
  readonly target: DistributionTarget;
  /**
   * Who may issue certificates for the zone's name and everything below it.
   * @default - Amazon, and Let's Encrypt for the relays of video calls
   */
  readonly certificateAuthorities?: readonly string[] | undefined;
  /** Whether they may issue wildcards as well. Whoever has the key of one can pose as every name. @default false */
  readonly wildcardCertificates?: boolean | undefined;
  /** Makes each name a pair of records. **To and from it replaces them, an outage of minutes.** @default - none */
  readonly failover?: Failover | undefined;
}

const types = ["A", "AAAA"] as const;
const CA = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}$/;
const CAA_TTL_SECONDS = 3600;

/**
 * The names of the site, by IPv4 and IPv6, and who may issue certificates for them. Queries of aliases cost nothing.
 *
 * @throws one error with every fault of the props
 */
export class EdgeRecords extends Construct {
  constructor(scope: Construct, id: string, props: EdgeRecordsProps) {
    super(scope, id);
    const authorities = props.certificateAuthorities ?? ["amazon.com", "letsencrypt.org"];
    const faults = recordFaults(props, authorities);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    for (const domain of props.domains) {
      for (const type of types) this.names(domain, type, props);
    }
    this.authorities(props.zone, authorities, props.wildcardCertificates ?? false);
  }

  private names(domain: string, type: string, { zone, target, failover }: EdgeRecordsProps): void {
    const record = { zoneId: zone.zoneId, name: domain, type };
    // Route 53 does not look whether a distribution is well.
    const primary = alias(target.domainName, target.hostedZoneId, false);
    const id = `${domain}-${type.toLowerCase()}`;
    if (failover === undefined) {
      new Route53Record(this, id, { ...record, ...primary });
      return;
    }
    const { healthCheckId, secondary } = failover;
    new Route53Record(this, `${id}-primary`, {
      ...record,
      ...primary,
      healthCheckId,
      setIdentifier: "primary",
      failoverRoutingPolicy: { type: "PRIMARY" },
    });
    new Route53Record(this, `${id}-secondary`, {
      ...record,
      ...alias(secondary.dnsName, secondary.hostedZoneId, true),
      setIdentifier: "secondary",
      failoverRoutingPolicy: { type: "SECONDARY" },
    });
  }

  private authorities({ zoneId, name }: Zone, authorities: readonly string[], wildcards: boolean): void {
    new Route53Record(this, "caa", {
      zoneId,
      name,
      type: "CAA",
      ttl: CAA_TTL_SECONDS,
      // Of wildcards `issuewild` alone decides, once there is one.
      records: [
        ...authorities.map((authority) => `0 issue "${authority}"`),
        ...(wildcards ? authorities : [";"]).map((authority) => `0 issuewild "${authority}"`),
      ],
    });
  }
}

function alias(
  name: string,
  zoneId: string,
  evaluateTargetHealth: boolean,
): Pick<Route53RecordConfig, "alias"> {
  return { alias: { name, zoneId, evaluateTargetHealth } };
}

function recordFaults(
  { zone, domains, failover }: EdgeRecordsProps,
  authorities: readonly string[],
): string[] {
  const dnsName = failover?.secondary.dnsName;
  return [
    ...domainFaults("zone.name", zone.name),
    ...domains.flatMap((domain, index) => {
      const faults = domainFaults(`domains[${index}]`, domain);
      if (faults.length > 0) return faults;
      return isInZone(domain, zone.name) ? [] : [aliasZoneFaultText(domain, zone.name)];
    }),
    ...authorities.filter((authority) => !CA.test(authority)).map(caaFaultText),
    ...(authorities.includes("amazon.com") ? [] : [caaAmazonFaultText()]),
    ...(dnsName?.endsWith(".cloudfront.net") === true ? [cloudFrontSecondaryFaultText(dnsName)] : []),
  ];
}
