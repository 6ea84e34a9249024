/** Legal holds, and mail of an account that goes before its day: what is seen, and what lies on the disk. */

import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { defaultCaseSettings } from '../../src/model/case.ts'
import type { HoldScope } from '../../src/model/hold.ts'
import { DAY_MS, keepUntil } from '../../src/model/retention.ts'
import { BLOCK } from '../../src/model/sampling.ts'
import { Channel } from '../../src/store/sqlite/thread/channel.ts'
import { attemptResult, delivered, StoreFixture, sealPair } from '../support/storeFixture.ts'
import { databases, query, recordsOnDisk, samplesOnDisk, settled } from './daysOnDisk.ts'
import type { Step } from './steps.ts'

const noon = Date.UTC(2026, 8, 1, 12)
const day = '2026-09-01'
const over = noon + 70 * DAY_MS
let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open(noon)
  await fixture.store.directory.addAccount({ name: 'northbay', contact: 'ops@northbay.example', domains: [] })
})
afterEach(() => fixture.close())

function act(reason = 'court order 7') {
  return { actor: 'ann@relay.example', at: fixture.time, reason }
}

function place(scope: HoldScope) {
  return fixture.store.holds.place(scope, act())
}

async function seen() {
  const { rows } = await fixture.store.log.search({}, 1000, undefined, 10_000)
  return rows.map(({ id, held }) => ({ id, held }))
}

/** Moves the clock and destroys what is over. */
async function run(time: number) {
  fixture.time = time
  return fixture.store.retention.purge(time)
}

