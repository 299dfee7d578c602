import type { NameScope } from "@telemedicina/core";
import { faultsError } from "@telemedicina/core";
import { Construct } from "constructs";
import { replicaRegionFaultText, unknownVersionFaultText } from "./errors.js";
import {
  GeneratedSecret,
  recoveryFaults,
  type SecretRecovery,
  type SecretReplica,
  versionFaults,
} from "./generated-secret.js";
import { type SecretShape, shapeFaults } from "./secret-shapes.js";

/** The secrets of every environment. */
type CommonSecretName = "database" | "redis" | "appKey" | "reverb" | "turn";

/**
 * The values of the header by which a public load balancer knows CloudFront. It accepts both, so that the one which is
 * not sent can be changed, then sent, then the other changed.
 */
type OriginHeaderName = "originHeaderA" | "originHeaderB";

/** The secrets of one environment. */
export type ApplicationSecretName = CommonSecretName | OriginHeaderName;

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
  originHeaderA: {
    purpose: "origin-header-a",
    description: "CloudFront: a value of the header that the load balancer asks for",
    shape: () => ({ kind: "token" }),
  },
  originHeaderB: {
    purpose: "origin-header-b",
    description: "CloudFront: the other value of the header that the load balancer asks for",
    shape: () => ({ kind: "token" }),
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
  /** For recovery in another region. As much again. @default - none */
  readonly replica?: SecretReplica;
  /**
   * Whether a public load balancer stands behind CloudFront: two more secrets, US$ 0.80 a month.
   * @default false
   */
  readonly originHeaders?: boolean;
}

/** ARNs of the secrets; those of the header only where they were asked for. */
export type ApplicationSecretArns = Readonly<Record<CommonSecretName, string>> &
  Readonly<Partial<Record<OriginHeaderName, string>>>;

/** The five secrets of an environment, US$ 2 a month: database, Redis, APP_KEY, Reverb, TURN; and CloudFront's two. */
export class ApplicationSecrets extends Construct {
  readonly arns: ApplicationSecretArns;

  /** @throws one error with every fault of the props */
  constructor(scope: Construct, id: string, props: ApplicationSecretsProps) {
    super(scope, id);
    const faults = applicationFaults(props);
    if (faults.length > 0) throw faultsError(this.node.path, faults);
    this.arns = {
      database: this.secret("database", props),
      redis: this.secret("redis", props),
      appKey: this.secret("appKey", props),
      reverb: this.secret("reverb", props),
      turn: this.secret("turn", props),
      ...(props.originHeaders === true
        ? {
            originHeaderA: this.secret("originHeaderA", props),
            originHeaderB: this.secret("originHeaderB", props),
          }
        : {}),
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
