/** Finds attempts that are `sending` on disk and that nobody makes: forgotten, they would wait for a restart. */

import type { Store } from '../../store/store.ts'
import type { Clock, Log } from '../ports.ts'
import type { Attempts } from './attempts.ts'

export class Unattended {
  private readonly queue: Store['queue']
  private readonly attempts: Attempts
  private readonly clock: Clock
  private readonly log: Log
  /** what the look before found */
  private suspects = new Set<string>()

  constructor({ store, clock, log }: { store: Store; clock: Clock; log: Log }, attempts: Attempts) {
    this.queue = store.queue
    this.attempts = attempts
    this.clock = clock
    this.log = log
  }

  /**
   * Looks once. What was seen twice is deferred, in doubt and due: seen once, it may be on its way between the disk and
   * its attempt.
   * @param isWritten whether an attempt has ended here and its result is on its way to the disk
   * @returns the destinations that have work because of it
   */
  async poll(isWritten: (message: number, attempt: number) => boolean): Promise<string[]> {
    const suspects = new Set<string>()
    const lost: { message: number; attempt: number }[] = []
    for (const one of await this.queue.sending()) {
      const { message, attempt } = one
      if (this.attempts.holds(message, attempt) || isWritten(message, attempt)) continue
      const name = `${message} ${attempt}`
      if (this.suspects.has(name)) lost.push(one)
      else suspects.add(name)
    }
    this.suspects = suspects
    if (lost.length === 0) return []
    this.log.error({ attempts: lost.length }, 'deliveries were being sent by nobody: in doubt, and due again')
    return this.queue.interrupt(lost, this.clock.now())
  }
}
