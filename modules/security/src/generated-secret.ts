import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js";
import {
  faultsError,
  isReason,
  LONGEST_REASON,
  type NameScope,
  resourceName,
  resourceTags,
} from "@telemedicina/core";
import { Construct } from "constructs";
import {
  descriptionFaultText,
  reasonFaultText,
  recoveryFaultText,
  replicaRegionFaultText,
  versionFaultText,
} from "./errors.js";
import { type SecretShape, secretValue, shapeFaults } from "./secret-shapes.js";

/** Days; what Secrets Manager takes. */
const RECOVERY = { shortest: 7, longest: 30 };

/** EC2's limit for a tag's value holds for Secrets Manager too. */

const DESCRIPTION_MAX_LENGTH = 2048;

/** How long a deleted secret can be brought back. */
export type SecretRecovery =
  | { readonly window: "days" /** 7 to 30. */; readonly days: number }
  /** Gone at once, its name free at once: only where an environment is made to be thrown away. */
  | { readonly window: "none"; readonly reason: string };

/** A copy of the secret in another region, kept up to date by Secrets Manager. US$ 0.40 a month. */
export interface SecretReplica {
  readonly region: string;
  /** Key of that region. */
  readonly kmsKeyArn: string;
}

export interface GeneratedSecretProps {
  readonly names: NameScope;
  /** What it is for, in its name: lower-case letters, digits and hyphens. A change makes another secret with another value. */
  readonly purpose: string;
  /** What the secret opens, for people. Everybody can read it. */
  readonly description: string;
  readonly shape: SecretShape;
  /** Key that encrypts it. A change encrypts future values only. */
  readonly kmsKeyArn: string;
  /**
   * Version of the value, from 1. Another number makes a new value at the next apply; the old one stays readable
   * as AWSPREVIOUS until the change after that.
   */
  readonly version: number;
  /** @default { window: "days", days: 30 } */
  readonly recovery?: SecretRecovery;
  /** For recovery in another region. @default - none: with the region, the secret is lost */
  readonly replica?: SecretReplica;
}

/**
 * A secret whose value Terraform makes and nobody sees: it is in no JSON, plan, output or state. US$ 0.40 a month, and
 * 0.05 for 10,000 reads.
 *
 * A Laravel application key cannot be destroyed by Terraform: with it goes whatever the application has encrypted.
 */
export class GeneratedSecret extends Construct {
  /** Of the secret, with the six random characters at its end. The only form in which it should be named. */
  readonly arn: string;

  /** @throws one error with every fault of the props */
  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    const faults = secretFaults(props);
    if (faults.length > 0) throw faultsError(this.node.path, faults);
    const secret = this.secret(props);
    new SecretsmanagerSecretVersion(this, "version", {
      secretId: secret.id,
      secretStringWo: secretValue(this, props.shape),
      secretStringWoVersion: props.version,
    });
    this.arn = secret.arn;
  }

  private secret(props: GeneratedSecretProps): SecretsmanagerSecret {
    const name = resourceName(props.names, "secret", props.purpose);
    const recovery = props.recovery ?? { window: "days", days: RECOVERY.longest };
    const keepsData = props.shape.kind === "laravelAppKey" && recovery.window === "days";
    return new SecretsmanagerSecret(this, "secret", {
      name,
      description: props.description,
      kmsKeyId: props.kmsKeyArn,
      recoveryWindowInDays: recovery.window === "days" ? recovery.days : 0,
      ...(props.replica === undefined
        ? {}
        : { replica: [{ region: props.replica.region, kmsKeyId: props.replica.kmsKeyArn }] }),
      tags: {
        ...resourceTags(name, { dataClassification: "sensitive" }),
        ...(recovery.window === "none" ? { Reason: recovery.reason } : {}),
      },
      ...(keepsData ? { lifecycle: { preventDestroy: true } } : {}),
    });
  }
}

function secretFaults(props: GeneratedSecretProps): string[] {
  const { description, shape, version, recovery, replica, names } = props;
  return [
    ...descriptionFaults(description),
    ...shapeFaults("shape.username", shape),
    ...versionFaults("version", version),
    ...recoveryFaults(recovery),
    ...(replica?.region === names.region ? [replicaRegionFaultText(replica.region)] : []),
  ];
}

/** @param prop name of the version in the props that the fault speaks of */
export function versionFaults(prop: string, version: number): string[] {
  return Number.isSafeInteger(version) && version >= 1 ? [] : [versionFaultText(prop, version)];
}

function descriptionFaults(description: string): string[] {
  const sound =
    description.trim() !== "" && description.length <= DESCRIPTION_MAX_LENGTH && !/[$%]\{/.test(description);
  return sound ? [] : [descriptionFaultText(description, DESCRIPTION_MAX_LENGTH)];
}

export function recoveryFaults(recovery: SecretRecovery | undefined): string[] {
  if (recovery === undefined) return [];
  if (recovery.window === "none") {
    const { reason } = recovery;
    return isReason(reason) ? [] : [reasonFaultText(reason, LONGEST_REASON)];
  }
  const { days } = recovery;
  const { shortest, longest } = RECOVERY;
  const sound = Number.isInteger(days) && days >= shortest && days <= longest;
  return sound ? [] : [recoveryFaultText(days, shortest, longest)];
}
