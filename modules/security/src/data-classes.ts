import type { DataClassification } from "@telemedicina/core";

/** Kinds of data that have a key of their own, so that reading one kind never opens another. */
export type DataClass = "clinical" | "application" | "logs";

/** Services through which identities of the account may use a key, as `kms:ViaService` spells them. */
export type KeyService = "backup" | "ec2" | "elasticache" | "logs" | "rds" | "s3" | "secretsmanager" | "sns";

/** Services that use a key on their own behalf, without an identity of the account. */
export type KeyPrincipal = "cloudwatch-logs" | "log-delivery";

export interface DataClassRule {
  readonly description: string;
  readonly classification: DataClassification;
  readonly services: readonly KeyService[];
  /** Those of `services` that keep a grant as long as the resource lives: volumes, databases, caches, backups. */
  readonly granted: readonly KeyService[];
  readonly principals: readonly KeyPrincipal[];
}

/** What each class holds and who may use its key. A service that is not in the line cannot decrypt. */
export const dataClasses: Readonly<Record<DataClass, DataClassRule>> = {
  clinical: {
    description: "Patients' data: database, uploads, appointment logs and their backups",
    classification: "sensitive",
    services: ["backup", "rds", "s3"],
    granted: ["backup", "rds"],
    principals: [],
  },
  application: {
    description: "What the application runs on: secrets, cache, volumes, deployments, messages",
    classification: "confidential",
    services: ["ec2", "elasticache", "s3", "secretsmanager", "sns"],
    granted: ["ec2", "elasticache"],
    principals: [],
  },
  logs: {
    description: "Logs: log groups and log buckets",
    classification: "confidential",
    services: ["logs", "s3"],
    granted: [],
    principals: ["cloudwatch-logs", "log-delivery"],
  },
};

/** In the order of {@link dataClasses}. */
export const dataClassNames = Object.keys(dataClasses) as readonly DataClass[];
