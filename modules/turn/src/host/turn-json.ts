import { ports, turnRelayPorts } from "@telemedicina/core";
import { paths } from "./paths.js";
import type { TurnHostSettings } from "./settings.js";

/** Settings of the node's programs. No secret is in it. */
interface TurnJson
  extends Pick<
    TurnHostSettings,
    | "region"
    | "environment"
    | "hostName"
    | "realm"
    | "groupName"
    | "launchHook"
    | "terminateHook"
    | "secretName"
    | "certificateSecretName"
    | "secretOverlapSeconds"
    | "drainSeconds"
  > {
  readonly acme: { readonly email: string; readonly directory: string | null };
  readonly ports: { readonly turn: number; readonly tls: number };
  readonly relayPorts: { readonly from: number; readonly to: number };
  /** Whoever coturn runs as. */
  readonly user: string;
  readonly paths: Readonly<Record<keyof typeof paths, string>>;
}

/** Text of `turn.json`. */
export function turnJson(settings: TurnHostSettings): string {
  const { region, environment, hostName, realm, groupName, launchHook, terminateHook } = settings;
  const { secretName, certificateSecretName, secretOverlapSeconds, drainSeconds } = settings;
  const json: TurnJson = {
    region,
    environment,
    hostName,
    realm,
    groupName,
    launchHook,
    terminateHook,
    secretName,
    certificateSecretName,
    secretOverlapSeconds,
    drainSeconds,
    acme: { email: settings.acmeEmail, directory: settings.acmeDirectory ?? null },
    ports: { turn: ports.turn, tls: ports.turnTls },
    relayPorts: turnRelayPorts,
    user: "turnserver",
    paths,
  };
  return `${JSON.stringify(json, null, 1)}\n`;
}
