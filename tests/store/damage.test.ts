/** Files of days, of holds and of samples that were damaged or lost: what goes on, what is told, and what waits. */

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MessageFilter } from '../../src/model/filter.ts'
import { formatId } from '../../src/model/id.ts'
import { DAY_MS } from '../../src/model/retention.ts'
import { BLOCK } from '../../src/model/sampling.ts'
import { criteriaOf } from '../../src/model/trust.ts'
import type { NewTrustDecision } from '../../src/store/trust.ts'
import { attemptResult, delivered, StoreFixture } from '../support/storeFixture.ts'

const noon = Date.UTC(2026, 8, 1, 12)
const day = '2026-09-01'
const over = noon + 70 * DAY_MS
const act = { actor: 'ann@relay.example', at: noon, reason: 'court order 7' }
let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open(noon)
})
afterEach(() => fixture.close())

const path = (name: string) => join(fixture.folder, name)
const spoil = (name: string, from: number) => writeFileSync(path(name), readFileSync(path(name)).fill(0xff, from))
const harms: [string, (name: string) => void][] = [
  ['damaged from its first page on', (name) => spoil(name, 0)],
  ['damaged behind its first page', (name) => spoil(name, 8192)],
  ['lost', (name) => rmSync(path(name))],
]
const texts = () => fixture.store.notices.map(({ text }) => text)
const stored = (folder: string) => readdirSync(path(folder)).filter((name) => name.endsWith('.db'))
const list = (filter: MessageFilter) => fixture.store.log.search(filter, 1000, undefined, 10_000)
const found = async () => (await list({})).rows.map(({ id }) => id).sort((a, b) => a - b)

/** A full block of messages of one account, of which one is sampled; its sealed bytes in the file of the day. */
async function deliverBlock(account = 1): Promise<void> {
  const before = (await fixture.store.log.days()).reduce((sum, { records }) => sum + records, 0)
  const sample = { state: 'sending', credential: 1, account } as const
  const messages = Array.from({ length: BLOCK }, () => fixture.message(sample))
  await Promise.all(messages.map((message) => fixture.store.queue.accept(message)))
  await Promise.all(messages.map((message) => fixture.store.queue.recordResult(attemptResult(message, delivered))))
  await fixture.archived(before + BLOCK)
  while (!existsSync(path(`samples/${day}.db`))) await new Promise((wait) => setTimeout(wait, 20))
}

describe('the file of a day', () => {
  test('that cannot be read from its first page on keeps its key: put back, everything is there again', async () => {
    await fixture.deliver()
    await fixture.archived(1)
    await fixture.store.stop()
    const copy = readFileSync(path(`days/${day}.db`))
    spoil(`days/${day}.db`, 0)
    await fixture.reopenAfterCrash()
    const words = `the file of the header records of ${day} (1) cannot be read: put ${path(`days/${day}.db`)} back from a copy`
    expect(texts()).toEqual([words])
    await fixture.reopen(() => writeFileSync(path(`days/${day}.db`), copy))
    expect(texts()).toEqual([])
    expect(await found()).toHaveLength(1)
  })

  test.each(harms)('that was %s goes on its day, with a receipt', async (_, harm) => {
    await fixture.deliver()
    await fixture.archived(1)
    await fixture.reopen(() => harm(`days/${day}.db`))
    fixture.time = over
    const [receipt] = await fixture.store.retention.purge(over)
    expect(receipt).toMatchObject({ day, headers: 1, digest: 'unreadable', valid: true })
    expect(stored('days')).toEqual([])
    expect(existsSync(path('corrupt'))).toBe(false)
  })

  test.each(harms)(
    'that was %s stops nothing: what is new waits in live mail, and goes on its day',
    async (_, harm) => {
      await fixture.deliver()
      await fixture.archived(1)
      await fixture.reopen(() => harm(`days/${day}.db`))
      const faults: Error[] = []
      fixture.store.on('disk failed', (fault) => void faults.push(fault))
      const today = await fixture.deliver()
      const tomorrow = await fixture.deliver({ acceptedAt: noon + DAY_MS })
      while ((await fixture.store.log.days()).length < 2) await new Promise((wait) => setTimeout(wait, 20))
      await fixture.reopen()
      fixture.store.on('disk failed', (fault) => void faults.push(fault))
      expect(await found()).toEqual(expect.arrayContaining([today, tomorrow]))

      fixture.time = over
      const receipts = await fixture.store.retention.purge(over)
      while (receipts.length < 2) receipts.push(...(await fixture.store.retention.purge(over)))
      expect(receipts.map((one) => [one.day, one.headers, one.valid])).toEqual([
        [day, 1, true],
        [day, 1, true],
      ])
      expect(await found()).toEqual([tomorrow])
      expect(faults).toEqual([])
    },
  )

  test('that was damaged behind its first page leaves its readable records in lists, and lists say so', async () => {
    for (let i = 0; i < 300; i++) await fixture.deliver({ subject: `old ${i}`, clientAddress: '192.0.2.9' })
    const young = await fixture.deliver({ acceptedAt: noon + DAY_MS })
    await fixture.archived(301)
    await fixture.reopen()
    expect(await list({})).toMatchObject({ unreadable: [] })
    await fixture.reopen(() => spoil(`days/${day}.db`, 8192 * 4))
    expect(texts()).toEqual([])
    for (const filter of [{}, { from: 'billing@acme.example' }, { largerThan: 1 }]) {
      const page = await list(filter)
      expect(page.rows.map(({ id }) => id)).toContain(young)
      expect(page).toMatchObject({ unreadable: [day], next: undefined })
    }
    expect((await list({})).rows.length).toBeLessThan(301)
    expect(texts()).toEqual([expect.stringContaining(`the file of the header records of ${day} (300) cannot be read`)])
    expect(await list({ since: noon + DAY_MS })).toMatchObject({ unreadable: [], rows: [{ id: young }] })
  })

  test.each(harms)('that was %s is left out of lists, and a message of it is not said to be over', async (_, harm) => {
    const old = await fixture.deliver()
    const young = await fixture.deliver({ acceptedAt: noon + DAY_MS })
    await fixture.archived(2)
    await fixture.reopen(() => harm(`days/${day}.db`))
    expect(await list({})).toMatchObject({ rows: [{ id: young }], unreadable: [day], partial: false })
    expect(await list({ id: formatId(old) })).toMatchObject({ rows: [], unreadable: [day] })
    await expect(fixture.store.log.get(old)).rejects.toThrow(`header records of ${day} cannot be read`)
    expect(await fixture.store.log.get(young)).toBeDefined()
    expect(texts()).toHaveLength(1)
  })

  test('that is lost while a hold is in force keeps its place: nobody knows what the hold keeps of it', async () => {
    await fixture.deliver()
    await fixture.archived(1)
    await fixture.reopen(() => rmSync(path(`days/${day}.db`)))
    await fixture.store.holds.place({ kind: 'address', address: 'ann@kestrel.example' }, act)
    await expect(fixture.store.retention.purge(over)).rejects.toThrow(/^2026-09-01 cannot be read, and a legal hold/)
  })
})

