import type { NameScope } from "@telemedicina/core";
import { type Block, type StackJson, synthStack } from "@telemedicina/core/testing";
import {
  LaravelCache,
  type LaravelCacheProps,
  ReplicationGroup,
  type ReplicationGroupProps,
} from "../src/index.js";

const names: NameScope = { project: "telemedicina", environment: "production", region: "sa-east-1" };

export const kmsKeyArn = "arn:aws:kms:sa-east-1:333333333333:key/0a1b2c3d-0000-4000-8000-000000000001";
export const logsKeyArn = "arn:aws:kms:sa-east-1:333333333333:key/0a1b2c3d-0000-4000-8000-000000000002";

const environment = {
  names,
  subnetIds: ["subnet-0a0a0a0a0a0a0a0a0", "subnet-0b0b0b0b0b0b0b0b0"],
  securityGroupIds: ["sg-0c0c0c0c0c0c0c0c0"],
  kmsKeyArn,
  logs: { kmsKeyArn: logsKeyArn },
};

export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:sa-east-1:333333333333:secret:${name}-AbCdEf`;
}

/** The least that a store needs. */
export const leastStore: ReplicationGroupProps = {
  ...environment,
  qualifier: "cache",
  description: "Cache",
  topology: { mode: "cluster", shards: 2, replicasPerShard: 1 },
  maxmemoryPolicy: "volatile-lru",
  authTokenSecretArn: secretArn("token"),
};

export const leastCache: LaravelCacheProps = {
  ...environment,
  cache: { authTokenSecretArn: secretArn("cache-token") },
  queue: { authTokenSecretArn: secretArn("queue-token") },
};

/** As a caller passes them who got them from a file, past the compiler. */
export function careless(changes: Record<string, unknown>): Partial<ReplicationGroupProps> {
  return changes as Partial<ReplicationGroupProps>;
}

export interface Built<T> {
  readonly stack: StackJson;
  readonly made: T;
}

export function store(changes: Partial<ReplicationGroupProps> = {}): Built<ReplicationGroup> {
  return build((scope) => new ReplicationGroup(scope, "store", { ...leastStore, ...changes }));
}

export function laravelCache(changes: Partial<LaravelCacheProps> = {}): Built<LaravelCache> {
  return build((scope) => new LaravelCache(scope, "stores", { ...leastCache, ...changes }));
}

/** The attributes of the single replication group. */
export function group(changes: Partial<ReplicationGroupProps> = {}) {
  return store(changes).stack.only("aws_elasticache_replication_group");
}

export function tagsOf(block: Block): Readonly<Record<string, string>> {
  return (block.attributes["tags"] ?? {}) as Readonly<Record<string, string>>;
}

/** `cluster-enabled` → `yes`, of one parameter group. */
export function parametersOf(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  const list = attributes["parameter"] as { readonly name: string; readonly value: string }[];
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

function build<T>(make: (scope: Parameters<Parameters<typeof synthStack>[0]>[0]) => T): Built<T> {
  let made: T | undefined;
  const stack = synthStack((scope) => {
    made = make(scope);
  }, names.region);
  return { stack, made: made as T };
}
