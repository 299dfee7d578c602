import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { type LogFilter, logFilters } from "./log-filters.js";

/** What the node's own program says when it asked for a certificate and got none. */
export const certificateFailures: Pick<LogFilter, "pattern" | "metricName" | "unit"> & {
  readonly name: string;
} = {
  name: "CertificateFailures",
  pattern: '"certbot did not get a certificate"',
  metricName: "CertificateFailures",
  unit: "Count",
};

export interface RelayLogProps {
  readonly names: NameScope;
  readonly kmsKeyArn: string;
  readonly retentionDays: number;
  readonly metricNamespace: string;
}

/**
 * One log group for all relays, with a stream for each node, and metrics of what coturn writes there. Made before the
 * nodes, which may not make any: a group that an agent makes is unencrypted and kept for ever. About 0.50 US dollars a
 * GB taken in (us-east-1), 0.30 a month for each metric.
 */
export class RelayLog extends Construct {
  readonly resource: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: RelayLogProps) {
    super(scope, id);
    const name = relayLogName(props.names);
    this.resource = new CloudwatchLogGroup(this, "log-group", {
      name,
      retentionInDays: props.retentionDays,
      kmsKeyId: props.kmsKeyArn,
      // Clients' addresses, and who spoke when for how long.
      tags: resourceTags(name, { tier: "frontend", dataClassification: "sensitive" }),
    });
    for (const filter of [...logFilters, certificateFailures]) {
      new CloudwatchLogMetricFilter(this, filter.name, {
        name: filter.name,
        logGroupName: this.resource.name,
        pattern: filter.pattern,
        metricTransformation: {
          name: filter.metricName,
          namespace: props.metricNamespace,
          value: "1",
          // Whatever else is written counts as nought, so that a quiet metric is a figure and not a gap.
          defaultValue: "0",
          unit: filter.unit,
        },
      });
    }
  }
}

/** A literal: nodes are told it before the group exists. */
export function relayLogName(names: NameScope): string {
  return resourceName(names, "log-group", "turn");
}
