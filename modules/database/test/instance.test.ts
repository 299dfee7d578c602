import { describe, expect, it } from "vitest";
import { idIn, kmsKeyArn, made, replica, secretArn, synthesized, tagsOf, writer } from "./support.js";

const byDefault = synthesized();
const withReplicas = synthesized({ readReplicas: { a: {}, b: {} } });
const instances = withReplicas.all("aws_db_instance").map((block) => block.attributes);

describe("writer", () => {
  it("DB-02: is PostgreSQL 16, without a minor version", () => {
    expect(writer(byDefault)).toMatchObject({
      engine: "postgres",
      engine_version: "16",
      auto_minor_version_upgrade: true,
      allow_major_version_upgrade: false,
      engine_lifecycle_support: "open-source-rds-extended-support-disabled",
    });
  });

  it("DB-03: has 100 GiB of gp3 that grow to 500, without IOPS and throughput, which RDS refuses below 400 GiB", () => {
    expect(writer(byDefault)).toMatchObject({
      allocated_storage: 100,
      max_allocated_storage: 500,
      storage_type: "gp3",
    });
    for (const stack of [byDefault, withReplicas]) {
      for (const { attributes } of stack.all("aws_db_instance")) {
        expect(attributes["iops"]).toBeUndefined();
        expect(attributes["storage_throughput"]).toBeUndefined();
      }
    }
  });

  it("DB-03: takes IOPS and throughput from 400 GiB on, for replicas too", () => {
    const stack = synthesized({
      allocatedStorageGiB: 400,
      iops: 16_000,
      storageThroughputMiBps: 1000,
      readReplicas: { a: {} },
    });

    for (const { attributes } of stack.all("aws_db_instance")) {
      expect(attributes).toMatchObject({
        iops: 16_000,
        storage_throughput: 1000,
        max_allocated_storage: 2000,
      });
    }
  });

  it("DB-04: keeps automated backups 7 days by default, made in a window of their own", () => {
    expect(writer(byDefault)).toMatchObject({
      backup_retention_period: 7,
      backup_window: "06:00-06:30",
      maintenance_window: "sun:07:00-sun:08:00",
    });
  });

  it("RET-09: keeps automated backups 7 days by default, and as long as the environment says", () => {
    expect(writer(byDefault)["backup_retention_period"]).toBe(7);
    expect(writer(synthesized({ backupRetentionDays: 35 }))["backup_retention_period"]).toBe(35);
  });

  it("keeps automated backups when the instance is deleted", () => {
    expect(writer(byDefault)["delete_automated_backups"]).toBe(false);
  });

  it("RTO-02: has a standby in another zone and point-in-time recovery by default", () => {
    expect(writer(byDefault)["multi_az"]).toBe(true);
    expect(writer(byDefault)["backup_retention_period"]).toBeGreaterThanOrEqual(1);
  });

  it("takes what the environment says instead of the defaults", () => {
    const stack = synthesized({
      instanceClass: "db.r6g.large",
      multiAz: false,
      allocatedStorageGiB: 20,
      maxAllocatedStorageGiB: 30,
      backupRetentionDays: 14,
      backupWindow: "03:00-04:00",
      maintenanceWindow: "mon:05:00-mon:06:00",
      applyImmediately: true,
    });

    expect(writer(stack)).toMatchObject({
      instance_class: "db.r6g.large",
      multi_az: false,
      allocated_storage: 20,
      max_allocated_storage: 30,
      backup_retention_period: 14,
      backup_window: "03:00-04:00",
      maintenance_window: "mon:05:00-mon:06:00",
      apply_immediately: true,
    });
  });

  it("waits for the maintenance window with what needs a restart", () => {
    for (const instance of instances) expect(instance["apply_immediately"]).toBe(false);
  });

  it("stands in the subnets it is given, in a group of its own", () => {
    const group = byDefault.only("aws_db_subnet_group");

    expect(group).toMatchObject({
      name: "telemedicina-dev-db-subnet-group-us-east-1",
      subnet_ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    });
    expect(idIn(writer(byDefault)["db_subnet_group_name"])).toBe("subnet-group");
  });
});

