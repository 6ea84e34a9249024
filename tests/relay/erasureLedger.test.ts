/** The erasure ledger: what was erased by order does not come back with a backup that is older. */

import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { openLedger, readLedger, replayErasures, withLedger } from '../../src/relay/keys/erasureLedger.ts'
import { openStore, restoreBackup } from '../../src/store/index.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import type { Store } from '../../src/store/store.ts'
import { findDecrypted, findInFiles } from '../support/canary.ts'
import { logKey, StoreFixture } from '../support/storeFixture.ts'

const now = Date.UTC(2026, 10, 23)
let root: string
let file: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mailward-ledger-'))
  file = join(root, 'folder.erasures')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('keeps orders in order, over restarts', async () => {
  const first = await openLedger(file, '0123456789abcdef', now)
  await Promise.all([1, 2, 3].map((days) => first.append({ kind: 'policy days', at: now, days })))
  const second = await openLedger(file, '0123456789abcdef', now + 1)
  await second.append({ kind: 'policy days', at: now + 1, days: 4 })
  const { erasures, problem } = (await readLedger(file))!
  expect(problem).toBeUndefined()
  expect(erasures.map((erasure) => (erasure.kind === 'policy days' ? erasure.days : erasure.kind))).toEqual([
    'ledger',
    1,
    2,
    3,
    4,
  ])
  expect(await readLedger(join(root, 'none'))).toBeUndefined()
})

test('goes on after a write that was cut short, which was never carried out', async () => {
  await openLedger(file, '0123456789abcdef', now)
  appendFileSync(file, '{"erasure":{"kind":"policy d')
  expect((await readLedger(file))?.problem).toBeUndefined()
  const ledger = await openLedger(file, '0123456789abcdef', now)
  await ledger.append({ kind: 'policy days', at: now, days: 30 })
  expect(await readLedger(file)).toMatchObject({ erasures: [{}, { days: 30 }], problem: undefined })
})

test('that was changed or shortened in the middle names the line', async () => {
  const ledger = await openLedger(file, '0123456789abcdef', now)
  for (const days of [60, 50, 40]) await ledger.append({ kind: 'policy days', at: now, days })
  const lines = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, lines.toSpliced(2, 1).join('\n'))
  expect((await readLedger(file))?.problem).toMatch(/^line 3 of .* was changed, or one before it is missing$/)
  expect((await openLedger(file, '0123456789abcdef', now)).notices).toHaveLength(1)
  writeFileSync(file, lines.join('\n').replace('"days":50', '"days":70'))
  expect((await readLedger(file))?.problem).toMatch(/^line 3 of /)
})

test('erases again what was erased in the log, and nothing else', async () => {
  const fixture = await StoreFixture.open(now)
  try {
    const entry = { at: now, actor: 'ann@relay.example', action: 'people.add', object: 'ann', reason: '', details: {} }
    await fixture.store.audit.append(entry)
    await fixture.store.audit.append({ ...entry, actor: 'bob@relay.example' })
    const { entries } = await fixture.store.audit.head()
    const ledger = await openLedger(file, '0123456789abcdef', now)
    const commitment = (await fixture.store.audit.rows(entries - 1, 1))[0]!.commitment
    // of a row that has another commitment here: it was another row, in a log that was put back since
    const other = { sequence: entries - 1, commitment: '00'.repeat(32) }
    await ledger.append({ kind: 'audit rows', at: now, rows: [{ sequence: entries, commitment }, other] })
    const { erasures } = (await readLedger(file))!
    expect(await replayErasures(fixture.store, erasures, now)).toBe(1)
    const { rows } = await fixture.store.audit.list({ action: 'people.add' }, 10, undefined)
    expect(rows.map(({ actor }) => actor)).toEqual([undefined, 'ann@relay.example'])
    expect(await replayErasures(fixture.store, erasures, now)).toBe(0)
  } finally {
    await fixture.close()
  }
})

test('has an order before it is carried out', async () => {
  const fixture = await StoreFixture.open(now)
  try {
    await fixture.store.audit.append({ at: now, actor: 'ann', action: 'test', object: '', reason: '', details: {} })
    const { entries } = await fixture.store.audit.head()
    const store = withLedger(fixture.store, await openLedger(file, '0123456789abcdef', now))
    expect(await store.audit.erase([entries], { at: now, actor: 'ann', reason: 'asked for it' })).toBe(1)
    const [row] = await fixture.store.audit.rows(entries - 1, 1)
    expect((await readLedger(file))!.erasures.at(-1)).toEqual({
      kind: 'audit rows',
      at: now,
      rows: [{ sequence: entries, commitment: row!.commitment }],
    })
    const broken = withLedger(fixture.store, {
      notices: [],
      append: async () => {
        throw new Error('no space left on the disk of the keys')
      },
    })
    await fixture.store.audit.append({ at: now, actor: 'bob', action: 'test', object: '', reason: '', details: {} })
    const last = (await fixture.store.audit.head()).entries
    await expect(broken.audit.erase([last], { at: now, actor: 'ann', reason: 'asked' })).rejects.toThrow('no space')
    expect((await fixture.store.audit.rows(last - 1, 1))[0]!.personal).not.toBeNull()
  } finally {
    await fixture.close()
  }
})