describe('a legal hold', () => {
  test('keeps what it covers beyond its day, seen as held, and everything else of the day goes', async () => {
    const held = await fixture.deliver({ from: 'Clara@Bücher.example', subject: 'kept' })
    const other = await fixture.deliver({ subject: 'gone' })
    await settled(fixture.folder)
    await place({ kind: 'address', address: 'clara@XN--bcher-kva.example' })
    expect(await seen()).toEqual([
      { id: other, held: false },
      { id: held, held: true },
    ])

    const receipts = await run(over)
    expect(receipts).toMatchObject([{ kind: 'retention', day, headers: 1, valid: true }])
    expect(await seen()).toEqual([{ id: held, held: true }])
    expect(await fixture.store.log.get(held)).toMatchObject({ subject: 'kept', held: true, keepUntil: keepUntil(noon) })
    expect(await fixture.store.log.rows([held, other])).toMatchObject([{ id: held, held: true }])
    const found = await fixture.store.log.search({ subject: 'kept' }, 10, undefined, 5000)
    expect(found.rows.map(({ id }) => id)).toEqual([held])
    expect(recordsOnDisk(fixture.folder)).toEqual({ held: [held] })
    expect(await fixture.store.holds.list()).toMatchObject([{ headers: 1, released: undefined }])
  })

  test('is seen between the end of the record and that of its day', async () => {
    const early = await fixture.deliver({ acceptedAt: noon })
    await fixture.deliver({ acceptedAt: noon + 3_600_000 })
    await settled(fixture.folder)
    await place({ kind: 'message', message: early })
    fixture.time = over + 1
    expect(await seen()).toContainEqual({ id: early, held: true })
  })

  test.each<[string, (ids: number[]) => HoldScope]>([
    ['an account', () => ({ kind: 'account', account: 2 })],
    ['a recipient', () => ({ kind: 'address', address: 'TOM@kestrel.example' })],
    ['a period', () => ({ kind: 'period', since: noon + 1000, until: noon + 2000 })],
    ['a message', ([, second]) => ({ kind: 'message', message: second! })],
  ])('covers %s', async (_, scope) => {
    const ids = [
      await fixture.deliver({ to: ['ida@kestrel.example'] }),
      await fixture.deliver({
        account: 2,
        to: ['ida@kestrel.example', 'tom@Kestrel.example'],
        acceptedAt: noon + 1000,
      }),
      await fixture.deliver({ to: ['ida@kestrel.example'], acceptedAt: noon + 2000 }),
    ]
    await settled(fixture.folder)
    await place(scope(ids))
    await run(over + 2000)
    expect(recordsOnDisk(fixture.folder)).toEqual({ held: [ids[1]] })
  })

  test('ends with its release: hidden at once, gone with the next run, with a receipt', async () => {
    const ids = [await fixture.deliver(), await fixture.deliver({ account: 2 })]
    await settled(fixture.folder)
    const holds = [await place({ kind: 'account', account: 1 }), await place({ kind: 'account', account: 2 })]
    await run(over)
    expect(recordsOnDisk(fixture.folder)).toEqual({ held: ids })

    const released = await fixture.store.holds.release(holds[0]!.id, act('case closed'))
    expect(released).toMatchObject({ headers: 1, released: { by: 'ann@relay.example', reason: 'case closed' } })
    expect(await fixture.store.holds.release(holds[0]!.id, act())).toBeUndefined()
    expect(await seen()).toEqual([{ id: ids[1], held: true }])
    expect(await run(over)).toMatchObject([{ kind: 'hold', day: null, headers: 1, valid: true }])
    expect(recordsOnDisk(fixture.folder)).toEqual({ held: [ids[1]] })
    expect(databases(fixture.folder)).toEqual(['days/held.1.db'])

    await fixture.store.holds.release(holds[1]!.id, act())
    expect(await run(over)).toMatchObject([{ kind: 'hold', headers: 1, bytesAfter: 0, valid: true }])
    expect(databases(fixture.folder)).toEqual([])
    expect(await run(over)).toEqual([])
  })

  test('is placed and released in one transaction with its entry in the audit log', async () => {
    const { id } = await place({ kind: 'address', address: 'tom@kestrel.example' })
    await fixture.store.holds.release(id, act('done'))
    const rows = query<{ action: string; facts: string; personal: string }>(
      fixture.folder,
      "SELECT action, facts, personal FROM audit WHERE action LIKE 'holds.%' ORDER BY sequence",
    )
    expect(rows.map(({ action, facts }) => [action, JSON.parse(facts)])).toEqual([
      ['holds.place', { hold: id, kind: 'address' }],
      ['holds.release', { hold: id, kind: 'address', headers: 0 }],
    ])
    expect(rows[0]!.facts).not.toContain('kestrel')
    expect(rows[0]!.personal).toContain('tom@kestrel.example')
  })

  test('keeps a sample that opens with the seal key; the others of its day do not exist', async () => {
    const messages = [1, 2].flatMap((account) =>
      Array.from({ length: BLOCK }, () => fixture.message({ account, credential: account, state: 'sending' })),
    )
    await Promise.all(messages.map((message) => fixture.store.queue.accept(message)))
    await Promise.all(messages.map((message) => fixture.store.queue.recordResult(attemptResult(message, delivered))))
    await settled(fixture.folder)
    const [kept, gone] = query<{ message: number }>(fixture.folder, 'SELECT message FROM sample ORDER BY account')
    await place({ kind: 'account', account: 1 })

    const receipts = await run(over)
    expect(receipts).toMatchObject([{ day, headers: BLOCK, samples: 1, valid: true }])
    expect(samplesOnDisk(fixture.folder)).toEqual({ held: [kept!.message] })
    expect(databases(fixture.folder).sort()).toEqual(['days/held.db', 'samples/held.db'])
    expect(query(fixture.folder, 'SELECT message, held FROM sample')).toEqual([{ message: kept!.message, held: 1 }])
    const opened = await fixture.store.samples.open(kept!.message, sealPair.privateKey)
    expect(Buffer.from(opened!.bytes).toString()).toContain('Hello')
    expect(await fixture.store.samples.open(gone!.message, sealPair.privateKey)).toBeUndefined()

    const [hold] = await fixture.store.holds.list()
    await fixture.store.holds.release(hold!.id, act())
    expect(await run(over)).toMatchObject([{ kind: 'hold', headers: BLOCK, samples: 1, valid: true }])
    expect(query(fixture.folder, "SELECT day FROM sample_key WHERE day <> 'held'")).toEqual([])
    expect(databases(fixture.folder)).toEqual([])
  })

  test('keeps a sample in sight as held, from its end on as before, and no moment after the release', async () => {
    const { cases, holds, samples, trust } = fixture.store
    await deliverBlock()
    const [drawn] = query<{ message: number }>(fixture.folder, 'SELECT message FROM sample')
    const message = drawn!.message
    const listed = async () =>
      (
        await samples.list({ account: 1, flagged: undefined, before: undefined, limit: 10, now: fixture.time })
      ).rows.map((row) => ({ message: row.message, held: row.held }))
    const given = { account: 1, reason: 'spam', note: '', signals: [] }
    const email = 'tess@relay.example'
    const { id } = (await fixture.store.users.add({ email, name: '', role: 'reviewer', passwordHash: 'x' }))!
    const tess = { id, email }
    const asking = { sample: message, reason: 'spam', override: 'asked by the court' }
    const inCase = async (id: number) =>
      (await cases.get(id, fixture.time))!.samples.map((row) => ({ message: row.message, held: row.held }))

    const hold = await place({ kind: 'account', account: 1 })
    const file = await cases.open(given, tess, fixture.time)
    await holds.setKeepDays(1, 30, act())
    // before its end; after it while its day stays; after its day
    for (const time of [noon, noon + 40 * DAY_MS, over]) {
      await run(time)
      expect(await listed()).toEqual([{ message, held: true }])
      expect(await inCase(file)).toEqual([{ message, held: true }])
      expect(await samples.open(message, sealPair.privateKey)).toBeDefined()
      const asked = await cases.requestOpening({ case: file, ...asking }, defaultCaseSettings, tess, fixture.time)
      expect(asked).toMatchObject({ ok: true })
      expect((await trust.figures(fixture.time, 1))[0]!.criteria.samples).toBe(1)
    }
    await holds.release(hold.id, act())
    expect(await listed()).toEqual([])
    expect(await inCase(file)).toEqual([])
    expect(await samples.open(message, sealPair.privateKey)).toBeUndefined()
    expect((await trust.figures(fixture.time, 1))[0]!.criteria.samples).toBe(0)
  })

  test('keeps the sample of a message that is not finished when its day goes', async () => {
    const { late, message } = await unfinishedSample()
    const { id } = await place({ kind: 'account', account: 1 })
    await run(over)
    expect(samplesOnDisk(fixture.folder)).toEqual({ held: [message] })
    const opened = await fixture.store.samples.open(message, sealPair.privateKey)
    expect(Buffer.from(opened!.bytes).toString()).toContain('Hello')

    // it is finished at last: its record follows its sample into the hold
    await fixture.store.queue.recordResult(attemptResult(late, delivered))
    await settled(fixture.folder)
    await run(over)
    expect(recordsOnDisk(fixture.folder).held).toContain(message)
    expect(samplesOnDisk(fixture.folder)).toEqual({ held: [message] })
    await fixture.store.holds.release(id, act())
    expect(await run(over)).toMatchObject([{ kind: 'hold', headers: BLOCK, samples: 1, valid: true }])
    expect(databases(fixture.folder)).toEqual([])
  })

  test('that ends before such a message is finished ends for its sample at once', async () => {
    const { late, message } = await unfinishedSample()
    const { id } = await place({ kind: 'account', account: 1 })
    await run(over)
    await fixture.store.holds.release(id, act())
    expect(await run(over)).toMatchObject([{ kind: 'hold', headers: BLOCK - 1, samples: 1, valid: true }])
    expect(query(fixture.folder, 'SELECT message FROM sample')).toEqual([])
    expect(databases(fixture.folder)).toEqual([])

    await fixture.store.queue.recordResult(attemptResult(late, delivered))
    await settled(fixture.folder)
    expect(await run(over)).toMatchObject([{ kind: 'retention', day, headers: 1, samples: 0 }])
    expect(await fixture.store.log.get(message)).toBeUndefined()
  })
})

