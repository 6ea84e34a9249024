/** Numbers for Prometheus: queue, rates, retention, audit, memory, event loop. No names of accounts or addresses. */

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Parts } from '../api/context.ts'
import { secondsSince } from '../api/views.ts'

export interface Metrics {
  contentType: string
  /** The text exposition format. */
  render(): Promise<string>
}

/** Metrics of one relay; looked up when they are asked for, never in between. */
export function createMetrics(parts: Pick<Parts, 'store' | 'engine' | 'clock' | 'checkpoints'>): Metrics {
  const { store, engine, clock, checkpoints } = parts
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const deliveries = new Gauge({
    name: 'mailward_queue_deliveries',
    help: 'Unfinished deliveries by state',
    labelNames: ['state'] as const,
    registers,
  })
  const inDoubt = new Gauge({
    name: 'mailward_queue_in_doubt',
    help: 'Unfinished deliveries that may have reached the next hop',
    registers,
  })
  const oldest = new Gauge({
    name: 'mailward_queue_oldest_seconds',
    help: 'Age of the oldest unfinished delivery that is not held',
    registers,
  })
  const rate = new Gauge({
    name: 'mailward_rate_per_second',
    help: 'Messages accepted and deliveries made per second over the last ten seconds',
    labelNames: ['direction'] as const,
    registers,
  })

  const overdue = gauge('mailward_retention_overdue_days', 'Days whose time is up and that are still there')
  const oldestHeader = gauge(
    'mailward_retention_oldest_header_age_seconds',
    'Age of the oldest header record; 0 when there is none',
  )
  const lastRun = gauge('mailward_retention_last_run_timestamp_seconds', 'When retention last ran, Unix time')
  const alarms = gauge('mailward_retention_alarms', 'What breaks the promise or may soon: see mailward status')
  const samples = gauge('mailward_samples_stored', 'Sealed samples kept')
  const signed = gauge(
    'mailward_audit_checkpoint_age_seconds',
    'Time since the audit log was signed, which is every hour; -1 when it never was',
  )
  const failing = gauge(
    'mailward_audit_checkpoint_export_failing',
    '1 while checkpoints cannot be written to the place a person chose: see mailward status',
  )
  function gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers })
  }
  async function measureRetention(): Promise<void> {
    const now = clock.now()
    const state = await store.retention.state(now)
    overdue.set(state.overdue)
    oldestHeader.set(secondsSince(state.oldestHeader, now))
    lastRun.set(Math.floor((state.lastRun ?? 0) / 1000))
    alarms.set((await engine.retention.alarms()).length)
    samples.set(state.samples)
  }

  const requests = new Gauge({
    name: 'mailward_requests',
    help: 'Requests of people that are not answered: all, due within 7 days, overdue',
    labelNames: ['urgency'] as const,
    registers,
  })
  async function measureRequests(): Promise<void> {
    const { open, dueSoon, overdue: late } = await store.requests.counts(clock.now())
    requests.set({ urgency: 'all' }, open)
    requests.set({ urgency: 'due soon' }, dueSoon)
    requests.set({ urgency: 'overdue' }, late)
  }

  const storage = new Gauge({
    name: 'mailward_storage_state',
    help: '1 for the state the disk is in: well, full, gone, failed',
    labelNames: ['state'] as const,
    registers,
  })
  const free = gauge('mailward_storage_free_bytes', 'Room on the disk, as last seen')
  const doubted = gauge(
    'mailward_clock_doubted',
    '1 while a leap of the clock is not answered, or was answered as wrong',
  )
  function measureStorage(): void {
    const { state, freeBytes } = store.storage()
    for (const one of ['well', 'full', 'gone', 'failed'] as const) storage.set({ state: one }, one === state ? 1 : 0)
    free.set(freeBytes)
    doubted.set(engine.retention.clockDoubted() ? 1 : 0)
  }

  async function measureAudit(): Promise<void> {
    const [last] = await store.audit.checkpoints(1)
    signed.set(last ? secondsSince(last.at, clock.now()) : -1)
    failing.set(checkpoints.problem() === undefined ? 0 : 1)
  }

  return {
    contentType: registry.contentType,
    async render() {
      const counts = await store.queue.counts()
      for (const state of ['queued', 'sending', 'deferred', 'held'] as const) deliveries.set({ state }, counts[state])
      inDoubt.set(counts.inDoubt)
      oldest.set(secondsSince(counts.oldestAt, clock.now()))
      const { in: incoming, out } = engine.rate()
      rate.set({ direction: 'in' }, incoming)
      rate.set({ direction: 'out' }, out)
      measureStorage()
      await measureRetention()
      await measureAudit()
      await measureRequests()
      return registry.metrics()
    },
  }
}