describe('the file of the holds', () => {
  /** A record in the hold whose day is over, and two days after it. */
  async function keep(): Promise<{ hold: number; held: number }> {
    const held = await fixture.deliver({ to: ['clara@kestrel.example'] })
    await fixture.deliver({ acceptedAt: noon + DAY_MS })
    await fixture.deliver({ acceptedAt: noon + 2 * DAY_MS })
    await fixture.archived(3)
    const { id } = await fixture.store.holds.place({ kind: 'address', address: 'clara@kestrel.example' }, act)
    fixture.time = over
    await fixture.store.retention.purge(over)
    return { hold: id, held }
  }

  test.each(harms)('that was %s keeps no day waiting', async (_, harm) => {
    await keep()
    await fixture.reopen(() => harm('days/held.db'))
    expect(texts().join()).toMatch(harm === harms[1]![1] ? /^$/ : /legal holds keep \(1\)/)
    fixture.time = over + DAY_MS
    await expect(fixture.store.retention.purge(fixture.time)).rejects.toThrow(/^days\/held\.db cannot be read/)
    const receipts = await fixture.store.retention.receipts(10, undefined)
    expect(receipts[0]).toMatchObject({ day: '2026-09-02', headers: 1, valid: true })
    expect(receipts[0]!.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(await fixture.store.retention.plan(over + 2 * DAY_MS, undefined)).toMatchObject([{ day: '2026-09-03' }])
  })

  test.each(harms)('that was %s goes as a whole once no hold is in force, with a receipt', async (_, harm) => {
    const { hold } = await keep()
    await fixture.reopen(() => harm('days/held.db'))
    await fixture.store.holds.release(hold, act)
    expect(await fixture.store.retention.plan(over, undefined)).toMatchObject([{ headers: 1 }])
    const receipts = await fixture.store.retention.purge(over)
    expect(receipts).toMatchObject([{ kind: 'hold', day: null, headers: 1, digest: 'unreadable', valid: true }])
    expect(stored('days')).toEqual(['2026-09-02.db', '2026-09-03.db'])
    expect(await fixture.store.retention.findings(over)).toMatchObject({ held: { headers: 0 }, orphans: 0 })
    // and serves the next hold
    await fixture.store.holds.place({ kind: 'address', address: 'tom@kestrel.example' }, act)
    fixture.time = over + DAY_MS
    await fixture.store.retention.purge(fixture.time)
    expect(await fixture.store.retention.findings(fixture.time)).toMatchObject({ held: { headers: 1 } })
  })

  test('that was damaged keeps the days it would have to take from, and it is said why', async () => {
    await keep()
    await fixture.store.holds.place({ kind: 'address', address: 'tom@kestrel.example' }, act)
    await fixture.reopen(() => spoil('days/held.db', 0))
    const purge = fixture.store.retention.purge(over + DAY_MS)
    await expect(purge).rejects.toThrow(/^2026-09-02 stays, because a legal hold keeps some of it and days\/held\.db/)
  })
})

describe('the file of the samples of a day', () => {
  const decision: NewTrustDecision = {
    ...{ account: 1, decision: 'on', requestedBy: 'a letter', reason: 'known for years', samples: 'destroy' },
    ...{ decidedBy: act.actor, decidedAt: noon, reviewAt: over, tell: false },
    criteria: criteriaOf(
      {
        ...{ createdAt: noon, deliveries: 0, bounces: 0, complaints: 0, volume: [0], samples: 1 },
        cases: { breach: 0, noBreach: 0, unclear: 0, undecided: 0 },
      },
      noon,
    ),
  }

  test('that was damaged does not keep the store from opening while a receipt of samples is pending', async () => {
    await fixture.store.directory.addAccount({ name: 'northbay', contact: 'ops@northbay.example', domains: [] })
    await deliverBlock(1)
    await deliverBlock(2)
    await fixture.store.stop()
    const copy = readFileSync(path(`samples/${day}.db`))
    await fixture.reopenAfterCrash()
    await fixture.reopen(() => spoil(`samples/${day}.db`, 0))
    await fixture.store.trust.decide(decision)
    expect(await fixture.store.retention.findings(noon)).toMatchObject({ pendingReceipts: 1 })
    await fixture.reopen()
    expect(texts()).toEqual([expect.stringMatching(/^the samples of 2026-09-01 cannot be read: a receipt/)])
    await expect(fixture.store.retention.purge(noon)).rejects.toThrow(/^2026-09-01 has samples that cannot be read/)

    await fixture.reopen(() => writeFileSync(path(`samples/${day}.db`), copy))
    expect(texts()).toEqual([])
    expect(await fixture.store.retention.receipts(10, undefined)).toMatchObject([{ kind: 'samples', valid: true }])
  })

  test('that was damaged is gone with its day, and the receipt that waited is signed then', async () => {
    await deliverBlock()
    await fixture.reopen(() => spoil(`samples/${day}.db`, 8192))
    await fixture.store.trust.decide(decision)
    fixture.time = over
    await fixture.store.retention.purge(over)
    expect(stored('samples')).toEqual([])
    const findings = await fixture.store.retention.findings(over)
    expect(findings).toMatchObject({ pendingReceipts: 0, receipts: 2, invalidReceipts: 0 })
  })

  test('that was damaged stops nothing: the next samples of the day stay in live mail, other days go on', async () => {
    await deliverBlock()
    await fixture.reopen(() => spoil(`samples/${day}.db`, 0))
    const faults: Error[] = []
    fixture.store.on('disk failed', (fault) => void faults.push(fault))
    const messages = Array.from({ length: BLOCK }, () => fixture.message({ state: 'sending', credential: 1 }))
    await Promise.all(messages.map((message) => fixture.store.queue.accept(message)))
    fixture.time = noon + DAY_MS
    const next = Array.from({ length: BLOCK }, () => fixture.message({ state: 'sending', credential: 1 }))
    await Promise.all(next.map((message) => fixture.store.queue.accept(message)))
    while (!existsSync(path('samples/2026-09-02.db'))) await new Promise((wait) => setTimeout(wait, 20))
    expect(await fixture.store.retention.state(fixture.time)).toMatchObject({ samples: 3 })
    expect(faults).toEqual([])
  })
})

describe('a person whose records may be of a day that cannot be read', () => {
  const quiet = { progress: () => undefined, isCancelled: () => false }
  const tom = { address: 'tom@kestrel.example', account: undefined }

  test.each(harms)(
    'that was %s is found in the other days, told of it, and erased when it is back',
    async (_, harm) => {
      await fixture.deliver()
      const young = await fixture.deliver({ acceptedAt: noon + DAY_MS })
      await fixture.archived(2)
      await fixture.store.stop()
      const copy = readFileSync(path(`days/${day}.db`))
      await fixture.reopenAfterCrash()
      await fixture.reopen(() => harm(`days/${day}.db`))
      const { subjects } = fixture.store
      const damage = { place: 'unreadable days', count: 1, excepted: 1, cause: 'damage' }
      expect((await subjects.search(tom, quiet))!.places).toEqual([
        { ...damage, why: `${day} (1 header records) cannot be read` },
        { place: 'header records', count: 1, excepted: 0, why: '' },
      ])
      expect(await subjects.records(tom, 0, 10)).toMatchObject({ records: [{ id: young }], isWhole: false })
      const order = { request: 1, actor: 'ann@relay.example', at: noon, reason: 'request 1', keepRequests: [] }
      expect(await subjects.erase(tom, order, quiet)).toMatchObject({ headers: 1, waiting: [damage] })

      await fixture.reopen(() => writeFileSync(path(`days/${day}.db`), copy))
      expect(await fixture.store.subjects.records(tom, 0, 10)).toMatchObject({ records: [{}], isWhole: true })
      expect(await fixture.store.subjects.erase(tom, order, quiet)).toMatchObject({ headers: 1, waiting: [] })
    },
  )
})
