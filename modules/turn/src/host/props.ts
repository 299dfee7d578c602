import type { TurnCapacity } from "../capacity.js";

export interface TurnHostProps {
  /** AWS region of the node and of everything it reads. */
  readonly region: string;
  /** Name of the environment, `production` and the like: in `turn.json`. */
  readonly environment: string;
  /** The node's own name, `turn-a.example.com`: its certificate's, and that of an A record to its fixed address. */
  readonly hostName: string;
  /** Realm of the credentials, the domain. Clients must not know it; coturn tells them. */
  readonly realm: string;
  /** Name of the Auto Scaling group of one, and value of the tag `TurnNode` on its Elastic IP. */
  readonly groupName: string;
  readonly launchHook: string;
  readonly terminateHook: string;
  /** Name of the Secrets Manager secret whose current and previous values sign credentials. */
  readonly secretName: string;
  /**
   * Name of the secret in which the node keeps its certificate and key for the node after it. Its value is the node's:
   * nobody else writes it.
   */
  readonly certificateSecretName: string;
  /** Networks of the VPC, IPv4 and IPv6: no client reaches them through the relay. */
  readonly vpcCidrs: readonly string[];
  /** CloudWatch log group of the node. The agent must not make it: it would be unencrypted and kept for ever. */
  readonly logGroupName: string;
  /**
   * CloudWatch namespace for what only the node knows: packets that EC2 dropped for want of allowance, and its disk.
   * About 0.30 US dollars a month for each of the four.
   */
  readonly metricNamespace: string;
  /** What the instance type carries: `turnCapacityOf(instanceType)`. */
  readonly capacity: Pick<TurnCapacity, "allocations">;
  /** Who hears from the certificate authority when a certificate is about to expire. */
  readonly acmeEmail: string;
  /** Directory of another ACME authority, for example the staging one. @default - certbot's, Let's Encrypt */
  readonly acmeDirectory?: string;
  /** Life of the credentials that the application makes. @default 3600 */
  readonly credentialTtlSeconds?: number;
  /**
   * Seconds for which the previous secret signs credentials after a rotation: until every host of the application has
   * the new one, and then as long as a credential lives. @default 86400
   */
  readonly secretOverlapSeconds?: number;
  /**
   * Seconds that calls may go on after the group has taken the node out of service; then they are cut. Longer than a
   * consultation. Until then the zone has no relay, since its fixed address is still theirs. @default 3600
   */
  readonly drainSeconds?: number;
  /** Allocations at once of one user: three URLs of a relay, four times. @default 12 */
  readonly userQuota?: number;
  /** Bytes a second of one allocation in each direction, above which coturn drops packets. @default 625000, 5 Mbit/s */
  readonly maxBps?: number;
}
