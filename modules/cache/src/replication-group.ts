import { DataAwsSecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-version/index.js";
import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group/index.js";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group/index.js";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group/index.js";
import { faultsError, ports, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import { type CpuAlarm, cpuAlarm } from "./cpu-alarm.js";
import type { RedisEndpoint } from "./endpoint.js";
import { parameterGroupFamily } from "./engine.js";

import type { ReplicationGroupProps } from "./props.js";
import { type ReplicationGroupSettings, resolveSettings, settingsFaults } from "./settings.js";
import { StoreLogs, type StoreLogType } from "./store-logs.js";
import { hasReplica, nodeIds } from "./topology.js";

/** Percent of a node's memory that AWS asks to keep free of keys, for snapshots and failover. */
const RESERVED_MEMORY_PERCENT = 25;

/**
 * One store on ElastiCache: a cluster, or a single shard. TLS only, with a token, encrypted at rest, with daily
 * snapshots and its logs in CloudWatch.
 *
 * @throws one error with every fault of the props
 */
export class ReplicationGroup extends Construct {
  /** A literal, known at synth. */
  readonly id: string;
  readonly arn: string;
  readonly endpoint: RedisEndpoint;
  readonly authTokenSecretArn: string;
  /** `CacheClusterId` of every node, literals: what alarms are made for. */
  readonly nodeIds: readonly string[];
  /** Which metric of a node says that its CPU is the limit, and above what. */
  readonly cpuAlarm: CpuAlarm;
  readonly logGroupNames: Readonly<Record<StoreLogType, string>>;

  constructor(scope: Construct, id: string, props: ReplicationGroupProps) {
    super(scope, id);
    const settings = resolveSettings(props);
    const faults = settingsFaults(settings);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    const logs = new StoreLogs(this, "logs", {
      ...settings.logs,
      names: settings.names,
      qualifier: settings.qualifier,
    });
    const group = this.group(settings, logs);

    this.id = resourceName(settings.names, "redis", settings.qualifier);
    this.arn = group.arn;
    this.endpoint = endpointOf(group, settings);
    this.authTokenSecretArn = settings.authTokenSecretArn;
    this.nodeIds = nodeIds(this.id, settings.topology);
    this.cpuAlarm = cpuAlarm(settings.nodeType);
    this.logGroupNames = logs.groupNames;
  }

  private group(settings: ReplicationGroupSettings, logs: StoreLogs): ElasticacheReplicationGroup {
    const { topology, names, qualifier } = settings;
    const replicationGroupId = resourceName(names, "redis", qualifier);
    return new ElasticacheReplicationGroup(this, "replication-group", {
      replicationGroupId,
      description: settings.description,
      engine: settings.engine.name,
      engineVersion: settings.engine.version,
      nodeType: settings.nodeType,
      port: ports.redis,
      ...(topology.mode === "cluster"
        ? { numNodeGroups: topology.shards, replicasPerNodeGroup: topology.replicasPerShard }
        : { numCacheClusters: topology.nodes }),
      // A cluster is refused without it, even where a shard has no replica.
      automaticFailoverEnabled: topology.mode === "cluster" || hasReplica(topology),
      multiAzEnabled: settings.multiAz,
      parameterGroupName: this.parameterGroup(settings).name,
      subnetGroupName: this.subnetGroup(settings).name,
      securityGroupIds: [...settings.securityGroupIds],
      atRestEncryptionEnabled: "true",
      kmsKeyId: settings.kmsKeyArn,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      authToken: this.authToken(settings.authTokenSecretArn),
      authTokenUpdateStrategy: settings.authTokenUpdateStrategy,
      ...snapshots(settings),
      maintenanceWindow: settings.maintenanceWindow,
      autoMinorVersionUpgrade: String(settings.autoMinorVersionUpgrade),
      applyImmediately: settings.applyImmediately,
      logDeliveryConfiguration: logs.delivery,
      ...(settings.notificationTopicArn === undefined
        ? {}
        : { notificationTopicArn: settings.notificationTopicArn }),
      tags: storeTags(replicationGroupId, settings),
      ...(settings.deletionProtection?.on === true ? { lifecycle: { preventDestroy: true } } : {}),
    });
  }

  /** Its name carries the family: the group of another family is made before the store lets go of the old one. */
  private parameterGroup({ names, qualifier, engine, topology, maxmemoryPolicy }: ReplicationGroupSettings) {
    const family = parameterGroupFamily(engine);
    const name = resourceName(names, "redis-parameter-group", `${qualifier}-${family}`);
    const parameters = {
      "cluster-enabled": topology.mode === "cluster" ? "yes" : "no",
      "maxmemory-policy": maxmemoryPolicy,
      "reserved-memory-percent": String(RESERVED_MEMORY_PERCENT),
    };
    return new ElasticacheParameterGroup(this, "parameter-group", {
      name,
      family,
      description: `Parameters of the store ${qualifier}`,
      parameter: Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value })),
      tags: resourceTags(name),
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private subnetGroup({ names, qualifier, subnetIds }: ReplicationGroupSettings): ElasticacheSubnetGroup {
    const name = resourceName(names, "redis-subnet-group", qualifier);
    return new ElasticacheSubnetGroup(this, "subnet-group", {
      name,
      description: `Subnets of the store ${qualifier}`,
      subnetIds: [...subnetIds],
      tags: resourceTags(name),
    });
  }

  /** A reference; the value is read by Terraform and stays in the state, since the provider has no write-only form. */
  private authToken(secretId: string): string {
    return new DataAwsSecretsmanagerSecretVersion(this, "auth-token", { secretId }).secretString;
  }
}

/** The last snapshot has a fixed name, so that whoever deletes the store knows where its content is. */
function snapshots({ names, qualifier, snapshotRetentionDays, snapshotWindow }: ReplicationGroupSettings) {
  if (snapshotWindow === undefined) return { snapshotRetentionLimit: 0 };
  return {
    snapshotRetentionLimit: snapshotRetentionDays,
    snapshotWindow,
    finalSnapshotIdentifier: resourceName(names, "redis-snapshot", `${qualifier}-final`),
  };
}

function storeTags(name: string, settings: ReplicationGroupSettings): Record<string, string> {
  const { deletionProtection, snapshotRetentionDays } = settings;
  return {
    // Sessions, cached records and the payload of jobs are patients' data.
    ...resourceTags(name, { tier: "database", dataClassification: "sensitive" }),
    Backup: String(snapshotRetentionDays > 0),
    ...(deletionProtection?.on === false ? { UnprotectedBecause: deletionProtection.reason } : {}),
  };
}

function endpointOf(
  group: ElasticacheReplicationGroup,
  { topology }: ReplicationGroupSettings,
): RedisEndpoint {
  const port = ports.redis;
  if (topology.mode === "cluster") {
    return { mode: "cluster", configurationEndpoint: group.configurationEndpointAddress, port };
  }
  return {
    mode: "single",
    primaryEndpoint: group.primaryEndpointAddress,
    readerEndpoint: group.readerEndpointAddress,
    port,
  };
}
