import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { EnvironmentConfig } from "@telemedicina/config";
import {
  awsProvider,
  configureBackend,
  mandatoryTags,
  type NameScope,
  requireVersions,
  stateBackend,
  stateKey,
} from "@telemedicina/core";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** First segment of every name; also the first of every state key. */
const PROJECT = "telemedicina";

/** Home of everything that CloudFront takes from a region. */
export const US_EAST_1 = "us-east-1";

/**
 * A stack of one environment: `<environment>-<area>`, bound to the environment's account, region
 * and state. Its id is the name of its directory, its workspace and, with the area, its state key.
 */
export abstract class EnvironmentStack extends TerraformStack {
  protected readonly names: NameScope;
  /** Those that the provider sets on what it makes, for what is made by others: instances of a group, their volumes. */
  protected readonly mandatoryTags: Readonly<Record<string, string>>;

  private readonly homeProvider: AwsProvider;

  constructor(
    scope: Construct,
    private readonly config: EnvironmentConfig,
    area: string,
  ) {
    super(scope, `${config.name}-${area}`);
    const { owner, name: environment, costCenter } = config;
    this.mandatoryTags = mandatoryTags({ owner, environment, costCenter, project: PROJECT });
    this.names = { project: PROJECT, environment: config.name, region: config.region };
    requireVersions(this);
    configureBackend(this, stateBackend(this.names, config), stateKey(PROJECT, config.name, area));
    this.homeProvider = this.provider(config.region);
  }

  /**
   * A second provider, for the disaster recovery region. It costs each plan another provider process, so
   * only stacks that put something there ask for it, once.
   */
  protected drProvider(): AwsProvider {
    return this.provider(this.config.drRegion, "dr");
  }

  /**
   * A provider for us-east-1, where CloudFront's certificate, firewall, logs of requests and health metrics live. The
   * environment's own when that is its region.
   */
  protected usEast1Provider(): AwsProvider {
    return this.config.region === US_EAST_1 ? this.homeProvider : this.provider(US_EAST_1, "us_east_1");
  }

  private provider(region: string, alias?: string): AwsProvider {
    const { accountId, assumeRoleArn } = this.config;
    return awsProvider(this, {
      region,
      accountId,
      defaultTags: this.mandatoryTags,
      ...(alias === undefined ? {} : { alias }),
      ...(assumeRoleArn === undefined ? {} : { assumeRoleArn }),
    });
  }
}
