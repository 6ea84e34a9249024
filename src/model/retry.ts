/** When a deferred delivery is tried again, and when the queue gives up (RFC 5321 §4.5.4.1: at least 4-5 days). */

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** How long a delivery is tried before it expires, in milliseconds: 5 days. */
export const GIVE_UP_AFTER = 5 * 24 * HOUR

/** Waits after the 1st, 2nd, … failed attempt; the last one repeats. */
const waits = [1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 1 * HOUR, 2 * HOUR, 4 * HOUR]

/**
 * When to try again.
 * @param attempts how many attempts have been made, 1 or more
 * @param now milliseconds, Unix time
 * @param random a number in [0, 1): spreads retries by ±20 % so that a recovered host is not hit by all at once
 * @returns milliseconds, Unix time
 */
export function nextAttemptAt(attempts: number, now: number, random: number): number {
  const wait = waits[Math.min(Math.max(attempts, 1), waits.length) - 1]!
  return Math.round(now + wait * (0.8 + 0.4 * random))
}

/** Whether a delivery accepted at `acceptedAt` that would next be tried at `next` has run out of time. */
export function isExpired(acceptedAt: number, next: number): boolean {
  return next > acceptedAt + GIVE_UP_AFTER
}
