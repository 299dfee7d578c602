import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { type NameScope, resourceName, resourceTags, type SecurityGroupKey } from "@telemedicina/core";
import { Construct } from "constructs";
import type { AvailabilityZones, ByAz } from "./availability-zones.js";
import { DefaultResources } from "./default-resources.js";
import type { GatewayService, InterfaceService } from "./endpoint-services.js";
import { FlowLogs } from "./flow-logs.js";
import { GatewayEndpoints } from "./gateway-endpoints.js";
import { InterfaceEndpoints } from "./interface-endpoints.js";
import { naclPlan } from "./nacl-plan.js";
import { NatGateways, type NatMode } from "./nat-gateways.js";
import { NetworkAcls } from "./network-acls.js";
import { RouteTables } from "./route-tables.js";
import { type LoadBalancerIngress, securityGroupPlan } from "./security-group-plan.js";
import { SecurityGroups } from "./security-groups.js";
import { type NetworkSettings, resolveSettings } from "./settings.js";
import type { SubnetPlan, SubnetTier } from "./subnet-plan.js";
import { byTier, Subnets } from "./subnets.js";

export interface NetworkProps {
  /** What every name starts and ends with. A change renames most things and replaces roles and log groups. */
  readonly names: NameScope;
  /**
   * The VPC's private IPv4 network, /16 to /20. It must not overlap with any network the VPC will
   * ever be connected to. A change replaces the VPC and everything in it, databases included.
   */
  readonly cidr: string;
  /** Two or three zones by their ids. See {@link AvailabilityZones} for what a change does. */
  readonly availabilityZones: AvailabilityZones;
  /**
   * How application subnets reach the internet. No default, because it decides about money and
   * outages: each gateway costs about 33 US dollars a month (us-east-1) plus 0.045 for each GB.
   * `none` costs nothing and needs interface endpoints for every AWS service in use; `single` loses
   * the way out when zone a fails; `perAz` is what production needs. A change swaps routes: open
   * connections break, addresses in partners' allow-lists may change.
   */
  readonly nat: NatMode;
  /**
   * Elastic IPs for the NAT gateways by zone letter, made and kept elsewhere, so that addresses in
   * partners' allow-lists outlive a rebuild.
   * @default {} - each gateway gets a new address, which is lost with the gateway
   */
  readonly natEipAllocationIds?: ByAz<string> | undefined;
  /**
   * Who may open connections to the load balancer.
   * @default { from: "cloudfront" } - only CloudFront, on 443, so that its WAF cannot be walked round
   */
  readonly loadBalancerIngress?: LoadBalancerIngress | undefined;
  /**
   * Networks that may SSH to application hosts through a VPN or Direct Connect; their subnets are
   * not reachable from the internet. /8 and smaller.
   * @default [] - no rule for port 22; Session Manager needs none
   */
  readonly adminCidrs?: readonly string[] | undefined;
  /**
   * AWS services reached by a route instead of through NAT, from app and turn subnets. Free.
   * @default ["s3"]
   */
  readonly gatewayEndpoints?: readonly GatewayService[] | undefined;
  /**
   * AWS services with an address in the app subnets. About 7 US dollars a month for each service and
   * zone (us-east-1) plus 0.01 for each GB: eight services in three zones are about 175.
   * @default [] - they are reached through NAT
   */
  readonly interfaceEndpoints?: readonly InterfaceService[] | undefined;
  /**
   * A security group for RDS Proxy, between application and database. Free; the direct way stays open, migrations need it.
   * @default false
   */
  readonly databaseProxy?: boolean | undefined;
  /**
   * Lets application hosts out on port 80 as well: Ubuntu's package mirrors speak nothing else. Packages are signed.
   * @default false - Amazon Linux takes its packages from S3 over HTTPS
   */
  readonly httpPackages?: boolean | undefined;
  readonly flowLogs?: FlowLogSettings | undefined;
  /** What the account may have, where AWS has raised it. A plan beyond it fails at synth, not halfway through an apply. */
  readonly quotas?: NetworkQuotas | undefined;
}

export interface FlowLogSettings {
  /**
   * Days that connection records are kept. They hold personal data (IP addresses). About 0.50 US
   * dollars for each GB written (us-east-1), 0.03 a month for each GB kept. Shorter deletes at once.
   * @default 60
   */
  readonly retentionDays?: number | undefined;
  /**
   * KMS key for the log group; its policy must let `logs.<region>.amazonaws.com` use it.
   * @default - CloudWatch's own encryption
   */
  readonly kmsKeyArn?: string | undefined;
}

export interface NetworkQuotas {
  /** Rules for each security group and direction. @default 60 - AWS's default */
  readonly rulesPerSecurityGroup?: number | undefined;
  /** Entries for each NACL and direction, the default deny included. At most 40. @default 20 - AWS's default */
  readonly naclEntries?: number | undefined;
}

/** Ids of the groups. `endpoints` only where there are interface endpoints, `database-proxy` only where it is asked for. */
export type SecurityGroupIds = Readonly<Record<Exclude<SecurityGroupKey, OptionalGroup>, string>> &
  Readonly<Partial<Record<OptionalGroup, string>>>;

type OptionalGroup = "endpoints" | "database-proxy";

/**
 * One VPC in two or three zones with four tiers of subnets, their routes, the security groups and
 * NACLs of the port matrix, endpoints and flow logs. Nothing in it holds data but the flow logs.
 */
