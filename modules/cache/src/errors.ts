export function engineVersionFaultText(engine: string, found: string, example: string): string {
  return (
    `engine.version is ${JSON.stringify(found)} with engine.name "${engine}". ` +
    `Allowed: major and minor, such as "${example}". AWS chooses the patch, and other majors have other parameters.`
  );
}

export function nodeTypeFaultText(found: string): string {
  return `nodeType is ${JSON.stringify(found)}. Allowed: an ElastiCache node type such as cache.t3.medium.`;
}

export function nodeQuotaFaultText(found: number, quota: number): string {
  return (
    `topology has ${found} nodes, the quota is ${quota}. ` +
    "Take fewer shards or replicas of a larger node type, or have the quota raised (ElastiCache, nodes per cluster) and set nodeQuota."
  );
}

export function multiAzWithoutReplicaFaultText(topology: string): string {
  return (
    `multiAz is true, and topology ${topology} has no replica that could stand in another zone. ` +
    "Give every shard a replica (replicasPerShard 1, or nodes 2), or set multiAz to false."
  );
}

export function subnetsFaultText(found: number): string {
  return (
    `subnetIds has ${found}, and multiAz puts the nodes of a shard into different zones. ` +
    "Allowed: at least 2, in two zones. Give a second subnet, or set multiAz to false."
  );
}

export function windowFormatFaultText(prop: string, found: string, example: string): string {
  return `${prop} is "${found}". Allowed: a window such as ${example}, in UTC.`;
}

export function windowLengthFaultText(
  prop: string,
  found: string,
  minutes: number,
  shortest: number,
): string {
  return `${prop} "${found}" lasts ${minutes} minutes. Allowed: ${shortest} minutes to 24 hours.`;
}

export function overlapFaultText(snapshot: string, maintenance: string): string {
  return (
    `maintenanceWindow "${maintenance}" and snapshotWindow "${snapshot}" overlap. ` +
    "A snapshot would meet a restart. The snapshot window is every day's, also past midnight. Move one."
  );
}

export function retentionFaultText(found: number, allowed: readonly number[]): string {
  return (
    `logs.retentionDays is ${found}. Allowed: ${allowed.join(", ")}. ` +
    "CloudWatch Logs knows no other periods; keeping logs for ever is not offered, the slow log quotes personal data."
  );
}

export function reasonFaultText(found: string, maxLength: number): string {
  return (
    `deletionProtection.reason is ${JSON.stringify(found)}. Allowed: 1 to ${maxLength} letters, digits, spaces and ` +
    ". : / = + - @ _ (it becomes a tag of the store). Say why this store may be deleted."
  );
}
