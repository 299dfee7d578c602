import type { HostRole } from "./props.js";

/** What shares the memory with php-fpm's pool. */
export interface MemoryShares {
  readonly memoryMiB: number;
  readonly roles: readonly HostRole[];
  readonly workerProcesses: number;
  readonly reverbMaxConnections: number;
}

export interface FpmPool {
  readonly maxChildren: number;
  readonly startServers: number;
  readonly minSpareServers: number;
  readonly maxSpareServers: number;
}

/** Kernel, journal, nginx, and the agents of Systems Manager, CloudWatch and CodeDeploy. */
const SYSTEM_MIB = 512;
/** `opcache.memory_consumption`, shared by the whole pool. */
export const OPCACHE_MIB = 192;
/** `memory_limit` of a request. */
export const REQUEST_LIMIT_MIB = 128;
/**
 * A pool's process beside what it shares: half of its limit. An estimate until there is a figure of the application
 * itself: `smem -P "php-fpm: pool"`, column USS, under load. Too high wastes memory, too low lets the kernel kill.
 */
export const FPM_PROCESS_MIB = 64;
/** Where `queue:work` ends by itself after a job (`--memory`), so what each worker may take. */
const WORKER_MIB = 128;
const SCHEDULER_MIB = 128;
/** Reverb itself, and a socket with its buffers and channels for each connection. */
const REVERB_MIB = 128;
const CONNECTIONS_A_MIB = 16;

/** With fewer a single page with its parallel requests queues behind itself. */
export const LEAST_CHILDREN = 4;

/** MiB that everything but the pool takes. */
export function takenMiB(shares: MemoryShares): number {
  const { roles, workerProcesses, reverbMaxConnections } = shares;
  return (
    SYSTEM_MIB +
    (roles.includes("web")
      ? OPCACHE_MIB + REVERB_MIB + Math.ceil(reverbMaxConnections / CONNECTIONS_A_MIB)
      : 0) +
    (roles.includes("worker") ? workerProcesses * WORKER_MIB : 0) +
    (roles.includes("scheduler") ? SCHEDULER_MIB : 0)
  );
}

/** As many processes as the rest of the memory holds; a quarter of them from the start, up to half of them idle. */
export function fpmPool(shares: MemoryShares): FpmPool {
  const maxChildren = Math.max(0, Math.floor((shares.memoryMiB - takenMiB(shares)) / FPM_PROCESS_MIB));
  return {
    maxChildren,
    startServers: Math.max(1, Math.floor(maxChildren / 4)),
    minSpareServers: Math.max(1, Math.floor(maxChildren / 8)),
    maxSpareServers: Math.max(1, Math.floor(maxChildren / 2)),
  };
}
