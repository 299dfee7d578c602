import { APPLICATION_LOGS, FPM_LOG, FPM_SLOW_LOG, SETUP_LOG } from "./paths.js";
import type { HostLogStream, HostRole } from "./props.js";

/** A file that the CloudWatch agent follows. */
export interface HostLog {
  readonly path: string;
  /** Hosts that have it. */
  readonly roles: readonly HostRole[];
  /** How an entry of several lines begins; without it each line is one. */
  readonly entryStart?: string;
}

const everyRole: readonly HostRole[] = ["web", "worker", "scheduler"];

/** One log group for each stream; the host's id is the name of the log stream in it. */
export const hostLogs: Readonly<Record<HostLogStream, HostLog>> = {
  laravel: {
    path: `${APPLICATION_LOGS}/laravel.log`,
    roles: everyRole,
    entryStart: "^\\[[0-9]{4}-[0-9]{2}-[0-9]{2}",
  },
  "nginx-access": { path: "/var/log/nginx/access.log", roles: ["web"] },
  "nginx-error": { path: "/var/log/nginx/error.log", roles: ["web"] },
  "php-fpm": { path: FPM_LOG, roles: ["web"], entryStart: "^\\[[0-9]{2}-[A-Z]" },
  // A trace's own lines begin with `[0x`.
  "php-fpm-slow": { path: FPM_SLOW_LOG, roles: ["web"], entryStart: "^\\[[0-9]{2}-[A-Z]" },
  reverb: { path: `${APPLICATION_LOGS}/reverb.log`, roles: ["web"] },
  worker: { path: `${APPLICATION_LOGS}/worker.log`, roles: ["worker"] },
  scheduler: { path: `${APPLICATION_LOGS}/scheduler.log`, roles: ["scheduler"] },
  codedeploy: { path: "/var/log/aws/codedeploy-agent/codedeploy-agent.log", roles: everyRole },
  "cloud-init": { path: "/var/log/cloud-init-output.log", roles: everyRole },
  host: { path: SETUP_LOG, roles: everyRole },
};

/** Streams of a host with these roles. */
export function hostLogStreams(roles: readonly HostRole[]): HostLogStream[] {
  return (Object.keys(hostLogs) as HostLogStream[]).filter((stream) =>
    hostLogs[stream].roles.some((role) => roles.includes(role)),
  );
}
