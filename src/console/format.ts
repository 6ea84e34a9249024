/** How numbers, sizes and times are written. Times go in as ISO 8601 or milliseconds and come out in the local zone. */

import { text } from './text.ts'

const locale = 'en-GB'
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const clockSeconds = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const dayMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' })
const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const shortDayYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const dayMonthYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' })
const utcDayMonthYear = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})
const utcShortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const number = new Intl.NumberFormat(locale)
const oneDigit = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
const twoDigits = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })

/** A point in time: ISO 8601, or milliseconds of Unix time. */
export type Instant = string | number

function dateOf(at: Instant): Date {
  return new Date(at)
}

/** Whole local days between two points in time: 0 today, 1 yesterday, -1 tomorrow. */
export function daysBetween(at: Instant, now: number): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return Math.round((midnight(dateOf(now)) - midnight(dateOf(at))) / 86_400_000)
}

function dayName(at: Instant, now: number): string | undefined {
  const days = daysBetween(at, now)
  return days === 0 ? text.time.today : days === 1 ? text.time.yesterday : days === -1 ? text.time.tomorrow : undefined
}

/** In a list: `Today 13:42`, `Yesterday 09:10`, `14 Sept 09:10`. */
export function shortTime(at: Instant, now: number): string {
  return `${dayName(at, now) ?? shortDay.format(dateOf(at))} ${clock.format(dateOf(at))}`
}

/** In a list where seconds count: `Today 13:42:07`. */
export function shortTimeSeconds(at: Instant, now: number): string {
  return `${dayName(at, now) ?? shortDay.format(dateOf(at))} ${clockSeconds.format(dateOf(at))}`
}

/** In a sentence: `today 14:05`, `28 November 14:05`. */
export function momentInText(at: Instant, now: number): string {
  const name = dayName(at, now)
  return `${name ? name.toLowerCase() : dayMonth.format(dateOf(at))} ${clock.format(dateOf(at))}`
}

/** In a detail: `Today 13:42:07`. */
export function exactTime(at: Instant, now: number): string {
  return `${dayName(at, now) ?? dayMonthYear.format(dateOf(at))} ${clockSeconds.format(dateOf(at))}`
}

/** `13:42:07` */
export function timeOfDay(at: Instant): string {
  return clockSeconds.format(dateOf(at))
}

/** `28 November` */
export function dayInText(at: Instant): string {
  return dayMonth.format(dateOf(at))
}

/** In a list: `1 Feb 2027`. */
export function shortDate(at: Instant): string {
  return shortDayYear.format(dateOf(at))
}

/** `1 February 2027` */
export function longDay(at: Instant): string {
  return dayMonthYear.format(dateOf(at))
}

/** A UTC day (`2026-11-23`) in words: `23 November 2026`. */
export function utcDay(day: string): string {
  return utcDayMonthYear.format(dateOf(day))
}

/** A UTC day in few words: `23 Nov`. */
export function utcDayShort(day: string): string {
  return utcShortDay.format(dateOf(day))
}

/** `2026-11-23 13:42:07.123 UTC` */
export function utcTime(at: Instant): string {
  return `${dateOf(at).toISOString().replace('T', ' ').replace('Z', '')} UTC`
}

/** `18,204` */
export function count(value: number): string {
  return number.format(value)
}

/** Messages a second: `14`, `0.3`. */
export function rate(value: number): string {
  return value === 0 || value >= 10 ? number.format(Math.round(value)) : oneDigit.format(value)
}

/** A share from 0 to 1: `14.1 %`, `0.03 %`, `<0.01 %`; a dash where there is none. */
export function share(value: number | null): string {
  if (value === null) return text.common.dash
  if (value > 0 && value < 0.0001) return '<0.01 %'
  return `${(value >= 0.01 ? oneDigit : twoDigits).format(value * 100)} %`
}

/** `820 B`, `18.2 kB`, `3.1 MB`, `4.7 GB` (powers of 1000). */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`
  if (bytes < 999_950_000) return `${(bytes / 1_000_000).toFixed(1)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

/** `12 s`, `4 min`, `3 h 12 min`, `2 d 4 h`; with `units` 1 only the first. */
export function duration(seconds: number, units: 1 | 2 = 2): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return units === 2 && minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`
  const days = Math.floor(hours / 24)
  return units === 2 && hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`
}

/** `3 min ago`, `in 4 h` */
export function relative(at: Instant, now: number): string {
  const seconds = (now - dateOf(at).getTime()) / 1000
  if (Math.abs(seconds) < 5) return text.time.now
  return seconds > 0 ? text.time.ago(duration(seconds)) : text.time.in(duration(-seconds))
}
