import type { DataClassification } from "@telemedicina/core";
import type { LogRetention } from "./log-retention.js";
import type { ObjectLock } from "./object-lock.js";

/** What a bucket is for. Everything else about it follows from this. */
export const bucketPurposes = [
  "assets",
  "uploads",
  "logs",
  "backups",
  "deployments",
  "audit",
  "access-logs",
] as const;

export type BucketPurpose = (typeof bucketPurposes)[number];

interface Encrypted {
  /** ARN of the KMS key, not an alias. A change encrypts what comes from then on; what is there keeps its key. */
  readonly kmsKeyArn: string;
}

interface CalledByBrowsers {
  /** Origins of the application, such as `https://app.example.com`: the only ones whose pages may call the bucket. */
  readonly corsOrigins: readonly string[];
}

/** Style sheets, scripts and images that everybody may see, through CloudFront alone. */
export interface AssetsProfile extends CalledByBrowsers {
  readonly purpose: "assets";
}

/** Patients' and doctors' files. Browsers put and get them by presigned URL. Nothing expires. */
export interface UploadsProfile extends Encrypted, CalledByBrowsers {
  readonly purpose: "uploads";
}

/** Logs that are kept for years, the appointment logs among them. */
export interface LogsProfile extends Encrypted {
  readonly purpose: "logs";
  /**
   * ARNs of the roles that may read appointment logs and query results; everybody else is refused,
   * administrators and root included. An empty list: nobody.
   */
  readonly appointmentLogReaders: readonly string[];
  /** ARNs of the roles that may write appointment logs. An empty list: nobody. */
  readonly appointmentLogWriters: readonly string[];
  readonly retention?: LogRetention | undefined;
}

/** Database dumps and snapshot exports. RDS's automated backups are not here: AWS keeps them out of reach. */
export interface BackupsProfile extends Encrypted {
  readonly purpose: "backups";
  /** Days that what is under `daily/` is kept. Everything else in the bucket is kept for ever. @default 30 */
  readonly dailyRetentionDays?: number | undefined;
}

/** Builds that CodeDeploy rolls out. */
export interface DeploymentsProfile extends Encrypted {
  readonly purpose: "deployments";
}

/** Audit trail that nobody can alter. Object Lock can only be had at the bucket's creation. */
export interface AuditProfile extends Encrypted {
  readonly purpose: "audit";
  /** @default governance, 1 year */
  readonly objectLock?: ObjectLock | undefined;
}

/** Where AWS delivers logs that it cannot encrypt with a customer's key: S3 access logs, load balancers, CloudFront. Gone after 90 days. */
export interface AccessLogsProfile {
  readonly purpose: "access-logs";
}

export type BucketProfile =
  | AssetsProfile
  | UploadsProfile
  | LogsProfile
  | BackupsProfile
  | DeploymentsProfile
  | AuditProfile
  | AccessLogsProfile;

/** What holds for every bucket of a purpose. */
export interface PurposeFacts {
  readonly dataClassification: DataClassification;
  /** `true`: AWS Backup plans select it, because its content cannot be made again. */
  readonly backup: boolean;
  /** Whether its content is lost with it; such a bucket refuses to be destroyed. */
  readonly irreplaceable: boolean;
  /** `kms`: the profile's key. `s3`: S3's own keys, since CloudFront or AWS's log delivery has to use the bucket. */
  readonly encryption: "kms" | "s3";
}

export const purposeFacts: Readonly<Record<BucketPurpose, PurposeFacts>> = {
  assets: { dataClassification: "public", backup: false, irreplaceable: false, encryption: "s3" },
  uploads: { dataClassification: "sensitive", backup: true, irreplaceable: true, encryption: "kms" },
  logs: { dataClassification: "sensitive", backup: true, irreplaceable: true, encryption: "kms" },
  backups: { dataClassification: "sensitive", backup: false, irreplaceable: true, encryption: "kms" },
  deployments: { dataClassification: "confidential", backup: false, irreplaceable: false, encryption: "kms" },
  audit: { dataClassification: "confidential", backup: true, irreplaceable: true, encryption: "kms" },
  "access-logs": {
    dataClassification: "confidential",
    backup: false,
    irreplaceable: true,
    encryption: "s3",
  },
};
