import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLoginThrottle, type LoginThrottle } from '../../src/relay/auth/loginThrottle.ts'
import { StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
let time: number
let throttle: LoginThrottle

const clock = { now: () => time }
const ann = { address: '192.0.2.7', email: 'ann@relay.example' }

beforeEach(async () => {
  fixture = await StoreFixture.open()
  time = fixture.time
  throttle = await createLoginThrottle(fixture.store.throttle, clock)
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

  test('count for the person guessed at, from wherever, and in any capitals', async () => {
    for (let i = 0; i < 5; i++) await fail(1, { address: `192.0.2.${i}`, email: 'Ann@relay.example' })
    expect(await throttle.begin({ ...ann, address: '198.51.100.1' })).toMatchObject({ kind: 'wait' })
    expect(await throttle.begin({ address: '198.51.100.1', email: 'bob@relay.example' })).toMatchObject({ kind: 'go' })
  })

  test('count for the address they come from, whoever is guessed at, also between right ones', async () => {
    for (let i = 0; i < 20; i++) {
      await fail(1, { ...ann, email: `guess${i}@relay.example` })
      const own = await throttle.begin({ ...ann, email: 'eve@relay.example' })
      if (own.kind === 'go') await own.succeeded()
    }
    expect(await throttle.begin(ann)).toMatchObject({ kind: 'wait' })
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
    const next = await createLoginThrottle(fixture.store.throttle, clock)
    expect(await next.begin(ann)).toMatchObject({ kind: 'wait' })
  })
})
