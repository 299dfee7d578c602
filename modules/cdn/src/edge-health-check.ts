import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check/index.js";
import {
  faultsError,
  type NameScope,
  ports,
  rangeFaults,
  resourceName,
  resourceTags,
} from "@telemedicina/core";
import { Construct } from "constructs";
import { checkerRegions } from "./checker-regions.js";
import { checkersFaultText, intervalFaultText, pathFaultText } from "./errors.js";
import type { GeoRestriction } from "./props.js";
import { regionFaults } from "./settings.js";

export interface EdgeHealthCheckProps {
  readonly names: NameScope;
  /** A provider for us-east-1: the metric of a health check lives nowhere else, and so does its alarm. */
  readonly usEast1: AwsProvider;
  /** Who is asked, by HTTPS: the site's name, or with failover records the distribution's own. */
  readonly domainName: string;
  /** @default "/health" */
  readonly path?: string | undefined;
  /** Seconds between two questions of one place: 30, or 10 for about one US dollar a month more. @default 30 */
  readonly requestIntervalSeconds?: number | undefined;
  /** Answers in a row that change a place's mind: 1 to 10. @default 3 */
  readonly failureThreshold?: number | undefined;
  /**
   * The distribution's. The places that ask stand in eight of AWS's regions, of which three have to be let in.
   * @default { kind: "none" }
   */
  readonly geoRestriction?: GeoRestriction | undefined;
  /** Topics in us-east-1 that hear of it. @default [] - the alarm is seen in the console alone */
  readonly alarmActionArns?: readonly string[] | undefined;
}

/** Route 53 takes no fewer. */
const FEWEST_CHECKERS = 3;

/**
 * Asks the site from around the world what a patient would ask, with an alarm when it does not answer. About 2 US dollars a
 * month, and 0.10 for the alarm.
 *
 * @throws one error with every fault of the props
 */
export class EdgeHealthCheck extends Construct {
  readonly id: string;
  readonly alarmArn: string;
  /** A literal. */
  readonly alarmName: string;

  constructor(scope: Construct, id: string, props: EdgeHealthCheckProps) {
    super(scope, id);
    const faults = healthCheckFaults(props);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    this.alarmName = resourceName(props.names, "alarm", "edge-health");
    this.id = this.check(props).id;
    this.alarmArn = this.alarm(props).arn;
  }

  private check(props: EdgeHealthCheckProps): Route53HealthCheck {
    const { names, domainName, path, requestIntervalSeconds, failureThreshold } = props;
    const regions = checkerRegions(props.geoRestriction ?? { kind: "none" });
    return new Route53HealthCheck(this, "check", {
      type: "HTTPS",
      fqdn: domainName,
      port: ports.https,
      resourcePath: path ?? "/health",
      requestInterval: requestIntervalSeconds ?? 30,
      failureThreshold: failureThreshold ?? 3,
      enableSni: true,
      ...(regions === undefined ? {} : { regions: [...regions] }),
      tags: resourceTags(resourceName(names, "health-check"), { tier: "frontend" }),
    });
  }

  private alarm({ usEast1, domainName, alarmActionArns = [] }: EdgeHealthCheckProps): CloudwatchMetricAlarm {
    return new CloudwatchMetricAlarm(this, "alarm", {
      provider: usEast1,
      alarmName: this.alarmName,
      alarmDescription: `https://${domainName} does not answer`,
      namespace: "AWS/Route53",
      metricName: "HealthCheckStatus",
      dimensions: { HealthCheckId: this.id },
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      period: 60,
      evaluationPeriods: 2,
      // Without a check nobody would know.
      treatMissingData: "breaching",
      ...(alarmActionArns.length === 0
        ? {}
        : { alarmActions: [...alarmActionArns], okActions: [...alarmActionArns] }),
      tags: resourceTags(this.alarmName, { tier: "frontend" }),
    });
  }
}

function healthCheckFaults(props: EdgeHealthCheckProps): string[] {
  const { usEast1, path = "/health", requestIntervalSeconds = 30, failureThreshold = 3 } = props;
  const regions = checkerRegions(props.geoRestriction ?? { kind: "none" });
  return [
    ...regionFaults("usEast1", usEast1.region),
    ...(/^\/[!-~]*$/.test(path) ? [] : [pathFaultText("path", path)]),
    ...([10, 30].includes(requestIntervalSeconds) ? [] : [intervalFaultText(requestIntervalSeconds)]),
    ...rangeFaults("failureThreshold", failureThreshold, 1, 10),
    ...(regions !== undefined && regions.length < FEWEST_CHECKERS ? [checkersFaultText(regions)] : []),
  ];
}