export class Network extends Construct {
  readonly vpcId: string;
  /** The VPC's CIDR, a literal. */
  readonly cidr: string;
  /** Every CIDR of the network, literals. */
  readonly plan: SubnetPlan;
  /** In the order of the zones' letters. */
  readonly subnetIds: Readonly<Record<SubnetTier, readonly string[]>>;
  readonly subnetIdsByAz: Readonly<Record<SubnetTier, ByAz<string>>>;
  readonly securityGroupIds: SecurityGroupIds;
  readonly routeTableIds: Readonly<Record<SubnetTier, readonly string[]>>;
  /** Addresses that the application shows to the internet, for partners' allow-lists; empty without NAT. */
  readonly natPublicIps: ByAz<string>;
  readonly flowLogGroupName: string;
  readonly flowLogGroupArn: string;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const settings = resolveSettings(this.node.path, props);
    const { names, plan } = settings;

    const vpc = this.vpc(names, plan.cidr);
    new DefaultResources(this, "defaults", { names, vpc });
    const internetGateway = this.internetGateway(names, vpc);
    const subnets = new Subnets(this, "subnets", { names, vpcId: vpc.id, plan });
    const nat = this.nat(settings, subnets, internetGateway);
    const routeTables = new RouteTables(this, "routes", {
      names,
      vpcId: vpc.id,
      subnets: subnets.all,
      internetGatewayId: internetGateway.id,
      natGatewayFor: (letter) => nat.gatewayFor(letter),
    });
    const groups = this.securityGroups(settings, vpc);
    this.networkAcls(settings, vpc, subnets);
    this.endpoints(settings, vpc, subnets, routeTables, groups);
    const flowLogs = this.flowLogs(settings, vpc);

    this.vpcId = vpc.id;
    this.cidr = plan.cidr;
    this.plan = plan;
    this.subnetIds = byTier((tier) => subnets.ids(tier));
    this.subnetIdsByAz = byTier((tier) => subnets.idsByAz(tier));
    this.securityGroupIds = securityGroupIds(groups);
    this.routeTableIds = byTier((tier) => routeTables.ids(tier));
    this.natPublicIps = nat.publicIps;
    this.flowLogGroupName = flowLogs.logGroupName;
    this.flowLogGroupArn = flowLogs.logGroupArn;
  }

  private vpc(names: NameScope, cidrBlock: string): Vpc {
    return new Vpc(this, "vpc", {
      cidrBlock,
      // Private DNS of endpoints needs both.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: resourceTags(resourceName(names, "vpc")),
    });
  }

  private internetGateway(names: NameScope, vpc: Vpc): InternetGateway {
    return new InternetGateway(this, "internet-gateway", {
      vpcId: vpc.id,
      tags: resourceTags(resourceName(names, "igw")),
    });
  }

  private nat(settings: NetworkSettings, subnets: Subnets, internetGateway: InternetGateway): NatGateways {
    return new NatGateways(this, "nat", {
      names: settings.names,
      mode: settings.nat,
      zones: settings.zones,
      publicSubnetIds: subnets.idsByAz("public"),
      allocationIds: settings.natEipAllocationIds,
      internetGateway,
    });
  }

  private securityGroups(settings: NetworkSettings, vpc: Vpc): SecurityGroups {
    return new SecurityGroups(this, "security-groups", {
      names: settings.names,
      vpcId: vpc.id,
      rules: securityGroupPlan({
        loadBalancerIngress: settings.loadBalancerIngress,
        adminCidrs: settings.adminCidrs,
        hasInterfaceEndpoints: settings.interfaceEndpoints.length > 0,
        hasDatabaseProxy: settings.databaseProxy,
        httpPackages: settings.httpPackages,
      }),
      quota: settings.quotas.rulesPerSecurityGroup,
    });
  }

  private networkAcls(settings: NetworkSettings, vpc: Vpc, subnets: Subnets): void {
    new NetworkAcls(this, "nacls", {
      names: settings.names,
      vpcId: vpc.id,
      plan: naclPlan({
        cidr: settings.plan.cidr,
        supernets: settings.plan.supernets,
        adminCidrs: settings.adminCidrs,
        hasInterfaceEndpoints: settings.interfaceEndpoints.length > 0,
        httpPackages: settings.httpPackages,
      }),
      subnets: subnets.all,
      quota: settings.quotas.naclEntries,
    });
  }

  private endpoints(
    settings: NetworkSettings,
    vpc: Vpc,
    subnets: Subnets,
    routeTables: RouteTables,
    groups: SecurityGroups,
  ): void {
    const common = { names: settings.names, vpcId: vpc.id, accountId: vpc.ownerId };
    new GatewayEndpoints(this, "gateway-endpoints", {
      ...common,
      services: settings.gatewayEndpoints,
      // Not from data: nothing there talks to AWS services, and its NACL would stop it.
      routeTableIds: [...routeTables.ids("app"), ...routeTables.ids("turn")],
    });
    if (!groups.has("endpoints")) return;
    new InterfaceEndpoints(this, "interface-endpoints", {
      ...common,
      services: settings.interfaceEndpoints,
      subnetIds: subnets.ids("app"),
      securityGroupId: groups.idOf("endpoints"),
    });
  }

  private flowLogs({ names, flowLogs }: NetworkSettings, vpc: Vpc): FlowLogs {
    return new FlowLogs(this, "flow-logs", { names, vpcId: vpc.id, accountId: vpc.ownerId, ...flowLogs });
  }
}

function securityGroupIds(groups: SecurityGroups): SecurityGroupIds {
  return {
    alb: groups.idOf("alb"),
    app: groups.idOf("app"),
    database: groups.idOf("database"),
    cache: groups.idOf("cache"),
    turn: groups.idOf("turn"),
    ...(groups.has("endpoints") ? { endpoints: groups.idOf("endpoints") } : {}),
    ...(groups.has("database-proxy") ? { "database-proxy": groups.idOf("database-proxy") } : {}),
  };
}
