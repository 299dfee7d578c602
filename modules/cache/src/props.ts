import type { NameScope } from "@telemedicina/core";
import type { Engine } from "./engine.js";
import type { MaxmemoryPolicy } from "./maxmemory-policy.js";
import type { Topology } from "./topology.js";

/** Whether Terraform may delete the store. Turning the protection off costs a reason, which becomes the tag `UnprotectedBecause`. */
export type DeletionProtection = { readonly on: true } | { readonly on: false; readonly reason: string };

/**
 * How a new value of the token's secret is taken over.
 *
 * - `ROTATE`: the old token stays valid beside the new one, so that hosts can change one after the other.
 * - `SET`: only the new one is valid from then on. AWS allows it only after a `ROTATE`.
 */
export type AuthTokenUpdateStrategy = "ROTATE" | "SET";

export interface LogSettings {
  /** Key for both log groups; its policy must let `logs.<region>.amazonaws.com` use it. */
  readonly kmsKeyArn: string;
  /** Days that slow commands and engine messages are kept: a period CloudWatch Logs knows. Shorter deletes. @default 60 */
  readonly retentionDays?: number | undefined;
}

/** What one store needs that its neighbour in the same VPC needs too. */
export interface StoreEnvironment {
  /** What every name starts and ends with. A change replaces the store. */
  readonly names: NameScope;
  /** Isolated subnets; in at least two zones with `multiAz`. */
  readonly subnetIds: readonly string[];
  /** Groups that let the application in on 6379. They need no egress. */
  readonly securityGroupIds: readonly string[];
  /** Key for data at rest and snapshots. **A change replaces the store.** */
  readonly kmsKeyArn: string;
  readonly logs: LogSettings;
  /** @default { name: "valkey", version: "8.2" } */
  readonly engine?: Engine | undefined;
  /** Daily, UTC, at least an hour, clear of the maintenance. @default "05:00-06:00" */
  readonly snapshotWindow?: string | undefined;
  /** @default "ROTATE" */
  readonly authTokenUpdateStrategy?: AuthTokenUpdateStrategy | undefined;
  /** Topic that hears of failovers, replaced nodes and failed snapshots. @default - none */
  readonly notificationTopicArn?: string | undefined;
  /**
   * Changes that may cut connections take effect at once instead of in the maintenance window. Shards, replicas and
   * the token change at once in any case.
   * @default false
   */
  readonly applyImmediately?: boolean | undefined;
  /**
   * AWS makes minor upgrades in the maintenance window. After one, write the new version into `engine`: a plan with
   * the old one would replace the store.
   * @default true
   */
  readonly autoMinorVersionUpgrade?: boolean | undefined;
  /** Nodes that the account may have in one store. @default 90 - what AWS gives */
  readonly nodeQuota?: number | undefined;
}

export interface ReplicationGroupProps extends StoreEnvironment {
  /** Tells the stores of an environment apart, such as `cache`. A change replaces the store. */
  readonly qualifier: string;
  /** What the store is for, as the console shows it. */
  readonly description: string;
  readonly topology: Topology;
  /** What a full store does: {@link maxmemoryPolicies} says which content needs which. */
  readonly maxmemoryPolicy: MaxmemoryPolicy;
  /**
   * Secret whose whole value is the token: 16 to 128 characters, letters and digits at best (it stands in a URL). It
   * must have a value before the first plan.
   *
   * Provider 5.100 and 6.25 have no write-only form of `auth_token`: **the token is in this stack's state**, and the
   * plan's role reads the secret.
   */
  readonly authTokenSecretArn: string;
  /**
   * About 0.07 US dollars an hour and node for cache.t3.medium with Redis (us-east-1; Valkey a fifth less, sa-east-1
   * more). A change is made online, node by node.
   * @default "cache.t3.medium"
   */
  readonly nodeType?: string | undefined;
  /**
   * A shard's nodes in different zones, so that it outlives the loss of one. Costs nothing but the replica.
   * @default - true where there is a replica
   */
  readonly multiAz?: boolean | undefined;
  /**
   * Days that daily snapshots are kept; 0 makes none, not even the last one before the store is deleted. Raising it
   * from 0 on a cluster that exists is refused (README).
   * @default 1
   */
  readonly snapshotRetentionDays?: number | undefined;
  /** Weekly, UTC, at least an hour. @default "sun:08:00-sun:09:00" */
  readonly maintenanceWindow?: string | undefined;
  /** @default { on: true } with `noeviction`, whose content exists nowhere else; none with `volatile-lru` */
  readonly deletionProtection?: DeletionProtection | undefined;
}
