import type { NameScope } from "@telemedicina/core";

/** Whether Terraform may give up a relay's address. Turning the protection off costs a reason, which becomes the tag `UnprotectedBecause`. */
export type DeletionProtection = { readonly on: true } | { readonly on: false; readonly reason: string };

/** The secret that signs credentials, made elsewhere: its whole value is the secret. */
export interface TurnSecret {
  /** Its name, a literal: relays ask for it by name. */
  readonly name: string;
  /** Its complete ARN, with the six characters at the end: the relays' roles are bound to it. */
  readonly arn: string;
}

export interface RelayLogSettings {
  /** Its policy must let `logs.<region>.amazonaws.com` use it. */
  readonly kmsKeyArn: string;
  /** A period CloudWatch Logs knows. Shorter deletes what is older. @default 60 */
  readonly retentionDays?: number | undefined;
}

export interface TurnRelaysProps {
  /** What every name starts and ends with. **A change replaces everything but the addresses, in all zones together.** */
  readonly names: NameScope;
  /** Account of the relays, for ARNs. */
  readonly accountId: string;
  /** The mandatory tags: the provider's default tags reach neither instances nor their volumes. */
  readonly tags: Readonly<Record<string, string>>;
  /** The realm; relays are `turn-<zone>.<domain>`. A change ends valid credentials and asks for new certificates. */
  readonly domain: string;
  /** Public hosted zone of the domain: records of the relays, and the proofs by which they get certificates. */
  readonly zoneId: string;
  /** Letters of the zones with a relay, one node each. A letter removed gives up its address: the plan fails while it is protected. */
  readonly zones: readonly string[];
  /** Public subnets for relays by zone letter, at least one for each of `zones`. */
  readonly subnetIds: Readonly<Record<string, string>>;
  /** Groups that let clients in, as the port matrix has it. */
  readonly securityGroupIds: readonly string[];
  /** The networks that no relay may be used to reach, IPv4 and IPv6: the VPC's own, beside all private ones. */
  readonly vpcCidrs: readonly string[];
  readonly secret: TurnSecret;
  /** Key of the secret above, and of the secrets that keep certificates. */
  readonly secretsKmsKeyArn: string;
  readonly logs: RelayLogSettings;
  /** Where the certificate authority writes to when a certificate is about to expire. */
  readonly acmeEmail: string;
  /** The certificate authority's directory, such as Let's Encrypt's staging for tests. @default - Let's Encrypt */
  readonly acmeDirectory?: string | undefined;
  /**
   * A type of {@link turnCapacity}, x86_64: its network decides how many calls a node carries. About 0.04 US dollars an
   * hour for t3.medium (us-east-1; sa-east-1 about 0.07), and 0.005 for the address; traffic to the internet, 0.09 to
   * 0.15 a GB, soon costs more.
   * @default "t3.medium"
   */
  readonly instanceType?: string | undefined;
  /** gp3, GiB, 8 to 100. About 0.08 US dollars a GiB and month. Holds the system and a few days of logs. @default 12 */
  readonly rootVolumeGiB?: number | undefined;
  /**
   * Key for the volumes. Its policy must let `AWSServiceRoleForAutoScaling` use it and make grants; without, nodes end as
   * soon as they start.
   * @default - AWS's own key for EBS
   */
  readonly volumeKmsKeyArn?: string | undefined;
  /**
   * Minutes that credentials live, 5 to 1440; no shorter than the longest consultation. After a rotation relays accept the
   * secret before for so long and a day.
   * @default 60
   */
  readonly credentialTtlMinutes?: number | undefined;
  /**
   * Minutes of the longest consultation, 1 to 480. So long a node that leaves goes on with its calls and takes no new ones.
   * A node without calls leaves at once.
   * @default 60
   */
  readonly drainMinutes?: number | undefined;
  /** Relays that one user may hold open on a node: browsers ask for one at every URL. What a node holds in all follows from its type. @default 12 */
  readonly userQuota?: number | undefined;
  /** Bytes a second of one relay in each direction, above which coturn drops packets. @default 625000 - 5 Mbit/s */
  readonly maxBps?: number | undefined;
  /** @default { on: true } - Terraform refuses to release the addresses, which stand in clients' firewalls */
  readonly deletionProtection?: DeletionProtection | undefined;
  /**
   * Whether an apply that changes what a node is replaces it at once. With several zones it would drain all of them
   * together and leave new calls without a relay, so it is refused there: `refreshCommands` do it zone by zone.
   * @default - true with one zone, false with several
   */
  readonly replaceOnChange?: boolean | undefined;
  /** Days that a deleted certificate's secret can be brought back, 7 to 30; until then its name is taken. @default 7 */
  readonly certificateRecoveryDays?: number | undefined;
  /** Topics that the alarms tell, and tell again when all is well. @default [] - nobody hears them */
  readonly alarmActionArns?: readonly string[] | undefined;
  /** Upper bound of what the nodes' roles may ever do. @default - none */
  readonly permissionsBoundaryArn?: string | undefined;
}
