import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { describe, expect, it } from "vitest";
import {
  appSecretArn,
  idIn,
  kmsKeyArn,
  logsKmsKeyArn,
  made,
  statements,
  synthesized,
  writer,
} from "./support.js";

const pooling = {
  kind: "rdsProxy",
  secretArns: [appSecretArn],
  secretKmsKeyArn: kmsKeyArn,
  securityGroupIds: ["sg-0123456789abcdef1"],
};
const proxied = synthesized({ pooling });

describe("pooling", () => {
  it("there is none by default", () => {
    const { database, stack } = made();

    expect(database.pooling).toEqual({ kind: "none" });
    expect(stack.all("aws_db_proxy")).toEqual([]);
  });
});

describe("RDS Proxy", () => {
  it("demands TLS, logs no statements, and checks passwords with SCRAM", () => {
    expect(proxied.only("aws_db_proxy")).toMatchObject({
      name: "telemedicina-dev-db-proxy-us-east-1",
      engine_family: "POSTGRESQL",
      require_tls: true,
      debug_logging: false,
      idle_client_timeout: 1800,
      vpc_subnet_ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
      vpc_security_group_ids: ["sg-0123456789abcdef1"],
      auth: [
        {
          auth_scheme: "SECRETS",
          secret_arn: appSecretArn,
          iam_auth: "DISABLED",
          client_password_auth_type: "POSTGRES_SCRAM_SHA_256",
        },
      ],
    });
  });

  it("stands before the writer and leaves a fifth of the connections to migrations and people", () => {
    const stack = synthesized({ pooling, readReplicas: { a: {} } });
    const target = stack.only("aws_db_proxy_target");

    expect(idIn(target["db_instance_identifier"])).toBe("instance");
    expect(idIn(target["db_proxy_name"])).toBe("proxy");
    expect(idIn(target["target_group_name"])).toBe("proxy_target-group");
    expect(stack.only("aws_db_proxy_default_target_group")["connection_pool_config"]).toEqual({
      max_connections_percent: 80,
      max_idle_connections_percent: 40,
      connection_borrow_timeout: 30,
    });
  });

  it("takes other figures", () => {
    const stack = synthesized({
      pooling: {
        ...pooling,
        subnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
        requireIam: true,
        maxConnectionsPercent: 60,
        maxIdleConnectionsPercent: 10,
        connectionBorrowTimeoutSeconds: 5,
        idleClientTimeoutSeconds: 600,
        ignoreVariableSets: true,
      },
    });

    expect(stack.only("aws_db_proxy")).toMatchObject({
      idle_client_timeout: 600,
      vpc_subnet_ids: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
      auth: [{ iam_auth: "REQUIRED" }],
    });
    expect(stack.only("aws_db_proxy_default_target_group")["connection_pool_config"]).toEqual({
      max_connections_percent: 60,
      max_idle_connections_percent: 10,
      connection_borrow_timeout: 5,
      session_pinning_filters: ["EXCLUDE_VARIABLE_SETS"],
    });
  });

  it("writes to a log group that is made before it", () => {
    const group = proxied
      .all("aws_cloudwatch_log_group")
      .find((block) => block.attributes["name"] === "/aws/rds/proxy/telemedicina-dev-db-proxy-us-east-1");

    expect(group?.attributes).toMatchObject({
      retention_in_days: 90,
      kms_key_id: logsKmsKeyArn,
      tags: { DataClassification: "sensitive" },
    });
    expect(proxied.only("aws_db_proxy")["depends_on"]).toContain(group?.address);
  });

  it("may read its secrets and nothing else, for this account's proxies alone", () => {
    const role = proxied.all("aws_iam_role").find((block) => block.address.includes("_proxy_role_"));

    expect(statements(role?.attributes["assume_role_policy"])).toEqual([
      {
        Sid: "OwnProxies",
        Effect: "Allow",
        Principal: { Service: "rds.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "111111111111" },
          ArnLike: { "aws:SourceArn": "arn:aws:rds:us-east-1:111111111111:db-proxy:*" },
        },
      },
    ]);
    expect(statements(proxied.only("aws_iam_role_policy")["policy"])).toEqual([
      {
        Sid: "ReadItsSecrets",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: [appSecretArn],
      },
      {
        Sid: "DecryptThem",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: kmsKeyArn,
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } },
      },
    ]);
  });

  it("shows its endpoint beside the writer's, which migrations use", () => {
    const { database } = made({ pooling });

    expect(database.pooling).toMatchObject({
      kind: "rdsProxy",
      name: "telemedicina-dev-db-proxy-us-east-1",
      endpoint: { port: 5432 },
      logGroupName: "/aws/rds/proxy/telemedicina-dev-db-proxy-us-east-1",
    });
    if (database.pooling.kind !== "rdsProxy") throw new Error("No proxy");
    expect(database.pooling.endpoint.address).not.toBe(database.writer.address);
  });
});

describe("PgBouncer", () => {
  it("makes nothing here and hands its figures on; in transaction mode PDO has to emulate prepares", () => {
    const { database, stack } = made({
      pooling: { kind: "pgbouncer", poolMode: "transaction", maxHosts: 4 },
    });

    expect(stack.addresses()).toEqual(synthesized().addresses());
    expect(database.pooling).toEqual({
      kind: "pgbouncer",
      settings: {
        poolMode: "transaction",
        maxPreparedStatements: 0,
        defaultPoolSize: 20,
        maxClientConnections: 500,
        emulatePrepares: true,
      },
    });
  });

  it.each([
    ["session", 0, false],
    ["session", 100, false],
    ["transaction", 0, true],
    ["transaction", 100, false],
  ])(
    "T-31: in %s mode with %i prepared statements kept, PDO must emulate them: %s",
    (poolMode, kept, emulate) => {
      const { database } = made({
        pooling: { kind: "pgbouncer", poolMode, maxPreparedStatements: kept, maxHosts: 1 },
      });

      expect(database.pooling).toMatchObject({ settings: { emulatePrepares: emulate } });
    },
  );
});

describe("backups in a second region", () => {
  const replicated = (retentionDays?: number) =>
    made({}, (stack) => ({
      backupReplication: {
        provider: new AwsProvider(stack, "dr", { region: "us-west-2", alias: "dr" }),
        kmsKeyArn: "arn:aws:kms:us-west-2:111111111111:key/0a1b2c3d-0000-0000-0000-000000000000",
        retentionDays,
      },
    })).stack.only("aws_db_instance_automated_backups_replication");

  it("are copied there under a key of that region, and kept as long as the originals", () => {
    const copies = replicated();

    expect(copies).toMatchObject({
      provider: "aws.dr",
      kms_key_id: "arn:aws:kms:us-west-2:111111111111:key/0a1b2c3d-0000-0000-0000-000000000000",
      retention_period: 7,
    });
    expect(idIn(copies["source_db_instance_arn"])).toBe("instance");
  });

  it("are kept as long as the environment says", () => {
    expect(replicated(35)["retention_period"]).toBe(35);
  });

  it("are not made by default", () => {
    expect(synthesized().all("aws_db_instance_automated_backups_replication")).toEqual([]);
    expect(writer(synthesized())["backup_retention_period"]).toBe(7);
  });
});
