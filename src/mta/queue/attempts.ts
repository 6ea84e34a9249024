/**
 * The attempts under way and the slots they hold. A slot is for an attempt that moves: one that has heard nothing for
 * a moment (a name that is looked up, a host that does not answer, a tarpit) gives its slot back and waits without, so
 * that hosts that hang cannot keep mail for the others waiting. Once it moves again it holds a slot again, even when
 * that makes one too many: nothing new starts until there is room.
 */

import type { ClaimedJob } from '../../store/store.ts'
import type { Progress } from '../ports.ts'
import type { Destination } from './destination.ts'

/** Attempts that may wait without a slot, for each slot there is: bounds sockets and memory. */
const WAITING_PER_SLOT = 5
/** After this an attempt is cut off, milliseconds: no transaction that comes along takes as long. */
export const LONGEST_ATTEMPT = 2 * 3_600_000
/** How long after that an attempt may take to end before it is given up as lost, milliseconds. */
const LAST_GRACE = 5 * 60_000

/** One attempt under way. */
export interface Running {
  destination: Destination
  job: ClaimedJob
  progress: Progress
  /** steps at the look before; -1 before the first */
  seen: number
  /** it has no slot, because nothing moves */
  waits: boolean
  /** steady clock, milliseconds */
  startedAt: number
  /** its result is being recorded */
  ended: boolean
}

export class Attempts {
  private readonly all = new Set<Running>()
  private readonly slots: number
  /** slots taken: by attempts that move, and by claims on their way */
  active = 0
  /** of these, by destinations that have not answered yet */
  guesses = 0
  private waiting = 0

  constructor(slots: number) {
    this.slots = slots
  }

  /** Free slots for a destination. One that has not answered yet leaves a quarter of all to those that have. */
  free(destination: Destination): number {
    const left = this.slots - this.active
    return destination.hasAnswered ? left : Math.min(left, Math.max(1, Math.ceil(this.slots * 0.75)) - this.guesses)
  }

  get hasFree(): boolean {
    return this.active < this.slots
  }

  take(destination: Destination, count: number): void {
    destination.active += count
    this.hold(destination, count)
  }

  give(destination: Destination, count: number): void {
    destination.active -= count
    this.hold(destination, -count)
  }

  /** From now on a destination is known to answer. */
  prove(destination: Destination): void {
    if (destination.hasAnswered) return
    this.guesses -= destination.active - destination.waiting
    destination.hasAnswered = true
  }

  /** Begins an attempt, on a slot that was taken. */
  begin(destination: Destination, job: ClaimedJob, startedAt: number): Running {
    const progress: Progress = { steps: 0, cut: undefined }
    const running: Running = { destination, job, progress, seen: -1, waits: false, startedAt, ended: false }
    this.all.add(running)
    return running
  }

  /** Ends an attempt and gives its slot back. Answers false when that was done before. */
  end(running: Running): boolean {
    if (running.ended) return false
    running.ended = true
    this.all.delete(running)
    this.move(running)
    this.give(running.destination, 1)
    return true
  }

  /** Whether an attempt on disk is one of these. */
  holds(message: number, attempt: number): boolean {
    for (const { job } of this.all) if (job.record.id === message && job.attempt === attempt) return true
    return false
  }

  /** Lets those that have not moved since the last look wait without a slot, and cuts off those that take too long. */
  poll(now: number): Running[] {
    const lost: Running[] = []
    for (const running of this.all) {
      const { progress } = running
      if (progress.steps !== running.seen) this.move(running)
      else if (!running.waits && this.waiting < this.slots * WAITING_PER_SLOT) this.rest(running)
      running.seen = progress.steps
      const age = now - running.startedAt
      if (age > LONGEST_ATTEMPT) progress.cut?.('the attempt took longer than any may')
      if (age > LONGEST_ATTEMPT + LAST_GRACE) lost.push(running)
    }
    return lost
  }

  private move(running: Running): void {
    if (!running.waits) return
    running.waits = false
    this.waiting--
    running.destination.waiting--
    this.hold(running.destination, 1)
  }

  private rest(running: Running): void {
    running.waits = true
    this.waiting++
    running.destination.waiting++
    this.hold(running.destination, -1)
  }

  private hold(destination: Destination, count: number): void {
    this.active += count
    if (!destination.hasAnswered) this.guesses += count
  }
}
