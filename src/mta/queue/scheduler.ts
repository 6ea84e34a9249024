/**
 * Decides which delivery is tried when. The disk knows all that waits; memory holds a bounded window of each
 * destination. A destination gets at most its share of transactions, and where the total is used up, destinations take
 * turns. The attempt is on disk before anybody dials. Memory may forget; the disk does not: once a minute
 * the two are compared.
 */

import { ExpiringCache } from '../../base/expiringCache.ts'
import { timeOfId } from '../../model/id.ts'
import type { AttemptReport } from '../../model/outcome.ts'
import { GIVE_UP_AFTER } from '../../model/retry.ts'
import type { Route } from '../../model/route.ts'
import type { ClaimedJob, DueJob, Store } from '../../store/store.ts'
import type { Clock, DeliveryAgent, Log } from '../ports.ts'
import { Attempts, type Running } from './attempts.ts'
import { carryOut, hasAnswered, reasonOf, without } from './carryOut.ts'
import { captured } from './decide.ts'
import { Destination, isDialled, WINDOW } from './destination.ts'
import { type RecordResult, ResultKeeper } from './results.ts'
import { Unattended } from './unattended.ts'

/** Jobs claimed in one go for a destination. */
const CLAIM_BATCH = 20
const TICK_MS = 250
/** How often memory is compared with the disk, milliseconds. */
const LOOK_MS = 60_000
/** Wait before a question to the store is asked again that failed, milliseconds. */
const AGAIN_MS = 1000
/** How long it is remembered that a destination answers, milliseconds, and of how many. */
const ANSWERED_MS = 3_600_000
const ANSWERED_SIZE = 20_000

export interface SchedulerOptions {
  store: Store
  agent: DeliveryAgent
  log: Log
  clock: Clock
  /** transactions at once in all */
  deliveries: number
  /** Ends an attempt on disk. */
  recordResult: RecordResult
  /** how often memory is compared with the disk, milliseconds; default a minute */
  lookMs?: number | undefined
  onDelivered(deliveries: number): void
}

export class Scheduler {
  private readonly options: SchedulerOptions
  private readonly destinations = new Map<string, Destination>()
  /** destinations that want a slot, in turn */
  private readonly turns = new Set<Destination>()
  private readonly attempts: Attempts
  private readonly results: ResultKeeper
  /** destinations that are forgotten but have answered not long ago */
  private readonly answered = new ExpiringCache<true>(ANSWERED_MS, ANSWERED_SIZE)
  private timer: NodeJS.Timeout | undefined
  private lookTimer: NodeJS.Timeout | undefined
  private readonly unattended: Unattended
  private stopping = false
  private readonly running = new Set<Promise<void>>()

  constructor(options: SchedulerOptions) {
    this.options = options
    this.attempts = new Attempts(options.deliveries)
    this.results = new ResultKeeper(options.recordResult, options.log)
    this.unattended = new Unattended(options, this.attempts)
  }

  /** Finds out what waits on disk and starts working on it. */
  async start(): Promise<void> {
    await this.refresh()
    this.timer = setInterval(() => this.tick(), TICK_MS)
    this.lookTimer = setInterval(() => this.track(this.compare()), this.options.lookMs ?? LOOK_MS)
  }

  /** Stops claiming, waits for what runs (the delivery agent ends it), and for its results to be recorded. */
  async stop(): Promise<void> {
    this.stopping = true
    clearInterval(this.timer)
    clearInterval(this.lookTimer)
    this.results.stop()
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
    if (!this.mayStart() || !isDialled(route) || this.turns.size > 0) return false
    const destination = this.at(key)
    if (destination.ready.length > 0 || destination.backlog || destination.isPaused(this.options.clock.now()))
      return false
    if (destination.active >= this.limit(destination) || this.attempts.free(destination) <= 0) return false
    this.attempts.take(destination, 1)
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
    // what is being read from disk replaces `ready`, and may have been read before this was written
    if (destination.loading || destination.backlog || destination.ready.length >= WINDOW) destination.backlog = true
    else destination.ready.push(job)
    this.want(destination)
    this.pump()
  }

