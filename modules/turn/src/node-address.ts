import { Eip } from "@cdktf/provider-aws/lib/eip/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { NODE_TAG, type NodeNames } from "./node-names.js";
import type { DeletionProtection } from "./props.js";

/** Seconds that resolvers may keep the record. The address stays, so that only a rebuild ever waits for this. */
const RECORD_TTL_SECONDS = 300;

export interface NodeAddressProps {
  readonly names: NameScope;
  readonly node: NodeNames;
  readonly zoneId: string;
  readonly deletionProtection: DeletionProtection;
}

/**
 * The fixed address of one zone's relay, and its name. Nodes come and go and each takes the address when it starts;
 * Terraform never associates it. 0.005 US dollars an hour.
 */
export class NodeAddress extends Construct {
  readonly resource: Eip;

  constructor(scope: Construct, id: string, { names, node, zoneId, deletionProtection }: NodeAddressProps) {
    super(scope, id);
    this.resource = new Eip(this, "address", {
      domain: "vpc",
      tags: {
        ...resourceTags(resourceName(names, "eip", node.qualifier), { tier: "frontend" }),
        [NODE_TAG]: node.group,
        ...(deletionProtection.on ? {} : { UnprotectedBecause: deletionProtection.reason }),
      },
      ...(deletionProtection.on ? { lifecycle: { preventDestroy: true } } : {}),
    });
    new Route53Record(this, "record", {
      zoneId,
      name: node.hostName,
      type: "A",
      ttl: RECORD_TTL_SECONDS,
      records: [this.resource.publicIp],
    });
  }
}
