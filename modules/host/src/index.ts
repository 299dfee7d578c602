export type { Distribution } from "./distribution.js";
export type { HostFile } from "./host-file.js";
export {
  type DistributionName,
  type HostLogStream,
  type HostRole,
  hostRoles,
  type LaravelHostProps,
  type PgBouncerProps,
} from "./props.js";
