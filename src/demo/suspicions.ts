/** What the review desk of the demo has found and done in the past: signals, a case that is decided, one that is open. */

import type { MessageStatus } from '../model/delivery.ts'
import type { MessageId } from '../model/id.ts'
import { DAY_MS } from '../model/retention.ts'
import { factWeights, type SignalKind, UNPROVED_WEIGHT } from '../model/signal.ts'
import type { NewSignal } from '../store/signals.ts'
import type { Store } from '../store/store.ts'
import type { SeededDecision } from './history.ts'
import type { AccountName } from './letter.ts'

/** Messages a signal of the demo names, and how long their search may take, in milliseconds. */
const NAMED = 4
const SEARCH_MS = 1000

interface Fact {
  account?: AccountName
  kind: SignalKind
  weight: number
  summary: string
  source: string
  /** which of the account's messages it names; none when left out */
  about?: MessageStatus
}

/**
 * Suspicions of the last days, in order.
 * @param person e-mail address of who works at the desk
 * @param now milliseconds, Unix time
 */
export function pastSuspicions(store: Store, person: string, now: number): SeededDecision[] {
  const { cases, directory, log, signals } = store
  const actor = { id: 0, email: person }
  const ago = (days: number): number => now - days * DAY_MS
  const idOf = (name: AccountName): number => directory.accountByName(name)!.id
  /** the case that was opened last, by account */
  const opened = new Map<AccountName, number>()

  async function named({ account, about }: Fact): Promise<MessageId[]> {
    if (!account || !about) return []
    const found = await log.search({ account, status: about }, NAMED, undefined, SEARCH_MS)
    return found.rows.map(({ id }) => id)
  }

  function signal(days: number, fact: Fact): SeededDecision {
    const at = ago(days)
    return {
      at,
      async act() {
        const { account, kind, weight, summary, source } = fact
        const made: NewSignal = {
          account: account && idOf(account),
          kind,
          at,
          weight,
          summary,
          source,
          messages: await named(fact),
          fact: `demo ${kind} ${days}`,
          value: undefined,
        }
        await signals.add([made])
      },
    }
  }

  /** A case with every signal of the account so far. */
  function open(days: number, name: AccountName, reason: string, note: string): SeededDecision {
    const at = ago(days)
    return {
      at,
      async act() {
        const account = idOf(name)
        const query = { kind: undefined, since: undefined, before: undefined, unmatched: false, unassigned: true }
        const free = await signals.list({ ...query, account, limit: 100 })
        const ids = free.signals.map(({ id }) => id)
        opened.set(name, await cases.open({ account, reason, note, signals: ids }, actor, at))
      },
    }
  }

  function step(days: number, name: AccountName, act: (id: number, at: number) => Promise<unknown>): SeededDecision {
    const at = ago(days)
    return { at, act: () => act(opened.get(name)!, at) }
  }

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
