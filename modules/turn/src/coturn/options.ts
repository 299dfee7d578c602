/** Series of coturn that the builder knows. 4.6 is what Debian 12 and Ubuntu 24.04 package. */
export type CoturnVersion = "4.6" | "4.17";

export const coturnVersions: readonly CoturnVersion[] = ["4.6", "4.17"];

/**
 * What an option's value is.
 *
 * - `flag`: present or not; `false` leaves it out.
 * - `count`: a whole number from 0, which for quotas and rates means none.
 * - `ranges`: addresses or pairs `first-last`, one line each.
 * - `mappings`: public and private address, one line each.
 */
type OptionKind = "flag" | "port" | "count" | "text" | "addresses" | "ranges" | "mappings";

interface OptionFact {
  readonly kind: OptionKind;
  readonly versions: readonly CoturnVersion[];
}

const both = ["4.6", "4.17"] as const;
const before = ["4.6"] as const;
const since = ["4.17"] as const;

/**
 * The options that a relay of this package may have, by coturn's own names. Order is that of the rendered file.
 *
 * A name that coturn does not know is no error to it: it logs a line and starts without. Between 4.6 and 4.17 what had to
 * be turned off became off by itself, and the names that turned it off went away.
 */
export const coturnOptions = {
  "listening-ip": { kind: "addresses", versions: both },
  "listening-port": { kind: "port", versions: both },
  "tls-listening-port": { kind: "port", versions: both },
  "relay-ip": { kind: "addresses", versions: both },
  "external-ip": { kind: "mappings", versions: both },
  "min-port": { kind: "port", versions: both },
  "max-port": { kind: "port", versions: both },
  "relay-threads": { kind: "count", versions: both },
  realm: { kind: "text", versions: both },
  "use-auth-secret": { kind: "flag", versions: both },
  "lt-cred-mech": { kind: "flag", versions: both },
  userdb: { kind: "text", versions: both },
  "stale-nonce": { kind: "count", versions: both },
  "stateless-nonce-secret": { kind: "text", versions: since },
  fingerprint: { kind: "flag", versions: both },
  "no-software-attribute": { kind: "flag", versions: before },
  "software-attribute": { kind: "flag", versions: since },
  cert: { kind: "text", versions: both },
  pkey: { kind: "text", versions: both },
  "cipher-list": { kind: "text", versions: both },
  "no-tlsv1": { kind: "flag", versions: before },
  "no-tlsv1_1": { kind: "flag", versions: before },
  "no-dtls": { kind: "flag", versions: before },
  dtls: { kind: "flag", versions: since },
  "no-cli": { kind: "flag", versions: before },
  "no-tcp-relay": { kind: "flag", versions: both },
  "no-multicast-peers": { kind: "flag", versions: both },
  "denied-peer-ip": { kind: "ranges", versions: both },
  "allowed-peer-ip": { kind: "ranges", versions: both },
  "no-rfc5780": { kind: "flag", versions: before },
  "no-stun-backward-compatibility": { kind: "flag", versions: before },
  "response-origin-only-with-rfc5780": { kind: "flag", versions: before },
  "unauthorized-ratelimit": { kind: "flag", versions: since },
  "unauthorized-ratelimit-rps": { kind: "count", versions: since },
  "user-quota": { kind: "count", versions: both },
  "total-quota": { kind: "count", versions: both },
  "max-bps": { kind: "count", versions: both },
  "bps-capacity": { kind: "count", versions: both },
  "max-allocate-lifetime": { kind: "count", versions: both },
  "drain-min-allocations": { kind: "count", versions: since },
  verbose: { kind: "flag", versions: both },
  "log-file": { kind: "text", versions: both },
  "simple-log": { kind: "flag", versions: both },
  "no-stdout-log": { kind: "flag", versions: both },
  "new-log-timestamp": { kind: "flag", versions: both },
  pidfile: { kind: "text", versions: both },
} as const satisfies Readonly<Record<string, OptionFact>>;

export type CoturnOptionName = keyof typeof coturnOptions;

export interface AddressMapping {
  /** What clients are told: the Elastic IP. */
  readonly public: string;
  /** What the relay's sockets are bound to: the instance's own. */
  readonly private: string;
}

interface Values {
  readonly flag: boolean;
  readonly port: number;
  readonly count: number;
  readonly text: string;
  readonly addresses: readonly string[];
  readonly ranges: readonly string[];
  readonly mappings: readonly AddressMapping[];
}

/** Options of one series: a name of the other is an error of the compiler, and at synth. */
export type CoturnOptions<Version extends CoturnVersion = CoturnVersion> = {
  readonly [Name in CoturnOptionName as Version extends (typeof coturnOptions)[Name]["versions"][number]
    ? Name
    : never]?: Values[(typeof coturnOptions)[Name]["kind"]];
};

/** Options that coturn has and a relay of this package never gets, each with the reason. */
export const refusedOptions: Readonly<Record<string, string>> = {
  user: "With use-auth-secret coturn ignores it.",
  "static-auth-secret":
    "Secrets stand in the database of userdb, where they change without a restart, and never in this file.",
  "no-auth": "It opens the relay to everybody.",
  "allow-loopback-peers": "It opens the node's own services to everybody with a credential.",
  "server-relay": "It drops the check of permissions.",
  "web-admin": "There is nobody to administrate a node that replaces itself.",
  "cli-password": "There is nobody to administrate a node that replaces itself.",
};
