import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { EnvironmentConfig } from "@telemedicina/config";
import {
  awsProvider,
  configureBackend,
  mandatoryTags,
  type NameScope,
  requireVersions,
  type StateBackend,
  stateBackend,
  stateKey,
  stateLocation,
} from "@telemedicina/core";
import { type App, TerraformOutput, TerraformStack } from "cdktf";
import { AccountBaseline } from "./account-baseline.js";
import type { AccountSingleton } from "./account-singleton.js";
import { DeployRoles } from "./deploy-roles.js";
import { IdentityProvider } from "./identity-provider.js";
import { platformAreas, stackName } from "./platform-areas.js";
import { PROJECT } from "./project.js";
import { githubTrust, hcpTrust, type RunnerTrust } from "./runner-trust.js";
import type { StateAccess } from "./state-access.js";
import { StateBucket } from "./state-bucket.js";
import { StateKey } from "./state-key.js";

const AREA = "bootstrap";

/**
 * What an account needs before anything else can be planned or applied there by a machine. An operator applies it,
 * once and after each change of it.
 */
export class BootstrapStack extends TerraformStack {
  constructor(scope: App, config: EnvironmentConfig) {
    super(scope, `${config.name}-${AREA}`);
    const names: NameScope = { project: PROJECT, environment: config.name, region: config.region };
    const backend = stateBackend(names, config);
    requireVersions(this);
    configureBackend(this, backend, stateKey(PROJECT, config.name, AREA));
    const provider = accountProvider(this, config);

    const state = stateStore(this, names, config, backend);
    deployRoles(this, names, config, state);
    new AccountBaseline(this, "baseline", {
      provider,
      drProvider: () => accountProvider(this, config, { alias: "dr", region: config.drRegion }),
      accountPublicAccessBlock: config.bootstrap.accountPublicAccessBlock,
      ebsEncryptionByDefault: config.bootstrap.ebsEncryptionByDefault,
      instanceMetadataDefaults: config.bootstrap.instanceMetadataDefaults,
    });
  }
}

function accountProvider(
  stack: TerraformStack,
  config: EnvironmentConfig,
  other?: { readonly alias: string; readonly region: string },
): AwsProvider {
  return awsProvider(stack, {
    region: other?.region ?? config.region,
    accountId: config.accountId,
    defaultTags: mandatoryTags({
      owner: config.owner,
      environment: config.name,
      costCenter: config.costCenter,
      project: PROJECT,
    }),
    ...(other === undefined ? {} : { alias: other.alias }),
    ...(config.assumeRoleArn === undefined ? {} : { assumeRoleArn: config.assumeRoleArn }),
  });
}

/** Only a state in S3 needs something in the account. */
function stateStore(
  stack: TerraformStack,
  names: NameScope,
  config: EnvironmentConfig,
  backend: StateBackend,
): StateAccess | undefined {
  if (backend.backend !== "s3") return undefined;
  const key = new StateKey(stack, "state-key", {
    alias: stateLocation(names, config.accountId).kmsAlias,
    accountId: config.accountId,
    region: config.region,
  });
  const bucket = new StateBucket(stack, "state-bucket", { bucket: backend.bucket, key });
  output(stack, "state_bucket", backend.bucket);
  output(stack, "state_kms_alias_arn", key.aliasArn);
  return {
    bucketArn: bucket.arn,
    keyPrefix: `${PROJECT}/${config.name}`,
    kmsKeyArn: key.arn,
    kmsAliasArn: key.aliasArn,
  };
}

function deployRoles(
  stack: TerraformStack,
  names: NameScope,
  config: EnvironmentConfig,
  state: StateAccess | undefined,
): void {
  const { trust, mode } = runner(config);
  const identityProvider = new IdentityProvider(stack, "identity-provider", {
    issuer: trust.issuer,
    audience: trust.audience,
    accountId: config.accountId,
    mode,
  });
  const application = applicationProvider(stack, config);
  const roles = new DeployRoles(stack, "deploy", {
    names,
    accountId: config.accountId,
    trust,
    identityProviderArn: identityProvider.arn,
    ...(application === undefined ? {} : { otherIdentityProviderArns: [application.arn] }),
    ...(state === undefined ? {} : { state }),
  });
  output(stack, "plan_role_arn", roles.planRoleArn);
  output(stack, "apply_role_arn", roles.applyRoleArn);
}

/**
 * What lets the application's own workflow in, which deploys with the trigger githubActions (apps/platform makes its
 * role). With the state elsewhere than in HCP Terraform the provider of the deploy roles is GitHub's already.
 */
function applicationProvider(stack: TerraformStack, config: EnvironmentConfig): IdentityProvider | undefined {
  const { trigger, repository } = config.pipeline;
  if (config.state.backend !== "hcp" || trigger !== "githubActions" || repository === undefined) {
    return undefined;
  }
  const { issuer, audience } = githubTrust(config.github, config.name);
  return new IdentityProvider(stack, "github-identity-provider", {
    issuer,
    audience,
    accountId: config.accountId,
    mode: config.bootstrap.githubOidcProvider,
  });
}

/** With its state in HCP Terraform an environment is run there, and GitHub gets none of the deploy roles. */
function runner(config: EnvironmentConfig): { readonly trust: RunnerTrust; readonly mode: AccountSingleton } {
  if (config.state.backend === "hcp") {
    const workspaces = platformAreas.map((area) => stackName(config.name, area));
    return { trust: hcpTrust(config.state, workspaces), mode: "create" };
  }
  return { trust: githubTrust(config.github, config.name), mode: config.bootstrap.githubOidcProvider };
}

function output(stack: TerraformStack, name: string, value: string): void {
  new TerraformOutput(stack, name, { value, staticId: true });
}
