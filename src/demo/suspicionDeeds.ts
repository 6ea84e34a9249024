/** How the demo's review desk came by its past: a signal, a case opened from signals, a step taken with a case. */

import type { MessageStatus } from '../model/delivery.ts'
import type { MessageId } from '../model/id.ts'
import { DAY_MS } from '../model/retention.ts'
import type { SignalKind } from '../model/signal.ts'
import type { Actor } from '../store/cases.ts'
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
 * Each deed is so many days before now.
 * @param now milliseconds, Unix time
 */
export function suspicionDeeds({ cases, directory, log, signals }: Store, actor: Actor, now: number) {
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

  return { signal, open, step }
}
