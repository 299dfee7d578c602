import type { EnvironmentConfig } from "@telemedicina/config";
import { type LoadBalancerIngress, Network, PublicZone } from "@telemedicina/networking";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { EnvironmentStack } from "../environment-stack.js";

/** VPC, subnets, routes, security groups, NACLs and the DNS zone: what every other stack of the environment stands on. */
export class NetworkStack extends EnvironmentStack {
  readonly network: Network;
  /** Zone of the environment's domain. */
  readonly zoneId: string;

  constructor(scope: Construct, config: EnvironmentConfig) {
    super(scope, config, "network");
    const { network } = config;
    this.network = new Network(this, "network", {
      names: this.names,
      cidr: network.cidr,
      availabilityZones: network.availabilityZones,
      nat: network.nat,
      loadBalancerIngress: ingress(config),
      adminCidrs: config.adminCidrs,
      gatewayEndpoints: network.gatewayEndpoints,
      interfaceEndpoints: network.interfaceEndpoints,
      httpPackages: config.compute.operatingSystem === "ubuntu2404",
      databaseProxy: config.database.pooling.kind === "rdsProxy",
      flowLogs: { retentionDays: network.flowLogs.retentionDays },
    });
    this.zoneId = this.zone(config);
  }

  private zone({ dns, domain }: EnvironmentConfig): string {
    if (dns.zone.from === "existing") return dns.zone.zoneId;
    const zone = new PublicZone(this, "public-zone", { names: this.names, domain });
    // What whoever holds the parent domain has to be given.
    new TerraformOutput(this, "zone_name_servers", { value: zone.nameServers, staticId: true });
    return zone.zoneId;
  }
}

/** Through a VPC origin CloudFront comes from inside the VPC, and AWS knows it by the same prefix list. */
function ingress({ network: { loadBalancerIngress } }: EnvironmentConfig): LoadBalancerIngress {
  return loadBalancerIngress.from === "cloudfrontVpcOrigin" ? { from: "cloudfront" } : loadBalancerIngress;
}