test('shortens again what was shortened, for what was accepted before', async () => {
  const fixture = await StoreFixture.open(now)
  try {
    const { id } = fixture.store.directory.accountByName('acme')!
    const message = await fixture.deliver()
    await fixture.archived(1)
    const ledger = await openLedger(file, '0123456789abcdef', now)
    await ledger.append({ kind: 'account days', at: now + 5 * DAY_MS, account: id, days: 10 })
    await ledger.append({ kind: 'account days', at: now + 6 * DAY_MS, account: id + 1, days: 1 })
    await ledger.append({ kind: 'account days', at: now + 7 * DAY_MS, account: id, days: null })
    fixture.time = now + 11 * DAY_MS
    expect(await replayErasures(fixture.store, (await readLedger(file))!.erasures, fixture.time)).toBe(2)
    expect(await fixture.store.log.get(message)).toBeUndefined()
    expect(fixture.store.directory.accountById(id)?.keepDays).toBeUndefined()
  } finally {
    await fixture.close()
  }
})

/** Runs what an older copy of the folder does not know of, then puts that copy back. */
async function forgotten(fixture: StoreFixture, work: (live: Store) => Promise<unknown>): Promise<void> {
  const copy = join(root, 'copy')
  await fixture.reopen(() => cpSync(fixture.folder, copy, { recursive: true }))
  await work(withLedger(fixture.store, await openLedger(file, '0123456789abcdef', now)))
  await fixture.reopen(() => {
    for (const name of readdirSync(fixture.folder)) rmSync(join(fixture.folder, name), { recursive: true })
    cpSync(copy, fixture.folder, { recursive: true })
  })
}

async function replayAt(fixture: StoreFixture, time: number): Promise<number> {
  fixture.time = time
  return replayErasures(fixture.store, (await readLedger(file))!.erasures, time)
}

test('releases again holds that were released since, and places those that were placed, before anything is destroyed', async () => {
  const fixture = await StoreFixture.open(now)
  try {
    const act = { actor: 'ann@relay.example', at: now, reason: 'court order 7' }
    const [freed, kept, other] = [await fixture.deliver(), await fixture.deliver(), await fixture.deliver()]
    await fixture.archived(3)
    const { id } = await fixture.store.holds.place({ kind: 'message', message: freed }, act)
    await forgotten(fixture, async ({ holds }) => {
      await holds.release(id, { ...act, at: now + DAY_MS })
      await holds.place({ kind: 'message', message: kept }, { ...act, at: now + 2 * DAY_MS })
    })

    expect(await replayAt(fixture, now + 71 * DAY_MS)).toBe(2)
    expect(await replayAt(fixture, fixture.time)).toBe(0)
    await fixture.store.retention.purge(fixture.time)
    expect(await fixture.store.log.get(freed)).toBeUndefined()
    expect(await fixture.store.log.get(kept)).toMatchObject({ held: true })
    expect(await fixture.store.log.get(other)).toBeUndefined()
    expect(await fixture.store.holds.list()).toMatchObject([
      { placedAt: now + 2 * DAY_MS, placedBy: 'system', released: undefined },
      { placedAt: now, released: { by: 'system' } },
    ])
  } finally {
    await fixture.close()
  }
})

test('knows the holds that come and go with legal demands', async () => {
  const fixture = await StoreFixture.open(now)
  try {
    const actor = { id: 0, email: 'local' }
    const message = await fixture.deliver()
    await fixture.archived(1)
    const scope = { kind: 'message', message } as const
    const demand = { authority: 'court', basis: 'order 7', scope, receivedAt: now, gagUntil: undefined, note: '' }
    const { id } = await fixture.store.legalRequests.record({ ...demand, hold: true }, { actor, at: now, reason: '' })
    await forgotten(fixture, async ({ legalRequests }) => {
      await legalRequests.close(id, { actor, at: now + DAY_MS, reason: 'not refused yet' })
      expect((await readLedger(file))!.erasures).toHaveLength(1)
      await legalRequests.refuse(id, { actor: { id: 2, email: 'bob' }, at: now + DAY_MS, reason: 'not lawful' })
      await legalRequests.close(id, { actor, at: now + 2 * DAY_MS, reason: 'refused' })
      await legalRequests.record({ ...demand, hold: true }, { actor, at: now + 3 * DAY_MS, reason: '' })
    })
    expect(await replayAt(fixture, now + 71 * DAY_MS)).toBe(2)
    expect(await fixture.store.holds.list()).toMatchObject([
      { placedAt: now + 3 * DAY_MS, released: undefined },
      { placedAt: now, released: { by: 'system' } },
    ])
  } finally {
    await fixture.close()
  }
})

