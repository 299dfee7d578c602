export type { CpuAlarm } from "./cpu-alarm.js";
export type { RedisEndpoint } from "./endpoint.js";
export type { Engine } from "./engine.js";
export {
  type CacheStoreProps,
  LaravelCache,
  type LaravelCacheProps,
  type QueueStoreProps,
} from "./laravel-cache.js";
export {
  type LaravelRedis,
  type LaravelRule,
  type LaravelStores,
  laravelRedis,
  queueKeys,
  type RedisStore,
  type SecretVariable,
} from "./laravel-redis.js";
export { type MaxmemoryPolicy, maxmemoryPolicies } from "./maxmemory-policy.js";
export type {
  AuthTokenUpdateStrategy,
  DeletionProtection,
  LogSettings,
  ReplicationGroupProps,
  StoreEnvironment,
} from "./props.js";
export { ReplicationGroup } from "./replication-group.js";
export type { StoreLogType } from "./store-logs.js";
export type { ClusterTopology, SingleTopology, Topology } from "./topology.js";
