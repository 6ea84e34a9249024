import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLoginThrottle, type LoginThrottle } from '../../src/relay/auth/loginThrottle.ts'
import { StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
let time: number
let throttle: LoginThrottle

const clock = { now: () => time }
const pauses: number[] = []
const clocks = { clock, steady: clock, pause: async (ms: number) => void pauses.push(ms) }
const ann = { address: '192.0.2.7', email: 'ann@relay.example' }

beforeEach(async () => {
  fixture = await StoreFixture.open()
  time = fixture.time
  pauses.length = 0
  throttle = await createLoginThrottle(fixture.store.throttle, clock, clocks)
})
afterEach(() => fixture.close())

async function fail(times: number, attempt = ann): Promise<void> {
  for (let i = 0; i < times; i++) expect(await throttle.begin(attempt)).toMatchObject({ kind: 'go' })
}

describe('wrong passwords', () => {
  test('cost nothing five times, then a wait that doubles up to a quarter of an hour', async () => {
    await fail(5)
    const waits: number[] = []
    for (let i = 0; i < 10; i++) {
      const begun = await throttle.begin(ann)
      if (begun.kind !== 'wait') throw new Error('let in too early')
      waits.push(begun.waitMs / 1000)
      time += begun.waitMs
      await fail(1)
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900])
  })

  test('at a user from elsewhere keep that user waiting for seconds, and lock out nobody', async () => {
    for (let i = 0; i < 5; i++) await fail(1, { address: `192.0.2.${i}`, email: 'Ann@relay.example' })
    expect(pauses).toEqual([])
    await fail(1, { ...ann, address: '198.51.100.1' })
    expect(pauses).toEqual([5000])
    await fail(1, { address: '198.51.100.1', email: 'bob@relay.example' })
    expect(pauses).toEqual([5000])
  })

  test('at others from the same address keep a user waiting for seconds, also between right ones', async () => {
    for (let i = 0; i < 20; i++) await fail(1, { ...ann, email: `guess${i}@relay.example` })
    await fail(1)
    expect(pauses).toEqual([5000])
    const own = await throttle.begin({ ...ann, email: 'eve@relay.example' })
    if (own.kind === 'go') await own.succeeded()
    await fail(1, { ...ann, email: 'guess@relay.example' })
    expect(pauses.length).toBe(3)
    // whose right password was seen from here is not slowed by what others do
    await fail(1, { ...ann, email: 'eve@relay.example' })
    expect(pauses.length).toBe(3)
  })

  test('from a network that has shown the right password cost nothing ten times, then a wait', async () => {
    const right = await throttle.begin(ann)
    if (right.kind === 'go') await right.succeeded()
    await fail(9)
    expect(await throttle.begin(ann)).toMatchObject({ kind: 'go' })
    expect(await throttle.begin(ann)).toMatchObject({ kind: 'wait' })
    expect(pauses).toEqual([])
  })

  test('are counted for a whole IPv6 /64', async () => {
    for (let i = 0; i < 5; i++) await fail(1, { ...ann, address: `2001:db8:1:2::${i + 1}` })
    expect(await throttle.begin({ ...ann, address: '2001:db8:1:2:ffff::1' })).toMatchObject({ kind: 'wait' })
    expect(await throttle.begin({ ...ann, address: '2001:db8:1:3::1' })).toMatchObject({ kind: 'go' })
  })

  test('are forgotten when an admin says so', async () => {
    await fail(5)
    expect(throttle.waitOf(ann.email)).toBe(5000)
    await throttle.unlock(ann.email, {
      at: time,
      actor: 'local',
      action: 'people.unlock',
      object: 'person 1',
      reason: '',
      details: {},
    })
    expect(throttle.waitOf(ann.email)).toBe(0)
    await fail(1)
  })

  test('are forgotten after a right one, and after an hour', async () => {
    await fail(4)
    const right = await throttle.begin(ann)
    if (right.kind === 'go') await right.succeeded()
    await fail(5)
    time += 60 * 60_000
    await fail(5)
  })

  test('are remembered by the next relay on this folder', async () => {
    await fail(5)
    const next = await createLoginThrottle(fixture.store.throttle, clock, clocks)
    expect(await next.begin(ann)).toMatchObject({ kind: 'wait' })
  })
})
