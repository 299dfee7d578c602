import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import {
  amazonLinux2023,
  type CertificateSource,
  type Exposure,
  Fleet,
  type FleetTarget,
  fleetNames,
  HostLogGroups,
  HostRole,
  type Image,
  LoadBalancer,
  ubuntu2404,
} from "@telemedicina/compute";
import type { EnvironmentConfig } from "@telemedicina/config";
import { type HostLogStream, hostLogStreams, laravelHost, ORIGIN_HEADER } from "@telemedicina/host";
import type { Construct } from "constructs";
import { contractParameterName } from "../contract-parameter.js";
import { deliveryPrefix } from "../delivered-logs.js";
import { EnvironmentStack } from "../environment-stack.js";
import { type HostGroup, hostGroups } from "../host-groups.js";
import { hostPermissions } from "../host-permissions.js";
import { leastMemoryMiB } from "../instance-memory.js";
import { originName } from "../load-balancer-names.js";
import type { DataStack } from "./data.js";
import type { NetworkStack } from "./network.js";
import type { SecurityStack } from "./security.js";

interface Needs {
  readonly network: NetworkStack;
  readonly security: SecurityStack;
  readonly data: DataStack;
}

/** The load balancer and the hosts behind it. Nothing here holds data: all of it can be thrown away and made anew. */
export class AppStack extends EnvironmentStack {
  readonly loadBalancer: LoadBalancer;
  readonly fleets: ReadonlyMap<HostGroup["name"], Fleet>;

  constructor(scope: Construct, config: EnvironmentConfig, needs: Needs) {
    super(scope, config, "app");
    // Buckets and the contract are named by literals, which make no dependency.
    this.addDependency(needs.data);
    const groups = hostGroups(config, needs.data.contract.queueName);
    const logs = this.logGroups(config, groups, needs.security.keyArns.logs);
    const role = this.role(config, groups, logs, needs);
    this.loadBalancer = this.balancer(config, needs);
    this.fleets = new Map(
      groups.map((group) => [group.name, this.fleet(config, group, logs, role, needs)] as const),
    );
  }

  private logGroups(
    { observability }: EnvironmentConfig,
    groups: readonly HostGroup[],
    kmsKeyArn: string,
  ): HostLogGroups<HostLogStream> {
    return new HostLogGroups(this, "logs", {
      names: this.names,
      streams: hostLogStreams(groups.flatMap(({ roles }) => roles)),
      kmsKeyArn,
      retentionDays: observability.applicationLogDays,
    });
  }

  private role(
    { name, region, accountId }: EnvironmentConfig,
    groups: readonly HostGroup[],
    logs: HostLogGroups<HostLogStream>,
    { data, security }: Needs,
  ): HostRole {
    return new HostRole(this, "hosts", {
      names: this.names,
      accountId,
      groupNames: groups.map((group) => fleetNames(this.names, group.name).group),
      logGroupArns: Object.values(logs.arns),
      statements: hostPermissions({
        environment: name,
        region,
        accountId,
        contract: data.contract,
        storage: data.storage,
        keyArns: security.keyArns,
      }),
    });
  }

  private balancer(config: EnvironmentConfig, { network, security, data }: Needs): LoadBalancer {
    const { loadBalancer } = config.compute;
    const { vpcId, subnetIds, securityGroupIds } = network.network;
    const exposure = exposureOf(config, security);
    const bucketName = data.storage.bucketNames["access-logs"];
    const balancer = new LoadBalancer(this, "load-balancer", {
      names: this.names,
      vpcId,
      subnetIds: exposure.kind === "vpcOrigin" ? subnetIds.app : subnetIds.public,
      securityGroupIds: [securityGroupIds.alb],
      exposure,
      certificate: certificateOf(config, network.zoneId),
      accessLogs: { bucketName, prefix: deliveryPrefix("loadBalancer") },
      connectionLogs: { bucketName, prefix: deliveryPrefix("loadBalancerConnections") },
      idleTimeoutSeconds: loadBalancer.idleTimeoutSeconds,
      deregistrationDelaySeconds: loadBalancer.deregistrationSeconds,
      deletionProtection: loadBalancer.deletionProtection,
      blueGreen: config.pipeline.strategy.kind === "blueGreen",
    });
    // A VPC origin is found by its ARN.
    if (exposure.kind !== "vpcOrigin") this.originRecord(config.domain, network.zoneId, balancer);
    return balancer;
  }

