/**
 * Trust: the decision to store no samples of an account's mail (policy: decided by an admin on a request, with a reason
 * and a review date; it ends by itself when bounces or complaints rise). Pure: others act.
 */

import { DAY_MS } from './retention.ts'

/** Days that criteria look back, today included. */
export const CRITERIA_DAYS = 30
/** Furthest date a review may be set to, in days: a year, whichever it is. */
export const LATEST_REVIEW_DAYS = 366

/** What a decision is made on. Rates are shares, 0 to 1; null where there is nothing to divide. */
export interface Criteria {
  /** since the account was added */
  ageDays: number
  /** last 30 days */
  messages: number
  /** that ended in these days, delivered or failed */
  deliveries: number
  /** failed for an unknown mailbox or domain */
  bounces: number
  bounceRate: number | null
  complaints: number
  /** complaints a message */
  complaintRate: number | null
  /** messages of each of 30 days, oldest first */
  volume: number[]
  /** samples stored at present */
  samples: number
  /** null in decisions from before they were counted */
  cases: CaseCounts | null
}

/** Cases of an account so far, by their verdict. */
export interface CaseCounts {
  breach: number
  noBreach: number
  unclear: number
  /** still under review */
  undecided: number
}

/** Where trust ends by itself. */
export interface Thresholds {
  bounceRate: number
  complaintRate: number
  /** rates are taken of at least so many: a few messages more or less would say nothing */
  leastMessages: number
}

export const defaultThresholds: Thresholds = { bounceRate: 0.1, complaintRate: 0.001, leastMessages: 100 }

/** What is counted of an account. */
export interface Counts {
  createdAt: number
  deliveries: number
  bounces: number
  complaints: number
  volume: number[]
  samples: number
  cases: CaseCounts
}

/** The criteria that counts amount to at `now` (milliseconds, Unix time). */
export function criteriaOf(counts: Counts, now: number): Criteria {
  const { createdAt, deliveries, bounces, complaints, volume, samples, cases } = counts
  const messages = volume.reduce((sum, one) => sum + one, 0)
  return {
    ageDays: Math.max(0, Math.floor((now - createdAt) / DAY_MS)),
    messages,
    deliveries,
    bounces,
    bounceRate: deliveries > 0 ? bounces / deliveries : null,
    complaints,
    complaintRate: messages > 0 ? complaints / messages : null,
    volume,
    samples,
    cases,
  }
}

function percent(share: number): string {
  const value = share * 100
  // complaints are counted in thousandths, bounces in tenths
  return `${Number(value.toFixed(value < 1 ? 3 : 1))} %`
}

/** `bounces: 12 of 80 deliveries (15 %), more than the 10 % allowed`; undefined when it is not more. */
function excess(what: string, count: number, base: number, of: string, allowed: number, least: number) {
  const counted = Math.max(base, least)
  if (count <= allowed * counted) return undefined
  const few = base < least ? ` of ${least}, the least a rate is taken of` : ''
  return `${what}: ${count} of ${base} ${of} (${percent(count / counted)}${few}), more than the ${percent(allowed)} allowed`
}

/**
 * The thresholds that are crossed, in words with their figures; empty when none is. Below `leastMessages` a rate is taken
 * of that many, so that the counts decide.
 */
export function crossed(criteria: Criteria, thresholds: Thresholds): string[] {
  const { bounces, deliveries, complaints, messages } = criteria
  const { bounceRate, complaintRate, leastMessages } = thresholds
  return [
    excess('bounces', bounces, deliveries, 'deliveries', bounceRate, leastMessages),
    excess('complaints', complaints, messages, 'messages', complaintRate, leastMessages),
  ].filter((text) => text !== undefined)
}

/** What is wrong with a review date (milliseconds, Unix time), in words; undefined when nothing is. */
export function reviewProblem(reviewAt: number, now: number): string | undefined {
  if (reviewAt <= now) return 'the review date has passed: give one in the future'
  if (reviewAt > now + LATEST_REVIEW_DAYS * DAY_MS)
    return `the review date is more than ${LATEST_REVIEW_DAYS} days ahead: give an earlier one`
  return undefined
}
