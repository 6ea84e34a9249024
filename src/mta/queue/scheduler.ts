/**
 * Decides which delivery is tried when. The disk knows all that waits; memory holds a bounded window of each
 * destination. A destination gets at most its share of transactions, and where the total is used up, destinations take
 * turns. The attempt is on disk before anybody dials (DESIGN §4.5).
 */

import { timeOfId } from '../../model/id.ts'
import type { AttemptReport, Outcome } from '../../model/outcome.ts'
import { GIVE_UP_AFTER } from '../../model/retry.ts'
import { destinationKey, type Route, routeFor } from '../../model/route.ts'
import type { ClaimedJob, DueJob, Store } from '../../store/store.ts'
import type { Clock, DeliveryAgent, Log } from '../ports.ts'
import { captured } from './decide.ts'
import { Destination, domainOf, isDialled, WINDOW } from './destination.ts'

/** Jobs claimed in one go for a destination. */
const CLAIM_BATCH = 20
const TICK_MS = 250

export interface SchedulerOptions {
  store: Store
  agent: DeliveryAgent
  log: Log
  clock: Clock
  /** transactions at once in all */
  deliveries: number
  /** Ends an attempt on disk. Returns the destinations its notifications and retries wait at, with their times. */
  recordResult(job: ClaimedJob, report: AttemptReport, now: number): Promise<Map<string, number>>
  onDelivered(deliveries: number): void
}

export class Scheduler {
  private readonly options: SchedulerOptions
  private readonly destinations = new Map<string, Destination>()
  /** destinations that want a slot, in turn */
  private readonly turns = new Set<Destination>()
  private active = 0
  private timer: NodeJS.Timeout | undefined
  private stopping = false
  private readonly running = new Set<Promise<void>>()

  constructor(options: SchedulerOptions) {
    this.options = options
  }

  /** Finds out what waits on disk and starts working on it. */
  async start(): Promise<void> {
    await this.refresh()
    this.timer = setInterval(() => this.tick(), TICK_MS)
  }

  /** Stops claiming, waits for what runs (the delivery agent ends it), and for its settlements. */
  async stop(): Promise<void> {
    this.stopping = true
    if (this.timer) clearInterval(this.timer)
    while (this.running.size > 0) await Promise.all(this.running)
  }

  /** Stops claiming new work. */
  pause(): void {
    this.stopping = true
  }

  /** Reads the destinations from disk again, after routes or many deliveries changed. */
  async refresh(): Promise<void> {
    for (const destination of this.destinations.values()) destination.ready = []
    for (const [key, next] of await this.options.store.queue.destinations()) this.expect(key, next)
    this.tick()
  }

  /** Takes note that a destination has work on disk from `at` on. */
  expect(key: string, at: number): void {
    const destination = this.at(key)
    if (at <= this.options.clock.now()) destination.backlog = true
    else destination.nextAt = Math.min(destination.nextAt, at)
    this.want(destination)
  }

  /** Dials destinations at once that a person ordered to be tried. */
  wake(keys: readonly string[]): void {
    for (const key of keys) {
      const destination = this.at(key)
      destination.wake()
      this.want(destination)
    }
    this.pump()
  }

  /**
   * Reserves a slot for a message that is being accepted, so that it is born `sending` and needs no claim of its own.
   * False when the destination is busy, or others wait for their turn.
   */
  reserve(key: string, route: Route): boolean {
    if (this.stopping || !isDialled(route) || this.active >= this.options.deliveries || this.turns.size > 0)
      return false
    const destination = this.at(key)
    if (destination.ready.length > 0 || destination.backlog || destination.isPaused(this.options.clock.now()))
      return false
    if (destination.active >= this.limit(destination, route)) return false
    destination.active++
    this.active++
    return true
  }

  /** Gives a reserved slot back unused. */
  unreserve(key: string): void {
    this.release(this.at(key), 1)
  }

