import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";

/** Log types that RDS for PostgreSQL exports. */
export const logTypes = ["postgresql", "upgrade"] as const;
export type LogType = (typeof logTypes)[number];

export interface InstanceLogGroupsProps {
  readonly identifier: string;
  readonly retentionDays: number;
  readonly kmsKeyArn: string;
}

/**
 * The log groups that RDS writes an instance's logs to, by the names that RDS gives them. Made before the instance:
 * otherwise RDS makes them, unencrypted and for ever.
 */
export class InstanceLogGroups extends Construct {
  readonly all: readonly CloudwatchLogGroup[];
  /** Literals. */
  readonly names: Readonly<Record<LogType, string>>;

  constructor(scope: Construct, id: string, props: InstanceLogGroupsProps) {
    super(scope, id);
    const { identifier, retentionDays, kmsKeyArn } = props;
    this.names = {
      postgresql: logGroupName(identifier, "postgresql"),
      upgrade: logGroupName(identifier, "upgrade"),
    };
    this.all = logTypes.map((type) => {
      const name = this.names[type];
      return new CloudwatchLogGroup(this, type, {
        name,
        retentionInDays: retentionDays,
        kmsKeyId: kmsKeyArn,
        // Statements are quoted in them, and with them patients' data.
        tags: resourceTags(name, { tier: "database", dataClassification: "sensitive" }),
      });
    });
  }
}

function logGroupName(identifier: string, type: LogType): string {
  return `/aws/rds/instance/${identifier}/${type}`;
}
