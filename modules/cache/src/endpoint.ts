/** Where clients connect, in the shape that the topology has: a cluster has no primary, a single shard no configuration endpoint. */
export type RedisEndpoint =
  | {
      readonly mode: "cluster";
      /** Names every node; a cluster client asks it for the slots. */
      readonly configurationEndpoint: string;
      readonly port: number;
    }
  | {
      readonly mode: "single";
      /** Follows the primary through a failover. */
      readonly primaryEndpoint: string;
      /** Spreads over the replicas; with one node it is that node. */
      readonly readerEndpoint: string;
      readonly port: number;
    };

/** The one address that a client needs to write. */
export function writeHost(endpoint: RedisEndpoint): string {
  return endpoint.mode === "cluster" ? endpoint.configurationEndpoint : endpoint.primaryEndpoint;
}
