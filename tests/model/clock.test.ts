/** The time retention goes by: what a clock that jumps may show, hide and destroy. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answer,
  type ClockMemory,
  clearBy,
  cleared,
  destroyBy,
  hideBy,
  LEAP_MS,
  newClockMemory,
  observe,
} from '../../src/model/clock.ts'
import { DAY_MS } from '../../src/model/retention.ts'

const HOUR = 3_600_000
const start = Date.UTC(2026, 10, 23, 12)

/** A machine: its clock, its steady time, and a relay that may be stopped. */
class Machine {
  wall = start
  memory: ClockMemory = observe(newClockMemory, { wall: start, since: undefined })
  private last: number | undefined = start

  /** Time passes, and somebody turns the clock. */
  pass(elapsed: number, turned = 0): void {
    this.wall += elapsed + turned
    const since = this.last === undefined ? undefined : { wall: this.last, elapsed }
    this.memory = observe(this.memory, { wall: this.wall, since })
    this.last = this.wall
  }

  /** The relay is stopped for a while; what is remembered is on disk. */
  restart(elapsed: number, turned = 0): void {
    this.memory = JSON.parse(JSON.stringify(this.memory)) as ClockMemory
    this.last = undefined
    this.pass(elapsed, turned)
  }

  get hide(): number {
    return hideBy(this.memory, this.wall)
  }
  get destroy(): number {
    return destroyBy(this.memory, this.wall)
  }
}

describe('a clock that is right', () => {
  test('is believed, also after a long stop', () => {
    const machine = new Machine()
    machine.pass(HOUR)
    expect([machine.hide, machine.destroy]).toEqual([machine.wall, machine.wall])
    machine.restart(100 * DAY_MS)
    expect(machine.memory.question).toBeUndefined()
    expect(machine.destroy).toBe(machine.wall)
  })

  test('may be set by less than a day', () => {
    const machine = new Machine()
    machine.pass(HOUR, 23 * HOUR)
    expect(machine.memory.question).toBeUndefined()
    machine.pass(HOUR, -23 * HOUR)
    expect(machine.memory.question).toBeUndefined()
    expect(machine.hide).toBe(start + 24 * HOUR)
  })
})

describe('a clock that leaps ahead while the relay runs', () => {
  test('hides at once, destroys nothing, and asks; the question outlives a restart', () => {
    const machine = new Machine()
    machine.pass(HOUR, 71 * DAY_MS)
    expect(machine.memory.question).toMatchObject({ expected: start + HOUR, found: machine.wall })
    expect(machine.hide).toBe(machine.wall)
    expect(machine.destroy).toBe(start + HOUR)
    machine.restart(HOUR)
    expect(machine.memory.question).toMatchObject({ found: start + HOUR + 71 * DAY_MS })
    expect(machine.destroy).toBe(start + HOUR)
    machine.pass(2 * HOUR)
    expect(machine.destroy).toBe(start + 3 * HOUR)
  })

  test('is believed when a person says so', () => {
    const machine = new Machine()
    machine.pass(HOUR, 71 * DAY_MS)
    machine.memory = answer(machine.memory, true, machine.wall)
    expect(machine.destroy).toBe(machine.wall)
    machine.pass(HOUR)
    expect(machine.memory.question).toBeUndefined()
  })

  test('shows again what it hid when it is back, and has destroyed nothing', () => {
    const machine = new Machine()
    machine.pass(HOUR, 71 * DAY_MS)
    machine.memory = answer(machine.memory, false, machine.wall)
    expect(machine.memory.question).toMatchObject({ denied: true })
    expect(machine.destroy).toBe(start + HOUR)
    machine.pass(HOUR, -71 * DAY_MS)
    expect(machine.memory).toEqual({ highest: start + 2 * HOUR, question: undefined })
    expect(machine.hide).toBe(start + 2 * HOUR)
  })

  test('needs no answer when it is put right while the relay is stopped', () => {
    const machine = new Machine()
    machine.pass(HOUR, 71 * DAY_MS)
    machine.restart(5 * DAY_MS, -71 * DAY_MS)
    expect(machine.memory.question).toBeUndefined()
    expect(machine.destroy).toBe(start + HOUR + 5 * DAY_MS)
  })
})

describe('a clock that falls back', () => {
  test('shows nothing again, and what had ended is destroyed once', () => {
    const machine = new Machine()
    machine.restart(71 * DAY_MS)
    const highest = machine.wall
    machine.restart(HOUR, -71 * DAY_MS)
    expect(machine.hide).toBe(highest)
    expect(clearBy(machine.memory)).toBe(highest)
    machine.memory = cleared(machine.memory)
    expect(clearBy(machine.memory)).toBeUndefined()
    expect(machine.destroy).toBe(machine.wall)
    machine.restart(HOUR)
    expect(clearBy(machine.memory)).toBeUndefined()
    machine.memory = answer(machine.memory, true, machine.wall)
    expect(machine.hide).toBe(machine.wall)
  })
})

const step = fc.record({
  elapsed: fc.integer({ min: 0, max: 20 * DAY_MS }),
  turned: fc.oneof(fc.constant(0), fc.integer({ min: -200 * DAY_MS, max: 200 * DAY_MS })),
  restart: fc.boolean(),
})

test('whatever the clock does: what was hidden by a believed time stays hidden, and nothing visible is destroyed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const machine = new Machine()
      let believed = machine.memory.highest
      for (const { elapsed, turned, restart } of steps) {
        if (restart) machine.restart(elapsed, turned)
        else machine.pass(elapsed, turned)
        expect(machine.hide).toBeGreaterThanOrEqual(believed)
        expect(machine.destroy).toBeLessThanOrEqual(machine.hide)
        believed = Math.max(believed, machine.memory.highest)
      }
    }),
  )
})

test('whatever the clock does while the relay runs: without an answer nothing is destroyed a day before its time', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const machine = new Machine()
      let truth = start
      let turns = 0
      for (const { elapsed, turned } of steps) {
        machine.pass(elapsed, turned)
        truth += elapsed
        // a turn of less than a day is believed: they may add up
        if (turned !== 0) turns++
        expect(machine.destroy).toBeLessThanOrEqual(truth + turns * LEAP_MS)
      }
    }),
  )
})