/** A full block of account 1, of which the drawn message alone is not finished. */
async function deliverBlock(): Promise<void> {
  const messages = Array.from({ length: BLOCK }, () => fixture.message({ credential: 1, state: 'sending' }))
  await Promise.all(messages.map((message) => fixture.store.queue.accept(message)))
  await Promise.all(messages.map((message) => fixture.store.queue.recordResult(attemptResult(message, delivered))))
  await settled(fixture.folder)
}

async function unfinishedSample() {
  const messages = Array.from({ length: BLOCK }, () => fixture.message({ credential: 1, state: 'sending' }))
  await Promise.all(messages.map((each) => fixture.store.queue.accept(each)))
  const [drawn] = query<{ message: number }>(fixture.folder, 'SELECT message FROM sample')
  const late = messages.find(({ record }) => record.id === drawn!.message)!
  const finished = messages.filter((each) => each !== late)
  await Promise.all(finished.map((each) => fixture.store.queue.recordResult(attemptResult(each, delivered))))
  await settled(fixture.folder)
  return { late, message: drawn!.message }
}

describe('an account whose mail is kept fewer days', () => {
  test('loses the sample of a message that was finished only after its days, while the day stays', async () => {
    const { late, message } = await unfinishedSample()
    const other = Array.from({ length: BLOCK }, () => fixture.message({ account: 2, credential: 2 }))
    await Promise.all(other.map((each) => fixture.store.queue.accept(each)))
    await settled(fixture.folder)
    const find = 'SELECT message FROM sample WHERE account = 2'
    const [staying] = query<{ message: number }>(fixture.folder, find)
    fixture.time = noon + 5 * DAY_MS
    await fixture.store.holds.setKeepDays(1, 4, act())
    await run(fixture.time)
    expect(samplesOnDisk(fixture.folder)).toEqual({ [day]: [message, staying!.message] })

    await fixture.store.queue.recordResult(attemptResult(late, delivered))
    await settled(fixture.folder)
    expect(await run(fixture.time)).toMatchObject([{ kind: 'retention', day, headers: 1, samples: 1, valid: true }])
    expect(query(fixture.folder, 'SELECT message FROM sample')).toEqual([staying])
    expect(query(fixture.folder, `SELECT * FROM sample_address WHERE message = ${message}`)).toEqual([])
    expect(samplesOnDisk(fixture.folder)).toEqual({ [day]: [staying!.message] })
    expect((await fixture.store.audit.replayDraws(fixture.time)).findings).toEqual([])
  })

  test('loses what is over at once, and from the disk with the next run, while the day stays', async () => {
    const short = await fixture.deliver({ subject: 'short' })
    const long = await fixture.deliver({ account: 2, subject: 'long' })
    await settled(fixture.folder)
    fixture.time = noon + 10 * DAY_MS
    await fixture.store.holds.setKeepDays(1, 10, act('asked for'))
    expect(fixture.store.directory.accountById(1)).toMatchObject({ keepDays: 10 })
    expect(await seen()).toEqual([{ id: long, held: false }])
    expect(await fixture.store.log.get(short)).toBeUndefined()

    expect(await run(fixture.time)).toMatchObject([{ kind: 'retention', day, headers: 1, valid: true }])
    expect(recordsOnDisk(fixture.folder)).toEqual({ [day]: [long] })
    expect(databases(fixture.folder)).toEqual([`days/${day}.1.db`])
    expect(await seen()).toEqual([{ id: long, held: false }])
    expect(await run(fixture.time)).toEqual([])
    await fixture.reopen()
    expect(await seen()).toEqual([{ id: long, held: false }])
  })

  test('gets nothing back when it is lengthened again, and what it sent meanwhile stays as short', async () => {
    await fixture.deliver({ subject: 'over' })
    const later = await fixture.deliver({ subject: 'later', acceptedAt: noon + 9 * DAY_MS })
    await settled(fixture.folder)
    fixture.time = noon + 10 * DAY_MS
    await fixture.store.holds.setKeepDays(1, 10, act())
    await fixture.store.holds.setKeepDays(1, undefined, act())
    expect(await seen()).toEqual([{ id: later, held: false }])
    expect(await fixture.store.log.get(later)).toMatchObject({ keepUntil: noon + 19 * DAY_MS })
    fixture.time = noon + 19 * DAY_MS
    expect(await seen()).toEqual([])
  })

  test('keeps what a hold covers, and its samples go with its records', async () => {
    const messages = Array.from({ length: BLOCK }, () => fixture.message({ credential: 1, state: 'sending' }))
    await Promise.all(messages.map((message) => fixture.store.queue.accept(message)))
    await Promise.all(messages.map((message) => fixture.store.queue.recordResult(attemptResult(message, delivered))))
    await settled(fixture.folder)
    const first = messages[0]!.record.id
    const [drawn] = query<{ message: number }>(fixture.folder, 'SELECT message FROM sample')
    const held = drawn!.message === first ? messages[1]!.record.id : first
    await place({ kind: 'message', message: held })
    fixture.time = noon + 5 * DAY_MS
    await fixture.store.holds.setKeepDays(1, 5, act())
    expect(query(fixture.folder, 'SELECT keep_until FROM sample')).toEqual([{ keep_until: noon + 5 * DAY_MS }])
    expect(await run(fixture.time)).toMatchObject([{ day, headers: BLOCK - 1, samples: 1, valid: true }])
    expect(recordsOnDisk(fixture.folder)).toEqual({ [day]: [held] })
    expect(samplesOnDisk(fixture.folder)).toEqual({})
    expect(databases(fixture.folder)).toEqual([`days/${day}.1.db`])
    expect(await seen()).toEqual([{ id: held, held: true }])
  })

  test('has its day written anew while other records move into it, and none is lost', async () => {
    // the lowest ids move last: the new file is past them already
    const late = Array.from({ length: 300 }, () => fixture.message({ account: 2, state: 'sending' }))
    const going = Array.from({ length: 1500 }, () => fixture.message({ state: 'sending' }))
    const staying = Array.from({ length: 1500 }, () => fixture.message({ account: 2, state: 'sending' }))
    await Promise.all([...going, ...staying, ...late].map((message) => fixture.store.queue.accept(message)))
    await Promise.all(
      [...going, ...staying].map((message) => fixture.store.queue.recordResult(attemptResult(message, delivered))),
    )
    await settled(fixture.folder)
    fixture.time = noon + 2 * DAY_MS
    await fixture.store.holds.setKeepDays(1, 2, act())

    // the store's own call to its thread, held up once when the new file is half written
    const send = Channel.prototype.send
    let steps = 0
    const spy = vi.spyOn(Channel.prototype, 'send').mockImplementation(async function (this: Channel, ...words) {
      const answer = await send.apply(this, words)
      if (words[0] === ('rewriting.step' satisfies Step) && ++steps === 3) {
        await Promise.all(late.map((message) => fixture.store.queue.recordResult(attemptResult(message, delivered))))
        await settled(fixture.folder)
      }
      return answer
    })
    const receipts = await fixture.store.retention.purge(fixture.time)
    spy.mockRestore()
    expect(receipts).toMatchObject([{ headers: going.length }])
    const wanted = [...staying, ...late].map(({ record }) => record.id).sort((a, b) => a - b)
    expect(recordsOnDisk(fixture.folder)).toEqual({ [day]: wanted })
    const [info] = await fixture.store.log.days()
    expect(info).toMatchObject({ day, records: wanted.length })
  })
})

