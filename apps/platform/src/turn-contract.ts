import type { EnvironmentConfig } from "@telemedicina/config";
import { iceServers } from "@telemedicina/turn";

/** Lines of `.env` about the relays; the secret that signs credentials stands beside them. `docs/turn.md` has the recipe. */
export function turnVariables({ turn, domain }: EnvironmentConfig): Record<string, string> {
  const { urls, zones, ttlSeconds } = iceServers({
    hostNames: Object.fromEntries(turn.zones.map((zone) => [zone, `turn-${zone}.${domain}`])),
    ttlSeconds: turn.credentialTtlMinutes * 60,
  });
  return {
    STUN_URLS: Object.values(zones)
      .map(({ stun }) => stun)
      .join(","),
    TURN_URLS: urls.join(","),
    TURN_CREDENTIAL_TTL_SECONDS: String(ttlSeconds),
  };
}
