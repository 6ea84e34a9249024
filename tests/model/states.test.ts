import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DeliveryEvent, deliveryStates, isFinal, statusOf, transition } from '../../src/model/delivery.ts'
import { formatId, IdClock, parseId } from '../../src/model/id.ts'
import { GIVE_UP_AFTER, isExpired, nextAttemptAt } from '../../src/model/retry.ts'
import { destinationOf, type Route, type RouteRule } from '../../src/model/route.ts'
import { asciiDomain, recipientDomain } from '../../src/mta/domains/domain.ts'

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
  const at = (rules: RouteRule[], domain: string) => destinationOf(rules, asciiDomain(domain)!)

  test('the rule of a domain comes before *, and without any mail is captured', () => {
    const rules = [
      { domain: '*', route: { kind: 'mx', tls: 'opportunistic' } as const },
      { domain: 'a.example', route: { kind: 'reject' } as const },
    ]
    expect(at(rules, 'a.example').route.kind).toBe('reject')
    expect(at(rules, 'b.example')).toMatchObject({ route: { kind: 'mx' }, destination: 'b.example' })
    expect(at([], 'b.example')).toMatchObject({ route: { kind: 'capture' }, destination: 'capture' })
  })

  test('an internationalised domain has one route, however it is written', () => {
    const rules: RouteRule[] = [
      { domain: '*', route: { kind: 'capture' } },
      { domain: 'xn--bcher-kva.example', route: { kind: 'mx', tls: 'none' } },
    ]
    for (const written of ['bücher.example', 'BÜCHER.example', 'xn--bcher-kva.example', 'XN--BCHER-KVA.Example'])
      expect(destinationOf(rules, recipientDomain(`tom@${written}`)).destination).toBe('xn--bcher-kva.example')
  })

  describe('smarthosts share a queue only where their rules agree in everything', () => {
    const host = { kind: 'smarthost', host: 'smart.example', port: 587, tls: 'opportunistic' } as const
    const login = { ...host, username: 'acme', password: 'one' }

    test.each<[string, Route, Route, string[]]>([
      ['the same', host, host, ['smart.example:587', 'smart.example:587']],
      [
        'TLS policy',
        host,
        { ...host, tls: 'require' },
        ['smart.example:587;tls=opportunistic', 'smart.example:587;tls=require'],
      ],
      ['login', host, login, ['smart.example:587;tls=opportunistic', 'smart.example:587;tls=opportunistic;login=acme']],
      [
        'password, which is not shown',
        login,
        { ...login, password: 'two' },
        [
          'smart.example:587;tls=opportunistic;login=acme;rule=a.example',
          'smart.example:587;tls=opportunistic;login=acme;rule=b.example',
        ],
      ],
      ['port', host, { ...host, port: 25 }, ['smart.example:587', 'smart.example:25']],
    ])('%s', (_name, one, other, names) => {
      const rules = [
        { domain: 'a.example', route: one },
        { domain: 'b.example', route: other },
      ]
      expect(['a.example', 'b.example'].map((domain) => at(rules, domain).destination)).toEqual(names)
    })
  })
})
