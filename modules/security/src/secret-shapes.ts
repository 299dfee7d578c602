import { ephemeralRandomPassword } from "@telemedicina/core";
import type { Construct } from "constructs";
import { usernameFaultText } from "./errors.js";

/** What is in a secret. */
export type SecretShape =
  | DatabasePassword
  | { readonly kind: "token" }
  | { readonly kind: "laravelAppKey" }
  | { readonly kind: "reverb" }
  | { readonly kind: "turn" };

/** JSON `{username, password}`, as RDS Proxy and the AWS libraries expect it. */
export interface DatabasePassword {
  readonly kind: "password";
  /** Not secret: it stands in the JSON. 1 to 63 lower-case letters, digits and `_`. */
  readonly username: string;
}

/**
 * Letters and digits only, so that a value is the same in JSON, in a `.env` file, in a URL, in turnserver.conf and in a
 * shell. RDS refuses some punctuation, ElastiCache most. Length makes up for it: 40 such characters hold 238 bits.
 */
const LETTERS_AND_DIGITS = { exclude: ["punctuation"] } as const;

/** The value as a Terraform template of ephemeral references; what is random is made below `scope`. */
export function secretValue(scope: Construct, shape: SecretShape): string {
  switch (shape.kind) {
    case "password":
      return jsonObject({
        username: shape.username,
        password: ephemeralRandomPassword(scope, "password", { length: 40, ...LETTERS_AND_DIGITS }),
      });
    // ElastiCache takes 16 to 128 characters.
    case "token":
      return ephemeralRandomPassword(scope, "token", { length: 64, ...LETTERS_AND_DIGITS });
    case "laravelAppKey":
      return laravelAppKey(scope);
    case "reverb":
      return reverb(scope);
    case "turn":
      return ephemeralRandomPassword(scope, "static-auth-secret", { length: 64, ...LETTERS_AND_DIGITS });
  }
}

/** @param prop name of the shape in the props that the fault speaks of */
export function shapeFaults(prop: string, shape: SecretShape): string[] {
  if (shape.kind !== "password") return [];
  const { username } = shape;
  const sound = /^(?!pg_)[a-z][a-z0-9_]{0,62}$/.test(username) && !["admin", "rdsadmin"].includes(username);
  return sound ? [] : [usernameFaultText(prop, username)];
}

/** AES-256 needs 32 bytes with nothing to guess: the hash of 381 bits of chance, where 32 characters hold 190. */
function laravelAppKey(scope: Construct): string {
  const seed = ephemeralRandomPassword(scope, "seed", { length: 64, ...LETTERS_AND_DIGITS });
  return `base64:\${base64sha256("${seed}")}`;
}

/** Id and key are public, they stand in the browser's code and in paths; the secret signs. */
function reverb(scope: Construct): string {
  const lower = { exclude: ["punctuation", "uppercase"] } as const;
  return jsonObject({
    app_id: ephemeralRandomPassword(scope, "app-id", { length: 12, ...lower }),
    app_key: ephemeralRandomPassword(scope, "app-key", { length: 32, ...lower }),
    app_secret: ephemeralRandomPassword(scope, "app-secret", { length: 64, ...LETTERS_AND_DIGITS }),
  });
}

/** Terraform's own JSON, since the values are unknown here. Values are templates without quotes in them. */
function jsonObject(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([key, value]) => `"${key}" = "${value}"`);
  return `\${jsonencode({${pairs.join(", ")}})}`;
}
