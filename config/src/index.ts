export type { EnvironmentFile } from "./check.js";
export { NoEnvironmentsError, UnknownEnvironmentError } from "./errors.js";
export { ConfigError, type ConfigFault } from "./fault.js";
export { environmentJsonSchema } from "./json-schema.js";
export {
  environmentNames,
  type LoadedEnvironments,
  loadEnvironment,
  loadEnvironments,
  parseEnvironments,
} from "./load.js";
export { connectionsForPools, hostsWithPools } from "./rules/connections.js";
export type { EnvironmentConfig } from "./schema/environment.js";
export { type Region, zoneIdsByRegion } from "./schema/regions.js";
