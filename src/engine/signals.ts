/** Puts together what finds signals: desks, watch, scoring, and the care that looks at figures. */

import type { Store } from '../store/store.ts'
import { createAbuseDesk } from './care/complaints.ts'
import { createSignalPolicy } from './care/signalPolicy.ts'
import { createSignalCare } from './care/signals.ts'
import { createWatch, type Watch } from './care/watch.ts'
import { createDesks, type Desk } from './desk/desks.ts'
import type { ConnectScorer } from './scoring/scorer.ts'
import { createScoring } from './scoring/scoring.ts'
import type { Clock, Desks, Log } from './seams.ts'

/** Signals as the relay process sees them. */
export interface Signals {
  /** Reads thresholds, traps, scoring and the desks' domains again: to be called when one was changed. */
  reload(): Promise<void>
  /** Looks at the figures of all accounts now. */
  look(): Promise<void>
  /** Resolves when mail to the desks is read and samples are scored. */
  settled(): Promise<void>
}

export interface SignalParts extends Signals {
  desks: Desks
  watch: Watch
  /** To be called before intake listens. */
  start(): Promise<void>
  /** To be called when intake has stopped. */
  stop(): Promise<void>
}

export interface SignalOptions {
  store: Store
  hostname: string
  connectScorer: ConnectScorer
  notice(text: string): void
  /** a complaint that counts was written */
  onComplaint(): Promise<void>
  /** desks besides the one for abuse */
  furtherDesks: readonly Desk[]
  clock: Clock
  log: Log
}

/** Builds the parts that find signals. */
export function createSignalParts(options: SignalOptions): SignalParts {
  const { store, hostname, connectScorer, notice, onComplaint, clock, log } = options
  const policy = createSignalPolicy(store.settings)
  const abuse = createAbuseDesk({ store, hostname, policy, onCounted: onComplaint })
  const desks = createDesks({ store, hostname, desks: [abuse, ...options.furtherDesks], clock, log })
  const scoring = createScoring({ store, policy, connect: connectScorer, notice, log })
  const watch = createWatch({ store, policy, scoring, clock, log })
  const care = createSignalCare({ store, policy, clock, log })

  async function settled(): Promise<void> {
    await desks.settled()
    await scoring.settled()
  }

  return {
    desks,
    watch,
    settled,
    look: () => care.look(),
    async reload() {
      await policy.load()
      await desks.reload()
    },
    async start() {
      await policy.load()
      await desks.start()
      care.start()
    },
    async stop() {
      await care.stop()
      await desks.stop()
      await scoring.settled()
    },
  }
}
