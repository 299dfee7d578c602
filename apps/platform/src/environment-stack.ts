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

/**
 * A stack of one environment: `<environment>-<area>`, bound to the environment's account, region
 * and state. Its id is the name of its directory, its workspace and, with the area, its state key.
 */
export abstract class EnvironmentStack extends TerraformStack {
  protected readonly names: NameScope;

  constructor(scope: Construct, config: EnvironmentConfig, area: string) {
    super(scope, `${config.name}-${area}`);
    this.names = { project: PROJECT, environment: config.name, region: config.region };
    requireVersions(this);
    configureBackend(this, stateBackend(this.names, config), stateKey(PROJECT, config.name, area));
    awsProvider(this, {
      region: config.region,
      accountId: config.accountId,
      defaultTags: mandatoryTags({
        owner: config.owner,
        environment: config.name,
        costCenter: config.costCenter,
        project: PROJECT,
      }),
      ...(config.assumeRoleArn === undefined ? {} : { assumeRoleArn: config.assumeRoleArn }),
    });
  }
}