test('a dry run counts what a run destroys, no more and no less', async () => {
  const early = await fixture.deliver({ subject: 'shortened' })
  await fixture.deliver({ account: 2, subject: 'held' })
  await fixture.deliver({ account: 2, subject: 'gone' })
  await fixture.deliver({ acceptedAt: noon + DAY_MS })
  await fixture.deliver({ account: 2, acceptedAt: noon + DAY_MS })
  await settled(fixture.folder)
  const held = (await seen()).at(-2)!.id
  const { id } = await place({ kind: 'message', message: held })
  const counts = (list: readonly { day: string | null; headers: number; samples: number }[]) =>
    list.map(({ day: of, headers, samples }) => ({ of, headers, samples }))

  fixture.time = noon + 62 * DAY_MS
  await fixture.store.holds.setKeepDays(1, 60, act())
  const second = '2026-09-02'
  const shortened = [
    { of: day, headers: 1, samples: 0 },
    { of: second, headers: 1, samples: 0 },
  ]
  expect(counts(await fixture.store.retention.plan(fixture.time))).toEqual(shortened)
  expect(counts(await run(fixture.time))).toEqual(shortened)
  expect(await fixture.store.log.get(early)).toBeUndefined()

  expect(await fixture.store.retention.plan(over)).toMatchObject([{ day, headers: 1, held: 1 }])
  expect(await run(over)).toMatchObject([{ day, headers: 1 }])
  expect(await fixture.store.retention.plan(over)).toEqual([])
  await fixture.store.holds.release(id, act())
  expect(await fixture.store.retention.plan(over)).toMatchObject([{ day, headers: 1, samples: 0, held: 0 }])
  expect(await run(over)).toMatchObject([{ kind: 'hold', day: null, headers: 1 }])
  expect(await fixture.store.retention.plan(over)).toEqual([])
})

