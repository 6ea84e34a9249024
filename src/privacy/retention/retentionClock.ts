/** Keeps the time that retention goes by: what was the latest time seen, and whether the clock is to be believed. */

import {
  answer,
  type ClockMemory,
  type ClockQuestion,
  clearBy,
  cleared,
  destroyBy,
  hideBy,
  newClockMemory,
  observe,
} from '../../model/clock.ts'
import type { PolicyClock } from '../../store/retention.ts'
import type { AuditEntry, Settings } from '../../store/store.ts'

const SETTING = 'retention.clock'
/** How far the time on disk may be behind the latest seen, in milliseconds. */
const SAVE_MS = 30_000

export interface RetentionClock extends PolicyClock {
  /** Reads what the relay remembers of before; nothing may be destroyed before that. */
  load(settings: Settings): Promise<void>
  /** Looks at the clock, and keeps what it saw when that is new. To be called often. */
  poll(): Promise<void>
  /** the jump that waits for an answer, or that was answered as wrong */
  question(): ClockQuestion | undefined
  /** Takes a person's answer, with its entry in the audit log. */
  answer(right: boolean, entry: AuditEntry): Promise<void>
  /** see model/clock.ts */
  clearBy(): number | undefined
  cleared(): Promise<void>
  /** Keeps the latest time seen, whenever it was kept last. */
  save(): Promise<void>
}

/**
 * Builds the care of the clock.
 * @param wall milliseconds, Unix time
 * @param steady milliseconds of a clock nobody can set
 */
export function createRetentionClock(wall: () => number, steady: () => number): RetentionClock {
  let memory: ClockMemory = newClockMemory
  let last: { wall: number; steady: number } | undefined
  let settings: Settings | undefined
  let kept: ClockMemory = memory

  function see(): number {
    // whole milliseconds, as every time that is kept, signed or told
    const now = { wall: wall(), steady: Math.round(steady()) }
    const since = last && { wall: last.wall, elapsed: now.steady - last.steady }
    if (settings) {
      memory = observe(memory, { wall: now.wall, since })
      last = now
    }
    return now.wall
  }
  async function save(entry?: AuditEntry): Promise<void> {
    kept = memory
    await settings?.set(SETTING, memory, entry)
  }
  return {
    hideBy: () => hideBy(memory, see()),
    destroyBy() {
      const now = see()
      return settings ? destroyBy(memory, now) : 0
    },
    async load(from) {
      memory = (await from.get<ClockMemory>(SETTING)) ?? newClockMemory
      settings = from
      see()
      await save()
    },
    async poll() {
      see()
      const { highest, question } = memory
      const isNew = question?.noticedAt !== kept.question?.noticedAt || question?.found !== kept.question?.found
      if (isNew || highest - kept.highest >= SAVE_MS || isFar(question, kept.question)) await save()
    },
    question: () => memory.question,
    async answer(right, entry) {
      memory = answer(memory, right, see())
      await save(entry)
    },
    clearBy() {
      see()
      return clearBy(memory)
    },
    async cleared() {
      memory = cleared(memory)
      await save()
    },
    save: () => {
      see()
      return save()
    },
  }
}

/** Time passes while a question is open: that is kept now and then. */
function isFar(now: ClockQuestion | undefined, before: ClockQuestion | undefined): boolean {
  return now !== undefined && before !== undefined && now.passed - before.passed >= SAVE_MS
}
