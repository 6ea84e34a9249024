import { describe, expect, test } from 'vitest'
import { type StatusLineDelivery, type StatusLineTimes, statusLineOf } from '../../src/model/statusLine.ts'

const times: StatusLineTimes = { moment: (ms) => `at ${ms}`, day: (ms) => `day ${ms}` }

function delivery(changes: Partial<StatusLineDelivery> = {}): StatusLineDelivery {
  return {
    destination: 'kestrel.example',
    state: 'delivered',
    reason: '',
    nextAttemptAt: undefined,
    inDoubt: false,
    ...changes,
  }
}

const full = delivery({ state: 'deferred', reason: '452 4.2.2 The mailbox is full.', nextAttemptAt: 1405 })

describe('the verdict', () => {
  test('says first what has been reached, then why not the rest, then what comes next', () => {
    expect(statusLineOf({ deliveries: [delivery(), delivery(), full], givesUpAt: 28 }, times)).toEqual({
      tone: 'waiting',
      lead: 'Delivered to 2 of 3.',
      rest: ['The third is deferred: the mailbox is full at kestrel.example.', 'Next try at 1405, gives up on day 28.'],
    })
  })

  test('is one word when all is well', () => {
    expect(statusLineOf({ deliveries: [delivery()], givesUpAt: undefined }, times)).toEqual({
      tone: 'good',
      lead: 'Delivered.',
      rest: [],
    })
    expect(statusLineOf({ deliveries: [delivery(), delivery()], givesUpAt: undefined }, times).lead).toBe(
      'Delivered to both.',
    )
    expect(statusLineOf({ deliveries: Array(5).fill(delivery()), givesUpAt: undefined }, times).lead).toBe(
      'Delivered to all 5.',
    )
  })

  test('tells what is over from what may still come', () => {
    const failed = delivery({ state: 'failed', reason: '550 5.1.1 No such user' })
    expect(statusLineOf({ deliveries: [failed], givesUpAt: undefined }, times)).toEqual({
      tone: 'bad',
      lead: 'Not delivered.',
      rest: ['It has failed: no such user at kestrel.example.'],
    })
    const held = delivery({ state: 'held', reason: 'asked by the customer' })
    expect(statusLineOf({ deliveries: [held], givesUpAt: 9 }, times)).toEqual({
      tone: 'held',
      lead: 'Not delivered yet.',
      rest: ['It is held: asked by the customer.'],
    })
  })

  test('speaks once of deliveries that share their reason', () => {
    const { rest } = statusLineOf(
      { deliveries: [delivery(), full, { ...full, nextAttemptAt: 1300 }], givesUpAt: 28 },
      times,
    )
    expect(rest).toEqual([
      '2 others are deferred: the mailbox is full at kestrel.example.',
      'Next try at 1300, gives up on day 28.',
    ])
  })

  test('names three reasons and counts the others', () => {
    const deliveries = ['a', 'b', 'c', 'd', 'e'].map((reason) => delivery({ state: 'failed', reason }))
    const { rest } = statusLineOf({ deliveries, givesUpAt: undefined }, times)
    expect(rest).toHaveLength(4)
    expect(rest.at(-1)).toBe('2 more reasons are listed below.')
  })

  test('names no place where the reason names it, or where there is none', () => {
    const refused = delivery({ state: 'deferred', reason: 'kestrel.example refused the connection' })
    expect(statusLineOf({ deliveries: [refused], givesUpAt: undefined }, times).rest).toEqual([
      'It is deferred: kestrel.example refused the connection.',
    ])
    const captured = delivery({ destination: 'capture', state: 'queued', reason: 'captured' })
    expect(statusLineOf({ deliveries: [captured], givesUpAt: undefined }, times).rest).toEqual([
      'It is waiting: captured.',
    ])
  })

  test('says that something may arrive twice', () => {
    const { rest } = statusLineOf({ deliveries: [{ ...full, inDoubt: true }], givesUpAt: 28 }, times)
    expect(rest.at(-1)).toBe('One delivery is in doubt: it may arrive twice.')
  })
})
