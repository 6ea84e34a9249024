/** Ends attempts: when to try again, when to give up, and whom to tell. */

import type { AttemptReport, Outcome } from '../../model/outcome.ts'
import { isExpired, nextAttemptAt } from '../../model/retry.ts'
import { destinationOf, type RouteRule } from '../../model/route.ts'
import type { AttemptResult, ClaimedJob, Store } from '../../store/store.ts'
import { recipientDomain } from '../domains/domain.ts'
import type { Notified } from '../dsn/notified.ts'
import { type Parts, place } from './acceptance.ts'

/** After this long a sender is told that a delivery is late, in milliseconds: 4 hours (RFC 5321 §4.5.4.1). */
const LATE_AFTER = 4 * 3_600_000

/** Writes the notifications that outcomes ask for, ready to be placed; none for a message with an empty sender. */
export type Notify = (job: ClaimedJob, told: Notified[], report: AttemptReport, now: number) => Parts[]

/** Attempts in doubt after which a delivery is not repeated any more: the first and two repeats. */
const MOST_DOUBTS = 3

type Result = AttemptResult['results'][number]

/** The outcome of each delivery with its next attempt; whatever the agent left out is deferred, never lost. */
function resultsOf(job: ClaimedJob, report: AttemptReport, now: number, rules: readonly RouteRule[]): Result[] {
  // one number for all: recipients that are deferred together come again together, in one transaction
  const random = Math.random()
  return job.deliveries.map((delivery) => {
    const outcome: Outcome = report.outcomes.get(delivery.ordinal) ?? {
      kind: 'deferred',
      reason: 'the attempt ended without an outcome',
      reply: undefined,
      inDoubt: true,
    }
    if (outcome.kind !== 'deferred') return { ordinal: delivery.ordinal, outcome, nextAttemptAt: undefined }
    if (outcome.inDoubt && (job.doubts?.[delivery.ordinal] ?? 0) + 1 >= MOST_DOUBTS)
      return { ordinal: delivery.ordinal, outcome, nextAttemptAt: undefined, hold: doubtful(outcome.reason) }
    const { destination } = destinationOf(rules, recipientDomain(delivery.recipient))
    const isMoved = destination !== job.destination
    const next = isMoved && !outcome.inDoubt ? now : nextAttemptAt(delivery.attempts, now, random)
    const nextOrNever = isExpired(job.record.acceptedAt, next) ? undefined : next
    const result = { ordinal: delivery.ordinal, outcome, nextAttemptAt: nextOrNever }
    return isMoved ? { ...result, destination } : result
  })
}

/** Why a delivery is held that was sent three times without anybody knowing what came of it. */
function doubtful(last: string): string {
  return `held: it may have been delivered three times; last: ${last}. Ask the recipient, then release or cancel it`
}

function notifiedOf(job: ClaimedJob, results: Result[], now: number): Notified[] {
  const late = job.record.acceptedAt + LATE_AFTER
  const becameLate = now >= late && (job.previousEndedAt ?? 0) < late
  return results.flatMap(({ ordinal, outcome, nextAttemptAt: next, hold }): Notified[] => {
    const delivery = job.deliveries.find((one) => one.ordinal === ordinal)!
    if (outcome.kind === 'failed') return [{ delivery, outcome, action: 'failed' }]
    if (outcome.kind === 'delivered') return [{ delivery, outcome, action: 'relayed' }]
    if (hold !== undefined) return []
    if (next === undefined) return [{ delivery, outcome, action: 'expired' }]
    return becameLate ? [{ delivery, outcome, action: 'delayed' }] : []
  })
}

/** Builds `settle` for the scheduler: one transaction for the outcome and everything it causes. */
export function createRecordResult(store: Store, notify: Notify) {
  return async (job: ClaimedJob, report: AttemptReport, now: number): Promise<Map<string, number>> => {
    const results = resultsOf(job, report, now, store.directory.routes())
    const placed = notify(job, notifiedOf(job, results, now), report, now).map((parts) =>
      place(parts, store, undefined, undefined),
    )
    await store.queue.recordResult({
      message: job.record.id,
      attempt: job.attempt,
      endedAt: now,
      destination: report.destination,
      tls: report.tls,
      transcript: report.transcript,
      inDoubt: results.some(({ outcome }) => outcome.kind === 'deferred' && outcome.inDoubt),
      results,
      notifications: placed.map(({ message }) => message),
    })
    const waits = new Map<string, number>()
    for (const { nextAttemptAt: next, destination = job.destination } of results) {
      if (next !== undefined) waits.set(destination, Math.min(next, waits.get(destination) ?? next))
    }
    for (const { waiting } of placed) for (const { destination } of waiting) waits.set(destination, now)
    return waits
  }
}
