import { ports as platformPorts } from "@telemedicina/core";

export interface IceServersProps {
  /** Names of the relays by zone letter. Never a name behind CloudFront or a load balancer: they pass no UDP. */
  readonly hostNames: Readonly<Record<string, string>>;
  /** @default 3478 for UDP and TCP, 5349 for TLS, as the port matrix has it */
  readonly ports?: { readonly turn: number; readonly turnTls: number };
  /** Life of the credentials that the application makes. @default 3600 */
  readonly ttlSeconds?: number;
}

/** URLs of one relay, one for each way in. */
export interface RelayUrls {
  readonly stun: string;
  /** The best for media; blocked in some offices and clinics. */
  readonly turnUdp: string;
  readonly turnTcp: string;
  /** TLS: through firewalls that look at what passes. */
  readonly turnsTcp: string;
}

/** What the application needs to write `iceServers` for a browser, except the secret. */
export interface IceServerContract {
  readonly zones: Readonly<Record<string, RelayUrls>>;
  /** `urls` of the one entry with credentials: the three ways of every relay, for a browser to choose from. */
  readonly urls: readonly string[];
  readonly ttlSeconds: number;
  /** How `credential` is made of the secret and `username`; `docs/turn.md` has it in PHP. */
  readonly algorithm: {
    readonly username: "<unix time of expiry>:<opaque user id>";
    readonly credential: "base64(hmac-sha1(secret, username))";
  };
}

/** The contract between relays and application: addresses, life and recipe of credentials. */
export function iceServers(props: IceServersProps): IceServerContract {
  const ports = props.ports ?? { turn: platformPorts.turn, turnTls: platformPorts.turnTls };
  const zones = Object.fromEntries(
    Object.entries(props.hostNames).map(([zone, host]) => [zone, relayUrls(host, ports)]),
  );
  return {
    zones,
    urls: Object.values(zones).flatMap(({ turnUdp, turnTcp, turnsTcp }) => [turnUdp, turnTcp, turnsTcp]),
    ttlSeconds: props.ttlSeconds ?? 3600,
    algorithm: {
      username: "<unix time of expiry>:<opaque user id>",
      credential: "base64(hmac-sha1(secret, username))",
    },
  };
}

function relayUrls(host: string, ports: { readonly turn: number; readonly turnTls: number }): RelayUrls {
  return {
    stun: `stun:${host}:${ports.turn}`,
    turnUdp: `turn:${host}:${ports.turn}?transport=udp`,
    turnTcp: `turn:${host}:${ports.turn}?transport=tcp`,
    turnsTcp: `turns:${host}:${ports.turnTls}?transport=tcp`,
  };
}
