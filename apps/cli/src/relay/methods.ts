/** The unary calls of `tfplugin5.Provider`; what is not listed, a provider of protocol 5 does not know either. */
export const PROVIDER_METHODS = [
  "GetMetadata",
  "GetSchema",
  "PrepareProviderConfig",
  "ValidateResourceTypeConfig",
  "ValidateDataSourceConfig",
  "UpgradeResourceState",
  "GetResourceIdentitySchemas",
  "UpgradeResourceIdentity",
  "Configure",
  "ReadResource",
  "PlanResourceChange",
  "ApplyResourceChange",
  "ImportResourceState",
  "MoveResourceState",
  "ReadDataSource",
  "ValidateEphemeralResourceConfig",
  "OpenEphemeralResource",
  "RenewEphemeralResource",
  "CloseEphemeralResource",
  "GetFunctions",
  "CallFunction",
  "Stop",
] as const;

export type ProviderMethod = (typeof PROVIDER_METHODS)[number];

/** Calls that need no configuration and leave no trace: one process can answer them for all connections. */
export const TRACELESS: ReadonlySet<ProviderMethod> = new Set<ProviderMethod>([
  "GetMetadata",
  "GetSchema",
  "PrepareProviderConfig",
  "ValidateResourceTypeConfig",
  "ValidateDataSourceConfig",
  "ValidateEphemeralResourceConfig",
  "UpgradeResourceState",
  "GetResourceIdentitySchemas",
  "UpgradeResourceIdentity",
  "GetFunctions",
  "CallFunction",
]);

export function methodPath(method: ProviderMethod): string {
  return `/tfplugin5.Provider/${method}`;
}

export function methodName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
