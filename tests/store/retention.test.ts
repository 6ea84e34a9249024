/** The end of days: what goes, what proves it, and what a crash at any step leaves to the next run. */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { BLOCK } from '../../src/model/sampling.ts'
import type { DigestStep } from '../../src/store/sqlite/days/purge.ts'
import { Channel } from '../../src/store/sqlite/thread/channel.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import type { HistorySubjects } from '../../src/store/sqlite/threads/history.ts'
import { attemptResult, delivered, logKey, StoreFixture } from '../support/storeFixture.ts'
import type { Step } from './steps.ts'

const noon = Date.UTC(2026, 8, 1, 12)
const day = '2026-09-01'
let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open(noon)
})
afterEach(() => fixture.close())

function files(): string[] {
  return ['days', 'samples'].flatMap((folder) =>
    readdirSync(join(fixture.folder, folder)).map((name) => `${folder}/${name}`),
  )
}

/** Works on the main database with the relay's own key. */
function main<T>(work: (database: ReturnType<typeof openConnection>) => T): T {
  const database = openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 512 })
  try {
    return work(database)
  } finally {
    database.close()
  }
}

function digest(ids: number[]): string {
  const bytes = Buffer.alloc(ids.length * 8)
  ids.forEach((id, index) => {
    bytes.writeBigUInt64BE(BigInt(id), index * 8)
  })
  return createHash('sha256').update(bytes).digest('hex')
}

/** A full block of messages of one account, so that exactly one is sampled, delivered and moved to its day. */
async function deliverBlock(): Promise<number[]> {
  const messages = Array.from({ length: BLOCK }, () => fixture.message({ state: 'sending', credential: 1 }))
  await Promise.all(messages.map((message) => fixture.store.queue.accept(message)))
  await Promise.all(messages.map((message) => fixture.store.queue.recordResult(attemptResult(message, delivered))))
  await fixture.archived(BLOCK)
  while (!files().includes(`samples/${day}.db`)) await new Promise((wait) => setTimeout(wait, 20))
  return messages.map(({ record }) => record.id)
}

const over = noon + 70 * DAY_MS

async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wait) => setTimeout(wait, 20))
}

describe('a day that is over', () => {
  test('goes with its headers, index, samples and keys, and leaves a receipt that verifies', async () => {
    const ids = await deliverBlock()
    expect(await fixture.store.retention.state(noon)).toMatchObject({ samples: 1, oldestSample: noon, overdue: 0 })
    expect(await fixture.store.retention.plan(over - 1)).toEqual([])
    expect(await fixture.store.retention.plan(over)).toMatchObject([{ day, headers: BLOCK, samples: 1, live: 0 }])

    const [receipt, ...more] = await fixture.store.retention.purge(over)
    expect(more).toEqual([])
    expect(receipt).toMatchObject({ kind: 'retention', day, headers: BLOCK, samples: 1, bodies: 0, orphans: 0 })
    expect(receipt).toMatchObject({ digest: digest(ids), bytesAfter: 0, at: over, valid: true })
    expect(receipt!.bytesBefore).toBeGreaterThan(BLOCK * 50)
    expect(files()).toEqual([])
    expect(statSync(join(fixture.folder, 'mailward.db-wal')).size).toBeLessThan(100_000)
    const left = main((database) =>
      ['day', 'sample', 'sample_key', 'sample_address', 'message', 'body'].map((table) =>
        database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
      ),
    )
    expect(left).toEqual([0, 0, 0, 0, 0, 0])
    expect(await fixture.store.retention.receipts(10, undefined)).toEqual([receipt])
    expect(await fixture.store.retention.findings(over)).toMatchObject({
      receipts: 1,
      invalidReceipts: 0,
      pendingReceipts: 0,
      orphans: 0,
      bodies: { looked: 0, finished: 0 },
    })
  })

  test('is chained into the audit log: when it began, and its receipt', async () => {
    await fixture.deliver()
    await fixture.archived(1)
    const [receipt] = await fixture.store.retention.purge(over)
    const rows = main((database) =>
      database.prepare("SELECT action, facts FROM audit WHERE action LIKE 'retention.%' ORDER BY sequence").all(),
    ) as { action: string; facts: string }[]
    expect(rows.map(({ action }) => action)).toEqual(['retention.purge', 'retention.receipt'])
    expect(JSON.parse(rows[1]!.facts)).toMatchObject({ receipt: receipt!.id, day, headers: 1, digest: receipt!.digest })
  })

  test('whose receipt was changed in any field does not verify', async () => {
    await fixture.deliver()
    await fixture.archived(1)
    const [receipt] = await fixture.store.retention.purge(over)
    for (const column of ['headers', 'samples', 'digest', 'at', 'bytes_before', 'bytes_after', 'day']) {
      const before = main((database) => database.prepare(`SELECT ${column} FROM receipt`).pluck().get())
      const set = (value: unknown) =>
        main((database) => database.prepare(`UPDATE receipt SET ${column} = ?`).run(value))
      set('7')
      expect((await fixture.store.retention.receipts(10, undefined))[0], column).toMatchObject({ valid: false })
      expect(await fixture.store.retention.findings(over)).toMatchObject({ invalidReceipts: 1 })
      set(before)
    }
    expect(await fixture.store.retention.receipts(10, undefined)).toEqual([receipt])
  })

  test('has its digest ready once it has settled', async () => {
    const ids = [await fixture.deliver(), await fixture.deliver()]
    await fixture.archived(2)
    await fixture.store.stop()
    const history = new Channel<HistorySubjects>({ role: 'history', folder: fixture.folder, logKey })
    const later = noon + 8 * DAY_MS
    let step: DigestStep
    do step = await history.calls.days.tidy(later)
    while (step.more && !step.done)
    await history.stop()
    expect(step.done).toEqual({ day, digest: digest(ids), records: 2 })
    await fixture.reopenAfterCrash()
  })

  test('leaves nothing behind that no entry speaks for', async () => {
    const stray = ['days/2026-07-01.db', 'days/2026-07-01.db-wal', 'days/2026-08-01.2.db', 'samples/2026-07-01.db']
    for (const file of stray) writeFileSync(join(fixture.folder, file), 'left over')
    await fixture.deliver()
    await fixture.archived(1)
    expect(await fixture.store.retention.findings(noon)).toMatchObject({ orphans: 3 })
    const [receipt] = await fixture.store.retention.purge(over)
    expect(receipt).toMatchObject({ orphans: 3 })
    expect(files()).toEqual([])
  })
})

