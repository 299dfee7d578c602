import { describe, expect, it } from "vitest";
import { connectionAlarmThreshold, defaultMaxConnections, mostConnections } from "../src/index.js";
import { idIn, made, parameters, synthesized } from "./support.js";

const byDefault = synthesized();

describe("parameter group", () => {
  it("DB-06: tunes PostgreSQL 16 for Laravel, audits, demands TLS and pins max_connections", () => {
    expect(byDefault.only("aws_db_parameter_group")["family"]).toBe("postgres16");
    expect(parameters(byDefault)).toEqual([
      "autovacuum_analyze_scale_factor 0.02 immediate",
      "autovacuum_vacuum_scale_factor 0.05 immediate",
      "idle_in_transaction_session_timeout 60000 immediate",
      "log_autovacuum_min_duration 10000 immediate",
      "log_connections 1 immediate",
      "log_disconnections 1 immediate",
      "log_lock_waits 1 immediate",
      "log_min_duration_statement 1000 immediate",
      "log_temp_files 10240 immediate",
      "max_connections 400 pending-reboot",
      "pgaudit.log ddl,role immediate",
      "pgaudit.role rds_pgaudit immediate",
      "random_page_cost 1.1 immediate",
      "rds.force_ssl 1 immediate",
      "shared_preload_libraries pg_stat_statements,pgaudit pending-reboot",
      "ssl_min_protocol_version TLSv1.2 immediate",
      "track_io_timing 1 immediate",
    ]);
  });

  it("loads pgaudit, audits who changes roles and tables, and whoever touches a table granted to rds_pgaudit", () => {
    const found = parameters(byDefault);

    expect(found).toContain("shared_preload_libraries pg_stat_statements,pgaudit pending-reboot");
    expect(found).toContain("pgaudit.log ddl,role immediate");
    expect(found).toContain("pgaudit.role rds_pgaudit immediate");
  });

  it("T-38: sends the audit of reads to CloudWatch Logs, which CloudTrail does not see", () => {
    for (const { attributes } of byDefault.all("aws_db_instance")) {
      expect(attributes["enabled_cloudwatch_logs_exports"]).toContain("postgresql");
    }
    expect(parameters(byDefault)).toContain("pgaudit.role rds_pgaudit immediate");
  });

  it("audits what the environment says, or only granted tables", () => {
    expect(parameters(synthesized({ auditClasses: ["read", "write"] }))).toContain(
      "pgaudit.log read,write immediate",
    );
    expect(parameters(synthesized({ auditClasses: [] }))).toContain("pgaudit.log none immediate");
  });

  it("serves the writer and every replica, since a standby must allow as many connections", () => {
    const stack = synthesized({ readReplicas: { a: {}, b: {} } });

    expect(stack.all("aws_db_instance")).toHaveLength(3);
    for (const { attributes } of stack.all("aws_db_instance")) {
      expect(idIn(attributes["parameter_group_name"])).toBe("parameter-group");
    }
  });

  it("is made anew before the old one goes, under a name of its own: one in use cannot be deleted", () => {
    const group = byDefault.only("aws_db_parameter_group");

    expect(group["lifecycle"]).toEqual({ create_before_destroy: true });
    expect(group["name"]).toBeUndefined();
    expect(group["name_prefix"]).toContain("postgres16");
  });

  it("takes further parameters and other values, and another limit for slow queries", () => {
    const stack = synthesized({
      slowQueryMilliseconds: 250,
      parameters: {
        work_mem: { value: "16384", applyMethod: "immediate" },
        random_page_cost: { value: "1.5", applyMethod: "immediate" },
      },
    });

    expect(parameters(stack)).toEqual(
      expect.arrayContaining([
        "work_mem 16384 immediate",
        "random_page_cost 1.5 immediate",
        "log_min_duration_statement 250 immediate",
      ]),
    );
  });

  it("replicates logically for blue/green updates, and only then", () => {
    const logical = "rds.logical_replication 1 pending-reboot";

    expect(parameters(synthesized({ updateStrategy: "blueGreen" }))).toContain(logical);
    expect(parameters(byDefault)).not.toContain(logical);
  });
});

describe("connections", () => {
  it("T-40: pins max_connections, and the alarm's threshold comes from the same figure", () => {
    const { database, stack } = made();

    expect(parameters(stack)).toContain(`max_connections ${database.maxConnections} pending-reboot`);
    expect(database.maxConnections).toBe(400);
    expect(database.connectionAlarmThreshold).toBe(320);
  });

  it("T-40: follows what the environment says", () => {
    const { database, stack } = made({ maxConnections: 123 });

    expect(parameters(stack)).toContain("max_connections 123 pending-reboot");
    expect(database.maxConnections).toBe(123);
    expect(database.connectionAlarmThreshold).toBe(98);
  });

  it.each([
    ["db.t3.micro", 101, 100],
    ["db.t3.small", 202, 200],
    ["db.t4g.medium", 405, 400],
    ["db.m6g.large", 811, 800],
    ["db.r6g.large", 1622, 1600],
    ["db.r6g.2xlarge", 5000, 5000],
  ])("%s carries %i connections and gets %i", (instanceClass, most, pinned) => {
    expect(mostConnections(instanceClass)).toBe(most);
    expect(defaultMaxConnections(instanceClass)).toBe(pinned);
  });

  it.each(["db.x9.large", "db.t3.nano", "db.t3", ""])("does not guess for %s", (instanceClass) => {
    expect(mostConnections(instanceClass)).toBeUndefined();
    expect(defaultMaxConnections(instanceClass)).toBeUndefined();
  });

  it("rings at 80 % of any figure", () => {
    expect([10, 100, 450].map(connectionAlarmThreshold)).toEqual([8, 80, 360]);
  });
});
