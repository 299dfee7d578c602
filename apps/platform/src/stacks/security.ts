import type { EnvironmentConfig } from "@telemedicina/config";
import {
  type ApplicationSecretArns,
  ApplicationSecrets,
  type DataClass,
  DataKey,
} from "@telemedicina/security";
import type { Construct } from "constructs";
import { EnvironmentStack } from "../environment-stack.js";

/** Keys by class of data, and the secrets that Terraform makes without ever seeing them. */
export class SecurityStack extends EnvironmentStack {
  /** ARNs of the keys in the environment's region. */
  readonly keyArns: Readonly<Record<DataClass, string>>;
  /** Key of clinical data in the disaster recovery region, where anything is copied there. */
  readonly drClinicalKeyArn: string | undefined;
  readonly secretArns: ApplicationSecretArns;

  constructor(scope: Construct, config: EnvironmentConfig) {
    super(scope, config, "security");
    this.keyArns = {
      clinical: this.key("clinical", config),
      application: this.key("application", config),
      logs: this.key("logs", config),
    };
    this.drClinicalKeyArn = copiesToDrRegion(config) ? this.drKey(config) : undefined;
    this.secretArns = new ApplicationSecrets(this, "secrets", {
      names: this.names,
      kmsKeyArn: this.keyArns.application,
      databaseUsername: DATABASE_MASTER,
      versions: config.security.secretVersions,
      recovery: { window: "days", days: config.security.secretRecoveryDays },
      originHeaders: config.network.loadBalancerIngress.from === "cloudfront",
    }).arns;
  }

  private key(dataClass: DataClass, { accountId }: EnvironmentConfig): string {
    return new DataKey(this, `${dataClass}-key`, { names: this.names, dataClass, accountId }).arn;
  }

  private drKey({ accountId, drRegion }: EnvironmentConfig): string {
    return new DataKey(this, "clinical-key-dr", {
      names: { ...this.names, region: drRegion },
      dataClass: "clinical",
      accountId,
      provider: this.drProvider(),
    }).arn;
  }
}

/** PostgreSQL's master: migrations and administration. In the secret and in the database alike. */
export const DATABASE_MASTER = "telemedicina_master";

function copiesToDrRegion({ storage, database }: EnvironmentConfig): boolean {
  return storage.crossRegionReplication || database.backupReplication;
}
