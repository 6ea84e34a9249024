/** Counts and times of retention in words. */

import type { RetainedDay } from '../../../contract/retention.ts'
import { count, momentInText, relative, size, utcDay } from '../../format.ts'
import { text } from '../../text.ts'

const words = text.retention

export function headersInText(headers: number): string {
  return words.headerRecords(headers, count(headers))
}

export function samplesInText(samples: number): string {
  return words.sealedSamples(samples, count(samples))
}

export function daysInText(days: number): string {
  return words.days(days, count(days))
}

/** When a day goes. `now`: milliseconds, Unix time. */
export function goesInText({ goesAt }: RetainedDay, now: number): string {
  if (Date.parse(goesAt) <= now) return words.strip.goesNow
  return words.strip.goesIn(relative(goesAt, now), momentInText(goesAt, now))
}

/** Everything about a day in one line. */
export function dayInLine(day: string, kept: RetainedDay | undefined, now: number): string {
  if (!kept) return `${utcDay(day)}: ${words.strip.none}`
  const parts = [headersInText(kept.headers), samplesInText(kept.samples), size(kept.bytes)]
  if (kept.held > 0) parts.push(words.strip.held(count(kept.held)))
  return `${utcDay(day)}: ${[...parts, goesInText(kept, now)].join(' · ')}`
}
