/**
 * The time that retention goes by. A clock can be wrong: one that jumps back must not show again what had expired, and
 * one that leaps ahead while the relay runs must not destroy anything before a person has looked at it.
 * Times are milliseconds of Unix time.
 */

import { DAY_MS } from './retention.ts'

/** A jump larger than this is for a person to judge. */
export const LEAP_MS = DAY_MS

/** A jump of the wall clock that waits for a person's answer. */
export interface ClockQuestion {
  /** what the clock said when it was noticed */
  noticedAt: number
  /** what the clock should have said */
  expected: number
  /** what it said */
  found: number
  /** time the relay has run since, by a clock nobody can set */
  passed: number
  /** a person said that the clock is wrong: it is not believed until it says what it should */
  denied?: boolean
  /** the clock fell back, and what had ended by the time of before is destroyed */
  cleared?: boolean
}

/** What is remembered over restarts. */
export interface ClockMemory {
  /** the highest believed time seen */
  highest: number
  question: ClockQuestion | undefined
}

export interface ClockReading {
  wall: number
  /** the wall clock's reading before and the time since by a clock nobody can set; undefined for the first of a start */
  since: { wall: number; elapsed: number } | undefined
}

export const newClockMemory: ClockMemory = { highest: 0, question: undefined }

/** Whether the clock went ahead (else it fell back). */
export function leaptAhead(question: ClockQuestion): boolean {
  return question.found > question.expected
}

/** Takes note of a reading. Returns the same object when there is nothing new. */
export function observe(memory: ClockMemory, reading: ClockReading): ClockMemory {
  return memory.question ? reconsider(memory, memory.question, reading) : believe(memory.highest, reading, memory)
}

/** No question is open: a reading is believed, unless it jumped. */
function believe(highest: number, { wall, since }: ClockReading, memory?: ClockMemory): ClockMemory {
  const expected = since && since.wall + since.elapsed
  if (expected !== undefined && wall > expected + LEAP_MS) return asked(highest, expected, wall)
  if (wall < highest - LEAP_MS) return asked(highest, highest, wall)
  return wall > highest || !memory ? { highest: Math.max(highest, wall), question: undefined } : memory
}

function asked(highest: number, expected: number, found: number): ClockMemory {
  return { highest, question: { noticedAt: found, expected, found, passed: 0 } }
}

/** A question is open: it goes when the clock says what it should, and is another one when it jumped the other way. */
function reconsider(memory: ClockMemory, question: ClockQuestion, { wall, since }: ClockReading): ClockMemory {
  const { highest } = memory
  const passed = question.passed + (since?.elapsed ?? 0)
  const expected = question.expected + passed
  const isAhead = wall > expected + LEAP_MS
  const isBehind = wall < expected - LEAP_MS
  if (!isAhead && !isBehind) return believe(highest, { wall, since: undefined })
  if (isBehind && leaptAhead(question)) return believe(highest, { wall, since: undefined })
  // time that passed while the relay was stopped needs no asking, once the clock has come back from where it leapt
  const isBack = !leaptAhead(question) || wall < question.found - LEAP_MS
  if (isAhead && !since && isBack) return believe(highest, { wall, since: undefined })
  if (isAhead && !leaptAhead(question)) return asked(highest, expected, wall)
  return passed === question.passed ? memory : { highest, question: { ...question, passed } }
}

/** What must not be shown any more is what ends by this time: nothing that was hidden comes back when a clock jumps back. */
export function hideBy({ highest }: ClockMemory, wall: number): number {
  return Math.max(highest, wall)
}

/** What may be destroyed is what ends by this time: while a jump waits for its answer, only what both times agree on. */
export function destroyBy(memory: ClockMemory, wall: number): number {
  const { question } = memory
  if (!question) return hideBy(memory, wall)
  return leaptAhead(question) ? Math.min(wall, Math.max(question.expected + question.passed, memory.highest)) : wall
}

/**
 * A clock that fell back: what had ended by the time of before is destroyed once, before anything new is accepted by the
 * lower time; what comes after is judged by that. Undefined when it was done, or nothing of it is to be done.
 */
export function clearBy({ highest, question }: ClockMemory): number | undefined {
  return question && !leaptAhead(question) && !question.cleared ? highest : undefined
}

/** Takes note that what had ended before the clock fell back is destroyed. */
export function cleared(memory: ClockMemory): ClockMemory {
  const { question } = memory
  return question ? { ...memory, question: { ...question, cleared: true } } : memory
}

/**
 * A person's answer. `right`: the clock is right, and believed from here on. Not right: it is not believed until it
 * says what it should.
 */
export function answer({ highest, question }: ClockMemory, right: boolean, wall: number): ClockMemory {
  if (!question) return { highest, question }
  return right ? { highest: wall, question: undefined } : { highest, question: { ...question, denied: true } }
}