describe("security of every instance", () => {
  it("has three instances to look at", () => expect(instances).toHaveLength(3));

  it("NET-08: is never public, and wears only the groups it is given", () => {
    for (const instance of instances) {
      expect(instance["publicly_accessible"]).toBe(false);
      expect(instance["vpc_security_group_ids"]).toEqual(["sg-0123456789abcdef0"]);
      expect(instance["network_type"]).toBe("IPV4");
      expect(instance["port"]).toBe(5432);
    }
  });

  it("is encrypted at rest, the writer with the key it is given; replicas take their source's", () => {
    for (const instance of instances) expect(instance["storage_encrypted"]).toBe(true);
    expect(writer(withReplicas)["kms_key_id"]).toBe(kmsKeyArn);
  });

  it("shows a certificate of the long-lived authority, and takes IAM logins", () => {
    for (const instance of instances) {
      expect(instance["ca_cert_identifier"]).toBe("rds-ca-rsa2048-g1");
      expect(instance["iam_database_authentication_enabled"]).toBe(true);
    }
  });

  it("DB-05: keeps Performance Insights 7 days, with our key and the mode, all set at creation", () => {
    for (const instance of instances) {
      expect(instance).toMatchObject({
        performance_insights_enabled: true,
        performance_insights_retention_period: 7,
        performance_insights_kms_key_id: kmsKeyArn,
        database_insights_mode: "standard",
      });
    }
  });

  it("keeps the advanced mode's 465 days on every instance", () => {
    const stack = synthesized({ databaseInsights: "advanced", readReplicas: { a: {} } });

    for (const { attributes } of stack.all("aws_db_instance")) {
      expect(attributes["performance_insights_retention_period"]).toBe(465);
      expect(attributes["database_insights_mode"]).toBe("advanced");
    }
  });
});

describe("deletion", () => {
  it("DB-13: is refused by RDS and by Terraform, and leaves a snapshot with a name that stays the same", () => {
    expect(writer(byDefault)).toMatchObject({
      deletion_protection: true,
      skip_final_snapshot: false,
      final_snapshot_identifier: "telemedicina-dev-rds-snapshot-final-us-east-1",
      copy_tags_to_snapshot: true,
      ca_cert_identifier: "rds-ca-rsa2048-g1",
      enabled_cloudwatch_logs_exports: ["postgresql", "upgrade"],
      lifecycle: { prevent_destroy: true },
    });
  });

  it("can be allowed for a reason, which the instance carries; the last snapshot stays", () => {
    const open = writer(synthesized({ deletionProtection: { on: false, reason: "Load test of October" } }));

    expect(open).toMatchObject({
      deletion_protection: false,
      skip_final_snapshot: false,
      lifecycle: { prevent_destroy: false },
    });
    expect(tagsOf(open)["Reason"]).toBe("Load test of October");
    expect(tagsOf(writer(byDefault))["Reason"]).toBeUndefined();
  });
});

describe("credentials", () => {
  it("DB-08: reads the password at apply time from the secret it is given, as a write-only argument", () => {
    const ephemeral = byDefault.document["ephemeral"] as {
      readonly aws_secretsmanager_secret_version: Record<string, { readonly secret_id: string }>;
    };
    const [[address, block] = ["", { secret_id: "" }]] = Object.entries(
      ephemeral.aws_secretsmanager_secret_version,
    );

    expect(block.secret_id).toContain(secretArn);
    expect(writer(byDefault)).toMatchObject({
      username: "telemedicina_master",
      password_wo: `\${jsondecode(ephemeral.aws_secretsmanager_secret_version.${address}.secret_string)["password"]}`,
      password_wo_version: 1,
    });
    expect(writer(byDefault)["manage_master_user_password"]).toBeUndefined();
  });

  it("gives RDS the new password when the version rises", () => {
    const credentials = { kind: "secret", secretArn, passwordVersion: 2, username: "owner" };

    expect(writer(synthesized({ credentials }))).toMatchObject({ username: "owner", password_wo_version: 2 });
  });

  it.each([
    ["our own secret", {}],
    ["RDS's secret", { credentials: { kind: "managed" } }],
  ])("DB-08: has no password in the JSON with %s", (_, changes) => {
    for (const { attributes } of synthesized({ ...changes }).all("aws_db_instance")) {
      expect(attributes["password"]).toBeUndefined();
    }
    expect(JSON.stringify(synthesized({ ...changes }).document)).not.toContain("random_password");
  });

  it("lets RDS keep the password where asked to, under our key, and shows its secret", () => {
    const { database, stack } = made({ credentials: { kind: "managed" } });

    expect(writer(stack)).toMatchObject({
      username: "telemedicina_master",
      manage_master_user_password: true,
      master_user_secret_kms_key_id: kmsKeyArn,
    });
    expect(writer(stack)["password_wo"]).toBeUndefined();
    expect(stack.document["ephemeral"]).toBeUndefined();
    expect(database.masterSecretArn).toContain("TfToken");
  });
});

