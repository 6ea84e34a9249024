/** Days and how long records stay (policy: "the headers of every message are kept 70 days, then are gone"). */

export const DAY_MS = 86_400_000
/** How long header records and samples are kept, in days. */
export const KEEP_DAYS = 70

/** A UTC day written `YYYY-MM-DD`. */
export type Day = string

/** The UTC day that `ms` (milliseconds, Unix time) falls on. */
export function dayOf(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10)
}

/** The first millisecond of a UTC day. */
export function startOfDay(day: Day): number {
  return Date.parse(`${day}T00:00:00.000Z`)
}

/** The moment (milliseconds, Unix time) from which a record accepted at `acceptedAt` is no longer shown. */
export function keepUntil(acceptedAt: number, days: number = KEEP_DAYS): number {
  return acceptedAt + days * DAY_MS
}

/** An order that shortens how long things stay. It binds what was accepted before it; no later order lengthens that again. */
export interface Shortening {
  /** milliseconds, Unix time: binds what was accepted before */
  before: number
  days: number
  /** only mail of this account; undefined: everybody's */
  account: number | undefined
}

/**
 * When a record or a sample ends (milliseconds, Unix time): as stamped at acceptance, or earlier where it was shortened
 * since. Undefined for the account asks about everybody's mail, as for a whole day.
 */
export function endOf(
  acceptedAt: number,
  stamped: number,
  account: number | undefined,
  shortenings: readonly Shortening[],
): number {
  return shortenings.reduce((end, shortening) => {
    const binds = shortening.account === undefined || shortening.account === account
    if (!binds || acceptedAt >= shortening.before) return end
    return Math.min(end, keepUntil(acceptedAt, shortening.days))
  }, stamped)
}

/** How many days a message is kept: the policy's, fewer where its account has it so, and never more than 70. */
export function visibleDays(policyDays: number, accountDays: number | undefined): number {
  return Math.min(KEEP_DAYS, policyDays, accountDays ?? KEEP_DAYS)
}

/** How many days the whole policy keeps things, and what was shortened by orders since. */
export interface RetentionRules {
  days: number
  shortenings: readonly Shortening[]
}

/**
 * The policy after an order to keep things `days` days: what is kept already can only be shortened. Shortenings that
 * bind nothing any more are left out.
 */
export function withDays(policy: RetentionRules, days: number, now: number): RetentionRules {
  const binding = policy.shortenings.filter(({ before }) => keepUntil(before) > now)
  if (days >= policy.days) return { days, shortenings: binding }
  return { days, shortenings: [...binding, { before: now, days, account: undefined }] }
}

/** The policy after an order about one account's mail. */
export function withAccountDays(policy: RetentionRules, account: number, days: number, now: number): RetentionRules {
  const { shortenings } = withDays(policy, policy.days, now)
  return { ...policy, shortenings: [...shortenings, { before: now, days, account }] }
}
