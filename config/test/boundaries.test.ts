import { describe, expect, it } from "vitest";
import { development, faultsOf, production } from "./support.js";

/** Blue and green need a pipeline that shifts. */
const APPLICATION = "repository: { owner: acme, repository: application }";

/** The last value that a rule accepts; the fixtures in `faults` hold values that it refuses. */
const accepted: readonly (readonly [rule: string, lines: string])[] = [
  ["admin-cidr-not-open", "adminCidrs: [10.0.0.0/8, 203.0.113.7/32]"],
  ["admin-cidr-canonical", "adminCidrs: [203.0.113.0/25]"],
  ["assume-role-account", "assumeRoleArn: arn:aws:iam::333333333333:role/path/deploy"],
  ["database-iops", "database: { allocatedStorageGiB: 400, iops: 12000 }"],
  ["database-storage-ceiling", "database: { allocatedStorageGiB: 100, maxAllocatedStorageGiB: 110 }"],
  ["database-windows", "database: { backupWindow: 06:30-07:00 }"],
  ["database-window-length", "database: { backupWindow: 23:45-00:15 }"],
  ["database-replicas-backups", "database: { readReplicas: 15, backupRetentionDays: 7 }"],
  ["database-backups-needed", "database: { backupRetentionDays: 7, updateStrategy: blueGreen }"],
  ["database-managed-replicas", "database: { credentials: managed, readReplicas: 0 }"],
  ["database-managed-blue-green", "database: { credentials: secret, updateStrategy: blueGreen }"],
  ["database-blue-green-replicas", "database: { updateStrategy: inPlace, readReplicas: 2 }"],
  [
    "database-throughput",
    "database: { allocatedStorageGiB: 400, maxAllocatedStorageGiB: 440, storageThroughputMiBps: 3000 }",
  ],
  [
    "database-throughput",
    "database: { allocatedStorageGiB: 400, maxAllocatedStorageGiB: 440, iops: 16000, storageThroughputMiBps: 4000 }",
  ],
  ["database-pools-fit", "database: { pooling: { kind: pgbouncer, defaultPoolSize: 32 } }"],
  [
    "database-pools-fit",
    "database: { pooling: { kind: pgbouncer, defaultPoolSize: 21 } }\ncompute: { layout: { kind: separate } }",
  ],
  [
    "database-pools-fit",
    `database: { pooling: { kind: pgbouncer, defaultPoolSize: 12 } }\ncompute: { layout: { kind: separate } }\npipeline: { strategy: { kind: blueGreen }, ${APPLICATION} }`,
  ],
  ["database-pools-fit", "database: { maxConnections: 10, pooling: { kind: rdsProxy } }"],
  // Of this class config knows no figure; the database module does.
  [
    "database-pools-fit",
    "database: { instanceClass: db.m7g.large, pooling: { kind: pgbouncer, defaultPoolSize: 1000 } }",
  ],
  [
    "database-proxy-idle",
    "database: { pooling: { kind: rdsProxy, maxConnectionsPercent: 50, maxIdleConnectionsPercent: 50 } }",
  ],
  [
    "database-restore-time",
    "database: { restore: { from: pointInTime, source: { dbiResourceId: db-ABCDEFGHIJKLMNOPQRSTUVWXYZ }, time: 2028-02-29T23:59:59Z } }",
  ],
  [
    "database-restore-backups",
    "database: { restore: { from: pointInTime, source: { automatedBackupsArn: arn:aws:rds:sa-east-1:333333333333:auto-backup:ab-l7mk5vq2 }, time: latest } }",
  ],
  [
    "database-restore-backups",
    "database: { restore: { from: snapshot, snapshotIdentifier: rds:telemedicina-prod-rds-2026-03-01 } }",
  ],
  ["cache-windows", "cache: { snapshotWindow: 07:00-08:00 }"],
  ["cache-window-length", "cache: { snapshotWindow: 23:30-00:30 }"],
  [
    "appointment-log-reader-account",
    "storage: { appointmentLogReaderRoles: [arn:aws:iam::333333333333:role/clinical/reader] }",
  ],
  ["production-queue-nodes", "cache: { queue: { nodes: 2 } }"],
  ["cache-nodes", "cache: { shards: 45, replicasPerShard: 1 }"],
  ["asg-sizes", "compute: { minSize: 4, desiredCapacity: 4, maxSize: 4 }"],
  ["worker-sizes", "compute: { layout: { kind: separate, workers: { minSize: 4, desiredCapacity: 4 } } }"],
  [
    "scaling-thresholds",
    "compute: { scaling: { kind: steps, addAboveCpuPercent: 60, removeBelowCpuPercent: 30 } }",
  ],
  [
    "scaling-thresholds",
    "compute: { scaling: { kind: steps, addAboveCpuPercent: 98, addFastAboveCpuPercent: 99, removeBelowCpuPercent: 49 } }",
  ],
  // A g before the number is a graphics processor.
  [
    "instance-types-x86",
    "compute: { instanceTypes: [g4dn.xlarge, gr6.4xlarge, m7i-flex.large, t3a.medium] }",
  ],
  [
    "instance-types-distinct",
    "compute: { instanceTypes: [t3.large], layout: { kind: separate, workers: { instanceTypes: [t3.large] }, scheduler: { instanceTypes: [t3.large] } } }",
  ],
  [
    "certificate-home",
    "compute: { certificate: { from: arn, arn: arn:aws:acm:sa-east-1:333333333333:certificate/0a1b2c3d-0123-4567-89ab-0123456789ab } }",
  ],
  ["ssh-key-networks", "adminCidrs: [203.0.113.0/25]\ncompute: { sshKeyName: operations }"],
  // EC2 Instance Connect hands out a key for a minute.
  ["ssh-key-networks", "adminCidrs: [203.0.113.0/25]"],
  [
    "blue-green-steps",
    `compute: { layout: { kind: separate } }\npipeline: { strategy: { kind: blueGreen, steps: [99, 100] }, ${APPLICATION} }`,
  ],
  [
    "blue-green-steps",
    `compute: { layout: { kind: separate } }\npipeline: { strategy: { kind: blueGreen, steps: [100] }, ${APPLICATION} }`,
  ],
  [
    "blue-green-trigger",
    `compute: { layout: { kind: separate } }\npipeline: { trigger: codePipeline, strategy: { kind: blueGreen }, ${APPLICATION} }`,
  ],
  ["blue-green-trigger", "pipeline: { trigger: githubActions }"],
  [
    "blue-green-layout",
    `compute: { layout: { kind: separate } }\npipeline: { strategy: { kind: blueGreen }, ${APPLICATION} }`,
  ],
  ["packages-without-nat", "compute: { operatingSystem: ubuntu2404 }"],
  ["production-workers", "compute: { layout: { kind: separate, workers: { minSize: 2 } } }"],
  ["turn-credential-life", "turn: { credentialTtlMinutes: 90, drainMinutes: 90 }"],
  ["instance-types-x86", "turn: { instanceType: c6in.large }"],
  ["production-hosts", "compute: { minSize: 2, desiredCapacity: 2 }"],
  ["objective-database-rpo-floor", "objectives: { database: { rpoMinutes: 5 } }"],
  ["objective-database-rpo-floor", "objectives: { database: { rpoMinutes: notApplicable } }"],
];

