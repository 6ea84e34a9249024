/** Keeps the promise that header records are gone after 70 days: destroys days that are over, every hour. */

import type { Store } from '../../store/store.ts'
import type { Clock, Log } from '../seams.ts'

const HOUR_MS = 3_600_000

export interface RetentionCare {
  /** Runs at once, then every hour. */
  start(): Promise<void>
  stop(): Promise<void>
  /** when the next run is due, milliseconds of Unix time; undefined while it is not started */
  nextRun(): number | undefined
}

/** Builds the care of retention. A run that fails is logged and tried again an hour later; status shows the last good one. */
export function createRetentionCare(store: Store, clock: Clock, log: Log): RetentionCare {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let next: number | undefined

  async function run(): Promise<void> {
    next = clock.now() + HOUR_MS
    try {
      const gone = await store.retention.purge(clock.now())
      for (const { day, records } of gone) log.info({ day, records }, 'the header records of a day were destroyed')
    } catch (error) {
      log.error({ fault: (error as Error).message }, 'overdue header records could not be destroyed')
    }
  }

  return {
    async start() {
      await run()
      timer = setInterval(() => {
        running = run()
      }, HOUR_MS)
    },
    async stop() {
      if (timer) clearInterval(timer)
      next = undefined
      await running
    },
    nextRun: () => next,
  }
}
