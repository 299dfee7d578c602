import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/** Kinds of characters that Secrets Manager draws from. */
export type PasswordCharacters = "lowercase" | "uppercase" | "numbers" | "punctuation";

export interface RandomPasswordOptions {
  /** Number of characters. */
  readonly length: number;
  /** Kinds of characters that must not occur. @default - all four kinds, each at least once */
  readonly exclude?: readonly PasswordCharacters[];
}

/**
 * A random password that exists only while Terraform runs, for write-only arguments.
 *
 * Each plan and each apply draws a new one; what is stored changes only when the `*_wo_version`
 * beside the write-only argument does. Within one apply every use of the reference has the same value.
 *
 * @returns the reference `${ephemeral.….random_password}`. Terraform refuses it where it would be kept.
 */
export function ephemeralRandomPassword(
  scope: Construct,
  id: string,
  options: RandomPasswordOptions,
): string {
  const excluded = (options.exclude ?? []).map((kind) => [`exclude_${kind}`, true] as const);
  const password = new EphemeralResource(scope, id, "aws_secretsmanager_random_password", {
    password_length: options.length,
    ...Object.fromEntries(excluded),
  });
  return `\${${password.address}.random_password}`;
}

/**
 * The current value of a secret of another stack, read at apply time only, for write-only arguments.
 *
 * A plan does not read it: planning needs no right to see secrets, and works before the secret has a
 * value. The consumer's `*_wo_version` must rise with the secret's version, or it keeps the old value.
 *
 * @param jsonKey a key of the secret, where it is a JSON object. @default - the whole secret
 * @returns the reference to the string. Terraform refuses it where it would be kept.
 */
export function ephemeralSecretVersion(
  scope: Construct,
  id: string,
  secretArn: string,
  jsonKey?: string,
): string {
  const version = new EphemeralResource(scope, id, "aws_secretsmanager_secret_version", {
    // timestamp() is unknown until apply, so Terraform cannot open the secret earlier; nothing of it is left in the id.
    secret_id: `${secretArn}\${substr(timestamp(), 0, 0)}`,
  });
  const text = `${version.address}.secret_string`;
  return jsonKey === undefined ? `\${${text}}` : `\${jsondecode(${text})[${JSON.stringify(jsonKey)}]}`;
}

/** An `ephemeral` block: the engine has no class for it. */
class EphemeralResource extends TerraformElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly type: string,
    private readonly attributes: Readonly<Record<string, unknown>>,
  ) {
    super(scope, id);
  }

  /** Stable, and unique in the stack, because it is made of the construct's path. */
  get address(): string {
    return `ephemeral.${this.type}.${this.friendlyUniqueId}`;
  }

  override toTerraform(): object {
    const block = { ...this.attributes, "//": this.constructNodeMetadata };
    return { ephemeral: { [this.type]: { [this.friendlyUniqueId]: block } } };
  }
}
