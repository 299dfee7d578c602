import { faultsError } from "@telemedicina/core";
import { Construct } from "constructs";

import { type LaravelRedis, laravelRedis } from "./laravel-redis.js";
import { maxmemoryPolicies } from "./maxmemory-policy.js";
import type { DeletionProtection, ReplicationGroupProps, StoreEnvironment } from "./props.js";
import { ReplicationGroup } from "./replication-group.js";
import { resolveSettings, settingsFaults } from "./settings.js";

interface StoreProps {
  /** Secret whose whole value is the token. The token is in this stack's state, see {@link ReplicationGroupProps}. */
  readonly authTokenSecretArn: string;
  /** @default - true where there is a replica */
  readonly multiAz?: boolean | undefined;
  /** Days that daily snapshots are kept; 0 makes none. @default 1 */
  readonly snapshotRetentionDays?: number | undefined;
}

/** A cluster: it may grow, and all of it can be lost and had again. */
export interface CacheStoreProps extends StoreProps {
  /** @default "cache.t3.medium" */
  readonly nodeType?: string | undefined;
  /** @default 2 */
  readonly shards?: number | undefined;
  /** Nodes to pay: shards times (1 + replicas). @default 1 */
  readonly replicasPerShard?: number | undefined;
  /** @default "sun:08:00-sun:09:00" */
  readonly maintenanceWindow?: string | undefined;
}

/** A single shard: jobs need all commands on all keys, and must not be lost. */
export interface QueueStoreProps extends StoreProps {
  /** Room for every job that waits, since none is evicted. @default "cache.t3.small" */
  readonly nodeType?: string | undefined;
  /** With one node, its failure loses the jobs since the last snapshot. @default 2 */
  readonly nodes?: number | undefined;
  /** Apart from the cache's, so that one of the two is always steady. @default "sun:09:30-sun:10:30" */
  readonly maintenanceWindow?: string | undefined;
  /** @default { on: true } - Terraform refuses to delete it */
  readonly deletionProtection?: DeletionProtection | undefined;
}

export interface LaravelCacheProps extends StoreEnvironment {
  readonly cache: CacheStoreProps;
  readonly queue: QueueStoreProps;
}

/**
 * The two stores of a Laravel application: a cluster for cache and sessions, and a single shard that evicts nothing
 * for queues, locks and Reverb's Pub/Sub. In one cluster a full cache would evict jobs, or cached values would keep
 * jobs out.
 *
 * About 0.34 US dollars an hour with the defaults (us-east-1, list price with Redis; Valkey a fifth less).
 *
 * @throws one error with every fault of both stores
 */
export class LaravelCache extends Construct {
  readonly cache: ReplicationGroup;
  readonly queue: ReplicationGroup;
  /** What the application needs to use them. */
  readonly laravel: LaravelRedis;

  constructor(scope: Construct, id: string, props: LaravelCacheProps) {
    super(scope, id);
    const cache = cacheStore(props);
    const queue = queueStore(props);
    const faults = faultsOf(cache, queue);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    this.cache = new ReplicationGroup(this, "cache", cache);
    this.queue = new ReplicationGroup(this, "queue", queue);
    this.laravel = laravelRedis({ cache: this.cache, queue: this.queue });
  }
}

function cacheStore(props: LaravelCacheProps): ReplicationGroupProps {
  const { cache } = props;
  return {
    ...environmentOf(props),
    qualifier: "cache",
    description: "Cache and sessions",
    topology: { mode: "cluster", shards: cache.shards ?? 2, replicasPerShard: cache.replicasPerShard ?? 1 },
    maxmemoryPolicy: maxmemoryPolicies.cacheAndSessions,
    authTokenSecretArn: cache.authTokenSecretArn,
    nodeType: cache.nodeType,
    multiAz: cache.multiAz,
    snapshotRetentionDays: cache.snapshotRetentionDays,
    maintenanceWindow: cache.maintenanceWindow,
  };
}

function queueStore(props: LaravelCacheProps): ReplicationGroupProps {
  const { queue } = props;
  return {
    ...environmentOf(props),
    qualifier: "queue",
    description: "Queues, locks and Reverb",
    topology: { mode: "single", nodes: queue.nodes ?? 2 },
    maxmemoryPolicy: maxmemoryPolicies.queues,
    authTokenSecretArn: queue.authTokenSecretArn,
    nodeType: queue.nodeType ?? "cache.t3.small",
    multiAz: queue.multiAz,
    snapshotRetentionDays: queue.snapshotRetentionDays,
    maintenanceWindow: queue.maintenanceWindow ?? "sun:09:30-sun:10:30",
    deletionProtection: queue.deletionProtection,
  };
}

function environmentOf(props: LaravelCacheProps): StoreEnvironment {
  return {
    names: props.names,
    subnetIds: props.subnetIds,
    securityGroupIds: props.securityGroupIds,
    kmsKeyArn: props.kmsKeyArn,
    logs: props.logs,
    engine: props.engine,
    snapshotWindow: props.snapshotWindow,
    authTokenUpdateStrategy: props.authTokenUpdateStrategy,
    notificationTopicArn: props.notificationTopicArn,
    applyImmediately: props.applyImmediately,
    autoMinorVersionUpgrade: props.autoMinorVersionUpgrade,
    nodeQuota: props.nodeQuota,
  };
}

/** What is wrong with both is said once. */
function faultsOf(cache: ReplicationGroupProps, queue: ReplicationGroupProps): string[] {
  const ofCache = settingsFaults(resolveSettings(cache));
  const ofQueue = settingsFaults(resolveSettings(queue));
  return [
    ...ofCache.filter((fault) => ofQueue.includes(fault)),
    ...ofCache.filter((fault) => !ofQueue.includes(fault)).map((fault) => `cache: ${fault}`),
    ...ofQueue.filter((fault) => !ofCache.includes(fault)).map((fault) => `queue: ${fault}`),
  ];
}
