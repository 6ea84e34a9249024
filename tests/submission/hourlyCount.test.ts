import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HourlyCount } from '../../src/base/hourlyCount.ts'
import type { Credential } from '../../src/model/account.ts'

const MINUTE = 60_000

function credentialOf(hourlyLimit: number | undefined): Credential {
  return {
    id: 1,
    account: 1,
    kind: 'address',
    name: '127.0.0.0/8',
    secret: undefined,
    status: 'allowed',
    hourlyLimit,
    createdAt: 0,
  }
}

test('what counts is what was sent in this minute and the 59 before, and the time named is when there is room', () => {
  const steps = fc.array(fc.record({ wait: fc.nat(40 * MINUTE), isSent: fc.boolean() }), { maxLength: 60 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), (moves, limit) => {
      const count = new HourlyCount()
      const credential = credentialOf(limit)
      const sent: number[] = []
      let now = 1_000_000 * MINUTE
      const room = (at: number) =>
        sent.filter((time) => Math.floor(at / MINUTE) - Math.floor(time / MINUTE) < 60).length < limit
      for (const { wait, isSent } of moves) {
        now += wait
        const until = count.blockedUntil(credential, now)
        expect(until === undefined).toBe(room(now))
        if (until !== undefined) expect([room(until - 1), room(until)]).toEqual([false, true])
        else if (isSent) {
          count.add(credential, now)
          sent.push(now)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('one taken back makes room; a credential without a limit is never blocked', () => {
  const count = new HourlyCount()
  const [one, free] = [credentialOf(1), { ...credentialOf(undefined), id: 2 }]
  count.add(one, 0)
  count.add(free, 0)
  expect([count.blockedUntil(one, 1), count.blockedUntil(free, 1)]).toEqual([60 * MINUTE, undefined])
  count.remove(one, 5 * MINUTE)
  expect(count.blockedUntil(one, 5 * MINUTE)).toBeUndefined()
})

test('a clock that jumps back neither loses nor doubles what was counted', () => {
  const count = new HourlyCount()
  const credential = credentialOf(2)
  count.add(credential, 100 * MINUTE)
  count.add(credential, 10 * MINUTE)
  expect(count.blockedUntil(credential, 10 * MINUTE)).toBe(160 * MINUTE)
  expect(count.blockedUntil(credential, 160 * MINUTE)).toBeUndefined()
})
