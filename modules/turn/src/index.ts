export { type TurnCapacity, turnCapacity, turnCapacityOf } from "./capacity.js";
export { coturnConfig } from "./coturn/coturn-config.js";
export { deniedPeerRanges } from "./coturn/denied-peers.js";
export type {
  AddressMapping,
  CoturnOptionName,
  CoturnOptions,
  CoturnVersion,
} from "./coturn/options.js";
export {
  type CredentialVector,
  credentialVectors,
  type TurnCredential,
  type TurnCredentialProps,
  turnCredential,
} from "./credentials.js";
export type { HostFile } from "./host/host-file.js";
export type { TurnHostProps } from "./host/props.js";
export { type TurnHost, turnHost } from "./host/turn-host.js";
export { type IceServerContract, type IceServersProps, iceServers, type RelayUrls } from "./ice-servers.js";
export { type LogFilter, type LogFilterName, logFilters } from "./log-filters.js";
export type { DeletionProtection, RelayLogSettings, TurnRelaysProps, TurnSecret } from "./props.js";
export { TURN_METRIC_NAMESPACE, TurnRelays } from "./turn-relays.js";
