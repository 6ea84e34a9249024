/** Puts together what finds signals: watch, scoring, the care that looks at figures, and the desks. */

import type { AbuseJobs } from '../../abuse/readingJobs.ts'
import type { ConnectScorer } from '../../abuse/scoring/scorer.ts'
import { createScoring } from '../../abuse/scoring/scoring.ts'
import { createAnomalyDetection } from '../../abuse/signals/anomalyDetection.ts'
import { createSignalPolicy } from '../../abuse/signals/signalRules.ts'
import { createWatch } from '../../abuse/signals/watch.ts'
import type { MailboxRoom } from '../../mta/mailboxes/mailboxes.ts'
import type { Clock, Log, Watch } from '../../mta/ports.ts'
import type { MailReader } from '../../mta/reading/reader.ts'
import type { Store } from '../../store/store.ts'

/** Signals as the relay process sees them. */
export interface Signals {
  /** Reads thresholds, traps, scoring and the desks' domains again: to be called when one was changed. */
  reload(): Promise<void>
  /** Looks at the figures of all accounts now. */
  poll(): Promise<void>
  /** Resolves when mail to the desks is read and samples are scored. */
  settled(): Promise<void>
}

export interface SignalParts extends Signals {
  /** To be called before intake listens. */
  start(): Promise<void>
  /** To be called when intake has stopped. */
  stop(): Promise<void>
}

export interface SignalOptions {
  store: Store
  reader: MailReader<AbuseJobs>
  connectScorer: ConnectScorer
  notice(text: string): void
  clock: Clock
  log: Log
}

/** What finds signals in mail and figures. */
export type SignalFinding = ReturnType<typeof createSignalFinding>

/** Builds what finds signals in what is accepted, in samples, and in the figures of accounts. */
export function createSignalFinding({ store, reader, connectScorer, notice, clock, log }: SignalOptions) {
  const policy = createSignalPolicy(store.settings)
  const scoring = createScoring({ store, reader, policy, connect: connectScorer, notice, log })
  const watch: Watch = createWatch({ store, policy, scoring, clock, log })
  return { policy, scoring, watch, care: createAnomalyDetection({ store, policy, clock, log }) }
}

/** Puts it together with the desks, whose mail says something about abuse too. */
export function createSignalParts({ policy, scoring, care }: SignalFinding, mailboxes: MailboxRoom): SignalParts {
  return {
    async settled() {
      await mailboxes.settled()
      await scoring.settled()
    },
    poll: () => care.poll(),
    async reload() {
      await policy.load()
      await mailboxes.reload()
    },
    async start() {
      await policy.load()
      await mailboxes.start()
      care.start()
    },
    async stop() {
      await care.stop()
      await mailboxes.stop()
      await scoring.settled()
    },
  }
}
