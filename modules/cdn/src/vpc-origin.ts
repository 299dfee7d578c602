import { CloudfrontVpcOrigin } from "@cdktf/provider-aws/lib/cloudfront-vpc-origin/index.js";
import { type NameScope, ports, resourceName, resourceTags } from "@telemedicina/core";
import { DataResource, Fn } from "cdktf";
import { Construct } from "constructs";

export interface VpcOriginEndpointProps {
  readonly names: NameScope;
  readonly loadBalancerArn: string;
}

/**
 * CloudFront's way to a load balancer inside the VPC.
 *
 * AWS refuses to change one that a distribution uses, and the provider tries: another load balancer therefore makes
 * another origin, under a name of its own, before the distribution lets go of the old one.
 */
export class VpcOriginEndpoint extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { names, loadBalancerArn }: VpcOriginEndpointProps) {
    super(scope, id);
    const name = resourceName(names, "vpc-origin");
    const behind = new DataResource(this, "load-balancer", { input: { loadBalancerArn } });
    this.id = new CloudfrontVpcOrigin(this, "origin", {
      vpcOriginEndpointConfig: [
        {
          name: `${name.slice(0, NAME_ROOM)}-${Fn.substr(Fn.sha256(loadBalancerArn), 0, 8)}`,
          arn: loadBalancerArn,
          httpPort: ports.http,
          httpsPort: ports.https,
          originProtocolPolicy: "https-only",
          originSslProtocols: [{ items: ["TLSv1.2"], quantity: 1 }],
        },
      ],
      tags: resourceTags(name, { tier: "frontend" }),
      lifecycle: { createBeforeDestroy: true, replaceTriggeredBy: [addressOf(behind)] },
    }).id;
  }
}

/** The list takes bare addresses; the engine would write an expression there. */
function addressOf({ terraformResourceType, friendlyUniqueId }: DataResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}

/** The limit of 64, less a hyphen and eight characters. */
const NAME_ROOM = 55;
