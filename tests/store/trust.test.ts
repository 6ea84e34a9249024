/** Trust on a real store: a decision is whole or not there at all, and what it destroys is gone from every file. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { HoldScope } from '../../src/model/hold.ts'
import { DAY_MS } from '../../src/model/retention.ts'
import { BLOCK } from '../../src/model/sampling.ts'
import { criteriaOf, defaultThresholds } from '../../src/model/trust.ts'
import { Signer } from '../../src/store/sqlite/audit/signer.ts'
import { AuditWriter } from '../../src/store/sqlite/audit/writer.ts'
import { SampleRewrite } from '../../src/store/sqlite/days/rewrite.ts'
import { Receipts } from '../../src/store/sqlite/retention/receipts.ts'
import { openSamples } from '../../src/store/sqlite/samples/move.ts'
import { SampleSweep } from '../../src/store/sqlite/samples/sweep.ts'
import { type Connection, openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { TrustWriter } from '../../src/store/sqlite/trust/writer.ts'
import type { Act, NewTrustDecision } from '../../src/store/trust.ts'
import { logKey, type Sample, StoreFixture } from '../support/storeFixture.ts'

const noon = Date.UTC(2026, 10, 23, 12)
const act: Act = { actor: 'ann@relay.example', at: noon, reason: 'asked for' }
const criteria = criteriaOf(
  {
    createdAt: noon,
    deliveries: 0,
    bounces: 0,
    complaints: 0,
    volume: [0],
    samples: 1,
    cases: { breach: 0, noBreach: 0, unclear: 0, undecided: 0 },
  },
  noon,
)

let fixture: StoreFixture

afterEach(() => fixture?.close())

function withMain<T>(use: (database: Connection) => T, readonly = false): T {
  const path = join(fixture.folder, 'mailward.db')
  const database = openConnection({ path, key: logKey, readonly, cacheKiB: 512 })
  try {
    return use(database)
  } finally {
    database.close()
  }
}

function query<T>(sql: string): T[] {
  return withMain((database) => database.prepare(sql).all() as T[], true)
}

function decision(change: Partial<NewTrustDecision> = {}): NewTrustDecision {
  return {
    account: 1,
    decision: 'on',
    requestedBy: 'a letter of 2 November',
    reason: 'known for years',
    criteria,
    decidedBy: 'ann@relay.example',
    decidedAt: noon,
    reviewAt: noon + 100 * DAY_MS,
    samples: 'keep',
    tell: false,
    ...change,
  }
}

async function accept(count: number, sample: Sample = {}): Promise<number[]> {
  const messages = Array.from({ length: count }, () => fixture.message({ credential: 1, ...sample }))
  for (let i = 0; i < count; i += 250)
    await Promise.all(messages.slice(i, i + 250).map((message) => fixture.store.queue.accept(message)))
  return messages.map(({ record }) => record.id)
}

/** A store with one sample of the account `acme`, moved to its day's file. */
async function withSample(): Promise<number> {
  fixture = await StoreFixture.open(noon)
  await accept(BLOCK)
  await fixture.reopen()
  const [sample] = query<{ message: number; content: null }>('SELECT message, content FROM sample')
  expect(sample!.content).toBeNull()
  return sample!.message
}

/** Messages whose sealed bytes lie in files of samples. */
function sealedInFiles(): number[] {
  const days = query<{ day: string; file: Uint8Array }>('SELECT day, file FROM sample_key')
  return days.flatMap(({ day, file }) => {
    const path = join(fixture.folder, 'samples', `${day}.db`)
    if (!existsSync(path)) return []
    const database = openConnection({ path, key: file, readonly: true, cacheKiB: 256 })
    try {
      return database.prepare('SELECT message FROM sample').pluck().all() as number[]
    } finally {
      database.close()
    }
  })
}

interface State {
  trusted: number
  decisions: number
  samples: number
  addresses: number
  receipts: (string | null)[]
  entries: number
}

/** What a decision changes. */
function state(): State {
  return withMain((database) => {
    const one = (sql: string) => database.prepare(sql).pluck().get() as number
    return {
      trusted: one('SELECT trusted FROM account WHERE id = 1'),
      decisions: one('SELECT count(*) FROM trust'),
      samples: one('SELECT count(*) FROM sample'),
      addresses: one('SELECT count(*) FROM sample_address'),
      receipts: database.prepare('SELECT signature FROM receipt').pluck().all() as (string | null)[],
      entries: one("SELECT count(*) FROM audit WHERE action = 'trust.decide'"),
    }
  }, true)
}

