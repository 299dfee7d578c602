import { decryptStatement } from "@telemedicina/cdn";
import type { EnvironmentConfig } from "@telemedicina/config";
import type { PolicyStatement } from "@telemedicina/core";
import { topicKeyStatement } from "@telemedicina/pipeline";
import {
  type ApplicationSecretArns,
  ApplicationSecrets,
  type DataClass,
  DataKey,
} from "@telemedicina/security";
import type { Construct } from "constructs";
import { EnvironmentStack, US_EAST_1 } from "../environment-stack.js";

/** Keys by class of data, and the secrets that Terraform makes without ever seeing them. */
export class SecurityStack extends EnvironmentStack {
  /** ARNs of the keys in the environment's region. */
  readonly keyArns: Readonly<Record<DataClass, string>>;
  /** Key of clinical data in the disaster recovery region, where anything is copied there. */
  readonly drClinicalKeyArn: string | undefined;
  /** Key of the firewall's log, in us-east-1. It outlives a firewall that is turned off: the log needs it to the end. */
  readonly edgeLogsKeyArn: string;
  readonly secretArns: ApplicationSecretArns;

  constructor(scope: Construct, config: EnvironmentConfig) {
    super(scope, config, "security");
    this.keyArns = {
      clinical: this.key("clinical", config),
      application: this.key("application", config),
      logs: this.key("logs", config),
    };
    this.drClinicalKeyArn = copiesToDrRegion(config) ? this.drKey(config) : undefined;
    this.edgeLogsKeyArn = this.edgeLogsKey(config);
    this.secretArns = new ApplicationSecrets(this, "secrets", {
      names: this.names,
      kmsKeyArn: this.keyArns.application,
      databaseUsername: DATABASE_MASTER,
      versions: config.security.secretVersions,
      recovery: { window: "days", days: config.security.secretRecoveryDays },
      originHeaders: config.network.loadBalancerIngress.from === "cloudfront",
    }).arns;
  }

  private key(dataClass: DataClass, config: EnvironmentConfig): string {
    const { accountId } = config;
    return new DataKey(this, `${dataClass}-key`, {
      names: this.names,
      dataClass,
      accountId,
      statements: moreStatements(dataClass, config),
    }).arn;
  }

  private drKey(config: EnvironmentConfig): string {
    const { accountId, drRegion } = config;
    return new DataKey(this, "clinical-key-dr", {
      names: { ...this.names, region: drRegion },
      dataClass: "clinical",
      accountId,
      statements: config.storage.crossRegionReplication ? filesStatements(config) : [],
      provider: this.drProvider(),
    }).arn;
  }

  private edgeLogsKey({ accountId, region }: EnvironmentConfig): string {
    if (region === US_EAST_1) return this.keyArns.logs;
    return new DataKey(this, "logs-key-us-east-1", {
      names: { ...this.names, region: US_EAST_1 },
      dataClass: "logs",
      accountId,
      provider: this.usEast1Provider(),
    }).arn;
  }
}

/** PostgreSQL's master: migrations and administration. In the secret and in the database alike. */
export const DATABASE_MASTER = "telemedicina_master";

function moreStatements(dataClass: DataClass, config: EnvironmentConfig): readonly PolicyStatement[] {
  switch (dataClass) {
    case "clinical":
      return filesStatements(config);
    case "application":
      // The topic that tells of deployments.
      return config.pipeline.repository === undefined ? [] : [topicKeyStatement];
    case "logs":
      return [];
  }
}

/** CloudFront opens patients' files where they are handed out by signed URL. */
function filesStatements({ accountId, cdn }: EnvironmentConfig): readonly PolicyStatement[] {
  return cdn.signedFiles.publicKeys.length === 0 ? [] : [decryptStatement({ accountId })];
}

function copiesToDrRegion({ storage, database }: EnvironmentConfig): boolean {
  return storage.crossRegionReplication || database.backupReplication;
}
