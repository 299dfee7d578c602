import type { NameScope } from "@telemedicina/core";
import type { TerraformProvider } from "cdktf";
import type { AuditClass, DatabaseParameter } from "./parameters.js";
import type { Pooling } from "./pooling.js";
import type { ReadReplicas } from "./read-replica.js";
import type { Restore } from "./restore.js";

/** The password comes from a secret of ours, JSON `{"username": …, "password": …}`. Replicas and blue/green need this one. */
export interface SecretCredentials {
  readonly kind: "secret";
  /** It must have a value before the apply, which reads it; no plan, state or output ever holds it. */
  readonly secretArn: string;
  /** Raise it when the secret has a new password: RDS then gets it, without a restart. */
  readonly passwordVersion: number;
  /**
   * The master user, the same as in the secret. The application must use another one, made by SQL. **A change replaces the database.**
   * @default "telemedicina_master"
   */
  readonly username?: string | undefined;
}

/** RDS makes the password, keeps it in a secret of its own and changes it every 7 days. */
export interface ManagedCredentials {
  readonly kind: "managed";
  /** @default "telemedicina_master" */
  readonly username?: string | undefined;
}

/**
 * How changes that need a restart are made.
 *
 * - `inPlace`: on the instance; minutes of outage, one or two with Multi-AZ.
 * - `blueGreen`: on a copy that takes over, under a minute of outage; for the time of the update the database costs twice.
 */
export type UpdateStrategy = "inPlace" | "blueGreen";

/** No replicas: `undefined`, or a map without entries. */
type NoReplicas = Readonly<Record<string, never>> | undefined;

/** What goes together: RDS and the provider exclude the other combinations, and so does the compiler. */
type Compatible =
  | {
      readonly credentials: SecretCredentials;
      readonly readReplicas?: ReadReplicas | undefined;
      readonly updateStrategy?: "inPlace" | undefined;
    }
  | {
      readonly credentials: SecretCredentials;
      readonly readReplicas?: NoReplicas;
      readonly updateStrategy: "blueGreen";
    }
  | {
      readonly credentials: ManagedCredentials;
      readonly readReplicas?: NoReplicas;
      readonly updateStrategy?: "inPlace" | undefined;
    };

/** Whether the database can be deleted. Turning the protection off costs a reason, which becomes the tag `Reason`. */
export type DeletionProtection = { readonly on: true } | { readonly on: false; readonly reason: string };

/** Copies of the automated backups in a second region: point-in-time recovery there. */
export interface BackupReplication {
  /** Provider of the second region. */
  readonly provider: TerraformProvider;
  /** Key of the second region. A change replaces the copies. */
  readonly kmsKeyArn: string;
  /** 1 to 35. Shorter deletes at once. @default - `backupRetentionDays` */
  readonly retentionDays?: number | undefined;
}

interface BaseProps {
  /** What every name starts and ends with. A change replaces the database; Terraform refuses that. */
  readonly names: NameScope;
  /** Account of the database, for the conditions of roles. */
  readonly accountId: string;
  /**
   * Tells a second database of the same environment apart, such as `restored`.
   * @default - none
   */
  readonly qualifier?: string | undefined;
  /** Database made at the start. A change replaces the instance. */
  readonly databaseName: string;
  /** Isolated subnets in at least two zones. */
  readonly subnetIds: readonly string[];
  /** Groups that let the application in on 5432. They need no egress. */
  readonly securityGroupIds: readonly string[];
  /** Key for storage, snapshots and Performance Insights. **A change replaces the database.** */
  readonly kmsKeyArn: string;
  /** Key for the log groups; its policy must let `logs.<region>.amazonaws.com` use it. */
  readonly logsKmsKeyArn: string;
  /**
   * About 0.15 US dollars an hour for db.t3.medium with Multi-AZ (us-east-1; sa-east-1 about twice). A change restarts.
   * @default "db.t3.medium"
   */
  readonly instanceClass?: string | undefined;
  /**
   * A standby in another zone that takes over within one to two minutes, without loss. Doubles the price.
   * @default true
   */
  readonly multiAz?: boolean | undefined;
  /** gp3 storage at the start, GiB, 20 to 65536. It grows and never shrinks. @default 100 */
  readonly allocatedStorageGiB?: number | undefined;
  /** Where storage autoscaling stops, GiB. At least 10 % above what is allocated. @default 5 times `allocatedStorageGiB`, at most 65536 */
  readonly maxAllocatedStorageGiB?: number | undefined;
  /** 12000 to 64000; only from 400 GiB on. @default - gp3's own: 3000, or 12000 from 400 GiB on */
  readonly iops?: number | undefined;
  /** 500 to 4000; only from 400 GiB on. @default - gp3's own: 125, or 500 from 400 GiB on */
  readonly storageThroughputMiBps?: number | undefined;
  /**
   * `max_connections`, pinned so that the alarm's threshold is a figure. A change restarts.
   * @default - what the class's memory carries, rounded down to 50: 400 on db.t3.medium
   */
  readonly maxConnections?: number | undefined;
  /** Statements that take longer are logged, milliseconds. @default 1000 */
  readonly slowQueryMilliseconds?: number | undefined;
  /**
   * Statement classes that pgaudit logs for everybody. `read` and `write` log every statement of the application: grant
   * the tables that matter to `rds_pgaudit` instead (sql/audit.sql).
   * @default ["ddl", "role"]
   */
  readonly auditClasses?: readonly AuditClass[] | undefined;
  /** More parameters, or other values for those that are not reserved. @default {} */
  readonly parameters?: Readonly<Record<string, DatabaseParameter>> | undefined;
  /**
   * Days of automated backups, and so of point-in-time recovery (to about 5 minutes ago). 0 turns both off and deletes what is there.
   * @default 7
   */
  readonly backupRetentionDays?: number | undefined;
  /** Daily, UTC. @default "06:00-06:30" */
  readonly backupWindow?: string | undefined;
  /** Weekly, UTC, clear of the backup window. @default "sun:07:00-sun:08:00" */
  readonly maintenanceWindow?: string | undefined;
  /** @default - none */
  readonly backupReplication?: BackupReplication | undefined;
  /**
   * Changes take effect at once instead of in the maintenance window, restarts included.
   * @default false
   */
  readonly applyImmediately?: boolean | undefined;
  /** @default { on: true } - RDS and Terraform both refuse to delete it */
  readonly deletionProtection?: DeletionProtection | undefined;
  /** Days that PostgreSQL's logs are kept; they hold the audit and may quote patients' data. @default 90 */
  readonly logRetentionDays?: number | undefined;
  /** Seconds between the operating system's figures: 0 (none), 1, 5, 10, 15, 30 or 60. A few cents a month for each instance. @default 60 */
  readonly monitoringIntervalSeconds?: number | undefined;
  /**
   * `standard` keeps Performance Insights for 7 days, free; `advanced` for 465, about 9 US dollars a month for each vCPU (us-east-1).
   * @default "standard"
   */
  readonly databaseInsights?: "standard" | "advanced" | undefined;
  /** What stands between application and database. @default { kind: "none" } */
  readonly pooling?: Pooling | undefined;
  /**
   * Where a new instance takes its data from. Looked at only when the instance is made: on one that exists it changes
   * nothing, neither when it is added nor when it is taken away.
   * @default - an empty database
   */
  readonly restore?: Restore | undefined;
}

export type DatabaseProps = BaseProps & Compatible;
