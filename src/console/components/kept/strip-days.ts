/** The days of the strip: every UTC day from the oldest that is kept to today, also those without any mail. */

import type { RetainedDay } from '../../../contract/retention.ts'

const DAY_MS = 86_400_000
/** more would be too narrow to be seen, let alone hit */
const MOST = 120

export interface StripDay {
  /** `YYYY-MM-DD`, UTC */
  day: string
  /** nothing is kept of a day without */
  kept: RetainedDay | undefined
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/**
 * @param days what is kept, in any order
 * @param policyDays how many days the policy keeps: so many are shown even when the relay is younger
 * @param now milliseconds, Unix time
 * @returns oldest first
 */
export function stripDays(days: readonly RetainedDay[], policyDays: number, now: number): StripDay[] {
  const byDay = new Map(days.map((kept) => [kept.day, kept]))
  const names = days.map((kept) => kept.day).sort()
  const first = Math.min(Date.parse(dayOf(now)) - (policyDays - 1) * DAY_MS, Date.parse(names[0] ?? dayOf(now)))
  const last = Math.max(Date.parse(dayOf(now)), Date.parse(names.at(-1) ?? dayOf(now)))
  const count = Math.min(MOST, Math.round((last - first) / DAY_MS) + 1)
  return Array.from({ length: count }, (_, i) => {
    const day = dayOf(last - (count - 1 - i) * DAY_MS)
    return { day, kept: byDay.get(day) }
  })
}

/** The written filter of the messages of a UTC day. */
export function filterOfDay(day: string): string {
  return `since:${day} until:${dayOf(Date.parse(day) + DAY_MS)}`
}

/** The day that goes first, if any has anything in it. */
export function nextToGo(days: readonly RetainedDay[]): RetainedDay | undefined {
  return days.reduce<RetainedDay | undefined>(
    (first, kept) => (first === undefined || kept.goesAt < first.goesAt ? kept : first),
    undefined,
  )
}