describe("updates", () => {
  it("are made in place by default", () => {
    expect(writer(byDefault)["blue_green_update"]).toBeUndefined();
  });

  it("are made on a copy where asked to", () => {
    expect(writer(synthesized({ updateStrategy: "blueGreen" }))["blue_green_update"]).toEqual({
      enabled: true,
    });
  });
});

describe("restore", () => {
  it.each([
    [
      { from: "pointInTime", source: { identifier: "telemedicina-prod-rds-sa-east-1" }, time: "latest" },
      {
        source_db_instance_identifier: "telemedicina-prod-rds-sa-east-1",
        use_latest_restorable_time: true,
      },
    ],
    [
      { from: "pointInTime", source: { dbiResourceId: "db-ABC" }, time: "2026-03-01T04:30:00Z" },
      { source_dbi_resource_id: "db-ABC", restore_time: "2026-03-01T04:30:00Z" },
    ],
    [
      { from: "pointInTime", source: { automatedBackupsArn: "arn:backups" }, time: "latest" },
      { source_db_instance_automated_backups_arn: "arn:backups", use_latest_restorable_time: true },
    ],
  ])("takes data from automated backups: %o", (restore, block) => {
    const instance = writer(synthesized({ qualifier: "restored", restore }));

    expect(instance["restore_to_point_in_time"]).toEqual(block);
    expect(instance["snapshot_identifier"]).toBeUndefined();
    expect(instance["identifier"]).toBe("telemedicina-dev-rds-restored-us-east-1");
  });

  it("takes data from a snapshot", () => {
    const restore = { from: "snapshot", snapshotIdentifier: "before-migration" };
    const instance = writer(synthesized({ qualifier: "restored", restore }));

    expect(instance["snapshot_identifier"]).toBe("before-migration");
    expect(instance["restore_to_point_in_time"]).toBeUndefined();
  });

  it("changes nothing about an instance that exists, with or without it", () => {
    const restore = { from: "snapshot", snapshotIdentifier: "before-migration" };

    for (const stack of [byDefault, synthesized({ qualifier: "restored", restore })]) {
      expect(writer(stack)["lifecycle"]).toMatchObject({
        ignore_changes: ["snapshot_identifier", "restore_to_point_in_time"],
      });
    }
  });

  it("starts empty by default", () => {
    expect(writer(byDefault)["snapshot_identifier"]).toBeUndefined();
    expect(writer(byDefault)["restore_to_point_in_time"]).toBeUndefined();
  });
});

describe("names and tags", () => {
  it("TAG-01: names everything after project, environment, type and region", () => {
    expect(instances.map((instance) => instance["identifier"]).sort()).toEqual([
      "telemedicina-dev-rds-replica-a-us-east-1",
      "telemedicina-dev-rds-replica-b-us-east-1",
      "telemedicina-dev-rds-us-east-1",
    ]);
    expect(byDefault.only("aws_db_parameter_group")["name_prefix"]).toBe(
      "telemedicina-dev-db-parameter-group-postgres16-us-east-1-",
    );
  });

  it("tells a second database of the environment apart in every name", () => {
    const named = (qualifier: string | undefined) => {
      const stack = synthesized({ qualifier, readReplicas: { a: {} }, pooling: proxyPooling });
      return Object.keys(stack.document.resource ?? {})
        .flatMap((type) => stack.all(type))
        .flatMap(({ attributes }) => [
          attributes["name"],
          attributes["identifier"],
          attributes["name_prefix"],
          attributes["final_snapshot_identifier"],
        ])
        .filter((name) => typeof name === "string" && !name.startsWith("${") && name !== "read-secrets");
    };
    const first = named(undefined);
    const second = named("restored");

    expect(second).toHaveLength(first.length);
    expect(first.filter((name) => second.includes(name))).toEqual([]);
  });

  it("TAG-04: marks every instance as holding sensitive data, and the writer alone for AWS Backup", () => {
    for (const instance of instances) {
      expect(tagsOf(instance)).toMatchObject({ Tier: "database", DataClassification: "sensitive" });
    }
    expect(tagsOf(writer(withReplicas))["Backup"]).toBe("true");
    expect(tagsOf(replica(withReplicas, "a"))["Backup"]).toBeUndefined();
  });
});

const proxyPooling = {
  kind: "rdsProxy",
  secretArns: [secretArn],
  secretKmsKeyArn: kmsKeyArn,
  securityGroupIds: ["sg-0123456789abcdef1"],
};