  private at(key: string): Destination {
    let destination = this.destinations.get(key)
    if (!destination) {
      destination = new Destination(key)
      destination.hasAnswered = this.answered.get(key) ?? false
      this.destinations.set(key, destination)
    }
    return destination
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: Error) => this.options.log.error({ fault: error.stack }, 'the queue came upon a fault'))
      .then(() => void this.running.delete(tracked))
    this.running.add(tracked)
  }

  /** Whether anything new may start: not while too many results wait for the disk, which would not take more either. */
  private mayStart(): boolean {
    return !this.stopping && this.attempts.hasFree && this.results.unwritten < this.options.deliveries
  }

  private tick(): void {
    const now = this.options.clock.now()
    for (const lost of this.attempts.poll(performance.now())) this.giveUp(lost)
    for (const destination of this.destinations.values()) {
      if (destination.isIdle()) this.forget(destination)
      else if (destination.hasWork(now)) this.want(destination)
    }
    this.pump()
  }

  private forget(destination: Destination): void {
    if (destination.hasAnswered) this.answered.set(destination.key, true)
    this.destinations.delete(destination.key)
  }

  /** Finds what waits on disk and nobody here knows of, and what is being sent on disk and by nobody here. */
  private async compare(): Promise<void> {
    for (const [key, next] of await this.options.store.queue.destinations()) this.expect(key, next)
    const now = this.options.clock.now()
    const found = await this.unattended.poll((message, attempt) => this.results.holds(message, attempt))
    for (const key of found) this.expect(key, now)
    this.pump()
  }

  private want(destination: Destination): void {
    if (destination.hasWork(this.options.clock.now())) this.turns.add(destination)
  }

  private release(destination: Destination, slots: number): void {
    this.attempts.give(destination, slots)
    this.want(destination)
    this.pump()
  }

  /** Hands free slots to the destinations whose turn it is. */
  private pump(): void {
    for (const destination of [...this.turns]) {
      if (!this.mayStart()) return
      if (this.attempts.free(destination) <= 0) continue
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
    this.attempts.take(destination, jobs.length)
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
    const left = this.attempts.free(destination)
    const free = Math.min(this.limit(destination) - destination.active, left, CLAIM_BATCH)
    return free > 0 ? destination.ready.splice(0, free) : []
  }

  /** A destination gets its usual share, but never more than half of what the others leave: one that hangs blocks nobody. */
  private limit(destination: Destination): number {
    const others = this.attempts.active - (destination.active - destination.waiting)
    const half = Math.ceil((this.options.deliveries - others) / 2)
    return destination.limit(Math.min(this.options.agent.concurrency(), half))
  }

  /** Reads what waits. Whatever is noted of the destination meanwhile stands beside what is read: it may be newer. */
  private async load(destination: Destination): Promise<void> {
    destination.loading = true
    destination.backlog = false
    destination.nextAt = Number.POSITIVE_INFINITY
    try {
      const now = this.options.clock.now()
      const jobs = await this.options.store.queue.due(destination.key, WINDOW)
      const later = jobs.find((job) => job.nextAttemptAt > now)
      const deliveries = jobs.reduce((sum, job) => sum + job.ordinals.length, 0)
      if (!later && deliveries >= WINDOW) destination.backlog = true
      if (later) destination.nextAt = Math.min(destination.nextAt, later.nextAttemptAt)
      destination.ready = jobs.filter((job) => job.nextAttemptAt <= now)
      if (destination.isPaused(now) && destination.ready.length > 0)
        destination.nextAt = Math.min(destination.nextAt, now + AGAIN_MS)
    } catch (error) {
      this.askAgain(destination, error as Error)
    } finally {
      destination.loading = false
    }
    this.want(destination)
    this.pump()
  }

  private askAgain(destination: Destination, { message }: Error): void {
    destination.nextAt = Math.min(destination.nextAt, this.options.clock.now() + AGAIN_MS)
    this.options.log.error({ fault: message }, 'the store did not give out work: asked again')
  }

  private async claim(destination: Destination, jobs: DueJob[]): Promise<void> {
    destination.claiming++
    let claimed: ClaimedJob[] = []
    try {
      claimed = await this.options.store.queue.claim(jobs, this.options.clock.now())
    } catch (error) {
      this.askAgain(destination, error as Error)
    } finally {
      destination.claiming--
      this.release(destination, jobs.length - claimed.length)
    }
    for (const job of claimed) this.track(this.run(destination, job))
  }

  private async run(destination: Destination, job: ClaimedJob): Promise<void> {
    const running = this.attempts.begin(destination, job, performance.now())
    const report = await carryOut(this.options, running)
    await this.conclude(running, report)
  }

  /** An attempt that does not come to an end: nobody knows how far it got. */
  private giveUp(running: Running): void {
    const reason = 'the attempt did not come to an end; it may have been delivered'
    const report = without(running.job, { kind: 'deferred', reason, reply: undefined, inDoubt: true })
    this.track(this.conclude(running, report))
  }

  /** Draws the conclusions from a report, once for each attempt, and records it. */
  private async conclude(running: Running, report: AttemptReport): Promise<void> {
    const { destination, job } = running
    const now = this.options.clock.now()
    if (!this.attempts.end(running)) return
    if (report.unreachable !== undefined) {
      if (!report.unreachable && hasAnswered(report)) this.attempts.prove(destination)
      destination.noteReachable(!report.unreachable, now, reasonOf(report))
    }
    const delivered = [...report.outcomes.values()].filter((outcome) => outcome.kind === 'delivered').length
    if (delivered > 0) this.options.onDelivered(delivered)
    this.want(destination)
    this.pump()
    const waits = await this.results.keep(job, report, now)
    if (!waits) return
    for (const [key, at] of waits) this.expect(key, at)
    if (waits.size > 0) this.pump()
  }

  /** Mail that came to wait for `capture`, because its route was changed, is held like captured mail. */
  private async capture(destination: Destination): Promise<void> {
    destination.backlog = false
    destination.nextAt = Number.POSITIVE_INFINITY
    destination.ready = []
    const { store, clock } = this.options
    try {
      await store.queue.act('hold', { destination: destination.key }, captured('these recipients'), clock.now())
    } catch (error) {
      this.askAgain(destination, error as Error)
    }
  }
}
