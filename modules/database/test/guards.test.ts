import { describe, expect, expectTypeOf, it } from "vitest";
import type { DatabaseProps } from "../src/index.js";
import { appSecretArn, type Changes, kmsKeyArn, one, secretArn, synthesized } from "./support.js";

const managed = { kind: "managed" };
const proxy = {
  kind: "rdsProxy",
  secretArns: [appSecretArn],
  secretKmsKeyArn: kmsKeyArn,
  securityGroupIds: ["sg-0123456789abcdef1"],
};
const copies = { provider: undefined, kmsKeyArn };

/** What is refused, and the whole message. */
const refused: readonly (readonly [string, Changes, string])[] = [
  [
    "replicas with RDS's own password",
    { credentials: managed, readReplicas: { a: {}, b: {} } },
    'credentials.kind is "managed" and readReplicas has a, b. RDS makes no replica of a PostgreSQL instance whose password it manages itself. Use credentials { kind: "secret", … } with a secret of your own, or no replicas.',
  ],
  [
    "blue/green with RDS's own password",
    { credentials: managed, updateStrategy: "blueGreen" },
    'credentials.kind is "managed" and updateStrategy is "blueGreen". RDS makes no blue/green deployment of an instance whose password it manages itself. Use credentials { kind: "secret", … } with a secret of your own, or updateStrategy "inPlace".',
  ],
  [
    "blue/green with replicas",
    { updateStrategy: "blueGreen", readReplicas: { a: {} } },
    'updateStrategy is "blueGreen" and readReplicas has a. The provider\'s blue/green update does not know replicas: after the switch they would follow the old instance. Use updateStrategy "inPlace", or take the replicas away for the time of the update.',
  ],
  [
    "replicas without backups",
    { backupRetentionDays: 0, readReplicas: { a: {} } },
    "backupRetentionDays is 0 and readReplicas has a, which stands on automated backups. Allowed: 1 to 35 days. 0 also gives up point-in-time recovery.",
  ],
  [
    "blue/green without backups",
    { backupRetentionDays: 0, updateStrategy: "blueGreen" },
    'backupRetentionDays is 0 and updateStrategy is "blueGreen", which stands on automated backups. Allowed: 1 to 35 days. 0 also gives up point-in-time recovery.',
  ],
  [
    "copies of backups without backups",
    { backupRetentionDays: 0, backupReplication: copies },
    "backupRetentionDays is 0 and backupReplication is given, which stands on automated backups. Allowed: 1 to 35 days. 0 also gives up point-in-time recovery.",
  ],
  [
    "backups beyond what RDS keeps",
    { backupRetentionDays: 36 },
    "backupRetentionDays is 36. Allowed: a whole number from 0 to 35.",
  ],
  [
    "copies of backups that are not kept",
    { backupReplication: { ...copies, retentionDays: 0 } },
    "backupReplication.retentionDays is 0. Allowed: a whole number from 1 to 35.",
  ],
  [
    "too little storage",
    { allocatedStorageGiB: 19 },
    "allocatedStorageGiB is 19. Allowed: a whole number from 20 to 65536.",
  ],
  [
    "autoscaling that cannot scale",
    { maxAllocatedStorageGiB: 109 },
    "maxAllocatedStorageGiB is 109 with allocatedStorageGiB 100. Allowed: 110 to 65536, since RDS wants at least 10 % above what is allocated. Storage autoscaling stops there; storage never shrinks again.",
  ],
  [
    "IOPS below 400 GiB",
    { allocatedStorageGiB: 399, iops: 12_000 },
    "iops is 12000 with allocatedStorageGiB 399. RDS takes it for PostgreSQL on gp3 only from 400 GiB on; below that the volume has 3000 IOPS and 125 MiB/s. Remove iops, or allocate 400 GiB.",
  ],
  [
    "throughput below 400 GiB",
    { storageThroughputMiBps: 500 },
    "storageThroughputMiBps is 500 with allocatedStorageGiB 100. RDS takes it for PostgreSQL on gp3 only from 400 GiB on; below that the volume has 3000 IOPS and 125 MiB/s. Remove storageThroughputMiBps, or allocate 400 GiB.",
  ],
  [
    "fewer IOPS than the four volumes have",
    { allocatedStorageGiB: 400, iops: 11_999 },
    "iops is 11999. Allowed: a whole number from 12000 to 64000.",
  ],
  [
    "throughput that the IOPS do not carry",
    { allocatedStorageGiB: 400, iops: 12_000, storageThroughputMiBps: 3001 },
    "storageThroughputMiBps is 3001 with 12000 IOPS. Allowed: at most a quarter of the IOPS, here 3000. Raise iops, or lower storageThroughputMiBps.",
  ],
  [
    "a backup window that is none",
    { backupWindow: "6:00-06:30" },
    'backupWindow is "6:00-06:30". Allowed: two times of day such as 06:00-06:30, in UTC.',
  ],
  [
    "a maintenance window that is none",
    { maintenanceWindow: "07:00-08:00" },
    'maintenanceWindow is "07:00-08:00". Allowed: two moments of the week such as sun:07:00-sun:08:00, in UTC.',
  ],
  [
    "a backup window that is too short",
    { backupWindow: "06:00-06:29" },
    'backupWindow "06:00-06:29" lasts 29 minutes. Allowed: 30 minutes to 24 hours.',
  ],
  [
    "a maintenance window that is too long",
    { maintenanceWindow: "sun:07:00-mon:07:01", backupWindow: "06:00-06:30" },
    'maintenanceWindow "sun:07:00-mon:07:01" lasts 1441 minutes. Allowed: 30 minutes to 24 hours.\n  - test/database: maintenanceWindow "sun:07:00-mon:07:01" and backupWindow "06:00-06:30" overlap. RDS refuses that: a backup would meet a restart. The backup window is every day\'s, also past midnight. Move one.',
  ],
  [
    "windows that meet",
    { backupWindow: "07:30-08:30" },
    'maintenanceWindow "sun:07:00-sun:08:00" and backupWindow "07:30-08:30" overlap. RDS refuses that: a backup would meet a restart. The backup window is every day\'s, also past midnight. Move one.',
  ],
  [
    "windows that meet past the end of the week",
    { backupWindow: "23:45-00:15", maintenanceWindow: "mon:00:00-mon:01:00" },
    'maintenanceWindow "mon:00:00-mon:01:00" and backupWindow "23:45-00:15" overlap. RDS refuses that: a backup would meet a restart. The backup window is every day\'s, also past midnight. Move one.',
  ],
  [
    "more connections than the memory carries",
    { maxConnections: 406 },
    "maxConnections is 406 on db.t3.medium. Allowed: 10 to 405, what its memory carries (one connection for every 9531392 bytes, less a tenth for the system). Lower maxConnections, choose a larger class, or put a pooler in front.",
  ],
  [
    "a class whose memory is unknown",
    { instanceClass: "db.x9.large" },
    'instanceClass is "db.x9.large", whose memory is not in the table, so maxConnections cannot be derived. Give maxConnections, or add the family to modules/database/src/instance-memory.ts.',
  ],
  [
    "what is no class",
    { instanceClass: "t3.medium", maxConnections: 100 },
    'instanceClass is "t3.medium". Allowed: an RDS instance class such as db.t3.medium.',
  ],
  [
    "a replica that carries fewer connections than its source",
    { instanceClass: "db.m6g.large", readReplicas: { a: { instanceClass: "db.t3.medium" } } },
    "readReplicas.a.instanceClass is db.t3.medium, whose memory carries 405 connections, and the writer has maxConnections 800. A PostgreSQL standby needs as many as its source, or replication stops. Choose a larger class for the replica, or lower maxConnections.",
  ],
  [
    "more connections than the memory carries, once for a writer and its replicas",
    { maxConnections: 406, readReplicas: { a: {} } },
    "maxConnections is 406 on db.t3.medium. Allowed: 10 to 405, what its memory carries (one connection for every 9531392 bytes, less a tenth for the system). Lower maxConnections, choose a larger class, or put a pooler in front.",
  ],
  [
    "a position as a replica's key",
    { readReplicas: { "0": {} } },
    'readReplicas has the key "0". Allowed: a letter and up to 9 letters or digits, in lower case, such as a, and not writer. It stands in the replica\'s identifier and address, so it must never be a position in a list.',
  ],
  [
    "a replica that calls itself the writer",
    { readReplicas: { writer: {} } },
    'readReplicas has the key "writer". Allowed: a letter and up to 9 letters or digits, in lower case, such as a, and not writer. It stands in the replica\'s identifier and address, so it must never be a position in a list.',
  ],
  [
    "more replicas than RDS makes",
    { readReplicas: Object.fromEntries([..."abcdefghijklmnop"].map((key) => [key, {}])) },
    "readReplicas has 16 entries. Allowed: up to 15, RDS for PostgreSQL's limit for one source.",
  ],
  [
    "one subnet",
    { subnetIds: ["subnet-0123456789abcdef0"] },
    "subnetIds has 1. Allowed: at least 2, in two zones. RDS takes no fewer.",
  ],
  [
    "no security group, which would be the VPC's own",
    { securityGroupIds: [] },
    "securityGroupIds is empty. Allowed: at least one security group.",
  ],
  [
    "an audit class that pgaudit does not know",
    { auditClasses: ["select"] },
    'auditClasses is "select". Allowed: ddl, function, misc, read, role, write.',
  ],
  [
    "a limit for slow queries below 0, which would log none",
    { slowQueryMilliseconds: -1 },
    "slowQueryMilliseconds is -1. Allowed: a whole number from 0 to 2147483647.",
  ],
  [
    "a user that RDS keeps for itself",
    { credentials: { kind: "secret", secretArn, passwordVersion: 1, username: "rdsadmin" } },
    'credentials.username is "rdsadmin". Allowed: a letter and up to 62 letters, digits or underscores, in lower case, not admin, rdsadmin, public nor pg_…, which RDS keeps for itself. A change replaces the database.',
  ],
  [
    "a password version that cannot rise",
    { credentials: { kind: "secret", secretArn, passwordVersion: 0 } },
    "credentials.passwordVersion is 0. Allowed: a whole number from 1 to 2147483647.",
  ],
  [
    "credentials of another kind",
    { credentials: { kind: "iamOnly" } },
    'credentials.kind is "iamOnly". Allowed: secret, managed.',
  ],
  [
    "a database name with a hyphen",
    { databaseName: "tele-medicina" },
    'databaseName is "tele-medicina". Allowed: a letter and up to 62 letters, digits or underscores, in lower case, not postgres, template0, template1 nor rdsadmin. A change replaces the database.',
  ],
  [
    "deletion without a reason",
    { deletionProtection: { on: false, reason: " " } },
    'deletionProtection.reason is " ". Allowed: 1 to 256 letters, digits, spaces and . : / = + - @ _ (it becomes a tag of the instance). Say why this database may be deleted.',
  ],
  [
    "logs for ever",
    { logRetentionDays: 0 },
    "logRetentionDays is 0. Allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.",
  ],
  [
    "an interval that RDS does not know",
    { monitoringIntervalSeconds: 20 },
    "monitoringIntervalSeconds is 20. Allowed: 0, 1, 5, 10, 15, 30, 60.",
  ],
  [
    "insights of another mode",
    { databaseInsights: "full" },
    'databaseInsights is "full". Allowed: standard, advanced.',
  ],
  [
    "another way to update",
    { updateStrategy: "rolling" },
    'updateStrategy is "rolling". Allowed: inPlace, blueGreen.',
  ],
  [
    "a restore onto itself",
    {
      restore: {
        from: "pointInTime",
        source: { identifier: "telemedicina-dev-rds-us-east-1" },
        time: "latest",
      },
    },
    'restore.source.identifier is "telemedicina-dev-rds-us-east-1", the identifier of this very database. RDS restores only into a new instance. Give this one a qualifier such as "restored" and keep the old one until its data is checked.',
  ],
  [
    "a moment without its zone",
    { restore: { from: "pointInTime", source: { dbiResourceId: "db-A" }, time: "2026-03-01 04:30" } },
    'restore.time is "2026-03-01 04:30". Allowed: "latest", or a moment in UTC such as 2026-03-01T04:30:00Z. aws rds describe-db-instances shows LatestRestorableTime.',
  ],
  [
    "a day that does not exist",
    { restore: { from: "pointInTime", source: { dbiResourceId: "db-A" }, time: "2026-02-30T04:30:00Z" } },
    'restore.time is "2026-02-30T04:30:00Z". Allowed: "latest", or a moment in UTC such as 2026-03-01T04:30:00Z. aws rds describe-db-instances shows LatestRestorableTime.',
  ],
  [
    "a pooler of another kind",
    { pooling: { kind: "pgpool" } },
    'pooling.kind is "pgpool". Allowed: none, rdsProxy, pgbouncer.',
  ],
  [
    "a proxy for nobody",
    { pooling: { ...proxy, secretArns: [] } },
    "pooling.secretArns is empty. Allowed: at least one secret.",
  ],
  [
    "a proxy without a group",
    { pooling: { ...proxy, securityGroupIds: [] } },
    "pooling.securityGroupIds is empty. Allowed: at least one security group.",
  ],
  [
    "a proxy in one zone",
    { pooling: { ...proxy, subnetIds: ["subnet-0123456789abcdef0"] } },
    "pooling.subnetIds has 1. Allowed: at least 2, in two zones. RDS takes no fewer.",
  ],
  [
    "a proxy that keeps more idle connections than it may open",
    { pooling: { ...proxy, maxConnectionsPercent: 30 } },
    "pooling.maxIdleConnectionsPercent is 40. Allowed: a whole number from 0 to 30.",
  ],
  [
    "pools that together trip the alarm",
    { pooling: { kind: "pgbouncer", poolMode: "transaction", maxHosts: 17 } },
    "pooling.defaultPoolSize 20 on maxHosts 17 hosts can open 340 connections. Allowed: at most 320, where the alarm on connections rings. Lower defaultPoolSize, or raise maxConnections.",
  ],
  [
    "a pool mode that Laravel does not survive",
    { pooling: { kind: "pgbouncer", poolMode: "statement", maxHosts: 1 } },
    'pooling.poolMode is "statement". Allowed: transaction, session.',
  ],
];