const acceptedInDevelopment: readonly (readonly [rule: string, lines: string])[] = [
  [
    "objective-database-rto",
    "database: { multiAz: false }\nobjectives: { database: { rtoMinutes: 60 }, appointmentLogs: { rtoMinutes: 60 } }",
  ],
  [
    "objective-database-rpo",
    "database: { backupRetentionDays: 0, backupReplication: false }\nobjectives: { database: { rpoMinutes: 1440 }, appointmentLogs: { rpoMinutes: notApplicable } }",
  ],
  [
    "objective-uploads-rpo",
    "storage: { crossRegionReplication: false }\nobjectives: { uploads: { rtoMinutes: 1440, rpoMinutes: 1440 }, appointmentLogs: { rpoMinutes: 1440 } }",
  ],
  [
    "objective-logs-rpo",
    "storage: { crossRegionReplication: false }\nobjectives: { uploads: { rtoMinutes: 1440, rpoMinutes: 1440 }, appointmentLogs: { rpoMinutes: notApplicable } }",
  ],
  [
    "objective-queue-rto",
    "cache: { queue: { nodes: 1 } }\nobjectives: { application: { rtoMinutes: 30 }, websocket: { rtoMinutes: 30 } }",
  ],
  [
    "objective-workers-rto",
    "compute: { layout: { kind: separate, workers: { minSize: 1 } } }\nobjectives: { application: { rtoMinutes: 30 } }",
  ],
  ["cache-windows", "cache: { snapshotWindow: 08:00-09:00, snapshotRetentionDays: 0 }"],
  ["objective-turn-rto", "turn: { zones: [b] }\nobjectives: { turn: { rtoMinutes: 30 } }"],
  [
    "production-database-deletion-protection",
    "database: { deletionProtection: { on: false, reason: Rebuilt often } }",
  ],
  ["production-database-backup-replication", "database: { backupReplication: false }"],
  ["production-queue-snapshots", "cache: { queue: { snapshotRetentionDays: 0 } }"],
  [
    "production-queue-deletion-protection",
    "cache: { queue: { deletionProtection: { on: false, reason: Rebuilt often } } }",
  ],
  [
    "production-storage-deletion-protection",
    "storage: { deletionProtection: { on: false, reason: Rebuilt often } }",
  ],
  [
    "production-load-balancer-deletion-protection",
    "compute: { loadBalancer: { deletionProtection: { on: false, reason: Rebuilt often } } }",
  ],
  [
    "production-turn-deletion-protection",
    "turn: { deletionProtection: { on: false, reason: Rebuilt often } }",
  ],
  ["production-cache-snapshots", "cache: { snapshotRetentionDays: 0 }"],
  ["production-log-archive", "storage: { applicationLogArchiveDays: 90 }"],
];

