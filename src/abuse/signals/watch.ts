/** Looks at each message of an account right after it was accepted: traps, many recipients, samples to be scored. */

import { factWeights } from '../../model/signal.ts'
import type { Clock, Log, Watch } from '../../mta/ports.ts'
import type { NewSignal } from '../../store/signals.ts'
import type { Store } from '../../store/store.ts'
import type { SampleScoring } from '../scoring/scoring.ts'
import type { SignalPolicy } from './signalRules.ts'

/** A fact is written at most so often, milliseconds: its messages are examples. */
const QUIET_MS = 60_000
/** Facts remembered at most. */
const MOST_TOLD = 10_000

export interface WatchOptions {
  store: Pick<Store, 'signals'>
  policy: SignalPolicy
  scoring: SampleScoring
  clock: Clock
  log: Log
}

export function createWatch({ store, policy, scoring, clock, log }: WatchOptions): Watch {
  const told = new Map<string, number>()

  function isQuiet({ account, fact }: NewSignal): boolean {
    const key = `${account} ${fact}`
    const now = clock.now()
    const last = told.get(key)
    if (last !== undefined && Math.abs(now - last) < QUIET_MS) return true
    told.delete(key)
    told.set(key, now)
    if (told.size > MOST_TOLD) told.delete(told.keys().next().value!)
    return false
  }

  function tell(signal: NewSignal): void {
    if (isQuiet(signal)) return
    store.signals.add([signal]).catch((error: Error) => {
      log.error({ fault: error.message }, 'a signal could not be kept')
    })
  }

  return ({ record, deliveries, ...message }, sampled) => {
    // mail of the relay itself speaks for nobody
    if (record.credential === undefined) return
    const { id, account, acceptedAt: at } = record
    const base = { account, at, messages: [id], source: 'acceptance' }
    const count = deliveries.length
    if (count > policy.thresholds().recipients) {
      const summary = `a message to ${count} recipients at once`
      const weight = factWeights['many recipients']
      tell({ ...base, kind: 'many recipients', weight, summary, fact: 'many recipients', value: count })
    }
    const traps = policy.traps()
    const hits = traps.size === 0 ? 0 : deliveries.filter(({ recipient }) => traps.has(recipient.toLowerCase())).length
    if (hits > 0) {
      const summary = `a message to ${hits === 1 ? 'an address' : `${hits} addresses`} nobody writes to (spam trap)`
      tell({ ...base, kind: 'spam trap', weight: factWeights['spam trap'], summary, fact: 'spam trap', value: hits })
    }
    if (sampled) scoring.offer({ record, deliveries, ...message })
  }
}
