import type { EnvironmentConfig } from "../schema/environment.js";

/**
 * `max_connections` by class, as the database module pins it where none is written: a tenth of the memory goes to the
 * system, the rest by RDS's rule of one connection for each 9531392 bytes, rounded down to 50. Of a class that is not
 * here nothing is known, and the module's own check has the last word.
 */
const connectionsBySize: Readonly<Record<string, number>> = {
  micro: 100,
  small: 200,
  medium: 400,
  large: 800,
  xlarge: 1600,
  "2xlarge": 3200,
};

/** The alarm on connections rings beyond it. */
const percentForPools = 80;

/** Most connections of the database, and how many of them pools may take; undefined for a class that nobody knows. */
export function connectionsForPools({
  instanceClass,
  maxConnections,
}: EnvironmentConfig["database"]): { readonly most: number; readonly forPools: number } | undefined {
  const most = maxConnections ?? ofBurstable(instanceClass);
  return most === undefined ? undefined : { most, forPools: Math.floor((most * percentForPools) / 100) };
}

/**
 * Most hosts that open pools at a time, in words too: those of every group, each at its largest. Of two colours both
 * are there while traffic is shifted, and as long as the one before is kept.
 */
export function hostsWithPools({ compute, pipeline }: Pick<EnvironmentConfig, "compute" | "pipeline">): {
  readonly most: number;
  readonly counted: string;
  readonly sizes: string;
} {
  const { maxSize, layout } = compute;
  const isTwice = pipeline.strategy.kind === "blueGreen";
  const web = "compute.maxSize";
  const counted = isTwice ? `${web} for blue and for green` : web;
  const serving = isTwice ? 2 * maxSize : maxSize;
  if (layout.kind === "together") return { most: serving, counted, sizes: `${web} at ${maxSize}` };
  const workers = "compute.layout.workers.maxSize";
  return {
    most: serving + layout.workers.maxSize + 1,
    counted: `${counted}, ${workers} and the scheduler's`,
    sizes: `${web} at ${maxSize} and ${workers} at ${layout.workers.maxSize}`,
  };
}

function ofBurstable(instanceClass: string): number | undefined {
  const [, size] = /^db\.t(?:3|4g)\.([a-z0-9]+)$/.exec(instanceClass) ?? [];
  return size === undefined ? undefined : connectionsBySize[size];
}