describe('a decision', () => {
  test('is kept with who asked, why and on what, and the account is trusted from then on', async () => {
    fixture = await StoreFixture.open(noon)
    const made = await fixture.store.trust.decide(decision())
    expect(made).toMatchObject({ decision: 'on', destroyed: 0, held: 0, receipt: undefined })
    expect(fixture.store.directory.accountById(1)!.trusted).toBe(true)
    await fixture.reopen()
    expect(fixture.store.directory.accountById(1)!.trusted).toBe(true)
    expect(await fixture.store.trust.history(1)).toEqual([made])
    const [entry] = query<{ facts: string; personal: string }>("SELECT * FROM audit WHERE action = 'trust.decide'")
    const { id, ...facts } = { id: made!.id, account: 1, trust: 'on', samples: 'keep', destroyed: 0, held: 0 }
    expect(JSON.parse(entry!.facts)).toEqual({ ...facts, decision: id, receipt: null })
    expect(JSON.parse(entry!.personal)).toMatchObject({ actor: 'ann@relay.example', object: 'account acme' })
  })

  test('renews trust with another review date, and cannot end what is not there', async () => {
    fixture = await StoreFixture.open(noon)
    const { trust } = fixture.store
    expect(await trust.decide(decision({ decision: 'off' }))).toBeUndefined()
    await trust.decide(decision())
    await trust.decide(decision({ reviewAt: noon + 200 * DAY_MS }))
    expect(await trust.figures(noon)).toMatchObject([{ reviewAt: noon + 200 * DAY_MS }])
    expect(await trust.history(1)).toHaveLength(2)
  })

  test('keeps samples to their day unless it says otherwise', async () => {
    const message = await withSample()
    await fixture.store.trust.decide(decision())
    expect(sealedInFiles()).toEqual([message])
    expect(state()).toMatchObject({ samples: 1, receipts: [] })
  })

  test('destroys the samples of the account alone, with a receipt that is signed', async () => {
    await withSample()
    await fixture.store.directory.addAccount({ name: 'bravo', contact: 'ops@bravo.example', domains: [] })
    await accept(BLOCK, { account: 2 })
    const made = await fixture.store.trust.decide(decision({ samples: 'destroy' }))
    expect(made).toMatchObject({ destroyed: 1, held: 0, receipt: 1 })
    await fixture.reopen()
    const left = query<{ message: number; account: number }>('SELECT message, account FROM sample')
    expect(left).toMatchObject([{ account: 2 }])
    expect(sealedInFiles()).toEqual(left.map(({ message }) => message))
    const [receipt] = query('SELECT kind, samples, bytes_after, signature FROM receipt')
    expect(receipt).toEqual({ kind: 'samples', samples: 1, bytes_after: 0, signature: expect.any(String) })
  })

  test('destroys a sample whose bytes have not been moved yet', async () => {
    fixture = await StoreFixture.open(noon)
    await accept(BLOCK)
    expect(await fixture.store.trust.decide(decision({ samples: 'destroy' }))).toMatchObject({ destroyed: 1 })
    await fixture.reopen()
    expect(sealedInFiles()).toEqual([])
    expect(state()).toMatchObject({ samples: 0, addresses: 0 })
  })

  test('does not destroy what a legal hold covers, of whatever kind', async () => {
    const message = await withSample()
    const scopes: HoldScope[] = [
      { kind: 'account', account: 1 },
      { kind: 'message', message },
      { kind: 'period', since: noon - 1, until: noon + DAY_MS },
      { kind: 'address', address: 'Tom@KESTREL.example' },
    ]
    for (const scope of scopes) {
      withMain((database) => {
        database.exec('DELETE FROM hold')
        const insert = 'INSERT INTO hold (scope, reason, placed_by, placed_at) VALUES (?, ?, ?, ?)'
        database.prepare(insert).run(JSON.stringify(scope), 'court', 'ann', noon)
      })
      const made = await fixture.store.trust.decide(decision({ samples: 'destroy' }))
      expect(made, scope.kind).toMatchObject({ destroyed: 0, held: 1, receipt: undefined })
    }
    expect(sealedInFiles()).toEqual([message])
    withMain((database) => database.exec('UPDATE hold SET released_at = 1'))
    expect(await fixture.store.trust.decide(decision({ samples: 'destroy' }))).toMatchObject({ destroyed: 1, held: 0 })
    expect(sealedInFiles()).toEqual([])
  })
})

