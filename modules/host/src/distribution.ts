import type { DistributionName } from "./props.js";

/** What differs between the Linux distributions: packages, paths, users, and who keeps programs running. */
export interface Distribution {
  readonly name: DistributionName;
  /** `systemd`, or `supervisor` where the distribution's own repository has it (ADR 0009). */
  readonly processManager: "systemd" | "supervisor";
  readonly packages: {
    /** Installed on every host, before anything of ours runs. */
    readonly base: readonly string[];
    readonly web: readonly string[];
    readonly pgbouncer: readonly string[];
  };
  /** Folder of the CloudWatch agent's bucket that has the .deb; absent where the distribution has a package. */
  readonly cloudWatchAgentFolder?: "ubuntu" | "debian";
  /** Commands of cloud-init's `bootcmd`: repositories that PgBouncer comes from. */
  readonly repositories: readonly (readonly string[])[];
  readonly web: {
    /** User of nginx, php-fpm and every Laravel process. */
    readonly user: string;
    readonly group: string;
  };
  readonly nginx: {
    /** nginx's own configuration, replaced as a whole. */
    readonly configurationFile: string;
  };
  readonly php: {
    /** `8.4` */
    readonly version: string;
    readonly fpmUnit: string;
    readonly fpmProgram: string;
    readonly poolFile: string;
    readonly iniDirectories: readonly string[];
    readonly socket: string;
    /** php-fpm's own answers about its pool, which no busy pool can delay. */
    readonly statusSocket: string;
  };
  readonly pgbouncer: {
    readonly user: string;
    readonly unit: string;
    /** PgBouncer 1.21 or newer, which keeps track of prepared statements. */
    readonly preparedStatements: boolean;
  };
  readonly supervisor: { readonly directory: string; readonly unit: string };
}
