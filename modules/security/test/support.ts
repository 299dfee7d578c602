import type { NameScope, PolicyStatement } from "@telemedicina/core";
import { type Attributes, type Block, type StackJson, synthStack } from "@telemedicina/core/testing";
import {
  ApplicationSecrets,
  type ApplicationSecretsProps,
  DataKey,
  type DataKeyProps,
  dataClassNames,
  GeneratedSecret,
  type GeneratedSecretProps,
} from "../src/index.js";

export const names: NameScope = {
  project: "telemedicina",
  environment: "development",
  region: "us-east-1",
};

export const accountId = "111111111111";

const kmsKeyArn = `arn:aws:kms:us-east-1:${accountId}:key/0f1e2d3c-4b5a-4697-8877-665544332211`;

export const keyProps: DataKeyProps = { names, dataClass: "application", accountId };

export const secretProps: GeneratedSecretProps = {
  names,
  purpose: "mail",
  description: "Mail: SMTP token",
  shape: { kind: "token" },
  kmsKeyArn,
  version: 1,
};

export const applicationProps: ApplicationSecretsProps = {
  names,
  kmsKeyArn,
  databaseUsername: "telemedicina",
};

/** A stack with one key in it. */
export function key(changes: Partial<DataKeyProps> = {}): StackJson {
  return synthStack((stack) => {
    new DataKey(stack, "key", { ...keyProps, ...changes });
  });
}

/** A stack with the key of every class in it. */
export function allKeys(): StackJson {
  return synthStack((stack) => {
    for (const dataClass of dataClassNames) new DataKey(stack, dataClass, { ...keyProps, dataClass });
  });
}

/** A stack with one secret in it. */
export function secret(changes: Partial<GeneratedSecretProps> = {}): StackJson {
  return synthStack((stack) => {
    new GeneratedSecret(stack, "secret", { ...secretProps, ...changes });
  });
}

/** A stack with the five secrets in it. */
export function secrets(changes: Partial<ApplicationSecretsProps> = {}): StackJson {
  return synthStack((stack) => {
    new ApplicationSecrets(stack, "secrets", { ...applicationProps, ...changes });
  });
}

export function statements(block: Block | undefined): readonly PolicyStatement[] {
  const policy = JSON.parse(String(block?.attributes["policy"])) as {
    readonly Statement: readonly PolicyStatement[];
  };
  return policy.Statement;
}

export function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** The random parts, by the id of their construct: `secrets_turn_static-auth-secret_1A2B3C4D` → `static-auth-secret`. */
export function drawn(json: StackJson): Readonly<Record<string, Attributes>> {
  const section = json.document["ephemeral"] as Record<string, Record<string, Attributes>> | undefined;
  const blocks = Object.entries(section?.["aws_secretsmanager_random_password"] ?? {});
  return Object.fromEntries(
    blocks.map(([name, { "//": _, ...attributes }]) => [
      /^\w+?_(?:[a-z-]+_)?([a-z-]+)_[0-9A-F]{8}$/.exec(name)?.[1] ?? name,
      attributes,
    ]),
  );
}
