import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance/index.js";
import { ports } from "@telemedicina/core";
import { logTypes } from "./log-groups.js";
import type { MonitoringRole } from "./monitoring-role.js";
import type { DatabaseSettings } from "./settings.js";

/** The authority that signs the server's certificate: 2048-bit RSA, good for a century, renewed by RDS without a restart. */
const CERTIFICATE_AUTHORITY = "rds-ca-rsa2048-g1";

/** What Performance Insights accepts with each mode: the free week, or the 15 months that the advanced one demands. */
const insightsRetentionDays = { standard: 7, advanced: 465 } as const;

export interface InstanceSurroundings {
  readonly parameterGroupName: string;
  readonly logGroups: readonly CloudwatchLogGroup[];
  /** None where Enhanced Monitoring is off. */
  readonly monitoringRole: MonitoringRole | undefined;
}

/** What the writer and its replicas have in common. */
export function commonArguments(settings: DatabaseSettings, around: InstanceSurroundings) {
  const { storage, databaseInsights, monitoringIntervalSeconds } = settings;
  return {
    port: ports.postgresql,
    networkType: "IPV4",
    publiclyAccessible: false,
    vpcSecurityGroupIds: [...settings.securityGroupIds],
    caCertIdentifier: CERTIFICATE_AUTHORITY,
    iamDatabaseAuthenticationEnabled: true,

    storageType: "gp3",
    storageEncrypted: true,
    maxAllocatedStorage: storage.maxAllocatedGiB,
    ...(storage.iops === undefined ? {} : { iops: storage.iops }),
    ...(storage.throughputMiBps === undefined ? {} : { storageThroughput: storage.throughputMiBps }),

    parameterGroupName: around.parameterGroupName,
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    applyImmediately: settings.applyImmediately,
    maintenanceWindow: settings.maintenanceWindow,
    copyTagsToSnapshot: true,

    enabledCloudwatchLogsExports: [...logTypes],
    monitoringInterval: monitoringIntervalSeconds,
    ...(around.monitoringRole === undefined ? {} : { monitoringRoleArn: around.monitoringRole.arn }),
    // All four at once: later the key cannot change, and the mode not without the retention.
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: settings.kmsKeyArn,
    performanceInsightsRetentionPeriod: insightsRetentionDays[databaseInsights],
    databaseInsightsMode: databaseInsights,

    dependsOn: [
      ...around.logGroups,
      ...(around.monitoringRole === undefined ? [] : [around.monitoringRole.permission]),
    ],
  } satisfies Partial<DbInstanceConfig>;
}
