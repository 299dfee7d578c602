import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { gatewayPolicy } from "./endpoint-policies.js";
import type { GatewayService } from "./endpoint-services.js";

export interface GatewayEndpointsProps {
  readonly names: NameScope;
  readonly vpcId: string;
  /** Whose identities and resources the endpoints serve. */
  readonly accountId: string;
  readonly services: readonly GatewayService[];
  readonly routeTableIds: readonly string[];
}

/** Routes to S3 and DynamoDB that pass no NAT gateway. They cost nothing. */
export class GatewayEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: GatewayEndpointsProps) {
    super(scope, id);
    const { names, vpcId, accountId, routeTableIds } = props;
    for (const service of props.services) {
      new VpcEndpoint(this, service, {
        vpcId,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${names.region}.${service}`,
        routeTableIds: [...routeTableIds],
        policy: gatewayPolicy(service, accountId, names.region),
        tags: resourceTags(resourceName(names, "vpce", service)),
      });
    }
  }
}
