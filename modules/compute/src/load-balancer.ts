import { Lb } from "@cdktf/provider-aws/lib/lb/index.js";
import type { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group/index.js";
import { faultsError, resourceName, resourceTags } from "@telemedicina/core";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ValidatedCertificate } from "./certificate.js";
import { HealthAlarms } from "./health-alarms.js";
import { Listeners } from "./listeners.js";
import type { LoadBalancerProps, LogDestination } from "./load-balancer-props.js";
import {
  type LoadBalancerSettings,
  loadBalancerFaults,
  resolveLoadBalancer,
} from "./load-balancer-settings.js";
import { targetGroup } from "./target-group.js";

/** What a fleet needs to stand behind a load balancer. */
export interface FleetTarget {
  readonly targetGroupArn: string;
  readonly targetGroupArnSuffix: string;
  readonly loadBalancerArnSuffix: string;
  /** Alarms that ring when its hosts are bad, literals. */
  readonly alarmNames: readonly string[];
  /** What must exist first: AWS refuses to count requests of a group that no listener forwards to, or to watch an alarm that is not there. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * An Application Load Balancer: HTTPS, one target group on nginx's port, sticky by cookie, logged, protected. It is in
 * all the zones that its subnets are in. WebSockets need nothing of their own: they begin as a request on 443.
 *
 * About 0.023 US dollars an hour and 0.008 for each capacity unit (us-east-1; sa-east-1 about half as much again).
 *
 * @throws one error with every fault of the props
 */
export class LoadBalancer extends Construct {
  readonly arn: string;
  /** A literal. */
  readonly name: string;
  /** `LoadBalancer` of its metrics. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  /** Zone of `dnsName`, for alias records. */
  readonly zoneId: string;
  readonly targetGroupArn: string;
  readonly targetGroupName: string;
  /** `TargetGroup` of its metrics. */
  readonly targetGroupArnSuffix: string;
  readonly httpsListenerArn: string;
  readonly certificateArn: string;
  /** Whether it has private addresses only. */
  readonly internal: boolean;
  /** Security policy of its HTTPS listener. */
  readonly tlsPolicy: string;
  /** What refreshes and deployments watch. */
  readonly alarms: Pick<HealthAlarms, "target5xx" | "unhealthyHosts">;
  /** For fleets that stand behind it; with two colours for blue's. */
  readonly target: FleetTarget;
  /** For green's fleet, where there are two colours. */
  readonly greenTarget: FleetTarget | undefined;
  /** The rule or listener that forwards to the hosts, and holds the weights of two colours. */
  readonly forwardArn: string;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const settings = resolveLoadBalancer(props);
    const faults = loadBalancerFaults(settings);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    this.name = resourceName(settings.names, "alb", settings.qualifier);
    const balancer = this.balancer(settings);
    const group = targetGroup(this, "target-group", settings, settings.qualifier);
    const green = settings.blueGreen
      ? targetGroup(this, "target-group-green", settings, greenQualifier(settings))
      : undefined;
    const certificateArn = this.certificate(settings);
    const listeners = new Listeners(this, "listeners", {
      loadBalancerArn: balancer.arn,
      targetGroupArn: group.arn,
      greenTargetGroupArn: green?.arn,
      certificateArn,
      tlsPolicy: settings.tlsPolicy,
      exposure: settings.exposure,
    });

    this.arn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.targetGroupArn = group.arn;
    this.targetGroupName = group.name;
    this.targetGroupArnSuffix = group.arnSuffix;
    this.httpsListenerArn = listeners.https.arn;
    this.certificateArn = certificateArn;
    this.internal = isInternal(settings);
    this.tlsPolicy = settings.tlsPolicy;
    this.forwardArn = listeners.forwarding.arn;
    const alarms = this.healthAlarms("alarms", settings, settings.qualifier, group);
    this.alarms = alarms;
    this.target = this.targetOf(group, alarms, listeners);
    this.greenTarget =
      green &&
      this.targetOf(
        green,
        this.healthAlarms("alarms-green", settings, greenQualifier(settings), green),
        listeners,
      );
  }

  private healthAlarms(
    id: string,
    { names, alarmActionArns }: LoadBalancerSettings,
    qualifier: string | undefined,
    group: LbTargetGroup,
  ): HealthAlarms {
    return new HealthAlarms(this, id, {
      names,
      qualifier,
      loadBalancerArnSuffix: this.arnSuffix,
      targetGroupArnSuffix: group.arnSuffix,
      actionArns: alarmActionArns,
    });
  }

  private targetOf(group: LbTargetGroup, alarms: HealthAlarms, listeners: Listeners): FleetTarget {
    return {
      targetGroupArn: group.arn,
      targetGroupArnSuffix: group.arnSuffix,
      loadBalancerArnSuffix: this.arnSuffix,
      alarmNames: [alarms.target5xx.name, alarms.unhealthyHosts.name],
      dependsOn: [listeners.forwarding, ...alarms.resources],
    };
  }

  private balancer(settings: LoadBalancerSettings): Lb {
    const { name } = this;
    const { on: isProtected } = settings.deletionProtection;
    return new Lb(this, "load-balancer", {
      name,
      loadBalancerType: "application",
      internal: isInternal(settings),
      ipAddressType: "ipv4",
      subnets: [...settings.subnetIds],
      securityGroups: [...settings.securityGroupIds],
      idleTimeout: settings.idleTimeoutSeconds,
      enableHttp2: true,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: settings.desyncMitigation,
      // Laravel builds its URLs from it.
      preserveHostHeader: true,
      xffHeaderProcessingMode: forwardedFor(settings),
      // Lets AWS, or an operator, move traffic out of a zone that is ill.
      enableZonalShift: true,
      enableDeletionProtection: isProtected,
      accessLogs: logs(settings.accessLogs),
      connectionLogs: logs(settings.connectionLogs),
      tags: balancerTags(name, settings),
      ...(isProtected ? { lifecycle: { preventDestroy: true } } : {}),
    });
  }

  private certificate({ certificate, names, qualifier }: LoadBalancerSettings): string {
    if (certificate.from === "arn") return certificate.arn;
    return new ValidatedCertificate(this, "certificate", { ...certificate, names, qualifier }).arn;
  }
}

/**
 * The last address of `X-Forwarded-For` is the one that nginx believes. CloudFront has written the viewer's there, and what
 * comes with its secret header is left as it is: appending would put the address of CloudFront's own edge behind it. A VPC
 * origin's is one of the VPC, which nginx passes over. Without CloudFront a viewer could write anything.
 */
function forwardedFor({ exposure }: LoadBalancerSettings): "append" | "preserve" {
  return exposure.kind === "cloudfront" ? "preserve" : "append";
}

function isInternal({ exposure }: LoadBalancerSettings): boolean {
  return exposure.kind === "vpcOrigin";
}

function greenQualifier({ qualifier }: LoadBalancerSettings): string {
  return qualifier === undefined ? "green" : `${qualifier}-green`;
}

function logs({ bucketName, prefix }: LogDestination) {
  return { enabled: true, bucket: bucketName, ...(prefix === undefined ? {} : { prefix }) };
}

function balancerTags(
  name: string,
  { exposure, deletionProtection }: LoadBalancerSettings,
): Record<string, string> {
  return {
    ...resourceTags(name, { tier: "frontend" }),
    ...(exposure.kind === "internet" ? { PublicBecause: exposure.reason } : {}),
    ...(deletionProtection.on ? {} : { UnprotectedBecause: deletionProtection.reason }),
  };
}
