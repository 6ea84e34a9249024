/** Keeps the promise that header records and samples are gone after their days: destroys what is over, every hour. */

import { type ClockQuestion, leaptAhead } from '../../model/clock.ts'
import type { Log } from '../../mta/ports.ts'
import type { Receipt } from '../../store/retention.ts'
import type { AuditEntry, Store } from '../../store/store.ts'
import type { RetentionClock } from './retentionClock.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** How late a run may be before it counts as missed. */
const MISSED_MS = 2 * HOUR_MS
/** How long after its end a day may still be there: runs are looked for once a minute. */
const LATE_MS = 5 * MINUTE_MS

export interface RetentionJob {
  /** Runs at once, before anything is served; then every hour, and whenever a day ends. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Runs now. Rejects when something could not be destroyed. */
  run(): Promise<Receipt[]>
  /** when the next run is due, milliseconds of Unix time; undefined while it is not started */
  nextRun(): number | undefined
  /** What breaks the promise or may soon, in words; none when all is well. */
  alarms(): Promise<string[]>
  /** What ends by this time (milliseconds, Unix time) is not shown. */
  hideBy(): number
  /** A jump of the clock that waits for an answer. */
  clockQuestion(): ClockQuestion | undefined
  /** Whether the clock is not believed: a jump waits for an answer, or was answered as wrong. */
  clockDoubted(): boolean
  /** Takes the answer, with its entry in the audit log, and runs when the clock is right. False when nothing was asked. */
  answerClock(right: boolean, entry: AuditEntry): Promise<boolean>
}

interface RetentionOptions {
  store: Store
  clock: RetentionClock
  log: Log
}

/** Builds the care of retention. A run that fails is logged, raises an alarm and is tried again within the hour. */
export function createRetentionJob({ store, clock, log }: RetentionOptions): RetentionJob {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  let next: number | undefined
  let fault: string | undefined

  async function purge(): Promise<Receipt[]> {
    await clock.poll()
    const earlier = clock.clearBy()
    const before = earlier === undefined ? [] : await store.retention.purge(earlier)
    if (earlier !== undefined) await clock.cleared()
    return [...before, ...(await store.retention.purge(clock.destroyBy()))]
  }

  async function attempt(): Promise<Receipt[]> {
    try {
      const receipts = await purge()
      fault = undefined
      for (const { id, day, headers, samples, orphans } of receipts)
        log.info({ receipt: id, day, headers, samples, orphans }, 'a day was destroyed')
      return receipts
    } catch (error) {
      fault = (error as Error).message
      log.error({ fault }, 'what is overdue could not be destroyed')
      throw error
    } finally {
      await schedule()
    }
  }

  async function schedule(): Promise<void> {
    const now = clock.destroyBy()
    const end = await store.retention.state(now).then(
      ({ nextEnd }) => nextEnd,
      () => undefined,
    )
    next = Math.min(now + HOUR_MS, end ?? Number.POSITIVE_INFINITY)
  }

  /** One run at a time. */
  function run(): Promise<Receipt[]> {
    const mine = running.then(attempt)
    running = mine.catch(() => undefined)
    return mine
  }

  async function tick(): Promise<void> {
    try {
      await clock.poll()
    } catch (error) {
      log.error({ fault: (error as Error).message }, 'the time seen could not be kept')
    }
    const now = clock.destroyBy()
    // a clock that fell back would otherwise put the next run off
    if (next === undefined || now >= next || next - now > HOUR_MS) await run().catch(() => undefined)
  }

  return {
    async start() {
      await run().catch(() => undefined)
      timer = setInterval(() => void tick(), MINUTE_MS)
    },
    async stop() {
      if (timer) clearInterval(timer)
      next = undefined
      await running
      await clock.save().catch(() => undefined)
    },
    run,
    nextRun: () => next,
    hideBy: () => clock.hideBy(),
    clockQuestion() {
      const question = clock.question()
      return question?.denied ? undefined : question
    },
    clockDoubted: () => clock.question() !== undefined,
    async answerClock(right, entry) {
      if (!clock.question()) return false
      await clock.answer(right, entry)
      if (right) await run()
      return true
    },
    async alarms() {
      const now = clock.destroyBy()
      const { lastRun, overdue, overdueSince } = await store.retention.state(now)
      return [
        ...clockAlarms(clock),
        ...(overdue > 0 && overdueSince !== undefined && now - overdueSince > LATE_MS
          ? [
              `${overdue === 1 ? 'a day is' : `${overdue} days are`} still there since ${written(overdueSince)}, when it had to go`,
            ]
          : []),
        ...(lastRun !== undefined && now - lastRun > HOUR_MS + MISSED_MS
          ? [`retention runs every hour, and ran last at ${written(lastRun)}`]
          : []),
        ...(fault === undefined ? [] : [`the last run could not destroy what is overdue: ${fault}`]),
      ]
    },
  }
}

function written(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function clockAlarms(clock: RetentionClock): string[] {
  const question = clock.question()
  if (!question) return []
  const { expected, found, denied } = question
  const jump = `the clock ${leaptAhead(question) ? 'leapt ahead' : 'fell back'} from ${written(expected)} to ${written(found)}`
  return [
    denied
      ? `${jump}, which is not believed: set the clock of this machine`
      : `${jump}: say whether it is right; until then nothing is destroyed by it, and what is over by either time is hidden`,
  ]
}
