import { ports } from "@telemedicina/core";
import { APPLICATION_LOGS } from "./paths.js";
import type { HostRole } from "./props.js";
import type { HostSettings } from "./settings.js";

/** A program of Laravel's that must run all the time, whoever keeps it running. */
export interface ProcessSpec {
  readonly name: "laravel-worker" | "laravel-reverb";
  readonly role: HostRole;
  readonly description: string;
  /** After `php artisan`, in the application's directory. */
  readonly arguments: readonly string[];
  readonly processes: number;
  readonly stopSignal: "TERM";
  /** How long it may take to end after the signal, before it is killed. */
  readonly stopSeconds: number;
  readonly logFile: string;
  readonly openFiles: number;
}

/** What this host keeps running. The scheduler is no process: a timer starts it every minute. */
export function processes(settings: HostSettings): ProcessSpec[] {
  return [worker(settings), reverb(settings)].filter(({ role }) => settings.roles.includes(role));
}

function worker({ queueName, workerProcesses, workerStopSeconds }: HostSettings): ProcessSpec {
  return {
    name: "laravel-worker",
    role: "worker",
    description: "Laravel queue worker",
    arguments: ["queue:work", "redis", `--queue=${queueName}`, "--sleep=3", "--tries=3", "--max-time=3600"],
    processes: workerProcesses,
    stopSignal: "TERM",
    stopSeconds: workerStopSeconds,
    logFile: `${APPLICATION_LOGS}/worker.log`,
    openFiles: 4096,
  };
}

function reverb({ reverbMaxConnections }: HostSettings): ProcessSpec {
  return {
    name: "laravel-reverb",
    role: "web",
    description: "Laravel Reverb, WebSockets behind nginx",
    arguments: ["reverb:start", "--host=127.0.0.1", `--port=${ports.reverb}`],
    processes: 1,
    stopSignal: "TERM",
    stopSeconds: 30,
    logFile: `${APPLICATION_LOGS}/reverb.log`,
    // A socket for each connection, and Redis, files and the rest.
    openFiles: Math.max(10_000, 2 * reverbMaxConnections),
  };
}
