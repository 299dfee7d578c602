export type { Distribution } from "./distribution.js";
export { distributions } from "./distributions.js";
export type { HostFile } from "./host-file.js";
export { type HostJson, hostJson } from "./host-json.js";
export { HOST_METRICS_NAMESPACE, type HostMetric, hostMetrics } from "./host-metrics.js";
export { type LaravelHost, laravelHost } from "./laravel-host.js";
export { type HostLog, hostLogStreams, hostLogs } from "./log-streams.js";
export { LONGEST_ANSWER_SECONDS } from "./nginx.js";
export { ORIGIN_HEADER } from "./origin-header.js";
export { pgbouncerFiles } from "./pgbouncer.js";
export {
  type DistributionName,
  type HostLogStream,
  type HostRole,
  hostRoles,
  type LaravelHostProps,
  type PgBouncerProps,
} from "./props.js";
