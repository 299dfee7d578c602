/**
 * What a full store does with the next write.
 *
 * - `volatile-lru`: drops the key with an expiry that was used least recently. Keys without one stay.
 * - `noeviction`: refuses the write with `OOM command not allowed`; nothing that was accepted is lost.
 */
export type MaxmemoryPolicy = "volatile-lru" | "noeviction";

/**
 * What each kind of content needs. The `allkeys-…` policies are not offered: they may drop the set in which
 * Laravel remembers the keys of a cache tag, and then flushing the tag leaves stale entries behind without a word.
 */
export const maxmemoryPolicies = {
  /** All of it can be had again, sessions by logging in, and all of it expires: a full cache goes on working. */
  cacheAndSessions: "volatile-lru",
  /** A job has no expiry and exists nowhere else: better the push fails, which the caller sees, than the job is gone. */
  queues: "noeviction",
} as const satisfies Record<string, MaxmemoryPolicy>;
