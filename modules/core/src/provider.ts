import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { TerraformStack } from "cdktf";

/** Oldest Terraform that has the S3 lock file, write-only arguments and ephemeral values. */
export const REQUIRED_TERRAFORM = ">= 1.11";

/**
 * The major that the bindings were generated from (6.25.0). 6.26.0 is the first that plans a write-only
 * secret without reading it back, which the plan role may not.
 */
export const REQUIRED_AWS_PROVIDER = ">= 6.26.0, < 7.0.0";

export interface AwsProviderProps {
  readonly region: string;
  /** The only account this stack may be applied to: credentials of another one are refused before anything is read. */
  readonly accountId: string;
  /** Tags on every taggable resource, see `mandatoryTags`. */
  readonly defaultTags: Readonly<Record<string, string>>;
  /** Role the provider assumes in the account. @default - the caller's own credentials */
  readonly assumeRoleArn?: string;
  /**
   * Name of a second configuration of the provider, such as `us_east_1`. Each costs a provider
   * process (about 3 s and 250 MB) at every plan: add one only where a resource needs it.
   * @default - the stack's default provider
   */
  readonly alias?: string;
}

/**
 * Pins Terraform and the AWS provider for a stack.
 *
 * The source is written out in full: the bindings say "aws", which other registries and OpenTofu
 * lock files resolve differently.
 */
export function requireVersions(stack: TerraformStack): void {
  stack.addOverride("terraform.required_version", REQUIRED_TERRAFORM);
  stack.addOverride("terraform.required_providers.aws", {
    source: "hashicorp/aws",
    version: REQUIRED_AWS_PROVIDER,
  });
}

/** An AWS provider configuration bound to one account. */
export function awsProvider(stack: TerraformStack, props: AwsProviderProps): AwsProvider {
  return new AwsProvider(stack, props.alias === undefined ? "aws" : `aws-${props.alias}`, {
    region: props.region,
    allowedAccountIds: [props.accountId],
    defaultTags: [{ tags: { ...props.defaultTags } }],
    ...(props.alias === undefined ? {} : { alias: props.alias }),
    ...(props.assumeRoleArn === undefined ? {} : { assumeRole: [{ roleArn: props.assumeRoleArn }] }),
  });
}
