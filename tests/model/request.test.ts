/** The clock of requests over the edges of the calendar, and the table of their states. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ANSWER_DAYS,
  closingOutcomes,
  dueAt,
  monthsLater,
  type RequestMove,
  type RequestStage,
  stageOf,
  transitionRequest,
  urgencyOf,
} from '../../src/model/request.ts'
import { DAY_MS } from '../../src/model/retention.ts'

const at = (text: string) => Date.parse(`${text}Z`)
const moments = fc.integer({ min: at('2000-01-01T00:00:00'), max: at('2100-12-31T23:59:59') })

test.each([
  ['2026-01-31T08:15:30', '2026-02-28T08:15:30'],
  ['2028-01-31T08:15:30', '2028-02-29T08:15:30'],
  ['2026-01-30T23:59:59', '2026-02-28T23:59:59'],
  ['2026-01-28T00:00:00', '2026-02-27T00:00:00'],
  ['2026-02-28T12:00:00', '2026-03-28T12:00:00'],
  ['2028-02-29T12:00:00', '2028-03-29T12:00:00'],
  ['2026-03-31T12:00:00', '2026-04-30T12:00:00'],
  ['2026-07-31T12:00:00', '2026-08-30T12:00:00'],
  ['2026-12-31T12:00:00', '2027-01-30T12:00:00'],
  ['2026-11-24T12:00:00', '2026-12-24T12:00:00'],
])('what is received at %s is due at %s', (received, due) => {
  expect(new Date(dueAt(at(received), false)).toISOString()).toBe(`${due}.000Z`)
})

test('a request is never due later than 30 days, nor later than a calendar month', () => {
  fc.assert(
    fc.property(moments, (received) => {
      const due = dueAt(received, false)
      expect(due).toBeLessThanOrEqual(received + ANSWER_DAYS * DAY_MS)
      expect(due).toBeLessThanOrEqual(monthsLater(received, 1))
      // one of the two it is; and February is the shortest month
      expect([received + ANSWER_DAYS * DAY_MS, monthsLater(received, 1)]).toContain(due)
      expect(due).toBeGreaterThanOrEqual(received + 28 * DAY_MS)
    }),
  )
})

test('a month later is the same day of the next month, or its last, at the same time of day', () => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 1, max: 12 }), (received, months) => {
      const from = new Date(received)
      const to = new Date(monthsLater(received, months))
      const count = (date: Date) => date.getUTCFullYear() * 12 + date.getUTCMonth()
      expect(count(to) - count(from)).toBe(months)
      expect(to.getTime() % DAY_MS).toBe(received % DAY_MS)
      const isLast = new Date(to.getTime() + DAY_MS).getUTCDate() === 1
      expect(to.getUTCDate() === from.getUTCDate() || (isLast && to.getUTCDate() < from.getUTCDate())).toBe(true)
    }),
  )
})

test('what is received later is never due earlier by more than the time of day', () => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 0, max: 400 }), (received, days) => {
      expect(dueAt(received + days * DAY_MS, false)).toBeGreaterThanOrEqual(dueAt(received, false))
    }),
  )
})

test('an extension is two months from the day it was due', () => {
  fc.assert(
    fc.property(moments, (received) => {
      expect(dueAt(received, true)).toBe(monthsLater(dueAt(received, false), 2))
    }),
  )
})

test('seven days before it is due a request is urgent, and after it overdue, while somebody has to act', () => {
  const due = at('2026-12-24T12:00:00')
  expect(urgencyOf('received', due, due - 7 * DAY_MS - 1)).toBe('calm')
  expect(urgencyOf('received', due, due - 7 * DAY_MS)).toBe('soon')
  expect(urgencyOf('executed', due, due)).toBe('soon')
  expect(urgencyOf('executed', due, due + 1)).toBe('overdue')
  expect(urgencyOf('answered', due, due + 1)).toBe('calm')
})

/** The table once more, by hand: every way there is. */
const ways: [RequestStage, RequestMove, string][] = [
  ['received', 'identify', 'identified'],
  ['received', 'forward', 'answered'],
  ['received', 'report', 'answered'],
  ['received', 'refuse', 'answered'],
  ['received', 'close', 'closed'],
  ['identified', 'forward', 'answered'],
  ['identified', 'decide', 'decided'],
  ['identified', 'report', 'answered'],
  ['identified', 'refuse', 'answered'],
  ['identified', 'close', 'closed'],
  ['forwarded', 'identify', 'identified'],
  ['forwarded', 'forward', 'answered'],
  ['forwarded', 'decide', 'decided'],
  ['forwarded', 'report', 'answered'],
  ['forwarded', 'refuse', 'answered'],
  ['forwarded', 'settle', 'closed'],
  ['forwarded', 'close', 'closed'],
  ['decided', 'execute', 'executing'],
  ['decided', 'refuse', 'answered'],
  ['decided', 'close', 'closed'],
  ['executing', 'finish', 'executed'],
  ['executed', 'answer', 'answered'],
  ['executed', 'close', 'closed'],
  ['answered', 'settle', 'closed'],
  ['answered', 'close', 'closed'],
]

test('a request moves by the table, and in no other way', () => {
  const stages = [
    ...(['received', 'identified', 'forwarded', 'decided'] as const),
    ...(['executing', 'executed', 'answered', 'closed'] as const),
  ]
  const moves = [
    ...(['identify', 'forward', 'decide', 'execute', 'finish'] as const),
    ...(['answer', 'report', 'refuse', 'settle', 'close'] as const),
  ]
  const found = stages.flatMap((stage) =>
    moves.flatMap((move) => {
      const to = transitionRequest(stage, move)
      return to === undefined ? [] : [[stage, move, to]]
    }),
  )
  const lines = (rows: readonly string[][]) => rows.map((row) => row.join(' → ')).toSorted()
  expect(lines(found)).toEqual(lines(ways))
  // nothing is carried out but by way of a decision
  expect(ways.filter(([, , to]) => to === 'executing').map(([from]) => from)).toEqual(['decided'])
})

test('an answered request whose person was pointed to the account waits for the account', () => {
  expect(stageOf({ state: 'answered', outcome: 'forwarded' })).toBe('forwarded')
  expect(stageOf({ state: 'answered', outcome: 'done' })).toBe('answered')
  expect(stageOf({ state: 'closed', outcome: 'forwarded' })).toBe('closed')
})

test('a person closes a request only as what became of it', () => {
  for (const state of ['received', 'identified', 'decided'] as const)
    expect(closingOutcomes({ state, outcome: undefined }), state).toEqual(['withdrawn'])
  expect(closingOutcomes({ state: 'executing', outcome: undefined })).toEqual([])
  for (const outcome of ['done', 'nothing found'] as const)
    expect(closingOutcomes({ state: 'executed', outcome })).toEqual([outcome])
  expect(closingOutcomes({ state: 'answered', outcome: 'refused' })).toEqual(['refused'])
  expect(closingOutcomes({ state: 'answered', outcome: 'forwarded' })).toEqual(['forwarded', 'withdrawn'])
  expect(closingOutcomes({ state: 'closed', outcome: 'done' })).toEqual([])
})
