/** Where trust ends: figures against thresholds. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import {
  type Counts,
  criteriaOf,
  crossed,
  defaultThresholds,
  LATEST_REVIEW_DAYS,
  reviewProblem,
  type Thresholds,
} from '../../src/model/trust.ts'

const now = Date.UTC(2026, 10, 23)

function counts(change: Partial<Counts>): Counts {
  const cases = { breach: 0, noBreach: 0, unclear: 0, undecided: 0 }
  return { createdAt: 0, deliveries: 0, bounces: 0, complaints: 0, volume: [], samples: 0, cases, ...change }
}

const anyCounts = fc
  .record({
    messages: fc.nat(100_000),
    delivered: fc.nat(100_000),
    bounces: fc.nat(100_000),
    complaints: fc.nat(1000),
  })
  .map(({ messages, delivered, bounces, complaints }) =>
    counts({ volume: [messages], deliveries: delivered + bounces, bounces, complaints }),
  )

const anyThresholds: fc.Arbitrary<Thresholds> = fc.record({
  bounceRate: fc.double({ min: 0, max: 1, noNaN: true }),
  complaintRate: fc.double({ min: 0, max: 1, noNaN: true }),
  leastMessages: fc.integer({ min: 1, max: 10_000 }),
})

function crossedBy(given: Counts, thresholds: Thresholds): string[] {
  return crossed(criteriaOf(given, now), thresholds)
}

test('an account without bounces and complaints crosses nothing, whatever the thresholds', () => {
  fc.assert(
    fc.property(anyCounts, anyThresholds, (given, thresholds) => {
      expect(crossedBy({ ...given, bounces: 0, complaints: 0 }, thresholds)).toEqual([])
    }),
  )
})

test('more bounces or complaints never uncross a threshold, and stricter thresholds neither', () => {
  fc.assert(
    fc.property(anyCounts, anyThresholds, fc.nat(500), fc.nat(50), (given, thresholds, bounces, complaints) => {
      const before = crossedBy(given, thresholds).length
      const worse = { ...given, bounces: given.bounces + bounces, complaints: given.complaints + complaints }
      expect(crossedBy(worse, thresholds).length).toBeGreaterThanOrEqual(before)
      const stricter = {
        ...thresholds,
        bounceRate: thresholds.bounceRate / 2,
        complaintRate: thresholds.complaintRate / 2,
      }
      expect(crossedBy(given, stricter).length).toBeGreaterThanOrEqual(before)
    }),
  )
})

test('from the least number on, the rates alone decide', () => {
  fc.assert(
    fc.property(anyCounts, anyThresholds, (given, thresholds) => {
      const criteria = criteriaOf(given, now)
      const { leastMessages, bounceRate, complaintRate } = thresholds
      fc.pre(criteria.messages >= leastMessages && criteria.deliveries >= leastMessages)
      const wanted = [
        criteria.bounces > bounceRate * criteria.deliveries,
        criteria.complaints > complaintRate * criteria.messages,
      ]
      expect(crossed(criteria, thresholds)).toHaveLength(wanted.filter(Boolean).length)
    }),
  )
})

test('below the least number a few bounces are none, and the words name the figures', () => {
  const few = counts({ volume: [12], deliveries: 12, bounces: 6 })
  expect(crossedBy(few, defaultThresholds)).toEqual([])
  const many = counts({ volume: [12], deliveries: 12, bounces: 11 })
  expect(crossedBy(many, defaultThresholds)).toEqual([
    'bounces: 11 of 12 deliveries (11 % of 100, the least a rate is taken of), more than the 10 % allowed',
  ])
  expect(crossedBy(counts({ volume: [500, 500], complaints: 2 }), defaultThresholds)).toEqual([
    'complaints: 2 of 1000 messages (0.2 %), more than the 0.1 % allowed',
  ])
})

test('rates are null where there is nothing to divide', () => {
  expect(criteriaOf(counts({ complaints: 3 }), now)).toMatchObject({
    messages: 0,
    bounceRate: null,
    complaintRate: null,
  })
})

test('a review lies ahead, and not more than a year', () => {
  expect(reviewProblem(now, now)).toMatch(/future/)
  expect(reviewProblem(now + 1, now)).toBeUndefined()
  expect(reviewProblem(now + LATEST_REVIEW_DAYS * DAY_MS, now)).toBeUndefined()
  expect(reviewProblem(now + LATEST_REVIEW_DAYS * DAY_MS + 1, now)).toMatch(/366 days/)
})
