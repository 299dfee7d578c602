import type { Distribution } from "./distribution.js";
import { distributions } from "./distributions.js";
import { type FpmPool, fpmPool } from "./fpm-pool.js";
import {
  type HostLogStream,
  type HostRole,
  hostRoles,
  type LaravelHostProps,
  type PgBouncerProps,
} from "./props.js";

/** The props with every default in its place. */
export interface HostSettings {
  readonly distribution: Distribution;
  /** In the order of {@link hostRoles}, whatever the caller's: a new order is not a new host. */
  readonly roles: readonly HostRole[];
  readonly region: string;
  readonly environment: string;
  readonly contractParameter: string;
  readonly autoScaling: LaravelHostProps["autoScaling"];
  readonly vpcCidr: string;
  readonly memoryMiB: number;
  readonly logGroupNames: Readonly<Record<HostLogStream, string>>;
  readonly workerProcesses: number;
  readonly queueName: string;
  readonly workerStopSeconds: number;
  readonly reverbMaxConnections: number;
  readonly pgbouncer: PgBouncerProps | undefined;
  readonly dataVolumeGiB: number;
  readonly fpm: FpmPool;
}

export function resolveSettings(props: LaravelHostProps): HostSettings {
  const workerProcesses = props.workerProcesses ?? 4;
  const reverbMaxConnections = props.reverbMaxConnections ?? 1000;
  const roles = hostRoles.filter((role) => props.roles.includes(role));
  return {
    distribution: distributions[props.distribution],
    roles,
    region: props.region,
    environment: props.environment,
    contractParameter: props.contractParameter,
    autoScaling: props.autoScaling,
    vpcCidr: props.vpcCidr,
    memoryMiB: props.memoryMiB,
    logGroupNames: props.logGroupNames,
    workerProcesses,
    queueName: props.queueName,
    workerStopSeconds: props.workerStopSeconds ?? 3600,
    reverbMaxConnections,
    pgbouncer: props.pgbouncer,
    dataVolumeGiB: props.dataVolumeGiB,
    fpm: fpmPool({ memoryMiB: props.memoryMiB, roles, workerProcesses, reverbMaxConnections }),
  };
}

export function hasRole(settings: HostSettings, role: HostRole): boolean {
  return settings.roles.includes(role);
}
