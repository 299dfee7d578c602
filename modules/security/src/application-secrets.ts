import type { NameScope } from "@telemedicina/core";
import { Construct } from "constructs";
import { replicaRegionFaultText, securityError, unknownVersionFaultText } from "./errors.js";
import {
  GeneratedSecret,
  recoveryFaults,
  type SecretRecovery,
  type SecretReplica,
  versionFaults,
} from "./generated-secret.js";
import { type SecretShape, shapeFaults } from "./secret-shapes.js";

/** The secrets of one environment. */
export type ApplicationSecretName = "database" | "redis" | "appKey" | "reverb" | "turn";

interface ApplicationSecret {
  /** In the secret's name. */
  readonly purpose: string;
  readonly description: string;
  shape(props: ApplicationSecretsProps): SecretShape;
}

const applicationSecrets: Readonly<Record<ApplicationSecretName, ApplicationSecret>> = {
  database: {
    purpose: "database",
    description: "PostgreSQL: username and password, JSON",
    shape: ({ databaseUsername }) => ({ kind: "password", username: databaseUsername }),
  },
  redis: {
    purpose: "redis",
    description: "Redis: AUTH token",
    shape: () => ({ kind: "token" }),
  },
  appKey: {
    purpose: "app-key",
    description: "Laravel: APP_KEY. Without it nothing that the application encrypted can be read",
    shape: () => ({ kind: "laravelAppKey" }),
  },
  reverb: {
    purpose: "reverb",
    description: "Reverb: app_id, app_key and app_secret, JSON",
    shape: () => ({ kind: "reverb" }),
  },
  turn: {
    purpose: "turn",
    description: "coturn: static-auth-secret, which signs the credentials of calls",
    shape: () => ({ kind: "turn" }),
  },
};

/** In the order in which they are made. */
export const applicationSecretNames = Object.keys(applicationSecrets) as readonly ApplicationSecretName[];

export interface ApplicationSecretsProps {
  readonly names: NameScope;
  /** Key that encrypts them: the one of the application class. */
  readonly kmsKeyArn: string;
  /** User of the database. A change alone stores nothing: count `versions.database` up with it. */
  readonly databaseUsername: string;
  /** Versions of the values, from 1. @default 1 for each */
  readonly versions?: Readonly<Partial<Record<ApplicationSecretName, number>>>;
  /** @default { window: "days", days: 30 } */
  readonly recovery?: SecretRecovery;
  /** For recovery in another region. Five secrets, US$ 2 a month. @default - none */
  readonly replica?: SecretReplica;
}

/** The five secrets of an environment, US$ 2 a month: database, Redis, APP_KEY, Reverb, TURN. */
export class ApplicationSecrets extends Construct {
  readonly arns: Readonly<Record<ApplicationSecretName, string>>;

  /** @throws one error with every fault of the props */
  constructor(scope: Construct, id: string, props: ApplicationSecretsProps) {
    super(scope, id);
    const faults = applicationFaults(props);
    if (faults.length > 0) throw securityError(this.node.path, faults);
    this.arns = {
      database: this.secret("database", props),
      redis: this.secret("redis", props),
      appKey: this.secret("appKey", props),
      reverb: this.secret("reverb", props),
      turn: this.secret("turn", props),
    };
  }

  private secret(name: ApplicationSecretName, props: ApplicationSecretsProps): string {
    const { purpose, description, shape } = applicationSecrets[name];
    return new GeneratedSecret(this, purpose, {
      names: props.names,
      purpose,
      description,
      shape: shape(props),
      kmsKeyArn: props.kmsKeyArn,
      version: props.versions?.[name] ?? 1,
      ...(props.recovery === undefined ? {} : { recovery: props.recovery }),
      ...(props.replica === undefined ? {} : { replica: props.replica }),
    }).arn;
  }
}

function applicationFaults(props: ApplicationSecretsProps): string[] {
  const { names, databaseUsername, versions = {}, recovery, replica } = props;
  const given = Object.entries(versions);
  return [
    ...shapeFaults("databaseUsername", { kind: "password", username: databaseUsername }),
    ...given
      .filter(([name]) => !applicationSecretNames.some((known) => known === name))
      .map(([name]) => unknownVersionFaultText(name, applicationSecretNames)),
    ...given.flatMap(([name, version]) => versionFaults(`versions.${name}`, version)),
    ...recoveryFaults(recovery),
    ...(replica?.region === names.region ? [replicaRegionFaultText(replica.region)] : []),
  ];
}
