/** How long things are kept: calendar edges, and orders that shorten. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  DAY_MS,
  dayOf,
  endOf,
  KEEP_DAYS,
  keepUntil,
  type RetentionRules,
  startOfDay,
  visibleDays,
  withAccountDays,
  withDays,
} from '../../src/model/retention.ts'
import { decideMessage } from '../../src/mta/queue/decide.ts'

const anyTime = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2100, 0, 1) })

test.each([
  ['2026-12-31T23:59:59.999Z', '2026-12-31', '2027-03-11T23:59:59.999Z'],
  ['2027-01-01T00:00:00.000Z', '2027-01-01', '2027-03-12T00:00:00.000Z'],
  ['2028-01-15T12:00:00.000Z', '2028-01-15', '2028-03-25T12:00:00.000Z'],
  ['2028-02-29T23:59:59.999Z', '2028-02-29', '2028-05-09T23:59:59.999Z'],
])('a message of %s belongs to %s and ends at %s', (accepted, day, end) => {
  const ms = Date.parse(accepted)
  expect(dayOf(ms)).toBe(day)
  expect(new Date(keepUntil(ms)).toISOString()).toBe(end)
})

test('a day begins at UTC midnight and is 24 hours long, every day', () => {
  fc.assert(
    fc.property(anyTime, (ms) => {
      const start = startOfDay(dayOf(ms))
      expect(start).toBeLessThanOrEqual(ms)
      expect(ms - start).toBeLessThan(DAY_MS)
      expect(dayOf(start - 1) < dayOf(start)).toBe(true)
    }),
  )
})

test('a stamp is never longer than the policy, the account or 70 days say', () => {
  fc.assert(
    fc.property(
      anyTime,
      fc.integer({ min: 1, max: 400 }),
      fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
      (at, policyDays, keepDays) => {
        const { keepUntil: end } = decideMessage(at, policyDays, { keepDays })
        expect(end).toBe(at + Math.min(KEEP_DAYS, policyDays, keepDays ?? KEEP_DAYS) * DAY_MS)
        expect(end).toBe(keepUntil(at, visibleDays(policyDays, keepDays)))
      },
    ),
  )
})

const order = fc.record({
  after: fc.integer({ min: 0, max: 30 * DAY_MS }),
  days: fc.integer({ min: 1, max: 70 }),
  account: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
})

test('whatever is ordered, what is kept already only ever ends earlier, and never after 70 days', () => {
  fc.assert(
    fc.property(
      fc.array(order, { maxLength: 12 }),
      fc.integer({ min: 0, max: 60 * DAY_MS }),
      fc.constantFrom(1, 2, 3),
      (orders, acceptedAfter, account) => {
        const start = Date.UTC(2027, 11, 20)
        const acceptedAt = start + acceptedAfter
        let policy: RetentionRules = { days: KEEP_DAYS, shortenings: [] }
        let now = start
        let end: number | undefined
        let stamped = 0
        for (const { after, days, account: of } of orders) {
          if (end === undefined && now + after > acceptedAt) {
            stamped = keepUntil(acceptedAt, visibleDays(policy.days, undefined))
            end = stamped
          }
          now += after
          policy = of === undefined ? withDays(policy, days, now) : withAccountDays(policy, of, days, now)
          if (end === undefined) continue
          const next = endOf(acceptedAt, stamped, account, policy.shortenings)
          // what has ended already may be forgotten: it is gone
          if (end > now) expect(next).toBeLessThanOrEqual(end)
          expect(next).toBeLessThanOrEqual(keepUntil(acceptedAt))
          end = Math.min(end, next)
        }
      },
    ),
  )
})

test('50 days, later 70 again: what was kept under 50 is not lengthened, what comes after is kept 70', () => {
  const now = Date.UTC(2026, 10, 23)
  const before = now - 10 * DAY_MS
  const shortened = withDays({ days: 70, shortenings: [] }, 50, now)
  expect(endOf(before, keepUntil(before), 1, shortened.shortenings)).toBe(before + 50 * DAY_MS)
  const longer = withDays(shortened, 70, now + DAY_MS)
  expect(endOf(before, keepUntil(before), 1, longer.shortenings)).toBe(before + 50 * DAY_MS)
  const between = now + 1
  expect(endOf(between, keepUntil(between, 50), 1, longer.shortenings)).toBe(between + 50 * DAY_MS)
  const after = now + 2 * DAY_MS
  expect(endOf(after, keepUntil(after, longer.days), 1, longer.shortenings)).toBe(after + 70 * DAY_MS)
})
