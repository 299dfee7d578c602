import type { HcpState, LocalState, StateBackend } from "./backend.js";
import { bucketName, environmentSegment, type NameScope } from "./names.js";

/** Where the state of one environment's stacks is kept in its own account. */
export interface StateLocation {
  readonly bucket: string;
  /** Name of the alias, with its prefix `alias/`. */
  readonly kmsAlias: string;
  /** ARN of that alias: known before the key exists, so a backend can name it at synth time. */
  readonly kmsKeyArn: string;
}

/**
 * The state bucket and key that the bootstrap app makes and every other stack's backend uses.
 *
 * The alias names the environment, not the region: an account keeps the state of one environment in one region.
 */
export function stateLocation(scope: NameScope, accountId: string): StateLocation {
  const kmsAlias = `alias/${scope.project}-${environmentSegment(scope.environment)}-tfstate`;
  return {
    bucket: bucketName(scope, "tfstate", accountId),
    kmsAlias,
    kmsKeyArn: `arn:aws:kms:${scope.region}:${accountId}:${kmsAlias}`,
  };
}

/** What an environment says about its state. */
export interface StateChoice {
  readonly accountId: string;
  /** Role the backend assumes. @default - the caller's own credentials */
  readonly assumeRoleArn?: string;
  /** An S3 state may name its bucket. @default - the bucket of {@link stateLocation} */
  readonly state: { readonly backend: "s3"; readonly bucket?: string } | HcpState | LocalState;
}

/** An environment's choice as a complete backend, the same for the stack that makes the bucket and those that use it. */
export function stateBackend(scope: NameScope, choice: StateChoice): StateBackend {
  if (choice.state.backend !== "s3") return choice.state;
  const location = stateLocation(scope, choice.accountId);
  return {
    backend: "s3",
    bucket: choice.state.bucket ?? location.bucket,
    region: scope.region,
    accountId: choice.accountId,
    kmsKeyArn: location.kmsKeyArn,
    ...(choice.assumeRoleArn === undefined ? {} : { assumeRoleArn: choice.assumeRoleArn }),
  };
}