const crashes: [Step, 'before' | 'after'][] = [
  ['rewriting.begin', 'after'],
  ['rewriting.finish', 'after'],
  ['holdRetention.swap', 'after'],
  ['days.sweepDays', 'after'],
  ['receipts.finish', 'before'],
  ['holdRetention.prepareHeld', 'after'],
  ['heldFile.copy', 'after'],
  ['holdRetention.copied', 'after'],
  ['retention.begin', 'before'],
  ['retention.begin', 'after'],
]

test.each(crashes)('a crash %s, %s it, is ended by the next run', async (step, when) => {
  const shortened = await fixture.deliver({ subject: 'shortened' })
  const held = await fixture.deliver({ account: 2, subject: 'held' })
  const next = await fixture.deliver({ account: 2, acceptedAt: noon + DAY_MS })
  await fixture.deliver({ acceptedAt: noon + DAY_MS })
  await settled(fixture.folder)
  await place({ kind: 'message', message: held })
  // the second day is written anew, the first one goes, in one run
  const time = over
  fixture.time = time - 1
  await fixture.store.holds.setKeepDays(1, 60, act())
  await fixture.store.stop()
  const words = [resolve(import.meta.dirname, 'purger.ts'), fixture.folder, String(time), step, when]
  const { signal } = spawnSync(process.execPath, words, { env: { ...process.env, NODE_NO_WARNINGS: '1' } })
  expect(signal).toBe('SIGKILL')

  fixture.time = time
  await fixture.reopenAfterCrash()
  const left = [
    { id: next, held: false },
    { id: held, held: true },
  ]
  expect(await seen()).toEqual(left)
  await fixture.store.retention.purge(time)
  expect(await seen()).toEqual(left)
  expect(recordsOnDisk(fixture.folder)).toEqual({ '2026-09-02': [next], held: [held] })
  expect(databases(fixture.folder)).toEqual(['days/2026-09-02.1.db', 'days/held.db'])
  expect(await fixture.store.log.get(shortened)).toBeUndefined()
  const findings = await fixture.store.retention.findings(time)
  expect(findings).toMatchObject({ pendingReceipts: 0, orphans: 0, invalidReceipts: 0, held: { headers: 1 } })
})

