/**
 * What a host does. A host has one or several.
 *
 * - `web`: nginx, php-fpm and Reverb, behind the load balancer.
 * - `worker`: `queue:work` processes.
 * - `scheduler`: `schedule:run` every minute. Among all hosts with this role one runs it, each minute anew.
 */
export type HostRole = "web" | "worker" | "scheduler";

export const hostRoles: readonly HostRole[] = ["web", "worker", "scheduler"];

/** PgBouncer on the host's loopback, before the database. See PgBouncer's own manual for the settings. */
export interface PgBouncerProps {
  readonly poolMode: "transaction" | "session";
  /** 0: clients must emulate prepared statements. Above: PgBouncer 1.21 or newer keeps track of so many. */
  readonly maxPreparedStatements: number;
  /** Connections to the database for each pair of user and database. */
  readonly defaultPoolSize: number;
  readonly maxClientConnections: number;
}

export interface LaravelHostProps {
  readonly distribution: DistributionName;
  readonly roles: readonly HostRole[];
  /** AWS region of the host and of everything it reads. */
  readonly region: string;
  /** Name of the environment, `production` and the like: in log lines, metrics and `host.json`. */
  readonly environment: string;
  /** Name of the SSM parameter that holds the application contract. */
  readonly contractParameter: string;
  /** Name of the Auto Scaling group that the host belongs to, and of its lifecycle hooks. */
  readonly autoScaling: {
    readonly groupName: string;
    readonly launchHook: string;
    readonly terminateHook: string;
  };
  /** CIDR of the VPC: whose `X-Forwarded-For` nginx believes. */
  readonly vpcCidr: string;
  /** Memory of the smallest instance type that may run this, MiB: php-fpm's pool is sized to it. */
  readonly memoryMiB: number;
  /** CloudWatch log group by stream; see `hostLogs`. */
  readonly logGroupNames: Readonly<Record<HostLogStream, string>>;
  /** `queue:work` processes on a worker host. @default 4 */
  readonly workerProcesses?: number;
  /** Queue that workers take jobs from, such as `default`. */
  readonly queueName: string;
  /** Seconds that a worker may take to end its job when it is told to stop. @default 3600, the longest job */
  readonly workerStopSeconds?: number;
  /**
   * Connections that Reverb accepts on one host. Above 1000 PHP needs ext-uv, ext-ev or ext-event, which no
   * distribution here has a package of: bring an image with it, `host-setup` fails without.
   * @default 1000, what PHP's own event loop holds
   */
  readonly reverbMaxConnections?: number;
  /** @default - none: PHP connects to the database itself */
  readonly pgbouncer?: PgBouncerProps;
  /** Size of the data volume, GiB, by which the host tells it from the root volume. */
  readonly dataVolumeGiB: number;
}

export type DistributionName = "amazonLinux2023" | "ubuntu2404" | "debian12";

/** What the CloudWatch agent collects: one log group for each. */
export type HostLogStream =
  | "laravel"
  | "nginx-access"
  | "nginx-error"
  | "php-fpm"
  | "php-fpm-slow"
  | "reverb"
  | "worker"
  | "scheduler"
  | "codedeploy"
  | "cloud-init"
  | "host";