test('a sample destroyed while its day is written anew is in no new file', async () => {
  fixture = await StoreFixture.open(noon)
  await accept(2 * BLOCK)
  await fixture.reopen()
  const [gone, stays] = query<{ message: number }>('SELECT message FROM sample ORDER BY message')
  const [file] = query<{ day: string; file: Uint8Array; generation: number }>('SELECT * FROM sample_key')
  const rewrite = new SampleRewrite(fixture.folder, file!.day, file!, new Set())
  while (rewrite.step());
  const old = openSamples(fixture.folder, file!.day, file!)
  old.prepare('DELETE FROM sample WHERE message = ?').run(gone!.message)
  old.close()
  rewrite.finish()
  const fresh = openSamples(fixture.folder, file!.day, rewrite.file)
  expect(fresh.prepare('SELECT message FROM sample').pluck().all()).toEqual([stays!.message])
  fresh.close()
})

describe('a crash', () => {
  const steps = [
    ['sample_address', 'DELETE'],
    ['sample', 'DELETE'],
    ['receipt', 'INSERT'],
    ['trust', 'INSERT'],
    ['account', 'UPDATE'],
    ['audit', 'INSERT'],
  ] as const

  test('before the commit, at whatever step, leaves no decision', async () => {
    const message = await withSample()
    const before = state()
    for (const [table, change] of steps) {
      const trigger = `CREATE TRIGGER broken BEFORE ${change} ON ${table} BEGIN SELECT RAISE(ABORT, 'no more'); END`
      withMain((database) => database.exec(trigger))
      await expect(fixture.store.trust.decide(decision({ samples: 'destroy' })), table).rejects.toThrow('no more')
      withMain((database) => database.exec('DROP TRIGGER broken'))
      expect(state()).toEqual(before)
    }
    expect(sealedInFiles()).toEqual([message])
    expect(fixture.store.directory.accountById(1)!.trusted).toBe(false)
    expect(await fixture.store.trust.decide(decision({ samples: 'destroy' }))).toMatchObject({ destroyed: 1 })
  })

  /** The transaction of a decision, and nothing after it. */
  function decideOnly(database: Connection): void {
    const audit = new AuditWriter(database)
    const writer = new TrustWriter(database, audit, new Receipts(database, audit, new Signer(database)))
    database.transaction(() => writer.decide(decision({ samples: 'destroy' })))()
  }

  async function expectWhole(): Promise<void> {
    expect(sealedInFiles()).toEqual([])
    expect(state()).toEqual({
      trusted: 1,
      decisions: 1,
      samples: 0,
      addresses: 0,
      receipts: [expect.any(String)],
      entries: 1,
    })
    expect(query("SELECT sequence FROM audit WHERE action = 'retention.receipt'")).toHaveLength(1)
    expect(await fixture.store.trust.history(1)).toMatchObject([{ destroyed: 1, receipt: 1 }])
  }

  test('after the commit is made up for at the next start: the sealed bytes go, the receipt is signed', async () => {
    const message = await withSample()
    await fixture.reopen(() => {
      withMain(decideOnly)
      expect(sealedInFiles()).toEqual([message])
      expect(state()).toMatchObject({ trusted: 1, receipts: [null] })
    })
    await expectWhole()
    await fixture.reopen()
    await expectWhole()
  })

  test('after the sealed bytes are gone leaves the receipt to be signed', async () => {
    await withSample()
    await fixture.reopen(() =>
      withMain((database) => {
        decideOnly(database)
        new SampleSweep(database, fixture.folder).sweep()
      }),
    )
    await expectWhole()
  })
})

