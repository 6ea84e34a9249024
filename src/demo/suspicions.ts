/** What the review desk of the demo has found and done in the past: signals, a case that is decided, one that is open. */

import { factWeights, UNPROVED_WEIGHT } from '../model/signal.ts'
import type { Store } from '../store/store.ts'
import type { SeededDecision } from './history.ts'
import { suspicionDeeds } from './suspicionDeeds.ts'

/**
 * Suspicions of the last days, in order.
 * @param person e-mail address of who works at the desk
 * @param now milliseconds, Unix time
 */
export function pastSuspicions(store: Store, person: string, now: number): SeededDecision[] {
  const { cases } = store
  const actor = { id: 0, email: person }
  const { signal, open, step } = suspicionDeeds(store, actor, now)

  const why = 'readers complain and every sixth address is unknown'
  return [
    signal(12.9, {
      account: 'quill',
      kind: 'complaint',
      weight: 25,
      summary: 'a reader says it was never asked for',
      source: 'feedback',
      about: 'delivered',
    }),
    signal(9, {
      account: 'quill',
      kind: 'bounces',
      weight: 40,
      summary: 'every sixth address of a day is unknown at its host',
      source: 'volume',
      about: 'failed',
    }),
    open(8.9, 'quill', 'spam', 'Complaints by telephone and letter; a sixth of a day’s addresses are unknown.'),
    step(8.8, 'quill', (id, at) => cases.assign(id, person, actor, at)),
    step(7, 'quill', (id, at) =>
      cases.note(id, 'Asked by telephone for proof of consent. They bought the list from a broker.', actor, at),
    ),
    step(6, 'quill', (id, at) => cases.decide(id, 'breach', 'A bought list, and no consent for it.', actor, at)),
    step(6, 'quill', (id, at) =>
      cases.addAction(
        { case: id, kind: 'suspend', perHour: undefined, reason: why, by: person, at, letter: undefined },
        actor,
      ),
    ),
    signal(1.4, {
      account: 'acme',
      kind: 'from mismatch',
      weight: factWeights['from mismatch'],
      summary: 'the visible sender is of another domain than the account’s',
      source: 'acceptance',
      about: 'delivered',
    }),
    signal(1.3, {
      account: 'acme',
      kind: 'report',
      weight: factWeights.report,
      summary: 'a partner asks why stock reports come at night',
      source: person,
    }),
    open(1.2, 'acme', 'compromised', 'Letters at unusual hours under a strange sender: is a password out?'),
    signal(0.4, {
      account: 'northbay',
      kind: 'many recipients',
      weight: factWeights['many recipients'],
      summary: 'a message with more recipients than the account ever had',
      source: 'acceptance',
      about: 'delivered',
    }),
    signal(0.3, {
      account: 'northbay',
      kind: 'report',
      weight: factWeights.report,
      summary: 'a patient was written to by the wrong practice',
      source: person,
    }),
    signal(0.2, {
      kind: 'complaint',
      weight: UNPROVED_WEIGHT,
      summary: 'a letter about unwanted mail, which names no message',
      source: 'letter',
    }),
  ]
}
