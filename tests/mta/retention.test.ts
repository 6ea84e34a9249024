/** The care of retention over a real store: what a clock that jumps may destroy, who is asked, and what raises an alarm. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { createRetentionClock } from '../../src/privacy/retention/retentionClock.ts'
import { createRetentionJob, type RetentionJob } from '../../src/privacy/retention/retentionJob.ts'
import type { Store } from '../../src/store/store.ts'
import { StoreFixture } from '../support/storeFixture.ts'

const HOUR = 3_600_000
const noon = Date.UTC(2026, 10, 23, 12)
const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const act = { at: noon, actor: 'ann@relay.example', action: 'retention.answerClock', object: 'clock', reason: 'looked' }
const entry = { ...act, details: {} }

let fixture: StoreFixture
let wall: number
let steady: number
beforeEach(async () => {
  fixture = await StoreFixture.open(noon)
  wall = noon
  steady = 0
})
afterEach(() => fixture.close())

/** A care as it is after a start. */
async function started(store: Store = fixture.store): Promise<RetentionJob> {
  const clock = createRetentionClock(
    () => wall,
    () => steady,
  )
  await clock.load(store.settings)
  return createRetentionJob({ store, clock, log: quiet })
}

function pass(ms: number): void {
  wall += ms
  steady += ms
}

async function deliver(): Promise<void> {
  fixture.time = wall
  const before = (await fixture.store.log.days()).reduce((sum, { records }) => sum + records, 0)
  await fixture.deliver({ acceptedAt: wall })
  await fixture.archived(before + 1)
}

const kept = async () => (await fixture.store.retention.days()).map(({ day }) => day)

describe('a clock that leaps ahead while the relay runs', () => {
  test('destroys nothing before a person says that it is right, also over a restart', async () => {
    await deliver()
    const care = await started()
    pass(HOUR)
    expect(await care.run()).toEqual([])
    wall += 71 * DAY_MS
    expect(await care.run()).toEqual([])
    expect(care.clockQuestion()).toMatchObject({ expected: noon + HOUR, found: noon + HOUR + 71 * DAY_MS })
    expect(await care.alarms()).toEqual([expect.stringMatching(/^the clock leapt ahead .*: say whether it is right/)])

    const later = await started()
    expect(await later.run()).toEqual([])
    expect(later.clockQuestion()).toBeDefined()
    expect(await later.answerClock(true, entry)).toBe(true)
    expect(await kept()).toEqual([])
    expect(later.clockQuestion()).toBeUndefined()
    expect(await later.alarms()).toEqual([])
    expect(await later.answerClock(true, entry)).toBe(false)
  })

  test('is asked about in whole milliseconds, though the steady clock counts finer', async () => {
    steady = 0.4375
    const care = await started()
    pass(HOUR)
    steady += 0.3125
    await care.run()
    wall += 71 * DAY_MS
    steady += 7.5625
    await care.run()
    const { expected, passed } = care.clockQuestion()!
    expect([expected, passed].map(Number.isInteger)).toEqual([true, true])
  })

  test('is not believed when a person says so; nobody is asked again, the alarm stays until the clock is back', async () => {
    await deliver()
    const care = await started()
    wall += 71 * DAY_MS
    await care.run()
    expect(await care.answerClock(false, entry)).toBe(true)
    expect(await care.run()).toEqual([])
    expect(care.clockQuestion()).toBeUndefined()
    expect(await care.alarms()).toEqual([expect.stringMatching(/which is not believed: set the clock/)])
    wall -= 71 * DAY_MS
    expect(await care.run()).toEqual([])
    expect(await care.alarms()).toEqual([])
    expect(await kept()).toEqual(['2026-11-23'])
  })

  test('goes on destroying what is over by the time that should be', async () => {
    await deliver()
    const care = await started()
    pass(69 * DAY_MS + 23 * HOUR)
    await deliver()
    await care.run()
    wall += 300 * DAY_MS
    await care.run()
    expect(await kept()).toHaveLength(2)
    pass(2 * HOUR)
    expect(await care.run()).toMatchObject([{ day: '2026-11-23', headers: 1, valid: true }])
    expect(await kept()).toHaveLength(1)
  })
})

test('time that passed while the relay was stopped needs no asking', async () => {
  await deliver()
  await (await started()).run()
  wall += 71 * DAY_MS
  const care = await started()
  expect(await care.run()).toMatchObject([{ day: '2026-11-23', headers: 1 }])
  expect(await care.alarms()).toEqual([])
})

test('a clock that falls back: what had ended is destroyed once, what is accepted after is not', async () => {
  await deliver()
  const care = await started()
  await care.run()
  pass(60 * DAY_MS)
  await care.run()
  await deliver()
  // a day that ended by the time of before and is still there, as after a run that was missed
  pass(11 * DAY_MS)
  const clock = createRetentionClock(
    () => wall,
    () => steady,
  )
  await clock.load(fixture.store.settings)
  wall -= 200 * DAY_MS
  const after = await started()
  expect(await after.run()).toMatchObject([{ day: '2026-11-23' }])
  await deliver()
  expect(await after.run()).toEqual([])
  expect(await (await started()).run()).toEqual([])
  expect(await kept()).toHaveLength(2)
  expect(await after.alarms()).toEqual([expect.stringMatching(/^the clock fell back .*: say whether it is right/)])
})

test('a run that was missed by more than two hours raises an alarm until the next one', async () => {
  const care = await started()
  await care.run()
  pass(3 * HOUR)
  expect(await care.alarms()).toEqual([])
  pass(1000)
  expect(await care.alarms()).toEqual([expect.stringMatching(/^retention runs every hour, and ran last at 2026-11-23/)])
  await care.run()
  expect(await care.alarms()).toEqual([])
})

test('a day that is still there after its end raises an alarm', async () => {
  await deliver()
  const care = await started()
  pass(70 * DAY_MS)
  expect((await care.alarms()).join()).not.toMatch('had to go')
  pass(6 * 60_000)
  expect(await care.alarms()).toContain('a day is still there since 2027-02-01 12:00 UTC, when it had to go')
})

test('a run that fails raises an alarm until one succeeds', async () => {
  let broken = true
  const { retention } = fixture.store
  const purge = (now: number) => (broken ? Promise.reject(new Error('EIO: i/o error')) : retention.purge(now))
  const care = await started({ ...fixture.store, retention: { ...retention, purge } })
  await expect(care.run()).rejects.toThrow('EIO')
  expect(await care.alarms()).toEqual(['the last run could not destroy what is overdue: EIO: i/o error'])
  broken = false
  await care.run()
  expect(await care.alarms()).toEqual([])
})