describe("rules at their border", () => {
  it.each(accepted)("%s accepts %j", (_, lines) => {
    expect(faultsOf([{ path: "production.yaml", text: `${production}${lines}\n` }])).toEqual([]);
  });

  it.each(acceptedInDevelopment)("%s lets development have %j", (_, lines) => {
    expect(faultsOf([{ path: "development.yaml", text: `${development}${lines}\n` }])).toEqual([]);
  });

  it.each(["s3", "hcp"])("state-local lets production have %s", (backend) => {
    const rest = backend === "hcp" ? ", organization: telemedicina, project: production" : "";
    const text = production.replace("{ backend: s3 }", `{ backend: ${backend}${rest} }`);
    expect(faultsOf([{ path: "production.yaml", text }])).toEqual([]);
  });

  it("state-local, nat-egress and packages-without-nat let development do without", () => {
    const text = development
      .replace("backend: s3", "backend: local")
      .replace(
        "nat: single",
        "nat: none\n  interfaceEndpoints: [ssm, ssmmessages, ec2messages, logs, monitoring, secretsmanager, kms, sts, codedeploy, codedeploy-commands-secure, autoscaling, ec2]",
      );
    expect(faultsOf([{ path: "development.yaml", text }])).toEqual([]);
  });

  it("domain-length accepts 57 characters", () => {
    const domain = `${"a".repeat(45)}.example.com`;
    expect(domain).toHaveLength(57);
    const text = production.replace("telemedicina.example.com", domain);
    expect(faultsOf([{ path: "production.yaml", text }])).toEqual([]);
  });

  it("an open load balancer passes with its reason", () => {
    const text = production.replace(
      "  nat: perAz",
      "  nat: perAz\n  loadBalancerIngress: { from: internet, reason: Load test of March }",
    );
    expect(faultsOf([{ path: "production.yaml", text }])).toEqual([]);
  });
});