  /** Runs a job whose slot was reserved and whose attempt is on disk. */
  runReserved(job: ClaimedJob): void {
    this.track(this.run(this.at(job.destination), job))
  }

  /** Takes note of a job that has just been written as queued. */
  enqueue(job: DueJob): void {
    const destination = this.at(job.destination)
    if (destination.backlog || destination.ready.length >= WINDOW) destination.backlog = true
    else destination.ready.push(job)
    this.want(destination)
    this.pump()
  }

  private at(key: string): Destination {
    let destination = this.destinations.get(key)
    if (!destination) {
      destination = new Destination(key)
      this.destinations.set(key, destination)
    }
    return destination
  }

  private track(work: Promise<void>): void {
    this.running.add(work)
    void work.finally(() => this.running.delete(work))
  }

  private tick(): void {
    const now = this.options.clock.now()
    for (const destination of this.destinations.values()) {
      if (destination.isIdle()) this.destinations.delete(destination.key)
      else if (destination.hasWork(now)) this.want(destination)
    }
    this.pump()
  }

  private want(destination: Destination): void {
    if (destination.hasWork(this.options.clock.now())) this.turns.add(destination)
  }

  private release(destination: Destination, slots: number): void {
    destination.active -= slots
    this.active -= slots
    this.want(destination)
    this.pump()
  }

  /** Hands free slots to the destinations whose turn it is. */
  private pump(): void {
    if (this.stopping) return
    for (const destination of [...this.turns]) {
      if (this.active >= this.options.deliveries) return
      this.turns.delete(destination)
      this.work(destination)
    }
  }

  private work(destination: Destination): void {
    const now = this.options.clock.now()
    if (destination.key === 'capture') {
      this.track(this.capture(destination))
      return
    }
    if (destination.ready.length === 0) {
      if (destination.hasWork(now) && destination.claiming === 0) this.track(this.load(destination))
      return
    }
    const jobs = this.take(destination, now)
    if (jobs.length === 0) return
    destination.active += jobs.length
    this.active += jobs.length
    this.track(this.claim(destination, jobs))
    if (destination.ready.length > 0) this.turns.add(destination)
  }

  /** Jobs that may start now. Of a destination that does not answer, only those that have run out of time. */
  private take(destination: Destination, now: number): DueJob[] {
    if (destination.isPaused(now)) {
      const over = destination.ready.filter((job) => now > timeOfId(job.message) + GIVE_UP_AFTER).slice(0, CLAIM_BATCH)
      destination.ready = destination.ready.filter((job) => !over.includes(job))
      return over
    }
    const first = destination.ready[0]!
    const route = this.routeOf(first.destination) ?? { kind: 'mx', tls: 'none' }
    const left = this.options.deliveries - this.active
    const free = Math.min(this.limit(destination, route) - destination.active, left, CLAIM_BATCH)
    return free > 0 ? destination.ready.splice(0, free) : []
  }

  /** A destination gets its usual share, but never more than half of what the others leave: one that hangs blocks nobody. */
  private limit(destination: Destination, route: Route): number {
    const others = this.active - destination.active
    const half = Math.ceil((this.options.deliveries - others) / 2)
    return destination.limit(Math.min(this.options.agent.concurrency(route), half))
  }

  private routeOf(key: string): Route | undefined {
    const rules = this.options.store.directory.routes()
    return rules.find((rule) => destinationKey(rule.route, rule.domain) === key)?.route
  }

  private async load(destination: Destination): Promise<void> {
    destination.loading = true
    try {
      const now = this.options.clock.now()
      const jobs = await this.options.store.queue.due(destination.key, WINDOW)
      const later = jobs.find((job) => job.nextAttemptAt > now)
      const deliveries = jobs.reduce((sum, job) => sum + job.ordinals.length, 0)
      destination.backlog = !later && deliveries >= WINDOW
      destination.nextAt = later?.nextAttemptAt ?? Number.POSITIVE_INFINITY
      destination.ready = jobs.filter((job) => job.nextAttemptAt <= now)
      if (destination.isPaused(now) && destination.ready.length > 0) destination.nextAt = now + 1000
    } finally {
      destination.loading = false
    }
    if (destination.ready.length > 0) this.turns.add(destination)
    this.pump()
  }

