import { DataAwsAvailabilityZone } from "@cdktf/provider-aws/lib/data-aws-availability-zone/index.js";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance/index.js";
import { resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { commonArguments } from "./instance-arguments.js";
import { InstanceLogGroups } from "./log-groups.js";
import type { MonitoringRole } from "./monitoring-role.js";
import type { DatabaseSettings } from "./settings.js";

/** Replicas by a key that never changes: `a`, `b`, …. Taking one away deletes that one and touches no other. */
export type ReadReplicas = Readonly<Record<string, ReadReplicaSettings>>;

/** A copy that answers reads, seconds behind the writer. Costs as much as a writer without a standby. */
export interface ReadReplicaSettings {
  /**
   * At least as much memory as `maxConnections` needs. @default - the writer's
   */
  readonly instanceClass?: string | undefined;
  /**
   * Zone by its id, such as `use1-az2`, to spread replicas. A change replaces the replica.
   * @default - RDS chooses
   */
  readonly availabilityZoneId?: string | undefined;
  /** A standby of the replica. Doubles its price. @default false */
  readonly multiAz?: boolean | undefined;
}

export interface ReadReplicaProps {
  readonly key: string;
  readonly replica: ReadReplicaSettings;
  readonly settings: DatabaseSettings;
  readonly source: DbInstance;
  readonly parameterGroupName: string;
  readonly monitoringRole: MonitoringRole | undefined;
}

/**
 * One replica in the writer's region. It takes the writer's parameter group: a standby must allow as many
 * connections as its source. It holds nothing of its own, so it is deleted without a snapshot.
 */
export class ReadReplica extends Construct {
  readonly instance: DbInstance;
  /** A literal. */
  readonly identifier: string;
  readonly instanceClass: string;
  readonly logGroups: InstanceLogGroups;

  constructor(scope: Construct, id: string, props: ReadReplicaProps) {
    super(scope, id);
    const { replica, settings, source } = props;
    this.identifier = resourceName(settings.names, "rds", replicaQualifier(settings.qualifier, props.key));
    this.instanceClass = replica.instanceClass ?? settings.instanceClass;
    this.logGroups = new InstanceLogGroups(this, "logs", {
      identifier: this.identifier,
      retentionDays: settings.logRetentionDays,
      kmsKeyArn: settings.logsKmsKeyArn,
    });
    this.instance = new DbInstance(this, "instance", {
      ...commonArguments(settings, {
        parameterGroupName: props.parameterGroupName,
        logGroups: this.logGroups.all,
        monitoringRole: props.monitoringRole,
      }),
      identifier: this.identifier,
      replicateSourceDb: source.identifier,
      instanceClass: this.instanceClass,
      multiAz: replica.multiAz ?? false,
      ...this.availabilityZone(replica.availabilityZoneId),
      // Said outright: a replica left without it takes the provider's default, which a new provider may change.
      backupRetentionPeriod: 0,
      skipFinalSnapshot: true,
      deletionProtection: false,
      tags: resourceTags(this.identifier, { tier: "database", dataClassification: "sensitive" }),
    });
  }

  /** Names of zones mean another place in every account, so the id is what is configured and the name is looked up. */
  private availabilityZone(zoneId: string | undefined): { readonly availabilityZone?: string } {
    if (zoneId === undefined) return {};
    return { availabilityZone: new DataAwsAvailabilityZone(this, "zone", { zoneId }).name };
  }
}

function replicaQualifier(qualifier: string | undefined, key: string): string {
  return qualifier === undefined ? `replica-${key}` : `${qualifier}-replica-${key}`;
}
