import { createHmac } from "node:crypto";
import { rangeFaultText } from "@telemedicina/core";
import { formatFaultText, turnSoftwareError } from "./software-errors.js";

export interface TurnCredentialProps {
  /** The secret that the relays have, as it stands in Secrets Manager. */
  readonly secret: string;
  /**
   * Whoever calls, as coturn logs and counts it. An opaque id: a tax number or an e-mail address would stand in logs.
   * Quotas count by it, so each participant has one of their own.
   */
  readonly userId: string;
  /**
   * Seconds from `now` in which the credential opens calls. A call that runs is not ended by it; a reconnection after it
   * is refused.
   */
  readonly ttlSeconds: number;
  /** The application's clock. Relays compare with theirs, both are kept by NTP. */
  readonly now: Date;
}

/** `username` and `credential` of an `RTCIceServer`. */
export interface TurnCredential {
  readonly username: string;
  readonly credential: string;
}

const USER_ID = /^[A-Za-z0-9._-]{1,128}$/;
const LONGEST_TTL_SECONDS = 604_800;

/**
 * A credential that coturn checks by itself, without asking anybody: the user name says until when, and the password is
 * its signature (`use-auth-secret`, the "TURN REST API").
 */
export function turnCredential(props: TurnCredentialProps): TurnCredential {
  const faults = credentialFaults(props);
  if (faults.length > 0) throw turnSoftwareError("turnCredential", faults);
  const expiry = Math.floor(props.now.getTime() / 1000) + props.ttlSeconds;
  const username = `${expiry}:${props.userId}`;
  // SHA-1 is coturn's choice; as an HMAC it is sound.
  return { username, credential: createHmac("sha1", props.secret).update(username).digest("base64") };
}

/** Never with the secret in it. */
function credentialFaults({ secret, userId, ttlSeconds, now }: TurnCredentialProps): string[] {
  const ttl = Number.isInteger(ttlSeconds) && ttlSeconds >= 1 && ttlSeconds <= LONGEST_TTL_SECONDS;
  return [
    ...(secret === "" ? [formatFaultText("secret", secret, "a secret that is not empty")] : []),
    ...(USER_ID.test(userId)
      ? []
      : [formatFaultText("userId", userId, "1 to 128 letters, digits and . _ -, an opaque id")]),
    ...(ttl ? [] : [rangeFaultText("ttlSeconds", ttlSeconds, 1, LONGEST_TTL_SECONDS)]),
    ...(Number.isNaN(now.getTime()) ? [formatFaultText("now", String(now), "a valid date")] : []),
  ];
}

export interface CredentialVector extends TurnCredential {
  readonly secret: string;
  readonly userId: string;
  readonly ttlSeconds: number;
  /** Unix time, seconds. */
  readonly now: number;
}

/** What every implementation must make of these, whatever its language. */
export const credentialVectors: readonly CredentialVector[] = [
  {
    secret: "north",
    userId: "patient-42",
    ttlSeconds: 3600,
    now: 1_767_222_000,
    username: "1767225600:patient-42",
    credential: "bjCiFC3Mq/0oU0Ra3dGLNhjeQgQ=",
  },
  {
    secret: "k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9k9",
    userId: "3f1c9a52-8d0e-4b7c-9b61-0f2d7a4e5c13",
    ttlSeconds: 3600,
    now: 1_800_000_000,
    username: "1800003600:3f1c9a52-8d0e-4b7c-9b61-0f2d7a4e5c13",
    credential: "E4V1+7K5iJ+1CqAihbYXL+GSBDk=",
  },
  {
    secret: "Zz09",
    userId: "dr.silva_7",
    ttlSeconds: 300,
    now: 1_700_000_001,
    username: "1700000301:dr.silva_7",
    credential: "43MsAHkuXFSK24jKFyF1XVXX174=",
  },
];
