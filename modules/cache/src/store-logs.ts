import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { ElasticacheReplicationGroupLogDeliveryConfiguration } from "@cdktf/provider-aws/lib/elasticache-replication-group/index.js";
import { type NameScope, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";

/** As ElastiCache calls them. */
const logTypes = ["slow-log", "engine-log"] as const;
export type StoreLogType = (typeof logTypes)[number];

export interface StoreLogsProps {
  readonly names: NameScope;
  readonly qualifier: string;
  readonly retentionDays: number;
  readonly kmsKeyArn: string;
}

/** A log group for each of a store's two logs, JSON in both: one group for both would mix two shapes of entries. */
export class StoreLogs extends Construct {
  readonly groupNames: Readonly<Record<StoreLogType, string>>;
  readonly delivery: ElasticacheReplicationGroupLogDeliveryConfiguration[];

  constructor(scope: Construct, id: string, props: StoreLogsProps) {
    super(scope, id);
    const [slowLog, engineLog] = logTypes.map((type) => this.group(type, props)) as [
      CloudwatchLogGroup,
      CloudwatchLogGroup,
    ];
    this.groupNames = { "slow-log": slowLog.name, "engine-log": engineLog.name };
    this.delivery = logTypes.map((logType) => ({
      logType,
      logFormat: "json",
      destinationType: "cloudwatch-logs",
      destination: this.groupNames[logType],
    }));
  }

  private group(type: StoreLogType, props: StoreLogsProps): CloudwatchLogGroup {
    const name = resourceName(props.names, "log-group", `redis-${props.qualifier}-${type}`);
    return new CloudwatchLogGroup(this, type, {
      name,
      retentionInDays: props.retentionDays,
      kmsKeyId: props.kmsKeyArn,
      // The slow log quotes commands with their arguments.
      tags: resourceTags(name, { tier: "database", dataClassification: "sensitive" }),
    });
  }
}
