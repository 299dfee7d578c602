import type { NameScope } from "@telemedicina/core";
import type { Colour } from "./colour.js";
import type { Image } from "./image.js";
import type { FleetTarget } from "./load-balancer.js";
import type { Scaling } from "./scaling.js";

export interface FleetProps {
  /** What every name starts and ends with. A change replaces the fleet. */
  readonly names: NameScope;
  /** Tells the fleets of an environment apart, such as `web`. A change replaces the fleet. */
  readonly qualifier: string;
  /** The mandatory tags: the provider's default tags reach neither instances nor their volumes. */
  readonly tags: Readonly<Record<string, string>>;
  /** Private subnets, in as many zones as the fleet shall outlive one of. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** That of a `HostRole`. */
  readonly instanceProfileName: string;
  /** A change shows as a new version of the template, and refreshes the fleet. */
  readonly image: Image;
  /**
   * The first is preferred; others stand in where a zone has none of it. About 0.04 US dollars an hour for t3.medium
   * (us-east-1; sa-east-1 about 0.07). A change refreshes the fleet.
   * @default ["t3.medium"]
   */
  readonly instanceTypes?: readonly string[] | undefined;
  /**
   * Complete text of the user data, a literal, no secret: it is in the JSON, and whoever is on a host can read it. At
   * most 16 KB when compressed. A change refreshes the fleet.
   */
  readonly userData: string;
  /** The image's own name for it: `/dev/xvda` of Amazon Linux, `/dev/sda1` of Ubuntu. @default "/dev/xvda" */
  readonly rootDeviceName?: string | undefined;
  /** gp3, GiB. About 0.08 US dollars a GiB and month. @default 30 */
  readonly rootVolumeGiB?: number | undefined;
  /** gp3, GiB, for logs and what can be had again: it ends with its host. @default 100 */
  readonly dataVolumeGiB?: number | undefined;
  /**
   * Key for the volumes. Its policy must let `AWSServiceRoleForAutoScaling` use it and make grants (README); without,
   * hosts end as soon as they start.
   * @default - AWS's own key for EBS
   */
  readonly volumeKmsKeyArn?: string | undefined;
  /** Key pair for SSH. Session Manager needs none. @default - none */
  readonly keyName?: string | undefined;
  /** Smallest size, 0 to 1000. @default 2 */
  readonly minSize?: number | undefined;
  /** Size at the start; from then on it is scaling's, and no apply sets it back. @default 3, within the other two */
  readonly desiredSize?: number | undefined;
  /** Largest size. What it can cost at most. @default 10 */
  readonly maxSize?: number | undefined;
  readonly scaling: Scaling;
  /**
   * One of two fleets that releases are shifted between. Its least and present size are then the shifting program's: no
   * apply changes them, `minSize` counts only when blue's group is made, and green's begins with no host at all. Taking
   * the colour away gives the sizes back to Terraform.
   * @default - none: the only fleet of its kind
   */
  readonly colour?: Colour | undefined;
  /** Load balancer before the hosts; it then also says which of them are ill. @default - none: EC2's own checks */
  readonly target?: FleetTarget | undefined;
  /**
   * Seconds after a host came into service in which its health is not judged, 0 to 7200. The launch hook covers the
   * boot; this covers the first release, where a deployment agent brings it.
   * @default 600
   */
  readonly healthCheckGraceSeconds?: number | undefined;
  /** Seconds until a new host's figures count, and until a refresh goes on to the next. @default 300 */
  readonly warmupSeconds?: number | undefined;
  /**
   * Seconds, 30 to 7200, that a new host has until it must say that it serves, or ends. Longer than the slowest first
   * boot, packages included; hosts can ask for more.
   * @default 900
   */
  readonly launchHookSeconds?: number | undefined;
  /**
   * Seconds, 30 to 7200, that a host which goes has to drain: workers end their jobs, logs are sent. A host that needs
   * longer asks for more in time; one that is dead holds up nothing for longer than this.
   * @default 900
   */
  readonly terminateHookSeconds?: number | undefined;
  /** Days after which a host is replaced, 1 to 365; 0 lets it live. Bounds how long a break-in or a leak can last. @default 30 */
  readonly maxInstanceLifetimeDays?: number | undefined;
  /**
   * Percent of the size that may run while hosts are replaced, 110 to 200: the new one starts before the old one goes.
   * @default - room for one host more at the smallest size, at least 110
   */
  readonly maxHealthyPercent?: number | undefined;
  /**
   * Alarms that stop a refresh, by name, up to 10. None where the refresh itself is the cure of what rings.
   * @default - those of the target
   */
  readonly refreshAlarmNames?: readonly string[] | undefined;
}