describe('a day whose file was damaged or lost', () => {
  const act = { actor: 'ann@relay.example', at: noon, reason: 'a letter from a lawyer' }
  const file = () => join(fixture.folder, 'days', `${day}.db`)
  const harms: [string, () => void][] = [
    ['damaged behind its first page', () => writeFileSync(file(), readFileSync(file()).fill(0xff, 8192))],
    ['lost', () => rmSync(file())],
  ]

  /** A day that is harmed, and the day after it, which is not. */
  async function harm(how: () => void): Promise<void> {
    await fixture.deliver()
    await fixture.deliver({ acceptedAt: noon + DAY_MS })
    await fixture.archived(2)
    await fixture.reopen(how)
  }

  test.each(harms)('goes with the others when it was %s, and its receipt says what cannot be known', async (_, how) => {
    await harm(how)
    const receipts = await fixture.store.retention.purge(over + DAY_MS)
    expect(receipts).toMatchObject([
      { day, headers: 1, digest: 'unreadable', valid: true },
      { day: '2026-09-02', headers: 1, valid: true },
    ])
    expect(receipts[1]!.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(files()).toEqual([])
  })

  test('stays while a hold may keep some of it, says so, and the others go', async () => {
    await harm(harms[0]![1])
    const hold = await fixture.store.holds.place({ kind: 'address', address: 'ann@kestrel.example' }, act)
    const purge = () => fixture.store.retention.purge(over + DAY_MS)
    await expect(purge()).rejects.toThrow(/^2026-09-01 cannot be read, and a legal hold/)
    expect(files().filter((name) => name.endsWith('.db') && !name.includes('held'))).toEqual([`days/${day}.db`])
    expect(await fixture.store.retention.receipts(10, undefined)).toMatchObject([{ day: '2026-09-02', valid: true }])
    expect(await fixture.store.retention.state(over + DAY_MS)).toMatchObject({ overdue: 1, lastRun: over + DAY_MS })

    await fixture.store.holds.release(hold.id, act)
    expect(await purge()).toMatchObject([{ day, headers: 1 }])
    expect(files().filter((name) => name.endsWith('.db') && !name.includes('held'))).toEqual([])
  })

  test('stays whole when mail of an account had to go before it, says so, and the others go', async () => {
    await harm(harms[0]![1])
    await fixture.store.holds.setKeepDays(1, 30, { ...act, at: noon + 2 * DAY_MS })
    const purge = (at: number) => fixture.store.retention.purge(at)
    await expect(purge(noon + 40 * DAY_MS)).rejects.toThrow(/^2026-09-01 cannot be read/)
    expect(await fixture.store.retention.receipts(10, undefined)).toMatchObject([{ day: '2026-09-02', headers: 1 }])
    expect(await purge(over + DAY_MS).catch(() => [])).toMatchObject([{ day, headers: 1 }])
  })
})

describe('samples that are over before the header records of their day', () => {
  test('go alone, with a receipt whose digest is over their ids', async () => {
    await deliverBlock()
    await fixture.deliver({ acceptedAt: noon + 3_600_000 })
    await fixture.archived(BLOCK + 1)
    const sample = main((database) => database.prepare('SELECT message FROM sample').pluck().get() as number)
    const receipts = await fixture.store.retention.purge(over)
    expect(receipts).toMatchObject([{ day, headers: 0, samples: 1, digest: digest([sample]), valid: true }])
    expect(files()).not.toContain(`samples/${day}.db`)
  })
})

describe('mail that is not finished when its day is over', () => {
  test('stays, and is gone as soon as it is final, with a receipt of its own', async () => {
    const finished = await fixture.deliver()
    const late = fixture.message({ state: 'sending' })
    await fixture.store.queue.accept(late)
    await fixture.archived(1)
    fixture.time = over
    expect(await fixture.store.retention.plan(over)).toMatchObject([{ day, headers: 1, live: 1 }])
    expect(await fixture.store.retention.purge(over)).toMatchObject([{ headers: 1, digest: digest([finished]) }])
    expect(await fixture.store.queue.counts()).toMatchObject({ sending: 1 })

    await fixture.store.queue.recordResult(attemptResult(late, delivered))
    await waitFor(async () => main((database) => database.prepare('SELECT count(*) FROM message').pluck().get() === 0))
    expect(files()).toEqual([])
    expect(await fixture.store.log.get(late.record.id)).toBeUndefined()
    const [receipt] = await fixture.store.retention.purge(over)
    expect(receipt).toMatchObject({ day, headers: 1, digest: digest([late.record.id]), valid: true })
  })
})

describe('the days of the policy', () => {
  const entry = { at: noon, actor: 'ann@relay.example', action: 'retention.setDays', object: 'retention' }
  const act = { ...entry, reason: 'less is enough', details: {} }

  test('shorten what is kept, and do not lengthen it again', async () => {
    const { retention, directory } = fixture.store
    await fixture.deliver()
    await fixture.archived(1)
    await retention.setDays(50, { ...act, at: noon + DAY_MS })
    expect(directory.policy()).toEqual({ keepDays: 50 })
    await retention.setDays(70, { ...act, at: noon + 2 * DAY_MS })
    expect(directory.policy()).toEqual({ keepDays: 70 })
    fixture.time = noon + 50 * DAY_MS - 1
    expect((await fixture.store.log.search({}, 10, undefined, 5000)).rows).toHaveLength(1)
    expect(await retention.purge(fixture.time)).toEqual([])
    fixture.time++
    expect((await fixture.store.log.search({}, 10, undefined, 5000)).rows).toEqual([])
    expect(await retention.purge(fixture.time)).toMatchObject([{ day, headers: 1 }])
  })

  test('hide samples to the hour, before their day goes', async () => {
    await deliverBlock()
    await fixture.deliver({ acceptedAt: noon + 3_600_000 })
    await fixture.store.retention.setDays(50, { ...act, at: noon + DAY_MS })
    const listed = async (now: number) =>
      (await fixture.store.samples.list({ account: 1, flagged: undefined, before: undefined, limit: 10, now })).rows
    expect(await listed(noon + 50 * DAY_MS - 1)).toMatchObject([{ keepUntil: noon + 50 * DAY_MS }])
    expect(await listed(noon + 50 * DAY_MS)).toEqual([])
  })

  test('can be tried without changing anything, and outlive a restart', async () => {
    await fixture.deliver()
    await fixture.archived(1)
    expect(await fixture.store.retention.plan(noon + 30 * DAY_MS, 30)).toMatchObject([{ day, headers: 1 }])
    expect(await fixture.store.retention.plan(noon + 30 * DAY_MS)).toEqual([])
    await fixture.store.retention.setDays(30, act)
    await fixture.reopen()
    expect(fixture.store.directory.policy()).toEqual({ keepDays: 30 })
  })
})

const steps: [Step, 'before' | 'after'][] = [
  ['retention.begin', 'before'],
  ['retention.begin', 'after'],
  ['days.sweepDays', 'after'],
  ['log.truncate', 'after'],
  ['retention.finish', 'after'],
]

test.each(steps)('a purge that is killed at %s (%s) is ended by the next run', async (step, when) => {
  const ids = [await fixture.deliver({ subject: 'one' }), await fixture.deliver({ subject: 'two' })]
  await fixture.archived(2)
  await fixture.store.stop()
  const purger = resolve(import.meta.dirname, 'purger.ts')
  const words = [purger, fixture.folder, String(over), step!, when!]
  const { signal, stdout } = spawnSync(process.execPath, words, { env: { ...process.env, NODE_NO_WARNINGS: '1' } })
  expect([signal, stdout.toString()]).toEqual(['SIGKILL', ''])

  fixture.time = over
  await fixture.reopenAfterCrash()
  expect((await fixture.store.log.search({}, 10, undefined, 5000)).rows).toEqual([])
  await fixture.store.retention.purge(over)
  expect(files()).toEqual([])
  const receipts = await fixture.store.retention.receipts(10, undefined)
  expect(receipts).toMatchObject([{ day, headers: 2, digest: digest(ids), bytesAfter: 0, valid: true }])
  expect(await fixture.store.retention.purge(over)).toEqual([])
  expect(await fixture.store.retention.findings(over)).toMatchObject({ pendingReceipts: 0, receipts: 1, orphans: 0 })
})
