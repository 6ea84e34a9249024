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
