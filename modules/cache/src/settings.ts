import {
  isReason,
  LONGEST_REASON,
  logRetentionDays,
  type NameScope,
  noneFaultText,
  rangeFaults,
  unknownFaultText,
} from "@telemedicina/core";
import { type Engine, type EngineName, engineFacts } from "./engine.js";
import {
  engineVersionFaultText,
  multiAzWithoutReplicaFaultText,
  nodeQuotaFaultText,
  nodeTypeFaultText,
  reasonFaultText,
  retentionFaultText,
  subnetsFaultText,
} from "./errors.js";
import { type MaxmemoryPolicy, maxmemoryPolicies } from "./maxmemory-policy.js";
import type { AuthTokenUpdateStrategy, DeletionProtection, ReplicationGroupProps } from "./props.js";
import { hasReplica, nodeCount, type Topology, topologyLimits } from "./topology.js";
import { windowFaults } from "./windows.js";

/** The props with every default in its place. */
export interface ReplicationGroupSettings {
  readonly names: NameScope;
  readonly qualifier: string;
  readonly description: string;
  readonly engine: Engine;
  readonly topology: Topology;
  readonly maxmemoryPolicy: MaxmemoryPolicy;
  readonly nodeType: string;
  readonly nodeQuota: number;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly kmsKeyArn: string;
  readonly authTokenSecretArn: string;
  readonly authTokenUpdateStrategy: AuthTokenUpdateStrategy;
  readonly multiAz: boolean;
  readonly snapshotRetentionDays: number;
  /** None without snapshots: AWS would choose one, and it has no meaning. */
  readonly snapshotWindow: string | undefined;
  readonly maintenanceWindow: string;
  readonly applyImmediately: boolean;
  readonly autoMinorVersionUpgrade: boolean;
  readonly notificationTopicArn: string | undefined;
  readonly logs: { readonly kmsKeyArn: string; readonly retentionDays: number };
  readonly deletionProtection: DeletionProtection | undefined;
}

const NODE_TYPE = /^cache\.[a-z][a-z0-9-]*\.[a-z0-9]+$/;
const LONGEST_RETENTION_DAYS = 35;
const strategies: readonly AuthTokenUpdateStrategy[] = ["ROTATE", "SET"];

export function resolveSettings(props: ReplicationGroupProps): ReplicationGroupSettings {
  const snapshotRetentionDays = props.snapshotRetentionDays ?? 1;
  return {
    names: props.names,
    qualifier: props.qualifier,
    description: props.description,
    engine: props.engine ?? { name: "valkey", version: "8.2" },
    topology: props.topology,
    maxmemoryPolicy: props.maxmemoryPolicy,
    nodeType: props.nodeType ?? "cache.t3.medium",
    nodeQuota: props.nodeQuota ?? 90,
    subnetIds: props.subnetIds,
    securityGroupIds: props.securityGroupIds,
    kmsKeyArn: props.kmsKeyArn,
    authTokenSecretArn: props.authTokenSecretArn,
    authTokenUpdateStrategy: props.authTokenUpdateStrategy ?? "ROTATE",
    multiAz: props.multiAz ?? hasReplica(props.topology),
    snapshotRetentionDays,
    snapshotWindow: snapshotRetentionDays === 0 ? undefined : (props.snapshotWindow ?? "05:00-06:00"),
    maintenanceWindow: props.maintenanceWindow ?? "sun:08:00-sun:09:00",
    applyImmediately: props.applyImmediately ?? false,
    autoMinorVersionUpgrade: props.autoMinorVersionUpgrade ?? true,
    notificationTopicArn: props.notificationTopicArn,
    logs: { kmsKeyArn: props.logs.kmsKeyArn, retentionDays: props.logs.retentionDays ?? 60 },
    deletionProtection: props.deletionProtection ?? protectionFor(props.maxmemoryPolicy),
  };
}

/** Everything that is wrong with the settings. */
export function settingsFaults(settings: ReplicationGroupSettings): string[] {
  return [
    ...engineFaults(settings.engine),
    ...topologyFaults(settings),
    ...policyFaults(settings.maxmemoryPolicy),
    ...placementFaults(settings),
    ...rangeFaults("snapshotRetentionDays", settings.snapshotRetentionDays, 0, LONGEST_RETENTION_DAYS),
    ...windowFaults(settings.snapshotWindow, settings.maintenanceWindow),
    ...(strategies.includes(settings.authTokenUpdateStrategy)
      ? []
      : [unknownFaultText("authTokenUpdateStrategy", settings.authTokenUpdateStrategy, strategies)]),
    ...(logRetentionDays.includes(settings.logs.retentionDays)
      ? []
      : [retentionFaultText(settings.logs.retentionDays, logRetentionDays)]),
    ...reasonFaults(settings.deletionProtection),
  ];
}

function protectionFor(policy: MaxmemoryPolicy): DeletionProtection | undefined {
  return policy === "noeviction" ? { on: true } : undefined;
}

function engineFaults({ name, version }: Engine): string[] {
  const facts = engineFacts[name];
  if (facts === undefined) return [unknownFaultText("engine.name", name, Object.keys(engineFacts))];
  return facts.version.test(version)
    ? []
    : [engineVersionFaultText(name satisfies EngineName, version, facts.example)];
}

function topologyFaults({ topology, nodeType, nodeQuota }: ReplicationGroupSettings): string[] {
  const { shards, replicasPerShard, nodes } = topologyLimits;
  const node = NODE_TYPE.test(nodeType) ? [] : [nodeTypeFaultText(nodeType)];
  if (topology.mode !== "cluster" && topology.mode !== "single") {
    const { mode } = topology as { readonly mode: string };
    return [...node, unknownFaultText("topology.mode", mode, ["cluster", "single"])];
  }
  const counts =
    topology.mode === "cluster"
      ? [
          ...rangeFaults("topology.shards", topology.shards, 1, shards),
          ...rangeFaults("topology.replicasPerShard", topology.replicasPerShard, 0, replicasPerShard),
        ]
      : rangeFaults("topology.nodes", topology.nodes, 1, nodes);
  const total = nodeCount(topology);
  const quota = counts.length === 0 && total > nodeQuota ? [nodeQuotaFaultText(total, nodeQuota)] : [];
  return [...node, ...counts, ...quota];
}

function policyFaults(policy: MaxmemoryPolicy): string[] {
  const allowed: readonly string[] = Object.values(maxmemoryPolicies);
  return allowed.includes(policy) ? [] : [unknownFaultText("maxmemoryPolicy", policy, allowed)];
}

function placementFaults(settings: ReplicationGroupSettings): string[] {
  const { topology, multiAz, subnetIds, securityGroupIds } = settings;
  const faults: string[] = [];
  if (multiAz && !hasReplica(topology)) faults.push(multiAzWithoutReplicaFaultText(JSON.stringify(topology)));
  if (subnetIds.length === 0) faults.push(noneFaultText("subnetIds", "isolated subnet"));
  else if (multiAz && subnetIds.length < 2) faults.push(subnetsFaultText(subnetIds.length));
  if (securityGroupIds.length === 0) {
    faults.push(noneFaultText("securityGroupIds", "group; AWS would take the VPC's own"));
  }
  return faults;
}

function reasonFaults(protection: DeletionProtection | undefined): string[] {
  if (protection === undefined || protection.on) return [];
  const { reason } = protection;
  return isReason(reason) ? [] : [reasonFaultText(reason, LONGEST_REASON)];
}
