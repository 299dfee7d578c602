export {
  type ApplicationSecretArns,
  type ApplicationSecretName,
  ApplicationSecrets,
  type ApplicationSecretsProps,
  applicationSecretNames,
} from "./application-secrets.js";
export {
  type DataClass,
  type DataClassRule,
  dataClasses,
  dataClassNames,
  type KeyPrincipal,
  type KeyService,
} from "./data-classes.js";
export { DataKey, type DataKeyProps } from "./data-key.js";
export {
  GeneratedSecret,
  type GeneratedSecretProps,
  type SecretRecovery,
  type SecretReplica,
} from "./generated-secret.js";
export type { DatabasePassword, SecretShape } from "./secret-shapes.js";