test('keeps everything when a hold on an address was placed since, until a person places it again', async () => {
  const fixture = await StoreFixture.open(now)
  try {
    const act = { actor: 'ann@relay.example', at: now + DAY_MS, reason: 'court order 7' }
    const message = await fixture.deliver({ from: 'clara@acme.example' })
    await fixture.archived(1)
    await forgotten(fixture, ({ holds }) => holds.place({ kind: 'address', address: 'clara@acme.example' }, act))
    for (const word of ['clara', 'court order']) expect(readFileSync(file, 'utf8')).not.toContain(word)

    expect(await replayAt(fixture, now + 71 * DAY_MS)).toBe(1)
    await fixture.store.retention.purge(fixture.time)
    expect(await fixture.store.log.get(message)).toMatchObject({ held: true })
    const [standIn] = await fixture.store.holds.list()
    expect(standIn?.reason).toContain('place that one again')
    await fixture.store.holds.release(standIn!.id, { ...act, at: fixture.time })
    await fixture.store.retention.purge(fixture.time)
    expect(await fixture.store.log.get(message)).toBeUndefined()
  } finally {
    await fixture.close()
  }
})

/** Works on a main database with the relay's own key, while nobody has it open. */
function execute(sql: string, folder: string): void {
  const database = openConnection({ path: join(folder, 'mailward.db'), key: logKey, cacheKiB: 512 })
  database.exec(sql)
  database.close()
}

test('erases a person again in a backup that is older, by hash alone, and nothing else', async () => {
  const fixture = await StoreFixture.open(now)
  const backup = join(root, 'backup')
  const folder = join(root, 'restored')
  const key = new Uint8Array(32).fill(3)
  try {
    await fixture.deliver({ to: ['"Tom"@kestrel.example'], subject: 'gone' })
    await fixture.deliver({ to: ['tom@kestrel.example', 'ida@kestrel.example'], subject: 'for tom@kestrel.example' })
    await fixture.deliver({ to: ['ida@kestrel.example'], subject: 'stays' })
    await fixture.archived(3)
    await fixture.store.queue.accept(
      fixture.message({ to: ['tom@kestrel.example'], destination: 'capture', state: 'held' }),
    )
    await fixture.reopen(() =>
      execute(
        `INSERT INTO request (id, kind, track, subject, source, received_at, due_at, state,
      text, correction, suppress) VALUES (7, 'deletion', 'third party', 'tom@kestrel.example', 'mail', 0, 0, 'received',
      'Yours, Tom', '', 0)`,
        fixture.folder,
      ),
    )
    mkdirSync(backup)
    await fixture.store.keys.backup({ folder: backup, key })

    const store = withLedger(fixture.store, await openLedger(file, '0123456789abcdef', now))
    const hash = store.subjects.hash('TOM@kestrel.example')
    const mailbox = store.subjects.mailboxHash('TOM@kestrel.example')
    await store.subjects.suppress({ account: 1, hash, at: now, request: 7 }, 'ann')
    const order = { request: 7, actor: 'ann', at: now, reason: 'asked for it', keepRequests: [] }
    const quiet = { progress: () => undefined, isCancelled: () => false }
    for (let run = 0; run < 2; run++)
      await store.subjects.erase({ address: 'tom@kestrel.example', account: undefined }, order, quiet)
    const { erasures } = (await readLedger(file))!
    expect(erasures.slice(1)).toMatchObject([
      { kind: 'suppression', hash, account: 1, request: 7, lifted: false },
      { kind: 'person', hash: mailbox, account: null, request: 7, isLast: true },
    ])
    expect(readFileSync(file, 'utf8')).not.toContain('kestrel')

    restoreBackup({ from: backup, key, folder, logKey })
    const restored = await openStore({ folder, logKey, now: () => now })
    const before = (await restored.log.search({ subject: 'stays' }, 10, undefined, 5000)).rows[0]!
    const untouched = await restored.log.get(before.id)
    expect(await replayErasures(restored, erasures, now)).toBe(5)
    expect((await restored.log.search({}, 10, undefined, 5000)).rows.map(({ subject, to }) => [subject, to])).toEqual([
      ['stays', ['ida@kestrel.example']],
      ['for [removed]', ['[removed]', 'ida@kestrel.example']],
    ])
    expect(await restored.log.get(before.id)).toEqual(untouched)
    expect(restored.subjects.isSuppressed(1, 'tom@kestrel.example')).toBe(true)
    expect(await replayErasures(restored, erasures, now)).toBe(1)
    await restored.stop()
    expect([...findInFiles(folder, ['tom@kestrel']), ...findDecrypted(folder, logKey, ['tom@kestrel'])]).toEqual([])
  } finally {
    await fixture.close()
  }
})
