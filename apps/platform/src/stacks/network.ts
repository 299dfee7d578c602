import type { EnvironmentConfig } from "@telemedicina/config";
import { Network } from "@telemedicina/networking";
import type { Construct } from "constructs";
import { EnvironmentStack } from "../environment-stack.js";

/** VPC, subnets, routes, security groups and NACLs: what every other stack of the environment stands on. */
export class NetworkStack extends EnvironmentStack {
  readonly network: Network;

  constructor(scope: Construct, config: EnvironmentConfig) {
    super(scope, config, "network");
    const { network } = config;
    this.network = new Network(this, "network", {
      names: this.names,
      cidr: network.cidr,
      availabilityZones: network.availabilityZones,
      nat: network.nat,
      loadBalancerIngress: network.loadBalancerIngress,
      adminCidrs: config.adminCidrs,
      gatewayEndpoints: network.gatewayEndpoints,
      interfaceEndpoints: network.interfaceEndpoints,
      databaseProxy: config.database.pooling.kind === "rdsProxy",
      flowLogs: { retentionDays: network.flowLogs.retentionDays },
    });
  }
}