test('whatever is decided, suspended and restarted in between, messages are numbered on, and none is kept while trusted', async () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('accept' as const), count: fc.integer({ min: 1, max: 350 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('trust' as const),
        decision: fc.constantFrom('on' as const, 'off' as const),
        samples: fc.constantFrom('keep' as const, 'destroy' as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('status' as const),
        status: fc.constantFrom('active' as const, 'suspended' as const, 'closed' as const),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'restart' as const }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 18, maxLength: 22 }), async (steps) => {
      fixture = await StoreFixture.open(noon)
      const trustedAt = new Map<number, boolean>()
      try {
        for (const one of steps) {
          const { trust, directory } = fixture.store
          if (one.kind === 'restart') await fixture.reopen()
          else if (one.kind === 'status') await trust.setStatus(1, one.status, act)
          else if (one.kind === 'trust') await trust.decide(decision(one))
          else for (const id of await accept(one.count)) trustedAt.set(id, directory.accountById(1)!.trusted)
        }
        const numbers = query<{ id: number; number: number }>('SELECT id, number FROM message ORDER BY id')
        expect(numbers.map(({ number }) => number)).toEqual(numbers.map((_, index) => index))
        const drawn = query<{ facts: string }>("SELECT facts FROM audit WHERE action = 'draw.drawn'").map(
          ({ facts }) => JSON.parse(facts) as { block: number; message: number; stored: boolean },
        )
        for (const { message, stored } of drawn) expect(stored).toBe(!trustedAt.get(message))
        const full = Math.floor(numbers.length / BLOCK)
        expect(drawn.map(({ block }) => block).slice(0, full)).toEqual(Array.from({ length: full }, (_, i) => i))
        const kept = query<{ message: number }>('SELECT message FROM sample').map(({ message }) => message)
        expect(drawn.filter(({ stored }) => stored).map(({ message }) => message)).toEqual(expect.arrayContaining(kept))
        for (const message of sealedInFiles()) expect(kept).toContain(message)
        expect(query('SELECT id FROM receipt WHERE signature IS NULL')).toEqual([])
      } finally {
        await fixture.close()
      }
    }),
    // a smaller case tells no more than the steps, and finding one takes minutes
    { numRuns: 2, endOnFailure: true },
  )
  // closed again after the test
  fixture = await StoreFixture.open(noon)
}, 60_000)

describe('figures', () => {
  test('count thirty days, today included, and not the day before', async () => {
    fixture = await StoreFixture.open(noon)
    for (const days of [30, 29, 1, 0]) await fixture.deliver({ credential: 1, acceptedAt: noon - days * DAY_MS })
    const unknown = { code: 550, enhancedCode: '5.1.1', text: 'no such user' }
    await fixture.deliver({ credential: 1 }, { kind: 'failed', reason: 'no such user', reply: unknown })
    const complaint = { account: 1, message: undefined, source: 'person', note: 'a letter' }
    await fixture.store.trust.addComplaint({ ...complaint, at: noon - 30 * DAY_MS }, act)
    await fixture.store.trust.addComplaint({ ...complaint, at: noon - 29 * DAY_MS }, act)
    await fixture.store.trust.figures(noon)
    const [figures] = await fixture.store.trust.figures(noon)
    expect(figures).toMatchObject({
      account: 1,
      reviewAt: undefined,
      criteria: { messages: 4, deliveries: 4, bounces: 1, bounceRate: 0.25, complaints: 1, complaintRate: 0.25 },
    })
    const { volume } = figures!.criteria
    expect(volume).toHaveLength(30)
    expect([volume[0], volume[28], volume[29]]).toEqual([1, 1, 2])
    expect(await fixture.store.trust.figures(noon, 1)).toEqual([figures])
  })

  test('tell past cases by their verdicts', async () => {
    fixture = await StoreFixture.open(noon)
    const actor = { id: 1, email: 'rita@relay.example' }
    const { cases } = fixture.store
    const open = () => cases.open({ account: 1, reason: 'spam', note: 'x', signals: [] }, actor, noon)
    await cases.decide(await open(), 'breach', 'phishing', actor, noon)
    await cases.decide(await open(), 'no breach', 'a mistake', actor, noon)
    await cases.decide(await open(), 'no breach', 'again', actor, noon)
    await open()
    const told = async (at: number) => (await fixture.store.trust.figures(at))[0]!.criteria.cases
    expect(await told(noon)).toEqual({ breach: 1, noBreach: 2, unclear: 0, undecided: 1 })
    expect(await told(noon - 1)).toEqual({ breach: 0, noBreach: 0, unclear: 0, undecided: 0 })
    expect(await fixture.store.trust.decide(decision())).toMatchObject({ criteria: { cases: criteria.cases } })
  })

  test('know the review date only while the account is trusted', async () => {
    fixture = await StoreFixture.open(noon)
    const reviewAt = noon + 3 * DAY_MS
    await fixture.store.trust.decide(decision({ reviewAt }))
    expect(await fixture.store.trust.figures(noon)).toMatchObject([{ reviewAt }])
    await fixture.store.trust.decide(decision({ decision: 'off', reviewAt: undefined }))
    expect(await fixture.store.trust.figures(noon)).toMatchObject([{ reviewAt: undefined }])
  })
})

