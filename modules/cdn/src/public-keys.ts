import { createHash, createPublicKey } from "node:crypto";
import { keyCountFaultText, publicKeyFaultText, sameKeyFaultText } from "./errors.js";

const MOST_KEYS = 2;
const RSA_BITS = 2048;

/** As CloudFront wants it: one line feed at the end, or each plan would find a difference. */
export function encodedKey(pem: string): string {
  return `${pem.trim()}\n`;
}

/** Tells keys apart in names and ids: of the key itself, not of how its PEM is wrapped. */
export function keyFingerprint(pem: string): string {
  const der = createPublicKey(pem).export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex").slice(0, 8);
}

export function publicKeyFaults(keys: readonly string[]): string[] {
  if (keys.length === 0 || keys.length > MOST_KEYS) return [keyCountFaultText(keys.length)];
  const faults = keys.flatMap((key, position) => {
    const found = strangeness(key);
    return found === undefined ? [] : [publicKeyFaultText(position, found)];
  });
  if (faults.length > 0) return faults;
  return new Set(keys.map(keyFingerprint)).size === keys.length ? [] : [sameKeyFaultText()];
}

/** What it is instead of a key that CloudFront takes. Never quotes it: it might be the private one. */
function strangeness(pem: string): string | undefined {
  if (/PRIVATE KEY/.test(pem)) return "a private key, which must not stand here";
  if (!pem.trim().startsWith("-----BEGIN PUBLIC KEY-----")) return "no public key in PEM";
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
    if (asymmetricKeyType === "rsa") {
      const { modulusLength } = asymmetricKeyDetails ?? {};
      return modulusLength === RSA_BITS ? undefined : `an RSA key of ${modulusLength} bits`;
    }
    if (asymmetricKeyType === "ec") {
      const { namedCurve } = asymmetricKeyDetails ?? {};
      return namedCurve === "prime256v1" ? undefined : `an ECDSA key on ${namedCurve}`;
    }
    return `a key of type ${asymmetricKeyType}`;
  } catch {
    return "no key that can be read";
  }
}