  private originRecord(domain: string, zoneId: string, { dnsName, zoneId: aliasZone }: LoadBalancer): void {
    new Route53Record(this, "origin-record", {
      zoneId,
      name: originName(domain),
      type: "A",
      alias: { name: dnsName, zoneId: aliasZone, evaluateTargetHealth: true },
    });
  }

  private fleet(
    config: EnvironmentConfig,
    group: HostGroup,
    logs: HostLogGroups<HostLogStream>,
    role: HostRole,
    { network, data }: Needs,
  ): Fleet {
    const { compute, database } = config;
    const { group: groupName, launchHook, terminateHook } = fleetNames(this.names, group.name);
    const host = laravelHost({
      distribution: compute.operatingSystem,
      roles: group.roles,
      region: config.region,
      environment: config.name,
      contractParameter: contractParameterName(config.name),
      autoScaling: { groupName, launchHook, terminateHook },
      vpcCidr: network.network.cidr,
      memoryMiB: leastMemoryMiB(`${this.node.path}/${group.name}`, group.instanceTypes),
      logGroupNames: logs.names,
      workerProcesses: compute.workerProcesses,
      queueName: data.contract.queueName,
      workerStopSeconds: compute.workerStopSeconds,
      reverbMaxConnections: compute.reverbMaxConnections,
      ...(database.pooling.kind === "pgbouncer" ? { pgbouncer: database.pooling } : {}),
      dataVolumeGiB: compute.dataVolumeGiB,
    });
    return new Fleet(this, group.name, {
      names: this.names,
      qualifier: group.name,
      tags: this.mandatoryTags,
      subnetIds: network.network.subnetIds.app,
      securityGroupIds: [network.network.securityGroupIds.app],
      instanceProfileName: role.instanceProfileName,
      ...operatingSystem(config),
      instanceTypes: group.instanceTypes,
      userData: host.userData,
      rootVolumeGiB: compute.rootVolumeGiB,
      dataVolumeGiB: compute.dataVolumeGiB,
      keyName: compute.sshKeyName,
      minSize: group.minSize,
      desiredSize: group.desiredSize,
      maxSize: group.maxSize,
      scaling: group.scaling,
      target: this.targetOf(group),
      colour: group.colour,
      healthCheckGraceSeconds: compute.healthCheckGraceSeconds,
      maxInstanceLifetimeDays: compute.maxInstanceLifetimeDays,
    });
  }

  private targetOf({ roles, colour }: HostGroup): FleetTarget | undefined {
    if (!roles.includes("web")) return undefined;
    return colour === "green" ? this.loadBalancer.greenTarget : this.loadBalancer.target;
  }
}

function exposureOf({ network }: EnvironmentConfig, { secretArns }: SecurityStack): Exposure {
  const { loadBalancerIngress: ingress } = network;
  switch (ingress.from) {
    case "internet":
      return { kind: "internet", reason: ingress.reason };
    case "cloudfrontVpcOrigin":
      return { kind: "vpcOrigin" };
    case "cloudfront": {
      const { originHeaderA = "", originHeaderB = "" } = secretArns;
      return {
        kind: "cloudfront",
        originHeader: { name: ORIGIN_HEADER, secretArns: [originHeaderA, originHeaderB] },
      };
    }
  }
}

/** For both names: CloudFront asks for the visitor's, and finds the load balancer under its own. */
function certificateOf({ compute, domain }: EnvironmentConfig, zoneId: string): CertificateSource {
  const { certificate } = compute;
  if (certificate.from === "arn") return certificate;
  return { from: "dns", zoneId, domainName: domain, alternativeNames: [originName(domain)] };
}

function operatingSystem({ compute }: EnvironmentConfig): {
  readonly image: Image;
  readonly rootDeviceName: string;
} {
  const isUbuntu = compute.operatingSystem === "ubuntu2404";
  const { image } = compute;
  return {
    image:
      image.from === "pinned"
        ? { kind: "ami", id: image.amiId }
        : { kind: "ssm", parameter: isUbuntu ? ubuntu2404() : amazonLinux2023() },
    rootDeviceName: isUbuntu ? "/dev/sda1" : "/dev/xvda",
  };
}