test('thresholds, complaints and status are kept with their audit entries', async () => {
  fixture = await StoreFixture.open(noon)
  const { trust } = fixture.store
  expect(await trust.thresholds()).toEqual(defaultThresholds)
  const thresholds = { bounceRate: 0.2, complaintRate: 0.01, leastMessages: 10 }
  await trust.setThresholds(thresholds, act)
  const complaint = { account: 1, message: 42, at: noon, source: 'person', note: 'by telephone' }
  const id = await trust.addComplaint(complaint, act)
  await trust.setStatus(1, 'suspended', { ...act, reason: 'unpaid' })
  await fixture.reopen()
  expect(await fixture.store.trust.thresholds()).toEqual(thresholds)
  expect(await fixture.store.trust.complaints(1)).toEqual([{ ...complaint, id }])
  expect(fixture.store.directory.accountById(1)).toMatchObject({ status: 'suspended', statusReason: 'unpaid' })
  await fixture.store.trust.setStatus(1, 'active', { ...act, reason: 'paid' })
  expect(fixture.store.directory.accountById(1)).toMatchObject({ status: 'active', statusReason: '' })
  await fixture.reopen()
  expect(fixture.store.directory.accountById(1)).toMatchObject({ status: 'active', statusReason: '' })
  const actions = query<{ action: string }>('SELECT action FROM audit ORDER BY sequence').map(({ action }) => action)
  expect(actions).toEqual(['trust.setThresholds', 'trust.addComplaint', 'accounts.setStatus', 'accounts.setStatus'])
})

test('the account is still to be told of a decision until the letter was accepted', async () => {
  fixture = await StoreFixture.open(noon)
  await fixture.store.trust.decide(decision())
  expect(await fixture.store.trust.untold()).toEqual([])
  const ended = await fixture.store.trust.decide(decision({ decision: 'off', tell: true }))
  await fixture.reopen()
  expect(await fixture.store.trust.untold()).toEqual([ended])
  await fixture.store.trust.told(ended!.id, 42)
  await fixture.store.trust.told(ended!.id, 43)
  expect(await fixture.store.trust.untold()).toEqual([])
  expect(query("SELECT sequence FROM audit WHERE action = 'trust.told'")).toHaveLength(1)
})

test('samples are listed newest first, by account, in pages, without content', async () => {
  fixture = await StoreFixture.open(noon)
  await fixture.store.directory.addAccount({ name: 'bravo', contact: 'ops@bravo.example', domains: [] })
  await accept(2 * BLOCK)
  await accept(BLOCK, { account: 2, to: ['tom@kestrel.example', 'ann@HERON.example'] })
  const { samples } = fixture.store
  const all = { account: undefined, flagged: undefined, before: undefined, limit: 10, now: noon }
  const { rows, next } = await samples.list(all)
  expect(next).toBeUndefined()
  expect(rows.map(({ account, block }) => [account, block])).toEqual([
    [2, 0],
    [1, 1],
    [1, 0],
  ])
  expect(rows[0]).toMatchObject({ domains: ['kestrel.example', 'heron.example'], flagged: false, held: false })
  expect(JSON.stringify(rows)).not.toContain('content')
  const first = await samples.list({ ...all, limit: 2 })
  expect(first.next).toBe(rows[1]!.message)
  expect((await samples.list({ ...all, limit: 2, before: first.next })).rows).toEqual([rows[2]])
  expect((await samples.list({ ...all, account: 1 })).rows).toEqual(rows.slice(1))
  expect((await samples.list({ ...all, flagged: true })).rows).toEqual([])
  expect((await samples.list({ ...all, now: noon + 70 * DAY_MS })).rows).toEqual([])
})
