import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";

export interface PublicZoneProps {
  readonly names: NameScope;
  /** The zone's name, such as `telemedicina.example.com`. A change makes a new, empty zone with other name servers. */
  readonly domain: string;
}

/**
 * A public Route 53 zone, US$ 0.50 a month. It answers nobody until whoever holds the parent domain has delegated to
 * its name servers; certificates wait for that.
 *
 * Route 53 refuses to delete a zone that has records of others in it. Once it is deleted, a new one has other name
 * servers: the delegation is lost.
 */
export class PublicZone extends Construct {
  readonly zoneId: string;
  /** What the parent domain must delegate to. */
  readonly nameServers: string[];

  constructor(scope: Construct, id: string, { names, domain }: PublicZoneProps) {
    super(scope, id);
    const zone = new Route53Zone(this, "zone", {
      name: domain,
      comment: "Made by Terraform",
      forceDestroy: false,
      tags: resourceTags(resourceName(names, "zone")),
    });
    this.zoneId = zone.zoneId;
    this.nameServers = zone.nameServers;
  }
}
