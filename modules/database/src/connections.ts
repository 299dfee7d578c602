import { memoryGiB } from "./instance-memory.js";

/** The alarm on `DatabaseConnections` rings at this share of `max_connections`. */
export const CONNECTION_ALARM_SHARE = 0.8;

/** RDS's own default is LEAST(DBInstanceClassMemory / 9531392, 5000). */
const BYTES_PER_CONNECTION = 9_531_392;
const MOST_CONNECTIONS = 5000;
const BYTES_PER_GIB = 1024 ** 3;

/**
 * DBInstanceClassMemory is the class's memory without what the system takes. RDS does not publish it; on
 * 4 GiB its default comes out at 413 to 450 connections, so a tenth off the nominal size is safe.
 */
const USABLE_SHARE = 0.9;

/** Most connections that a class's memory carries; undefined for a class that is not in the table. */
export function mostConnections(instanceClass: string): number | undefined {
  const memory = memoryGiB(instanceClass);
  if (memory === undefined) return undefined;
  const carried = Math.floor((memory * BYTES_PER_GIB * USABLE_SHARE) / BYTES_PER_CONNECTION);
  return Math.min(carried, MOST_CONNECTIONS);
}

/** The `max_connections` that is pinned where none is given: {@link mostConnections}, rounded down to 50. */
export function defaultMaxConnections(instanceClass: string): number | undefined {
  const most = mostConnections(instanceClass);
  return most === undefined ? undefined : Math.floor(most / 50) * 50;
}

/** Connections at which the alarm rings. */
export function connectionAlarmThreshold(maxConnections: number): number {
  return Math.floor(maxConnections * CONNECTION_ALARM_SHARE);
}
