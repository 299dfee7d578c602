import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { ownIdentitiesPolicy } from "./endpoint-policies.js";
import { type InterfaceService, takesPolicy } from "./endpoint-services.js";

export interface InterfaceEndpointsProps {
  readonly names: NameScope;
  readonly vpcId: string;
  /** Whose identities the endpoints serve. */
  readonly accountId: string;
  readonly services: readonly InterfaceService[];
  /** One subnet for each zone; each costs about 7 US dollars a month and service, and traffic. */
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
}

/** Addresses of AWS services inside the VPC. Private DNS makes the SDKs find them by the usual names. */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    for (const service of props.services) this.endpoint(props, service);
  }

  private endpoint(props: InterfaceEndpointsProps, service: InterfaceService): void {
    const key = service.replace(".", "-");
    new VpcEndpoint(this, key, {
      vpcId: props.vpcId,
      vpcEndpointType: "Interface",
      serviceName: `com.amazonaws.${props.names.region}.${service}`,
      subnetIds: [...props.subnetIds],
      securityGroupIds: [props.securityGroupId],
      privateDnsEnabled: true,
      ...(takesPolicy(service) ? { policy: ownIdentitiesPolicy(props.accountId) } : {}),
      tags: resourceTags(resourceName(props.names, "vpce", key), { tier: "backend" }),
    });
  }
}
