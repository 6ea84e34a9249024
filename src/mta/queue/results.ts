/**
 * Records the results of attempts. A result that cannot be written now (the disk is full, the store is busy failing) is
 * kept and tried again until it is written: dropped, its delivery would stay `sending` and go out a second time.
 */

import type { AttemptReport } from '../../model/outcome.ts'
import type { ClaimedJob } from '../../store/store.ts'
import type { Log } from '../ports.ts'

/** Waits before the 2nd, 3rd, … try to write, milliseconds; the last one repeats. */
const waits = [100, 250, 1000, 2500, 5000]

/** Writes a result. Returns the destinations that have work because of it, with their times. */
export type RecordResult = (job: ClaimedJob, report: AttemptReport, now: number) => Promise<Map<string, number>>

export class ResultKeeper {
  private readonly recordResult: RecordResult
  private readonly log: Log
  private stopping = false
  private readonly sleepers = new Set<() => void>()
  private readonly kept = new Set<string>()

  constructor(recordResult: RecordResult, log: Log) {
    this.recordResult = recordResult
    this.log = log
  }

  /** Resolves when the result is written; with undefined when the relay stopped before that (the next start recovers it). */
  async keep(job: ClaimedJob, report: AttemptReport, now: number): Promise<Map<string, number> | undefined> {
    const first = await this.attempt(job, report, now)
    if (first) return first
    const name = nameOf(job.record.id, job.attempt)
    this.kept.add(name)
    try {
      for (let failures = 1; ; failures++) {
        // a stop ends the wait, not the last try
        const isLast = this.stopping
        if (!isLast) await this.sleep(waits[Math.min(failures, waits.length) - 1]!)
        const written = await this.attempt(job, report, now)
        if (written) return written
        if (isLast) return undefined
      }
    } finally {
      this.kept.delete(name)
    }
  }

  /** results that could not be written yet */
  get unwritten(): number {
    return this.kept.size
  }

  /** Whether the result of an attempt could not be written yet. */
  holds(message: number, attempt: number): boolean {
    return this.kept.has(nameOf(message, attempt))
  }

  /** Each result gets one more try, and is not waited for after that. */
  stop(): void {
    this.stopping = true
    for (const wake of this.sleepers) wake()
  }

  private async attempt(job: ClaimedJob, report: AttemptReport, now: number): Promise<Map<string, number> | undefined> {
    try {
      return await this.recordResult(job, report, now)
    } catch (error) {
      const { message } = error as Error
      this.log.error({ message: job.record.id, attempt: job.attempt, fault: message }, 'a result waits to be written')
      return undefined
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.sleepers.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.sleepers.add(done)
    })
  }
}

function nameOf(message: number, attempt: number): string {
  return `${message} ${attempt}`
}
