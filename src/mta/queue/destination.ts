/** One destination of the queue, in memory: how busy it is and what of its work is at hand. */

import type { Route } from '../../model/route.ts'
import type { DueJob } from '../../store/store.ts'

/** Jobs of one destination kept in memory; the rest stays on disk until these are gone. */
export const WINDOW = 200

/**
 * Waits after the 1st, 2nd, … failure in a row to speak to a destination at all, in milliseconds. Short ones: a probe is
 * one connection, and the first delivery after an outage waits for no more than the last of them.
 */
const pauses = [0, 5_000, 15_000, 30_000, 60_000]
/** Transactions at once to a destination that has not answered since it is known. */
const PROBES = 2

export class Destination {
  readonly key: string
  /** transactions running or being claimed */
  active = 0
  /** of these, attempts that hold no slot because nothing moves */
  waiting = 0
  /** a transaction with it has come to an end: it is worth more than a probe */
  hasAnswered = false
  /** due jobs at hand, earliest first */
  ready: DueJob[] = []
  /** whether there may be due work on disk beyond `ready` */
  backlog = false
  /** when the earliest later work is due */
  nextAt = Number.POSITIVE_INFINITY
  loading = false
  /** claims under way: `ready` does not show them, the disk may still */
  claiming = 0
  private failures = 0
  private pausedUntil = 0
  /** why it could not be spoken to */
  lastReason = ''

  constructor(key: string) {
    this.key = key
  }

  /** Whether nobody should dial it now, because it did not answer lately. */
  isPaused(now: number): boolean {
    return now < this.pausedUntil
  }

  /** How many transactions may run: one while it is unknown whether it answers again, few before it ever has. */
  limit(usual: number): number {
    if (this.failures > 0) return 1
    return this.hasAnswered ? usual : Math.min(usual, PROBES)
  }

  /** Notes whether it could be spoken to. */
  noteReachable(reachable: boolean, now: number, reason: string): void {
    this.failures = reachable ? 0 : this.failures + 1
    this.lastReason = reachable ? '' : reason
    this.pausedUntil = reachable ? 0 : now + pauses[Math.min(this.failures, pauses.length) - 1]!
    if (!reachable) this.nextAt = Math.min(this.nextAt, this.pausedUntil)
  }

  /** Dials again at once, by a person's order. */
  wake(): void {
    this.pausedUntil = 0
    this.backlog = true
  }

  /** Whether it has work that could start now. */
  hasWork(now: number): boolean {
    return this.ready.length > 0 || ((this.backlog || this.nextAt <= now) && !this.loading)
  }

  /** Whether nothing at all is known of it, so that it can be forgotten. */
  isIdle(): boolean {
    return (
      this.active === 0 &&
      this.ready.length === 0 &&
      !this.backlog &&
      !this.loading &&
      this.failures === 0 &&
      this.nextAt === Number.POSITIVE_INFINITY
    )
  }
}

/** Splits recipients of one destination into transactions of at most `size`. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size))
  return chunks
}

/** Whether jobs to a route are for the delivery agent to carry out. */
export function isDialled(route: Route): boolean {
  return route.kind === 'smarthost' || route.kind === 'mx'
}
