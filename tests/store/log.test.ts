import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MessageFilter } from '../../src/model/filter.ts'
import { formatId } from '../../src/model/id.ts'
import { matches } from '../../src/model/match.ts'
import type { Outcome } from '../../src/model/outcome.ts'
import { DAY_MS, dayOf } from '../../src/model/retention.ts'
import type { LogRow } from '../../src/store/store.ts'
import { StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open(Date.UTC(2026, 10, 23, 12))
})
afterEach(() => fixture.close())

const failed: Outcome = {
  kind: 'failed',
  reason: '550 5.1.1 unknown',
  reply: { code: 550, enhancedCode: '5.1.1', text: 'unknown' },
}

async function all(filter: MessageFilter, limit = 3): Promise<LogRow[]> {
  const rows: LogRow[] = []
  let cursor: string | undefined
  do {
    const page = await fixture.store.log.search(filter, limit, cursor, 5000)
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor)
  return rows
}

describe('the header log', () => {
  test('shows live mail and history as one list, newest first, each message once, page by page', async () => {
    const ids: number[] = []
    for (let day = 3; day >= 0; day--) {
      for (let i = 0; i < 5; i++) ids.push(await fixture.deliver({ acceptedAt: fixture.time - day * DAY_MS + i }))
    }
    const live = fixture.message()
    await fixture.store.queue.accept(live)
    await fixture.archived(20)
    const rows = await all({}, 4)
    expect(rows.map((row) => row.id)).toEqual([live.record.id, ...ids.reverse()])
    expect(readdirSync(join(fixture.folder, 'days')).filter((name) => name.endsWith('.db'))).toHaveLength(4)
  })

  test('keeps deliveries, attempts, transcript, client and header block of a finished message', async () => {
    const message = fixture.message({ to: ['a@kestrel.example', 'b@kestrel.example'], state: 'sending' })
    await fixture.store.queue.accept(message)
    const before = await fixture.store.log.get(message.record.id)
    const { attemptResult, delivered } = await import('../support/storeFixture.ts')
    await fixture.store.queue.recordResult(attemptResult(message, delivered))
    await fixture.archived(1)
    const after = await fixture.store.log.get(message.record.id)
    expect(after).toEqual({
      ...before,
      status: 'delivered',
      deliveries: before!.deliveries.map((delivery) => ({
        ...delivery,
        state: 'delivered',
        reason: '250 2.0.0 stored',
      })),
      attempts: [
        {
          ...before!.attempts[0],
          endedAt: message.record.acceptedAt + 10,
          destination: 'mx1.kestrel.example [127.0.0.1]:25',
          code: 250,
          enhancedCode: '2.0.0',
          reply: 'stored',
          transcript: 'S: 220 mx1\nC: EHLO relay',
        },
      ],
    })
  })

  test('ids that run ahead of a clock that jumped back are still found in order', async () => {
    const first = await fixture.deliver({ acceptedAt: fixture.time + 2 * DAY_MS })
    const second = await fixture.deliver({ acceptedAt: fixture.time })
    const third = await fixture.deliver({ acceptedAt: fixture.time + DAY_MS })
    await fixture.archived(3)
    expect((await all({}, 1)).map((row) => row.id)).toEqual([third, second, first])
    const until = await all({ until: fixture.time + 1 })
    expect(until.map((row) => row.id)).toEqual([second])
  })

  test('finds exactly what the meaning of a filter says, live or archived', async () => {
    const names = ['tom', 'pia', 'lena.vogel', 'Zoë', 'ops']
    const domains = ['kestrel.example', 'heron.example', 'müller.example']
    const subjects = ['Your invoice 20417 is ready', 'Grüße aus Köln', 'Re: invoice', '会议 notes', '']
    const pick = <T>(list: T[], n: number): T => list[n % list.length]!
    const rows: LogRow[] = []
    for (let i = 0; i < 60; i++) {
      const to = [`${pick(names, i)}@${pick(domains, i >> 1)}`]
      if (i % 7 === 0) to.push(`${pick(names, i + 1)}@${pick(domains, i)}`)
      const sample = {
        to,
        from: `${pick(names, i * 3)}@acme.example`,
        subject: pick(subjects, i),
        acceptedAt: fixture.time - (i % 5) * DAY_MS + i,
        messageId: `m${i}@acme.example`,
        clientAddress: `192.0.2.${i % 3}`,
        body: 'x'.repeat(i * i * 10),
      }
      if (i % 4 === 3) await fixture.store.queue.accept(fixture.message(sample))
      else await fixture.deliver(sample, i % 5 === 0 ? failed : undefined)
    }
    await fixture.archived(45)
    rows.push(...(await all({}, 100)))
    expect(rows).toHaveLength(60)

    const word = fc.constantFrom(
      'tom',
      'PIA',
      'lena',
      'vog',
      'zoe',
      'invoice',
      'inv',
      'grusse',
      'köln',
      '会',
      'example',
      '20417',
      'nobody',
    )
    const address = fc.oneof(
      word,
      fc.constantFrom('tom@kestrel.example', '@heron.example', 'TOM@kestrel.example', '@müller.example'),
    )
    const filters = fc.record(
      {
        text: fc.oneof(
          word,
          fc.tuple(word, word).map((words) => words.join(' ')),
          address,
        ),
        from: address,
        to: address,
        subject: word,
        account: fc.constantFrom('acme', 'Acme', 'nobody'),
        status: fc.constantFrom('delivered', 'failed', 'queued', 'mixed' as const),
        ip: fc.constantFrom('192.0.2.0', '192.0.2.1', '::1'),
        messageId: fc.constantFrom('m3@acme.example', 'm4@acme.example', 'none'),
        since: fc.integer({ min: fixture.time - 5 * DAY_MS, max: fixture.time + 60 }),
        until: fc.integer({ min: fixture.time - 5 * DAY_MS, max: fixture.time + 60 }),
        largerThan: fc.integer({ min: 0, max: 40_000 }),
        smallerThan: fc.integer({ min: 0, max: 40_000 }),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<MessageFilter>
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 20 }), async (filter, limit) => {
        const expected = rows.filter((row) =>
          matches(filter, { ...row, account: 'acme', clientAddress: row.client.address }),
        )
        expect((await all(filter, limit)).map((row) => row.id)).toEqual(expected.map((row) => row.id))
      }),
      { numRuns: 250 },
    )
  })

  test('a search that runs out of time gives what it has and where to go on', async () => {
    for (let i = 0; i < 200; i++)
      await fixture.store.queue.accept(fixture.message({ subject: i === 0 ? 'needle' : 'hay' }))
    const first = await fixture.store.log.search({ subject: 'needle' }, 10, undefined, 0)
    expect(first).toMatchObject({ rows: [], partial: true })
    let { next } = first
    let found = 0
    while (next) {
      const page = await fixture.store.log.search({ subject: 'needle' }, 10, next, 0)
      found += page.rows.length
      next = page.next
    }
    expect(found).toBe(1)
  })

  test('finds a message by its id', async () => {
    const id = await fixture.deliver()
    await fixture.archived(1)
    expect((await all({ id: formatId(id).toLowerCase() })).map((row) => row.id)).toEqual([id])
    expect(await all({ id: 'nonsense' })).toEqual([])
  })
})

