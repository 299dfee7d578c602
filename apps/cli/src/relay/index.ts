export type { Leftover } from "./leftovers.js";
export { type Relay, type RelayOptions, startRelay } from "./relay.js";
export { RELAY_RULES, type RelayMode, type RelayRule, type Treatment } from "./rules.js";
export type { Counts, RelayStats } from "./stats.js";
