import type { NameScope } from "@telemedicina/core";
import type { Companion, Strategy } from "./strategy.js";
import type { Trigger } from "./trigger.js";

export interface DeploymentsBucket {
  readonly bucketName: string;
  /** Key that encrypts it. Its policy must let this account use it through S3. */
  readonly kmsKeyArn: string;
}

export interface Topic {
  readonly arn: string;
  /** Key that encrypts it. Its policy needs `topicKeyStatement`. @default - none */
  readonly kmsKeyArn?: string | undefined;
}

export interface DeliveryLogs {
  /** Its policy must let `logs.<region>.amazonaws.com` use it. */
  readonly kmsKeyArn: string;
  /** A period CloudWatch Logs knows. Shorter deletes what is older. @default 90 */
  readonly retentionDays?: number | undefined;
}

export interface DeliveryProps {
  /** What names are made of. A change replaces all; CodeDeploy's history, which rollbacks go by, is lost. */
  readonly names: NameScope;
  /** Account of the environment, 12 digits. */
  readonly accountId: string;
  readonly trigger: Trigger;
  readonly strategy: Strategy;
  /**
   * Fleets without a load balancer, deployed to before the one that serves. The key is in names and construct ids:
   * contract. @default - none
   */
  readonly companions?: Readonly<Record<string, Companion>> | undefined;
  /** Where releases are. Hosts have to be able to read it. */
  readonly deployments: DeploymentsBucket;
  /**
   * Where style sheets and scripts go. The build adds new files, the step after a deployment those that keep their name;
   * neither deletes anything: open pages still ask for the old ones.
   */
  readonly assetsBucketName: string;
  /** CloudFront distribution before it; the step after a deployment may invalidate this one. @default - none, and no right to any */
  readonly distributionId?: string | undefined;
  /** Parameter that holds the application contract, with the `VITE_` lines; the build may read it. @default - none */
  readonly contractParameterName?: string | undefined;
  /** Who is told of failures and successes. Its policy needs `topicStatement`, or it gets nothing. */
  readonly topic: Topic;
  readonly logs: DeliveryLogs;
  /** Upper bound of what the roles may ever do. @default - none */
  readonly permissionsBoundaryArn?: string | undefined;
}
