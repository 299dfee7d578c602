import { ports, turnRelayPorts } from "@telemedicina/core";
import { coturnConfig } from "../coturn/coturn-config.js";
import { deniedPeerRanges } from "../coturn/denied-peers.js";
import { paths } from "./paths.js";
import type { TurnHostSettings } from "./settings.js";

/**
 * `turnserver.conf` of a node, for the 4.6 of Ubuntu 24.04, without what only the node knows: its two addresses.
 *
 * No `lt-cred-mech`: `use-auth-secret` turns the same mechanism on, and with both coturn logs a CONFIGURATION ALERT. No
 * secret either: coturn reads them from `userdb` for each new client.
 */
export function nodeConfig(settings: TurnHostSettings): string {
  return coturnConfig(
    {
      "listening-ip": ["0.0.0.0"],
      "listening-port": ports.turn,
      "tls-listening-port": ports.turnTls,
      "min-port": turnRelayPorts.from,
      "max-port": turnRelayPorts.to,
      realm: settings.realm,
      "use-auth-secret": true,
      userdb: paths.database,
      "stale-nonce": 600,
      fingerprint: true,
      "no-software-attribute": true,
      cert: paths.certificate,
      pkey: paths.key,
      "no-tlsv1": true,
      "no-tlsv1_1": true,
      // No browser speaks it, and it keeps state before it knows who asks.
      "no-dtls": true,
      "no-cli": true,
      "no-tcp-relay": true,
      "no-multicast-peers": true,
      "denied-peer-ip": deniedPeerRanges(settings.vpcCidrs),
      // Short answers, so that nobody uses them to multiply traffic to another.
      "no-rfc5780": true,
      "no-stun-backward-compatibility": true,
      "response-origin-only-with-rfc5780": true,
      "user-quota": settings.userQuota,
      "total-quota": settings.totalQuota,
      "max-bps": settings.maxBps,
      // Without it coturn logs neither sessions nor requests, and nothing could be counted.
      verbose: true,
      "log-file": paths.log,
      "simple-log": true,
      "no-stdout-log": true,
      "new-log-timestamp": true,
    },
    "4.6",
  );
}