/** Places a hold at the very moment before a step of the writer that destroys something. */
function holdBefore(step: Step, scope: HoldScope): { placed(): boolean } {
  const send = Channel.prototype.send
  let placed = false
  vi.spyOn(Channel.prototype, 'send').mockImplementation(async function (this: Channel, ...words) {
    if (words[0] === step && !placed) {
      placed = true
      await place(scope)
    }
    return send.apply(this, words)
  })
  return { placed: () => placed }
}

describe('a legal hold that is placed while something is destroyed', () => {
  afterEach(() => void vi.restoreAllMocks())

  test('keeps the records of a day that was about to go', async () => {
    const held = await fixture.deliver({ account: 1 })
    await fixture.deliver({ account: 2 })
    await settled(fixture.folder)
    const { placed } = holdBefore('retention.begin', { kind: 'account', account: 1 })
    await run(over)
    expect(placed()).toBe(true)
    expect(await seen()).toEqual([{ id: held, held: true }])
    expect(recordsOnDisk(fixture.folder)).toEqual({ held: [held] })
  })

  test('keeps the records of an account that were about to go before their day', async () => {
    const held = await fixture.deliver({ account: 1 })
    await fixture.deliver({ account: 2 })
    await settled(fixture.folder)
    await fixture.store.holds.setKeepDays(1, 1, act())
    const { placed } = holdBefore('holdRetention.swap', { kind: 'account', account: 1 })
    await run(noon + 10 * DAY_MS)
    expect(placed()).toBe(true)
    expect(recordsOnDisk(fixture.folder)[day]).toContain(held)
    expect(databases(fixture.folder)).toEqual([`days/${day}.db`])
    await run(noon + 11 * DAY_MS)
    expect(await fixture.store.log.get(held)).toMatchObject({ id: held, held: true })
  })

  test('keeps a record that became final too late for its day', async () => {
    const message = fixture.message({ account: 1, state: 'sending' })
    await fixture.store.queue.accept(message)
    fixture.time = over
    const { placed } = holdBefore('retention.drop', { kind: 'account', account: 1 })
    await fixture.store.queue.recordResult(attemptResult(message, delivered))
    await expect.poll(placed).toBe(true)
    await settled(fixture.folder)
    expect(recordsOnDisk(fixture.folder)).toEqual({ [day]: [message.record.id] })
  })
})
