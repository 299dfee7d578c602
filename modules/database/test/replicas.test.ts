import { describe, expect, it } from "vitest";
import { idIn, logsKmsKeyArn, made, replica, synthesized, writer } from "./support.js";

const two = synthesized({ readReplicas: { a: { availabilityZoneId: "use1-az1" }, b: {} } });

describe("read replicas", () => {
  it("there are none by default", () => {
    expect(synthesized().all("aws_db_instance")).toHaveLength(1);
  });

  it("DB-09: replicate the writer, one for each key", () => {
    for (const key of ["a", "b"]) {
      const instance = replica(two, key);
      expect(idIn(instance["replicate_source_db"])).toBe("instance");
      expect(instance["identifier"]).toBe(`telemedicina-dev-rds-replica-${key}-us-east-1`);
    }
    expect(two.all("aws_db_instance")).toHaveLength(3);
  });

  it("have nothing that RDS refuses on a replica", () => {
    for (const key of ["a", "b"]) {
      for (const attribute of [
        "engine",
        "engine_version",
        "username",
        "password",
        "password_wo",
        "manage_master_user_password",
        "db_name",
        "allocated_storage",
        "db_subnet_group_name",
        "kms_key_id",
        "final_snapshot_identifier",
        "backup_window",
        "blue_green_update",
      ]) {
        expect(replica(two, key)[attribute], attribute).toBeUndefined();
      }
    }
  });

  it("are deleted without a snapshot, and make no backups of their own", () => {
    expect(replica(two, "a")).toMatchObject({
      skip_final_snapshot: true,
      backup_retention_period: 0,
      deletion_protection: false,
    });
  });

  it("repeat that they are encrypted, or every plan would replace them", () => {
    expect(replica(two, "a")["storage_encrypted"]).toBe(true);
  });

  it("stand in the zone they are given by its id, or where RDS chooses", () => {
    expect(two.allData("aws_availability_zone").map((block) => block.attributes["zone_id"])).toEqual([
      "use1-az1",
    ]);
    expect(idIn(replica(two, "a")["availability_zone"])).toBe("replica-a_zone");
    expect(replica(two, "b")["availability_zone"]).toBeUndefined();
  });

  it("take the writer's class and no standby, or what they are given", () => {
    const stack = synthesized({
      readReplicas: { a: { instanceClass: "db.r6g.large", multiAz: true }, b: {} },
    });

    expect(replica(stack, "a")).toMatchObject({ instance_class: "db.r6g.large", multi_az: true });
    expect(replica(stack, "b")).toMatchObject({ instance_class: "db.t3.medium", multi_az: false });
  });

  it("taking one away touches no other", () => {
    const one = synthesized({ readReplicas: { b: {} } });
    const gone = two.addresses().filter((address) => !one.addresses().includes(address));

    expect(gone.length).toBeGreaterThan(0);
    for (const address of gone) expect(address).toContain("replica-a");
    for (const address of one.addresses()) expect(one.at(address), address).toEqual(two.at(address));
  });

  it("show their endpoints by key, and themselves to alarms as literals", () => {
    const { database } = made({ readReplicas: { a: {}, b: { instanceClass: "db.r6g.large" } } });

    expect(Object.keys(database.readers)).toEqual(["a", "b"]);
    expect(database.readers["a"]?.address).not.toBe(database.readers["b"]?.address);
    expect(database.readers["a"]?.port).toBe(5432);
    expect(database.members).toEqual({
      writer: {
        identifier: "telemedicina-dev-rds-us-east-1",
        role: "writer",
        instanceClass: "db.t3.medium",
        logGroupNames: [
          "/aws/rds/instance/telemedicina-dev-rds-us-east-1/postgresql",
          "/aws/rds/instance/telemedicina-dev-rds-us-east-1/upgrade",
        ],
      },
      a: {
        identifier: "telemedicina-dev-rds-replica-a-us-east-1",
        role: "reader",
        instanceClass: "db.t3.medium",
        logGroupNames: [
          "/aws/rds/instance/telemedicina-dev-rds-replica-a-us-east-1/postgresql",
          "/aws/rds/instance/telemedicina-dev-rds-replica-a-us-east-1/upgrade",
        ],
      },
      b: {
        identifier: "telemedicina-dev-rds-replica-b-us-east-1",
        role: "reader",
        instanceClass: "db.r6g.large",
        logGroupNames: [
          "/aws/rds/instance/telemedicina-dev-rds-replica-b-us-east-1/postgresql",
          "/aws/rds/instance/telemedicina-dev-rds-replica-b-us-east-1/upgrade",
        ],
      },
    });
  });
});

describe("logs and monitoring", () => {
  it("DB-13: exports the logs of every instance to groups that are made before it", () => {
    for (const { attributes } of two.all("aws_db_instance")) {
      const groups = two
        .all("aws_cloudwatch_log_group")
        .filter((block) =>
          String(block.attributes["name"]).startsWith(`/aws/rds/instance/${attributes["identifier"]}/`),
        );
      expect(attributes["enabled_cloudwatch_logs_exports"]).toEqual(["postgresql", "upgrade"]);
      expect(groups.map((block) => String(block.attributes["name"]).split("/").at(-1))).toEqual([
        "postgresql",
        "upgrade",
      ]);
      expect(attributes["depends_on"]).toEqual(expect.arrayContaining(groups.map((block) => block.address)));
    }
  });

  it("keeps them 90 days under our key, or as long as the environment says", () => {
    const groups = two.all("aws_cloudwatch_log_group");

    expect(groups).toHaveLength(6);
    for (const { attributes } of groups) {
      expect(attributes["retention_in_days"]).toBe(90);
      expect(attributes["kms_key_id"]).toBe(logsKmsKeyArn);
      expect(attributes["tags"]).toMatchObject({ DataClassification: "sensitive" });
    }
    for (const { attributes } of synthesized({ logRetentionDays: 365 }).all("aws_cloudwatch_log_group")) {
      expect(attributes["retention_in_days"]).toBe(365);
    }
  });

  it("watches the operating system of every instance each minute", () => {
    for (const { attributes } of two.all("aws_db_instance")) {
      expect(attributes["monitoring_interval"]).toBe(60);
      expect(idIn(attributes["monitoring_role_arn"])).toBe("monitoring_role");
      expect(attributes["depends_on"]).toContainEqual(
        expect.stringContaining("aws_iam_role_policy_attachment.database_monitoring_permission_"),
      );
    }
  });

  it("needs no role where it does not watch", () => {
    const stack = synthesized({ monitoringIntervalSeconds: 0 });

    expect(stack.all("aws_iam_role")).toEqual([]);
    expect(writer(stack)["monitoring_interval"]).toBe(0);
    expect(writer(stack)["monitoring_role_arn"]).toBeUndefined();
  });

  it("lets RDS take the role for this account's instances alone", () => {
    const role = two.only("aws_iam_role");

    expect(JSON.parse(String(role["assume_role_policy"])).Statement).toEqual([
      {
        Sid: "OwnInstances",
        Effect: "Allow",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "111111111111" },
          ArnLike: { "aws:SourceArn": "arn:aws:rds:us-east-1:111111111111:db:*" },
        },
      },
    ]);
    expect(two.only("aws_iam_role_policy_attachment")["policy_arn"]).toBe(
      "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    );
  });
});
