/**
 * Looks every ten minutes at what accounts did today: bounces, and volume against the account's own days before. Each
 * hour it destroys signals that are older than records may be.
 */

import { DAY_MS, dayOf, KEEP_DAYS, startOfDay } from '../../model/retention.ts'
import { BASELINE_DAYS, bounceExcess, median, volumeExcess } from '../../model/signal.ts'
import type { Clock, Log } from '../../mta/ports.ts'
import type { AccountDays, NewSignal } from '../../store/signals.ts'
import type { Store } from '../../store/store.ts'
import type { SignalPolicy } from './signalRules.ts'

const LOOK_MS = 600_000
const HOUR_MS = 3_600_000
/** Messages named as records behind a figure. */
const EXAMPLES = 20
/** How long looking for them may take, milliseconds. */
const SEARCH_MS = 1000
/** A figure that got worse by so much is told again. */
const WORSE = 10

export interface AnomalyDetection {
  /** Looks at once, then every ten minutes. */
  start(): void
  stop(): Promise<void>
  /** Looks now. */
  poll(): Promise<void>
}

export interface AnomalyDetectionOptions {
  store: Pick<Store, 'signals' | 'log' | 'directory'>
  policy: SignalPolicy
  clock: Clock
  log: Log
}

export function createAnomalyDetection({ store, policy, clock, log }: AnomalyDetectionOptions): AnomalyDetection {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let purgedAt: number | undefined
  /** weights of what was told, by account and fact */
  const told = new Map<string, number>()

  async function examples(account: number, since: number, status?: 'failed'): Promise<number[]> {
    const name = store.directory.accountById(account)?.name
    if (name === undefined) return []
    const { rows } = await store.log.search({ account: name, since, status }, EXAMPLES, undefined, SEARCH_MS)
    return rows.map(({ id }) => id)
  }

  function isNews({ account, fact, weight }: NewSignal): boolean {
    const key = `${account} ${fact}`
    const before = told.get(key)
    if (before !== undefined && weight < before + WORSE) return false
    told.set(key, weight)
    return true
  }

  async function pollOne({ account, days }: AccountDays, now: number): Promise<NewSignal[]> {
    const [today, ...earlier] = days
    const thresholds = policy.thresholds()
    const day = dayOf(now)
    const base = { account, at: now, source: 'volume' }
    const found: { signal: NewSignal; status?: 'failed' }[] = []
    const bounces = bounceExcess(today!, thresholds)
    if (bounces) {
      const { bounced, delivered, failed } = today!
      const share = (bounces.value * 100).toFixed(1)
      const summary = `${bounced} of ${delivered + failed} deliveries today (${share} %) failed for unknown users or domains`
      const signal: NewSignal = { ...base, ...bounces, kind: 'bounces', summary, messages: [], fact: `bounces ${day}` }
      found.push({ signal, status: 'failed' })
    }
    const before = earlier.map(({ messages }) => messages)
    const jump = volumeExcess(today!.messages, before, thresholds)
    if (jump) {
      const usual = median(before)
      const against = usual === 0 ? 'none on most of' : `a median of ${usual} on`
      const summary = `${today!.messages} messages today, against ${against} the ${BASELINE_DAYS} days before`
      const fact = `volume jump ${day}`
      found.push({ signal: { ...base, ...jump, kind: 'volume jump', summary, messages: [], fact } })
    }
    const news = found.filter(({ signal }) => isNews(signal))
    return Promise.all(
      news.map(async ({ signal, status }) => ({
        ...signal,
        messages: await examples(account, startOfDay(day), status),
      })),
    )
  }

  async function pollAll(): Promise<void> {
    const now = clock.now()
    for (const figures of await store.signals.volume(now, BASELINE_DAYS)) {
      const signals = await pollOne(figures, now)
      if (signals.length > 0) await store.signals.add(signals)
    }
    for (const key of told.keys()) if (!key.endsWith(dayOf(now))) told.delete(key)
    if (purgedAt === undefined || Math.abs(now - purgedAt) >= HOUR_MS) await purge(now)
  }

  async function purge(now: number): Promise<void> {
    const signals = await store.signals.purge(now - KEEP_DAYS * DAY_MS)
    purgedAt = now
    if (signals > 0) log.info({ signals }, 'signals were destroyed: their time was over')
  }

  function poll(): Promise<void> {
    running = running.then(pollAll).catch((error: Error) => {
      log.error({ fault: error.message }, 'signals could not be looked for')
    })
    return running
  }

  return {
    start() {
      void poll()
      timer = setInterval(() => void poll(), LOOK_MS)
    },
    async stop() {
      clearInterval(timer)
      await running
    },
    poll,
  }
}
