import type { EnvironmentConfig } from "../schema/environment.js";
import type { Rule, RuleFault } from "./rule.js";

/** What the strategy document promises of production, one switch a rule, so that each fault names its switch. */
export const productionRules: readonly Rule[] = [
  production("production-nat", "network.nat", ({ network }) => network.nat === "perAz", {
    message: "losing one zone would cut production's other zones off the internet",
    allowed: "perAz in production",
    fix: "Write perAz.",
  }),
  production(
    "production-flow-logs",
    "network.flowLogs.retentionDays",
    ({ network }) => network.flowLogs.retentionDays >= 60,
    {
      message: "production's flow logs have to be kept longer",
      allowed: "60 or more in production",
      fix: "Write 60, the strategy's figure.",
    },
  ),
  production("production-database-multi-az", "database.multiAz", ({ database }) => database.multiAz, {
    message: "production's database has no standby",
    allowed: "true in production",
    fix: "Set database.multiAz to true.",
  }),
  production(
    "production-database-backups",
    "database.backupRetentionDays",
    ({ database }) => database.backupRetentionDays >= 7,
    {
      message: "production's backups are kept too short a time",
      allowed: "7 to 35 in production",
      fix: "Write 7, the strategy's figure, or more.",
    },
  ),
  production(
    "production-database-deletion-protection",
    "database.deletionProtection.on",
    ({ database }) => database.deletionProtection.on,
    {
      message: "one wrong apply could delete production's database",
      allowed: "true in production",
      fix: "Set database.deletionProtection to { on: true }.",
    },
  ),
  production(
    "production-database-backup-replication",
    "database.backupReplication",
    ({ database }) => database.backupReplication,
    {
      message: "losing the region would take production's database and all its backups",
      allowed: "true in production",
      fix: "Set database.backupReplication to true.",
    },
  ),
  production(
    "production-cache-replicas",
    "cache.replicasPerShard",
    ({ cache }) => cache.replicasPerShard >= 1,
    {
      message: "losing one node would lose a part of production's sessions and queued jobs",
      allowed: "1 to 5 in production",
      fix: "Write 1, the strategy's figure.",
    },
  ),
  production(
    "production-cache-multi-az",
    "cache.multiAz",
    // Without replicas the fault above is the one to mend first.
    ({ cache }) => cache.multiAz || cache.replicasPerShard === 0,
    {
      message: "losing one zone could take a shard with all its replicas",
      allowed: "true in production",
      fix: "Set cache.multiAz to true.",
    },
    ["cache.replicasPerShard"],
  ),
  production(
    "production-cache-snapshots",
    "cache.snapshotRetentionDays",
    ({ cache }) => cache.snapshotRetentionDays >= 1,
    {
      message: "production's Redis has no daily backup",
      allowed: "1 to 35 in production",
      fix: "Write 1 or more.",
    },
  ),
  production("production-queue-nodes", "cache.queue.nodes", ({ cache }) => cache.queue.nodes >= 2, {
    message: "losing one node would lose production's queued jobs, and all live connections for a while",
    allowed: "2 to 6 in production",
    fix: "Write 2 or more.",
  }),
  production(
    "production-queue-snapshots",
    "cache.queue.snapshotRetentionDays",
    ({ cache }) => cache.queue.snapshotRetentionDays >= 1,
    {
      message: "production's queue has no daily backup",
      allowed: "1 to 35 in production",
      fix: "Write 1 or more.",
    },
  ),
  production(
    "production-queue-deletion-protection",
    "cache.queue.deletionProtection.on",
    ({ cache }) => cache.queue.deletionProtection.on,
    {
      message: "one wrong apply could delete production's queue with the jobs that wait in it",
      allowed: "true in production",
      fix: "Set cache.queue.deletionProtection to { on: true }.",
    },
  ),
  production(
    "production-storage-deletion-protection",
    "storage.deletionProtection.on",
    ({ storage }) => storage.deletionProtection.on,
    {
      message: "one wrong apply could delete production's buckets",
      allowed: "true in production",
      fix: "Set storage.deletionProtection to { on: true }.",
    },
  ),
  production("production-hosts", "compute.minSize", ({ compute }) => compute.minSize >= 2, {
    message: "a single host is a single point of failure in production",
    allowed: "2 or more in production",
    fix: "Write 2, the strategy's figure, or more.",
  }),
  production(
    "production-load-balancer-deletion-protection",
    "compute.loadBalancer.deletionProtection.on",
    ({ compute }) => compute.loadBalancer.deletionProtection.on,
    {
      message: "one wrong apply could delete production's only way in",
      allowed: "true in production",
      fix: "Set compute.loadBalancer.deletionProtection to { on: true }.",
    },
  ),
  {
    id: "production-workers",
    // The key exists in one of the layouts only.
    paths: ["name", "compute.layout"],
    *check({ name, compute: { layout } }) {
      if (name !== "production" || layout.kind === "together" || layout.workers.minSize >= 2) return;
      yield {
        path: "compute.layout.workers.minSize",
        message: "losing a single worker host would stop production's queues",
        allowed: "2 or more in production",
        fix: "Write 2 or more, or let every host work: compute.layout { kind: together }.",
      };
    },
  },
  production("production-turn-zones", "turn.zones", ({ turn }) => new Set(turn.zones).size >= 2, {
    message: "losing one zone would end production's relayed video calls",
    allowed: "two letters or more in production",
    fix: "Name a second zone.",
  }),
  production(
    "production-turn-deletion-protection",
    "turn.deletionProtection.on",
    ({ turn }) => turn.deletionProtection.on,
    {
      message: "one wrong apply could give up the addresses that stand in clients' firewalls",
      allowed: "true in production",
      fix: "Set turn.deletionProtection to { on: true }.",
    },
  ),
  production(
    "production-log-archive",
    "storage.applicationLogArchiveDays",
    ({ storage }) => storage.applicationLogArchiveDays >= 2557,
    {
      message: "production's application logs have to be kept seven years",
      allowed: "2557 or more in production",
      fix: "Write 2557, the strategy's figure, or more.",
    },
  ),
  production(
    "production-waf-query-strings",
    "waf.logs.queryStrings",
    ({ waf }) => waf.logs.queryStrings === "hidden",
    {
      message: "patients' names could stand in a log in the United States",
      allowed: "hidden in production",
      fix: "Write hidden. To see what a rule took offence at, repeat the request where there are no patients.",
    },
  ),
  production("production-alarm-emails", "observability.alarmEmails", failuresAreHeard, {
    message: "nobody would be told of production's failed deployments",
    allowed: "at least one address in production",
    fix: "Add the address of whoever is on call.",
  }),
];

function failuresAreHeard({ observability }: EnvironmentConfig): boolean {
  return observability.alarmEmails.length > 0;
}

function production(
  id: string,
  path: string,
  isMet: (environment: EnvironmentConfig) => boolean,
  words: Omit<RuleFault, "path">,
  alsoReads: readonly string[] = [],
): Rule {
  return {
    id,
    paths: ["name", path, ...alsoReads],
    *check(environment) {
      if (environment.name === "production" && !isMet(environment)) yield { path, ...words };
    },
  };
}
