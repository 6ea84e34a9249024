import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DeliveryEvent, deliveryStates, isFinal, statusOf, transition } from '../../src/model/delivery.ts'
import { formatId, IdClock, parseId } from '../../src/model/id.ts'
import { GIVE_UP_AFTER, isExpired, nextAttemptAt } from '../../src/model/retry.ts'
import { destinationKey, routeFor } from '../../src/model/route.ts'

const events: DeliveryEvent[] = [
  'claim',
  'deliver',
  'fail',
  'defer',
  'interrupt',
  'expire',
  'hold',
  'release',
  'cancel',
]
const state = fc.constantFrom(...deliveryStates)

describe('the states of a delivery', () => {
  test('are exactly the arrows of the design', () => {
    const arrows = deliveryStates.flatMap((from) =>
      events.flatMap((event) => {
        const to = transition(from, event)
        return to ? [`${from} -${event}-> ${to}`] : []
      }),
    )
    expect(arrows).toEqual([
      'queued -claim-> sending',
      'queued -hold-> held',
      'queued -cancel-> cancelled',
      'sending -deliver-> delivered',
      'sending -fail-> failed',
      'sending -defer-> deferred',
      'sending -interrupt-> deferred',
      'deferred -claim-> sending',
      'deferred -expire-> expired',
      'deferred -hold-> held',
      'deferred -cancel-> cancelled',
      'held -release-> queued',
      'held -cancel-> cancelled',
    ])
  })

  test('a final state is never left, whatever happens', () => {
    fc.assert(
      fc.property(state, fc.array(fc.constantFrom(...events)), fc.nat(20), (first, happenings, attempts) => {
        let now = first
        for (const event of happenings) {
          const next = transition(now, event, attempts)
          if (isFinal(now)) expect(next).toBeUndefined()
          now = next ?? now
        }
      }),
    )
  })

  test('a released delivery that was tried before is deferred, not new', () => {
    expect(transition('held', 'release', 0)).toBe('queued')
    expect(transition('held', 'release', 3)).toBe('deferred')
  })

  test('a message has the state its deliveries share, or is mixed', () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 1 }), (states) => {
        expect(statusOf(states)).toBe(new Set(states).size === 1 ? states[0] : 'mixed')
      }),
    )
  })
})

describe('ids', () => {
  test('grow strictly, also when the clock stands still or jumps back, and survive being written', () => {
    const times = fc.array(fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2080, 0, 1) }), { minLength: 2 })
    fc.assert(
      fc.property(times, (readings) => {
        const clock = new IdClock(0)
        const ids = readings.map((ms) => clock.next(ms))
        ids.forEach((id, i) => {
          if (i > 0) expect(id).toBeGreaterThan(ids[i - 1]!)
          expect(Number.isSafeInteger(id)).toBe(true)
          expect(parseId(formatId(id))).toBe(id)
        })
        expect(ids.map(formatId).toSorted()).toEqual(ids.map(formatId))
      }),
    )
  })

  test('what is no id is refused', () => {
    for (const text of ['', 'abc', '0'.repeat(12), 'ZZZZZZZZZZZ', '0000000000U']) expect(parseId(text)).toBeUndefined()
  })
})

describe('retries', () => {
  test('wait longer each time within a fifth of jitter, and end after five days', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempts, random) => {
          const wait = nextAttemptAt(attempts, 0, random)
          expect(wait).toBeGreaterThanOrEqual(nextAttemptAt(attempts, 0, 0))
          expect(wait).toBeLessThanOrEqual(1.2 * 4 * 3_600_000)
          expect(nextAttemptAt(attempts + 1, 0, 0.5)).toBeGreaterThanOrEqual(nextAttemptAt(attempts, 0, 0.5))
        },
      ),
    )
    let now = 0
    let attempts = 0
    while (!isExpired(0, nextAttemptAt(attempts + 1, now, 0.5))) now = nextAttemptAt(++attempts, now, 0.5)
    expect(now).toBeGreaterThan(GIVE_UP_AFTER - 5 * 3_600_000)
    expect(attempts).toBeGreaterThan(25)
  })
})

describe('routes', () => {
  test('the rule of a domain comes before *, and without any mail is captured', () => {
    const rules = [
      { domain: '*', route: { kind: 'mx', tls: 'opportunistic' } as const },
      { domain: 'a.example', route: { kind: 'reject' } as const },
    ]
    expect(routeFor(rules, 'a.example').kind).toBe('reject')
    expect(routeFor(rules, 'b.example').kind).toBe('mx')
    expect(routeFor([], 'b.example').kind).toBe('capture')
    expect(destinationKey(rules[0]!.route, 'b.example')).toBe('b.example')
  })
})
