import { DefaultNetworkAcl } from "@cdktf/provider-aws/lib/default-network-acl/index.js";
import { DefaultRouteTable } from "@cdktf/provider-aws/lib/default-route-table/index.js";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group/index.js";
import type { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";

export interface DefaultResourcesProps {
  readonly names: NameScope;
  readonly vpc: Vpc;
}

/**
 * AWS gives every VPC a security group, a route table and a NACL that let everything through among
 * themselves. Whoever forgets to name his own gets them, so they are taken over and emptied.
 */
export class DefaultResources extends Construct {
  constructor(scope: Construct, id: string, { names, vpc }: DefaultResourcesProps) {
    super(scope, id);
    // The empty lists are written out: left away, Terraform keeps what is there.
    new DefaultSecurityGroup(this, "security-group", {
      vpcId: vpc.id,
      ingress: [],
      egress: [],
      tags: resourceTags(resourceName(names, "default-sg")),
    });
    new DefaultRouteTable(this, "route-table", {
      defaultRouteTableId: vpc.defaultRouteTableId,
      route: [],
      tags: resourceTags(resourceName(names, "default-rtb")),
    });
    new DefaultNetworkAcl(this, "network-acl", {
      defaultNetworkAclId: vpc.defaultNetworkAclId,
      ingress: [],
      egress: [],
      tags: resourceTags(resourceName(names, "default-nacl")),
    });
  }
}
