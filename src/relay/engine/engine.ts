/** The mail engine, as the relay process sees it. */

import type { ConnectScorer } from '../../abuse/scoring/scorer.ts'
import type { EngineLimits } from '../../mta/limits.ts'
import type { ListenAddress, Listener } from '../../mta/listen.ts'
import type { Accept, ActOnQueue, Clock, Log } from '../../mta/ports.ts'
import type { SendSystemMail } from '../../mta/queue/systemMail.ts'
import type { Consents } from '../../privacy/consents/consents.ts'
import type { PolicyChanges } from '../../privacy/policy/policyChanges.ts'
import type { RetentionClock } from '../../privacy/retention/retentionClock.ts'
import type { RetentionJob } from '../../privacy/retention/retentionJob.ts'
import type { Store } from '../../store/store.ts'
import type { Signals } from './signals.ts'

export interface EngineOptions {
  store: Store
  /** name in greetings, EHLO and Received fields */
  hostname: string
  /** submission with STARTTLS */
  smtp: ListenAddress[]
  /** submission over implicit TLS */
  smtps: ListenAddress[]
  /** PEM */
  tls: { key: string; cert: string }
  limits: EngineLimits
  log: Log
  clock: Clock
  /** reaches what scores samples; without it the built-in checks do */
  connectScorer?: ConnectScorer
  /** how often the queue in memory is compared with the disk, milliseconds; default a minute */
  lookMs?: number | undefined
  /** tells people what they should know */
  notice?(text: string): void
  /** what retention goes by; loaded */
  retentionClock: RetentionClock
}

export interface Engine {
  /** Recovers the queue, then opens the listeners. Rejects with ListenFailed when one cannot be opened. */
  start(): Promise<Listener[]>
  /** Closes the listeners, lets sessions and deliveries in flight finish for at most `graceMs`, returns the rest to the queue. */
  stop(graceMs: number): Promise<void>
  accept: Accept
  /** Sends a letter of the relay itself about an account (empty reverse path); resolves when it is durable, or refused. */
  sendSystemMail: SendSystemMail
  /** Lets the queue and the letter follow an action of the review desk, or its undoing. */
  followAction(action: number): Promise<void>
  /** Looks whether trust has to end: to be called when a complaint was entered or a threshold changed. */
  pollTrust(): Promise<void>
  /** Carries out a person's order on the queue and wakes what became due. */
  act: ActOnQueue
  /** To be called after routes changed: puts waiting deliveries under their new destination. */
  routesChanged(): Promise<void>
  /** Shows this certificate (PEM) to connections from now on; open ones keep theirs. */
  setCertificate(tls: EngineOptions['tls']): void
  /** messages accepted and deliveries made, per second over the last ten seconds */
  rate(): { in: number; out: number }
  readonly signals: Signals
  readonly policy: Pick<PolicyChanges, 'poll' | 'draft'>
  readonly consents: Consents
  readonly retention: RetentionJob
}
