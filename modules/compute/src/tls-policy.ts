/**
 * Policies of the HTTPS listener: TLS 1.3 and 1.2, forward secrecy only. CloudFront speaks at most 1.2 to an origin,
 * so a policy of 1.3 alone would answer 502 to every viewer; what speaks 1.0 or 1.1 is not offered.
 *
 * `Res` leaves out CBC ciphers; `PQ` adds hybrid post-quantum key exchange for clients that have it.
 */
export const tlsPolicies = [
  "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
] as const;

export type TlsPolicy = (typeof tlsPolicies)[number];

/** Whether a policy refuses TLS 1.2. */
export function isTls13Only(policy: string): boolean {
  return /^ELBSecurityPolicy-TLS13-1-3-/.test(policy);
}
