import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { DbInstance } from "@cdktf/provider-aws/lib/db-instance/index.js";
import { DbProxy } from "@cdktf/provider-aws/lib/db-proxy/index.js";
import { DbProxyDefaultTargetGroup } from "@cdktf/provider-aws/lib/db-proxy-default-target-group/index.js";
import { DbProxyTarget } from "@cdktf/provider-aws/lib/db-proxy-target/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { type NameScope, policyDocument, resourceName, resourceTags } from "@telemedicina/core";
import { Construct } from "constructs";
import type { RdsProxySettings } from "./pooling.js";

export interface RdsProxyProps {
  readonly names: NameScope;
  readonly accountId: string;
  readonly qualifier: string | undefined;
  readonly proxy: RdsProxySettings;
  readonly database: DbInstance;
  readonly logRetentionDays: number;
  readonly logKmsKeyArn: string;
}

/** RDS Proxy in front of the writer. */
export class RdsProxy extends Construct {
  readonly name: string;
  readonly endpoint: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: RdsProxyProps) {
    super(scope, id);
    const { proxy } = props;
    this.name = resourceName(props.names, "db-proxy", props.qualifier);
    this.logGroupName = `/aws/rds/proxy/${this.name}`;
    const logGroup = this.logGroup(props);
    const role = this.role(props);
    const permission = new IamRolePolicy(this, "read-secrets", {
      name: "read-secrets",
      role: role.id,
      policy: secretsPolicy(proxy, props.names.region),
    });
    const dbProxy = this.proxy(proxy, role, [logGroup, permission]);
    this.target(proxy, dbProxy, props.database);
    this.endpoint = dbProxy.endpoint;
  }

  private logGroup({ logRetentionDays, logKmsKeyArn }: RdsProxyProps): CloudwatchLogGroup {
    return new CloudwatchLogGroup(this, "log-group", {
      name: this.logGroupName,
      retentionInDays: logRetentionDays,
      kmsKeyId: logKmsKeyArn,
      tags: resourceTags(this.logGroupName, { tier: "database", dataClassification: "sensitive" }),
    });
  }

  private role({ names, accountId, qualifier }: RdsProxyProps): IamRole {
    const name = resourceName(names, "role", qualifier === undefined ? "db-proxy" : `${qualifier}-db-proxy`);
    return new IamRole(this, "role", {
      name,
      description: "Lets RDS Proxy read the secrets of its users",
      assumeRolePolicy: trustPolicy(accountId, names.region),
      tags: resourceTags(name),
    });
  }

  private proxy(
    proxy: RdsProxySettings,
    role: IamRole,
    dependsOn: (CloudwatchLogGroup | IamRolePolicy)[],
  ): DbProxy {
    return new DbProxy(this, "proxy", {
      name: this.name,
      engineFamily: "POSTGRESQL",
      roleArn: role.arn,
      vpcSubnetIds: [...proxy.subnetIds],
      vpcSecurityGroupIds: [...proxy.securityGroupIds],
      requireTls: true,
      // It would log every statement, patients' data with it.
      debugLogging: false,
      idleClientTimeout: proxy.idleClientTimeoutSeconds,
      auth: proxy.secretArns.map((secretArn) => ({
        authScheme: "SECRETS",
        secretArn,
        iamAuth: proxy.requireIam ? "REQUIRED" : "DISABLED",
        clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
      })),
      tags: resourceTags(this.name, { tier: "database", dataClassification: "sensitive" }),
      dependsOn,
    });
  }

  private target(proxy: RdsProxySettings, dbProxy: DbProxy, database: DbInstance): void {
    const group = new DbProxyDefaultTargetGroup(this, "target-group", {
      dbProxyName: dbProxy.name,
      connectionPoolConfig: {
        maxConnectionsPercent: proxy.maxConnectionsPercent,
        maxIdleConnectionsPercent: proxy.maxIdleConnectionsPercent,
        connectionBorrowTimeout: proxy.connectionBorrowTimeoutSeconds,
        ...(proxy.ignoreVariableSets ? { sessionPinningFilters: ["EXCLUDE_VARIABLE_SETS"] } : {}),
      },
    });
    new DbProxyTarget(this, "target", {
      dbProxyName: dbProxy.name,
      targetGroupName: group.name,
      dbInstanceIdentifier: database.identifier,
    });
  }
}

/** Only for this account's proxies. */
function trustPolicy(accountId: string, region: string): string {
  return policyDocument([
    {
      Sid: "OwnProxies",
      Effect: "Allow",
      Principal: { Service: "rds.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": `arn:aws:rds:${region}:${accountId}:db-proxy:*` },
      },
    },
  ]);
}

function secretsPolicy({ secretArns, secretKmsKeyArn }: RdsProxySettings, region: string): string {
  return policyDocument([
    {
      Sid: "ReadItsSecrets",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: [...secretArns],
    },
    {
      Sid: "DecryptThem",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: secretKmsKeyArn,
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
    },
  ]);
}
