/** The state in the account, for policies that speak of it. */
export interface StateAccess {
  readonly bucketArn: string;
  /** First part of every state key of the environment, without a slash at the end. */
  readonly keyPrefix: string;
  readonly kmsKeyArn: string;
  readonly kmsAliasArn: string;
}