describe('retention', () => {
  test('a record is gone 70 days after acceptance, and its day file with the youngest of the day', async () => {
    const early = await fixture.deliver({ acceptedAt: Date.UTC(2026, 8, 1, 1) })
    const late = await fixture.deliver({ acceptedAt: Date.UTC(2026, 8, 1, 23) })
    fixture.time = Date.UTC(2026, 8, 1, 23, 30)
    await fixture.archived(2)
    expect((await all({})).map((row) => row.id)).toEqual([late, early])

    fixture.time = Date.UTC(2026, 8, 1, 12) + 70 * DAY_MS
    expect((await all({})).map((row) => row.id)).toEqual([late])
    expect(await fixture.store.log.get(early)).toBeUndefined()
    expect(await fixture.store.retention.purge(fixture.time)).toEqual([])

    fixture.time = Date.UTC(2026, 8, 1, 23) + 70 * DAY_MS
    const gone = await fixture.store.retention.purge(fixture.time)
    expect(gone).toMatchObject([{ kind: 'retention', day: '2026-09-01', headers: 2, valid: true }])
    expect(existsSync(join(fixture.folder, 'days', '2026-09-01.db'))).toBe(false)
    expect(await fixture.store.log.days()).toEqual([])
    expect(await fixture.store.retention.state(fixture.time)).toMatchObject({ lastRun: fixture.time, overdue: 0 })
  })

  test('mail of a purged day that comes in again gets a new file and a new key', async () => {
    await fixture.deliver()
    await fixture.archived(1)
    await fixture.store.retention.purge(fixture.time + 71 * DAY_MS)
    await fixture.deliver()
    await fixture.archived(1)
    expect(await all({})).toHaveLength(1)
    expect((await fixture.store.log.days()).map(({ day }) => day)).toEqual([dayOf(fixture.time)])
  })
})
