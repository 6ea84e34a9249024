/** Signals: facts that speak for abuse. What weighs how much, and where a figure becomes a signal. Pure: others act. */

/** What a signal is about. `report`: a person told of it. */
export const signalKinds = [
  'complaint',
  'bounces',
  'spam score',
  'volume jump',
  'spam trap',
  'from mismatch',
  'link mismatch',
  'many recipients',
  'report',
] as const
export type SignalKind = (typeof signalKinds)[number]

/** Where figures become signals (policy: decided by people, with a reason). */
export interface SignalThresholds {
  /** score of a sample, 0 to 100, from which it is flagged; 50 is where a scorer itself says spam */
  spamScore: number
  /** share of deliveries of a day that failed for an unknown mailbox or domain */
  bounceRate: number
  /** below so many deliveries a share says nothing */
  leastDeliveries: number
  /** messages of a day against the median of the account's own 14 days before */
  volumeFactor: number
  /** below so many messages a day no volume is a jump */
  volumeFloor: number
  /** complaints within a day at which they weigh 50 together */
  complaints: number
  /** a message with more recipients stands out */
  recipients: number
}

export const defaultSignalThresholds: SignalThresholds = {
  spamScore: 50,
  bounceRate: 0.1,
  leastDeliveries: 50,
  volumeFactor: 5,
  volumeFloor: 500,
  complaints: 5,
  recipients: 200,
}

/** How much a signal weighs at the place where its threshold is crossed: 100 is as sure as a fact can be. */
export const SUSPICIOUS = 50
/** How much one fact alone weighs. */
export const factWeights = {
  'spam trap': 60,
  'from mismatch': 20,
  'link mismatch': 30,
  'many recipients': 15,
  report: 40,
} as const
/** A complaint that cannot be shown to be about a message: anybody can write one. */
export const UNPROVED_WEIGHT = 5
/** How many complaints of one reporter count for one account within a day: forged ones alone end nothing. */
export const MOST_OF_A_REPORTER = 3
/** Days the baseline of an account's volume looks back, without today. */
export const BASELINE_DAYS = 14
/** A fact that was told does not signal again for so long, milliseconds; its messages are added to the signal. */
export const SAME_FACT_MS = 86_400_000

/** Messages and deliveries of an account on one UTC day. */
export interface DayFigures {
  messages: number
  delivered: number
  failed: number
  bounced: number
}

function within(weight: number): number {
  return Math.min(100, Math.max(1, Math.round(weight)))
}

/** The middle one of the numbers, the mean of both where two are; 0 of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** A figure over its threshold: what it is, and what it weighs. */
export interface Excess {
  value: number
  weight: number
}

/** Whether too many deliveries of a day failed for unknown users: the share, and its weight. */
export function bounceExcess(
  { delivered, failed, bounced }: DayFigures,
  { bounceRate, leastDeliveries }: SignalThresholds,
): Excess | undefined {
  const deliveries = delivered + failed
  if (deliveries < leastDeliveries || deliveries === 0) return undefined
  const value = bounced / deliveries
  if (bounced === 0 || value <= bounceRate) return undefined
  return { value, weight: within(bounceRate > 0 ? (SUSPICIOUS / 2) * (value / bounceRate) : SUSPICIOUS) }
}

/**
 * Whether a day's messages are a jump against the days before: how many times their median, and the weight.
 * @param before messages of the {@link BASELINE_DAYS} days before, in any order
 */
export function volumeExcess(
  messages: number,
  before: readonly number[],
  { volumeFactor, volumeFloor }: SignalThresholds,
): Excess | undefined {
  const usual = median(before)
  if (messages < volumeFloor || messages <= volumeFactor * usual) return undefined
  const value = messages / Math.max(1, usual)
  // an account that has just begun has no baseline: that alone says little
  const weight = usual === 0 ? SUSPICIOUS / 2 : (SUSPICIOUS / 2) * (value / volumeFactor)
  return { value, weight: within(weight) }
}

/** What one proved complaint weighs: so many as the threshold says weigh {@link SUSPICIOUS} together. */
export function complaintWeight({ complaints }: SignalThresholds): number {
  return within(SUSPICIOUS / Math.max(1, complaints))
}

/** How scores of samples are made. */
export interface Scoring {
  kind: 'built-in' | 'rspamd' | 'spamd'
  /** `http://127.0.0.1:11333` for rspamd, `spamd://127.0.0.1:783` for spamd; empty for the built-in checks */
  url: string
  /** how long an answer may take, milliseconds */
  timeoutMs: number
}

export const defaultScoring: Scoring = { kind: 'built-in', url: '', timeoutMs: 5000 }
