import type { EnvironmentConfig } from "../schema/environment.js";
import type { Rule } from "./rule.js";

type Component = keyof EnvironmentConfig["objectives"];

/** Minutes that recovery takes, or data that is lost, when the switch is off. From requirements of the strategy, T-24. */
const restoreFromSnapshot = 60;
const rebuildHost = 30;
const aDay = 1440;
const pointInTimeLag = 5;

/**
 * A target is a promise; these rules hold it against the switches that keep it. The fault stands at the target,
 * because that is the key that would be untrue, and names the switch.
 */
export const objectiveRules: readonly Rule[] = [
  needs("objective-database-rto", ["database", "appointmentLogs"], "rtoMinutes", restoreFromSnapshot, {
    switch: "database.multiAz",
    isOn: ({ database }) => database.multiAz,
    otherwise: "restoring from a backup takes up to an hour",
    turnOn: "Set database.multiAz to true",
  }),
  needs("objective-database-rpo", ["database", "appointmentLogs"], "rpoMinutes", aDay, {
    switch: "database.backupRetentionDays",
    isOn: ({ database }) => database.backupRetentionDays >= 1,
    otherwise: "there is no point-in-time recovery",
    turnOn: "Set database.backupRetentionDays to 1 or more",
  }),
  floor("objective-database-rpo-floor", ["database", "appointmentLogs"]),
  needs("objective-uploads-rpo", ["uploads"], "rpoMinutes", aDay, {
    switch: "storage.crossRegionReplication",
    isOn: ({ storage }) => storage.crossRegionReplication,
    otherwise: "there is no copy outside the region",
    turnOn: "Set storage.crossRegionReplication to true",
  }),
  needs("objective-logs-rpo", ["appointmentLogs", "logs"], "rpoMinutes", aDay, {
    switch: "storage.crossRegionReplication",
    isOn: ({ storage }) => storage.crossRegionReplication,
    otherwise: "the archive in S3 has no copy outside the region",
    turnOn: "Set storage.crossRegionReplication to true",
  }),
  needs("objective-uploads-rto", ["uploads"], "rtoMinutes", aDay, {
    switch: "storage.crossRegionReplication",
    isOn: ({ storage }) => storage.crossRegionReplication,
    otherwise: "there is no copy to switch to",
    turnOn: "Set storage.crossRegionReplication to true",
  }),
  needs("objective-application-rto", ["application", "websocket"], "rtoMinutes", rebuildHost, {
    switch: "compute.minSize",
    isOn: ({ compute }) => compute.minSize >= 2,
    otherwise: "a lone host takes up to half an hour to be replaced",
    turnOn: "Set compute.minSize to 2 or more",
  }),
  // The scheduler's one host has no such rule: while it is replaced the schedule waits, and no request does.
  needs("objective-workers-rto", ["application"], "rtoMinutes", rebuildHost, {
    switch: "compute.layout.workers.minSize",
    within: "compute.layout",
    isOn: ({ compute: { layout } }) => layout.kind === "together" || layout.workers.minSize >= 2,
    otherwise: "a lone worker host takes up to half an hour to be replaced, and queues wait for it",
    turnOn: "Set compute.layout.workers.minSize to 2 or more",
  }),
  needs("objective-sessions-rto", ["sessions"], "rtoMinutes", rebuildHost, {
    switch: "cache.replicasPerShard",
    isOn: ({ cache }) => cache.replicasPerShard >= 1,
    otherwise: "a shard without a replica takes up to half an hour to be replaced",
    turnOn: "Set cache.replicasPerShard to 1 or more",
  }),
  needs("objective-queue-rto", ["application", "websocket"], "rtoMinutes", rebuildHost, {
    switch: "cache.queue.nodes",
    isOn: ({ cache }) => cache.queue.nodes >= 2,
    otherwise: "a lone node takes up to half an hour to be replaced, and queues and Reverb wait for it",
    turnOn: "Set cache.queue.nodes to 2 or more",
  }),
  needs("objective-turn-rto", ["turn"], "rtoMinutes", rebuildHost, {
    switch: "turn.zones",
    isOn: ({ turn }) => new Set(turn.zones).size >= 2,
    otherwise: "a lone relay takes up to half an hour to be replaced",
    turnOn: "Name two zones in turn.zones",
  }),
];

interface Switch {
  readonly switch: string;
  /** The key to declare where the switch exists in one alternative of it only. */
  readonly within?: string;
  readonly isOn: (environment: EnvironmentConfig) => boolean;
  readonly otherwise: string;
  readonly turnOn: string;
}

/** A target below `limit` can be met only with the switch on. */
function needs(
  id: string,
  components: readonly Component[],
  target: "rtoMinutes" | "rpoMinutes",
  limit: number,
  means: Switch,
): Rule {
  return {
    id,
    paths: [
      means.within ?? means.switch,
      ...components.map((component) => `objectives.${component}.${target}`),
    ],
    *check(environment) {
      if (means.isOn(environment)) return;
      for (const component of components) {
        const minutes = environment.objectives[component][target];
        if (minutes === "notApplicable" || minutes >= limit) continue;
        yield {
          path: `objectives.${component}.${target}`,
          message: `${means.switch} does not allow it: ${means.otherwise}`,
          allowed: `${limit} or more with ${means.switch} as it is`,
          fix: `${means.turnOn}, or state ${limit} or more here.`,
        };
      }
    },
  };
}

/** Whatever is switched on, point-in-time recovery lags by about five minutes. */
function floor(id: string, components: readonly Component[]): Rule {
  return {
    id,
    paths: components.map((component) => `objectives.${component}.rpoMinutes`),
    *check({ objectives }) {
      for (const component of components) {
        const minutes = objectives[component].rpoMinutes;
        if (minutes === "notApplicable" || minutes >= pointInTimeLag) continue;
        yield {
          path: `objectives.${component}.rpoMinutes`,
          message:
            "no setting can keep this promise: RDS's point-in-time recovery lags by up to five minutes",
          allowed: `${pointInTimeLag} or more`,
          fix: `Write ${pointInTimeLag}, the strategy's figure.`,
        };
      }
    },
  };
}
