import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group/index.js";
import { ports, resourceName, resourceTags } from "@telemedicina/core";
import type { Construct } from "constructs";
import type { LoadBalancerSettings } from "./load-balancer-settings.js";

/** A change of any of them replaces the group. */
const REPLACING = { protocol: "HTTP", protocolVersion: "HTTP1", targetType: "instance", port: ports.app };

/**
 * The hosts' nginx. A listener holds its group, so a new one must stand beside the old: its name is made of whatever
 * replaces it but the VPC, which no name can be made of. (`name_prefix` has room for six characters.)
 */
export function targetGroup(
  scope: Construct,
  id: string,
  settings: LoadBalancerSettings,
  qualifier: string | undefined,
): LbTargetGroup {
  const { healthCheck, names } = settings;
  const name = resourceName(names, "tg", targetGroupQualifier(qualifier));
  return new LbTargetGroup(scope, id, {
    name,
    ...REPLACING,
    vpcId: settings.vpcId,
    loadBalancingAlgorithmType: settings.algorithm,
    deregistrationDelay: String(settings.deregistrationDelaySeconds),
    // Among colours AWS takes it only with a cookie for the colour, which outlives the colour's hosts.
    stickiness: {
      enabled: !settings.blueGreen,
      type: "lb_cookie",
      cookieDuration: settings.stickinessSeconds,
    },
    healthCheck: {
      enabled: true,
      protocol: "HTTP",
      port: "traffic-port",
      path: healthCheck.path,
      matcher: "200",
      interval: healthCheck.intervalSeconds,
      timeout: healthCheck.timeoutSeconds,
      healthyThreshold: healthCheck.healthyThreshold,
      unhealthyThreshold: healthCheck.unhealthyThreshold,
    },
    tags: resourceTags(name, { tier: "backend" }),
    lifecycle: { createBeforeDestroy: true },
  });
}

function targetGroupQualifier(qualifier: string | undefined): string {
  const { protocolVersion, port, targetType } = REPLACING;
  const replacing = `${protocolVersion}-${port}-${targetType}`.toLowerCase();
  return qualifier === undefined ? replacing : `${qualifier}-${replacing}`;
}
