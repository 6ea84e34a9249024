/** Puts together what finds signals: desks, watch, scoring, and the care that looks at figures. */

import { createAbuseMailbox } from '../../abuse/complaints/abuseMailbox.ts'
import type { ConnectScorer } from '../../abuse/scoring/scorer.ts'
import { createScoring } from '../../abuse/scoring/scoring.ts'
import { createAnomalyDetection } from '../../abuse/signals/anomalyDetection.ts'
import { createSignalPolicy } from '../../abuse/signals/signalRules.ts'
import { createWatch } from '../../abuse/signals/watch.ts'
import { createMailboxes, type RoleMailbox } from '../../mta/mailboxes/mailboxes.ts'
import type { Clock, Log, RoleMailboxes, Watch } from '../../mta/ports.ts'
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
  mailboxes: RoleMailboxes
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
  furtherMailboxes: readonly RoleMailbox[]
  clock: Clock
  log: Log
}

/** Builds the parts that find signals. */
export function createSignalParts(options: SignalOptions): SignalParts {
  const { store, hostname, connectScorer, notice, onComplaint, clock, log } = options
  const policy = createSignalPolicy(store.settings)
  const abuse = createAbuseMailbox({ store, hostname, policy, onCounted: onComplaint })
  const mailboxes = createMailboxes({ store, hostname, mailboxes: [abuse, ...options.furtherMailboxes], clock, log })
  const scoring = createScoring({ store, policy, connect: connectScorer, notice, log })
  const watch = createWatch({ store, policy, scoring, clock, log })
  const care = createAnomalyDetection({ store, policy, clock, log })

  async function settled(): Promise<void> {
    await mailboxes.settled()
    await scoring.settled()
  }

  return {
    mailboxes,
    watch,
    settled,
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