describe("guards", () => {
  it.each(refused)("fails for %s", (_, changes, fault) => {
    const count = fault.split("\n").length;
    const expected =
      count === 1 ? one(fault) : new Error(`test/database has ${count} faults:\n  - test/database: ${fault}`);

    expect(() => synthesized(changes)).toThrow(expected);
  });

  it.each([
    ["max_connections", "Set maxConnections instead: the alarm's threshold comes from the same figure."],
    ["rds.force_ssl", "It stays on: patients' data never travels in clear text."],
    ["ssl_min_protocol_version", "It stays at TLS 1.2."],
    [
      "shared_preload_libraries",
      "It stays pg_stat_statements,pgaudit: Performance Insights and the audit stand on it.",
    ],
    ["pgaudit.log", "Set auditClasses instead."],
    ["pgaudit.role", "It stays rds_pgaudit, the only value that RDS accepts."],
    ["rds.logical_replication", 'Set updateStrategy "blueGreen" instead, which needs it.'],
    ["log_min_duration_statement", "Set slowQueryMilliseconds instead."],
  ])("fails for the parameter %s", (name, by) => {
    expect(() => synthesized({ parameters: { [name]: { value: "0", applyMethod: "immediate" } } })).toThrow(
      one(`parameters has "${name}". ${by}`),
    );
  });

  it("T-39: fails for IOPS on the 100 GiB of the strategy, which RDS would refuse halfway through an apply", () => {
    expect(() => synthesized({ iops: 3000 })).toThrow(
      one(
        "iops is 3000 with allocatedStorageGiB 100. RDS takes it for PostgreSQL on gp3 only from 400 GiB on; below that the volume has 3000 IOPS and 125 MiB/s. Remove iops, or allocate 400 GiB.",
      ),
    );
  });

  it("fails with every fault at once", () => {
    const changes = {
      subnetIds: [],
      credentials: managed,
      readReplicas: { a: {} },
      updateStrategy: "blueGreen",
      backupRetentionDays: 0,
      iops: 3000,
      maintenanceWindow: "sun:06:00-sun:07:00",
    };

    expect(() => synthesized(changes)).toThrow(
      new Error(
        [
          "test/database has 8 faults:",
          "  - test/database: subnetIds has 0. Allowed: at least 2, in two zones. RDS takes no fewer.",
          '  - test/database: credentials.kind is "managed" and readReplicas has a. RDS makes no replica of a PostgreSQL instance whose password it manages itself. Use credentials { kind: "secret", … } with a secret of your own, or no replicas.',
          '  - test/database: credentials.kind is "managed" and updateStrategy is "blueGreen". RDS makes no blue/green deployment of an instance whose password it manages itself. Use credentials { kind: "secret", … } with a secret of your own, or updateStrategy "inPlace".',
          '  - test/database: updateStrategy is "blueGreen" and readReplicas has a. The provider\'s blue/green update does not know replicas: after the switch they would follow the old instance. Use updateStrategy "inPlace", or take the replicas away for the time of the update.',
          "  - test/database: backupRetentionDays is 0 and readReplicas has a, which stands on automated backups. Allowed: 1 to 35 days. 0 also gives up point-in-time recovery.",
          '  - test/database: backupRetentionDays is 0 and updateStrategy is "blueGreen", which stands on automated backups. Allowed: 1 to 35 days. 0 also gives up point-in-time recovery.',
          "  - test/database: iops is 3000 with allocatedStorageGiB 100. RDS takes it for PostgreSQL on gp3 only from 400 GiB on; below that the volume has 3000 IOPS and 125 MiB/s. Remove iops, or allocate 400 GiB.",
          '  - test/database: maintenanceWindow "sun:06:00-sun:07:00" and backupWindow "06:00-06:30" overlap. RDS refuses that: a backup would meet a restart. The backup window is every day\'s, also past midnight. Move one.',
        ].join("\n"),
      ),
    );
  });

  it.each([
    [
      "a class that the table does not know, with maxConnections",
      { instanceClass: "db.x9.large", maxConnections: 300 },
    ],
    ["RDS's password without replicas", { credentials: managed, readReplicas: {} }],
    ["blue/green without replicas", { updateStrategy: "blueGreen", readReplicas: {} }],
    ["no backups where nothing stands on them", { backupRetentionDays: 0 }],
    ["autoscaling by a tenth", { maxAllocatedStorageGiB: 110 }],
    ["pools up to the alarm", { pooling: { kind: "pgbouncer", poolMode: "transaction", maxHosts: 16 } }],
    ["windows that touch", { backupWindow: "06:30-07:00" }],
    [
      "a smaller replica that carries the connections",
      {
        instanceClass: "db.m6g.large",
        maxConnections: 400,
        readReplicas: { a: { instanceClass: "db.t3.medium" } },
      },
    ],
    ["15 replicas", { readReplicas: Object.fromEntries([..."abcdefghijklmno"].map((key) => [key, {}])) }],
  ])("takes %s", (_, changes) => {
    expect(() => synthesized(changes)).not.toThrow();
  });
});

describe("types", () => {
  type Base = Omit<DatabaseProps, "credentials" | "readReplicas" | "updateStrategy">;
  type Secret = { kind: "secret"; secretArn: string; passwordVersion: number };
  type Replicas = { a: { instanceClass: string } };

  it("refuse at compile time what RDS refuses together", () => {
    expectTypeOf<
      Base & { credentials: { kind: "managed" }; readReplicas: Replicas }
    >().not.toExtend<DatabaseProps>();
    expectTypeOf<
      Base & { credentials: { kind: "managed" }; updateStrategy: "blueGreen" }
    >().not.toExtend<DatabaseProps>();
    expectTypeOf<
      Base & { credentials: Secret; readReplicas: Replicas; updateStrategy: "blueGreen" }
    >().not.toExtend<DatabaseProps>();
  });

  it("take what goes together", () => {
    expectTypeOf<Base & { credentials: Secret; readReplicas: Replicas }>().toExtend<DatabaseProps>();
    expectTypeOf<Base & { credentials: Secret; updateStrategy: "blueGreen" }>().toExtend<DatabaseProps>();
    expectTypeOf<Base & { credentials: { kind: "managed" } }>().toExtend<DatabaseProps>();
  });
});
