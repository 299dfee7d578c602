/** Keys spread over shards by hash slot. Scales with the shards; commands that touch several slots are refused. */
export interface ClusterTopology {
  readonly mode: "cluster";
  /** 1 to 90. More are made online; fewer move their keys first. */
  readonly shards: number;
  /** 0 to 5. Without a replica a failed node loses its keys. */
  readonly replicasPerShard: number;
}

/** All keys on one primary: every command works, `SELECT` included. */
export interface SingleTopology {
  readonly mode: "single";
  /** 1 to 6: the primary and its replicas. With one node a failure loses everything that is in it. */
  readonly nodes: number;
}

/** A change of `mode` replaces the store. */
export type Topology = ClusterTopology | SingleTopology;

export const topologyLimits = { shards: 90, replicasPerShard: 5, nodes: 6 } as const;

export function nodeCount(topology: Topology): number {
  return topology.mode === "cluster" ? topology.shards * (1 + topology.replicasPerShard) : topology.nodes;
}

/** Whether a failed primary has a replica to take over. */
export function hasReplica(topology: Topology): boolean {
  return topology.mode === "cluster" ? topology.replicasPerShard > 0 : topology.nodes > 1;
}

/**
 * Ids of the nodes, which CloudWatch calls `CacheClusterId`. AWS makes them by this rule; Terraform would know them
 * only after the apply. Which of them is a primary changes with every failover.
 */
export function nodeIds(replicationGroupId: string, topology: Topology): string[] {
  if (topology.mode === "single") {
    return count(topology.nodes).map((node) => `${replicationGroupId}-${digits(node, 3)}`);
  }
  return count(topology.shards).flatMap((shard) =>
    count(1 + topology.replicasPerShard).map(
      (node) => `${replicationGroupId}-${digits(shard, 4)}-${digits(node, 3)}`,
    ),
  );
}

function count(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1);
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
