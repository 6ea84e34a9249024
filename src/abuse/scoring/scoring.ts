/**
 * Scores drawn samples while their bytes are still in memory: after 250 was said, few at once, and never so many that
 * they weigh on the relay. What is kept is a number and names of symbols.
 */

import { dayOf } from '../../model/retention.ts'
import { factWeights } from '../../model/signal.ts'
import type { Log } from '../../mta/ports.ts'
import type { MailReader } from '../../mta/reading/reader.ts'
import type { NewSignal } from '../../store/signals.ts'
import type { NewMessage, Store } from '../../store/store.ts'
import type { AbuseJobs } from '../readingJobs.ts'
import type { SignalPolicy } from '../signals/signalRules.ts'
import { type BuiltInScore, CHECKED_OCTETS, uncheckedScore } from './builtIn.ts'
import { bounded, type ConnectScorer, type MailToScore, type Score } from './scorer.ts'

const MOST_AT_ONCE = 2
/** Waiting samples and their octets; what comes beyond stays without a score. */
const MOST_WAITING = 100
const MOST_OCTETS = 64 * 1024 * 1024

/** The name under which the built-in checks sign. */
const OWN_NAME = 'built-in checks'

export interface SampleScoring {
  /** Takes a sample that was accepted just now. Returns at once. */
  offer(message: NewMessage): void
  /** Resolves when nothing waits. */
  settled(): Promise<void>
}

export interface ScoringOptions {
  store: Pick<Store, 'signals'>
  reader: MailReader<AbuseJobs>
  policy: SignalPolicy
  connect: ConnectScorer
  /** tells a person */
  notice(text: string): void
  log: Log
}

export function createScoring({ store, reader, policy, connect, notice, log }: ScoringOptions): SampleScoring {
  const waiting: NewMessage[] = []
  const running = new Set<Promise<void>>()
  let octets = 0
  /** scorers whose failure was told */
  const told = new Set<string>()

  async function ownChecks({ bytes, from, to }: MailToScore): Promise<BuiltInScore> {
    // a copy of what is looked at: a view would take the whole message with it
    const looked = new Uint8Array(bytes.subarray(0, CHECKED_OCTETS))
    const reading = await reader.read('checks', { bytes: looked, from, to })
    return reading.ok ? reading.value : uncheckedScore
  }

  /** The score of the configured scorer, else of the built-in checks. */
  async function scoreOf(mail: MailToScore, own: BuiltInScore): Promise<Score & { by: string }> {
    const scoring = policy.scoring()
    const scorer = connect(scoring)
    if (!scorer) return { ...bounded(own), by: OWN_NAME }
    try {
      return { ...bounded(await scorer(mail)), by: scoring.kind }
    } catch (error) {
      fellBack(scoring.kind, scoring.url, error as Error)
      return { ...bounded(own), by: OWN_NAME }
    }
  }

  function fellBack(kind: string, url: string, error: Error): void {
    log.warn({ scorer: kind, fault: error.message }, 'a sample could not be scored: built-in checks instead')
    if (told.has(`${kind} ${url}`)) return
    told.add(`${kind} ${url}`)
    notice(`${kind} at ${url} gives no scores (${error.message}): samples are scored by the ${OWN_NAME} instead`)
  }

  async function score(message: NewMessage): Promise<void> {
    const { record, body, deliveries } = message
    const to = deliveries.map(({ recipient }) => recipient)
    const mail = { bytes: body, from: record.envelope.from, to, client: record.client }
    const own = await ownChecks(mail)
    const found = await scoreOf(mail, own)
    const flagged = found.score >= policy.thresholds().spamScore
    await store.signals.scored(record.id, found.score, flagged, signalsOf(message, own, flagged ? found : undefined))
  }

  function next(): void {
    while (running.size < MOST_AT_ONCE && waiting.length > 0) {
      const message = waiting.shift()!
      octets -= message.body.length
      const job = score(message)
        .catch((error: Error) => log.error({ fault: error.message }, 'the score of a sample could not be kept'))
        .finally(() => {
          running.delete(job)
          next()
        })
      running.add(job)
    }
  }

  return {
    offer(message) {
      if (waiting.length >= MOST_WAITING || octets + message.body.length > MOST_OCTETS) {
        log.warn({ waiting: waiting.length }, 'too many samples at once: one stays without a score')
        return
      }
      waiting.push(message)
      octets += message.body.length
      next()
    },
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

function signalsOf(
  { record }: NewMessage,
  own: BuiltInScore,
  flagged: (Score & { by: string }) | undefined,
): NewSignal[] {
  const { id, account, acceptedAt: at } = record
  const base = { account, at, messages: [id], value: undefined }
  const day = dayOf(at)
  const signals: NewSignal[] = []
  if (flagged) {
    const { score, symbols, by } = flagged
    const summary = `a sample scored ${score} of 100 (${by}): ${symbols.join(', ') || 'no symbols named'}`
    // each sample speaks for itself
    const fact = `spam score ${id}`
    signals.push({ ...base, kind: 'spam score', weight: Math.max(1, score), summary, source: by, value: score, fact })
  }
  const checks = { source: OWN_NAME }
  if (own.fromMismatch) {
    const summary = 'the From field of a sample shows another domain than it is from'
    const weight = factWeights['from mismatch']
    signals.push({ ...base, ...checks, kind: 'from mismatch', weight, summary, fact: `from mismatch ${day}` })
  }
  if (own.linkMismatch) {
    const summary = 'a link in a sample shows another site than it leads to'
    const weight = factWeights['link mismatch']
    signals.push({ ...base, ...checks, kind: 'link mismatch', weight, summary, fact: `link mismatch ${day}` })
  }
  return signals
}