  private async claim(destination: Destination, jobs: DueJob[]): Promise<void> {
    destination.claiming++
    let claimed: ClaimedJob[] = []
    try {
      claimed = await this.options.store.queue.claim(jobs, this.options.clock.now())
    } finally {
      destination.claiming--
      this.release(destination, jobs.length - claimed.length)
    }
    for (const job of claimed) this.track(this.run(destination, job))
  }

  private async run(destination: Destination, job: ClaimedJob): Promise<void> {
    const report = await this.deliver(destination, job)
    const now = this.options.clock.now()
    if (report.unreachable !== undefined) {
      destination.noteReachable(!report.unreachable, now, reasonOf(report))
    }
    const delivered = [...report.outcomes.values()].filter((outcome) => outcome.kind === 'delivered').length
    if (delivered > 0) this.options.onDelivered(delivered)
    this.release(destination, 1)
    try {
      const waits = await this.options.recordResult(job, report, now)
      for (const [key, at] of waits) this.expect(key, at)
      if (waits.size > 0) this.pump()
    } catch (error) {
      this.options.log.error(
        { message: job.record.id, fault: (error as Error).message },
        'an attempt could not be settled',
      )
    }
  }

  private async deliver(destination: Destination, job: ClaimedJob): Promise<AttemptReport> {
    const { store, agent, clock } = this.options
    const domain = domainOf(job.deliveries[0]!.recipient)
    const route = routeFor(store.directory.routes(), domain)
    if (destination.isPaused(clock.now())) {
      const reason = `gave up without another try: ${destination.lastReason}`
      return without(job, { kind: 'deferred', reason, reply: undefined, inDoubt: false })
    }
    if (route.kind === 'reject') {
      const text = route.reason ?? `mail to ${domain} is not accepted here`
      const reply = { code: 550, enhancedCode: '5.7.1', text }
      return without(job, { kind: 'failed', reason: `the route for ${domain} is reject: ${text}`, reply })
    }
    if (!isDialled(route)) {
      const reason = `the route for ${domain} changed during the attempt`
      return without(job, { kind: 'deferred', reason, reply: undefined, inDoubt: false })
    }
    try {
      const { record, body, deliveries } = job
      return await agent.deliver({ record, body, destination: job.destination, route, domain, deliveries })
    } catch (error) {
      // A bug in the agent: nobody knows how far it got, so the deliveries are tried again and marked.
      this.options.log.error({ message: job.record.id, fault: (error as Error).stack }, 'the delivery agent failed')
      const reason = 'an internal fault interrupted the attempt; it may have been delivered'
      return without(job, { kind: 'deferred', reason, reply: undefined, inDoubt: true })
    }
  }

  /** Mail that came to wait for `capture`, because its route was changed, is held like captured mail. */
  private async capture(destination: Destination): Promise<void> {
    destination.backlog = false
    destination.nextAt = Number.POSITIVE_INFINITY
    destination.ready = []
    const filter = { destination: destination.key }
    await this.options.store.queue.act('hold', filter, captured('these recipients'), this.options.clock.now())
  }
}

function reasonOf(report: AttemptReport): string {
  for (const outcome of report.outcomes.values()) if (outcome.kind === 'deferred') return outcome.reason
  return ''
}

/** A report of an attempt that spoke to nobody. */
function without(job: ClaimedJob, outcome: Outcome): AttemptReport {
  const outcomes = new Map(job.deliveries.map((delivery) => [delivery.ordinal, outcome]))
  return { destination: job.destination, tls: undefined, transcript: '', outcomes }
}
