/** A backup of a store while it is used: what is in it, what never is, and what comes back. */

import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, dayOf } from '../../src/model/retention.ts'
import { openStore, restoreBackup } from '../../src/store/index.ts'
import { copiedTables } from '../../src/store/sqlite/backup/contents.ts'
import { type Connection, openConnection } from '../../src/store/sqlite/thread/connection.ts'
import type { Store } from '../../src/store/store.ts'
import { attemptResult, logKey, StoreFixture, sealKey } from '../support/storeFixture.ts'

let fixture: StoreFixture
let target: string
const key = new Uint8Array(randomBytes(32))
const time = Date.UTC(2026, 10, 23, 12)

beforeEach(async () => {
  fixture = await StoreFixture.open(time)
  target = `${fixture.folder}-backup`
  mkdirSync(target)
})
afterEach(async () => {
  await fixture.close()
  for (const folder of [target, `${fixture.folder}-restored`]) rmSync(folder, { recursive: true, force: true })
})

function tablesOf(database: Connection): string[] {
  // the search index has no rows of its own, only the tables it is kept in
  const select = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'search' ORDER BY name"
  return database.prepare(select).pluck().all() as string[]
}

/** Every file of the backup, opened, with every value of every row in one text. */
function everything(folder: string): string {
  const main = openConnection({ path: join(folder, 'mailward.db'), key, readonly: true, cacheKiB: 1024 })
  const days = main.prepare('SELECT day, key FROM day').all() as { day: string; key: Uint8Array }[]
  const files = days.map((day) =>
    openConnection({ path: join(folder, 'days', `${day.day}.db`), key: day.key, readonly: true, cacheKiB: 1024 }),
  )
  const text = [main, ...files].flatMap((database) =>
    tablesOf(database).flatMap((table) =>
      database
        .prepare(`SELECT * FROM ${table}`)
        .raw()
        .all()
        .flatMap((row) =>
          (row as unknown[]).map((value) =>
            value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
          ),
        ),
    ),
  )
  for (const database of [main, ...files]) database.close()
  return text.join('\n')
}

/** Tables whose rows belong into a backup as they are. A new one is added here once somebody has thought about it. */
const copied = [
  ...['account', 'credential', 'route', 'person', 'setting', 'audit', 'message', 'delivery', 'attempt', 'volume'],
  ...['complaint', 'trust', 'hold', 'receipt', 'checkpoint', 'backup', 'inbox', 'signal'],
  ...['review_case', 'case_event', 'opening', 'case_action', 'second_factor', 'recovery_code'],
  'trust_request',
  ...['request', 'request_event', 'request_letter', 'suppression'],
  ...['policy_version', 'policy_notice', 'consent', 'mailing_message', 'disclosure'],
]

test('it is known of every table whether it belongs into a backup', () => {
  const main = openConnection({
    path: join(fixture.folder, 'mailward.db'),
    key: logKey,
    readonly: true,
    cacheKiB: 1024,
  })
  expect(copied).toEqual(expect.arrayContaining(copiedTables(main)))
  main.close()
})

describe('a backup', () => {
  test('holds header records and unfinished mail with its body, and no body of finished mail', async () => {
    await fixture.deliver({ subject: 'finished', body: 'CANARY-FINISHED' })
    await fixture.archived(1)
    await fixture.store.queue.accept(fixture.message({ subject: 'small', body: 'CANARY-SMALL' }))
    await fixture.store.queue.accept(fixture.message({ subject: 'large', body: `CANARY-LARGE${'x'.repeat(100_000)}` }))
    const contents = await fixture.store.keys.backup({ folder: target, key })
    expect(contents).toMatchObject({ days: 1, headers: 3, live: 2, youngestAt: time })
    expect(contents.files.map(({ path }) => path)).toEqual(['mailward.db', `days/${dayOf(time)}.db`])
    const text = everything(target)
    expect(text).toContain('finished')
    expect(text).toContain('CANARY-SMALL')
    expect(text).toContain('CANARY-LARGE')
    expect(text).not.toContain('CANARY-FINISHED')
    for (const file of contents.files) expect(readFileSync(join(target, file.path)).includes('CANARY')).toBe(false)
    expect(readdirSync(target).sort()).toEqual(['days', 'mailward.db'])
  })

  test('leaves no key of a day of the running relay behind', async () => {
    await fixture.deliver()
    await fixture.archived(1)
    await fixture.store.keys.backup({ folder: target, key })
    const open = (folder: string, opener: Uint8Array) => {
      const main = openConnection({ path: join(folder, 'mailward.db'), key: opener, readonly: true, cacheKiB: 1024 })
      const keys = main.prepare('SELECT key FROM day').pluck().all() as Buffer[]
      main.close()
      return keys.map((one) => one.toString('hex'))
    }
    expect(open(target, key)).not.toEqual(open(fixture.folder, logKey))
  })

  test('comes back under another key, and is searched as before', async () => {
    await fixture.deliver({ subject: 'Quarterly report' })
    await fixture.archived(1)
    await fixture.store.queue.accept(fixture.message({ subject: 'waiting', body: 'to be sent' }))
    await fixture.store.keys.backup({ folder: target, key })
    const folder = `${fixture.folder}-restored`
    const otherKey = new Uint8Array(randomBytes(32))
    expect(restoreBackup({ from: target, key, folder, logKey: otherKey })).toEqual({ days: 1, headers: 2, live: 1 })
    const store = await openStore({ folder, logKey: otherKey, now: () => time })
    const { rows } = await store.log.search({ subject: 'quarterly' }, 10, undefined, 1000)
    expect(rows.map(({ subject }) => subject)).toEqual(['Quarterly report'])
    const [due] = await store.queue.due('kestrel.example', 10)
    const [claimed] = await store.queue.claim([due!], time)
    expect(Buffer.from(claimed!.body).toString()).toContain('to be sent')
    await store.stop()
  })

  test('that was restored leaves the draw verifiable: it goes on with a new block', async () => {
    const submit = async (store: Store, count: number) => {
      const messages = Array.from({ length: count }, () => fixture.message())
      for (const { record } of messages) record.credential = 1
      await Promise.all(messages.map((message) => store.queue.accept(message)))
    }
    await submit(fixture.store, 1700)
    await fixture.store.keys.backup({ folder: target, key })
    const folder = `${fixture.folder}-restored`
    restoreBackup({ from: target, key, folder, logKey })
    const store = await openStore({ folder, logKey, sealKey, now: () => time })
    try {
      const entry = {
        at: time,
        actor: 'local',
        action: 'custody.restore',
        object: '',
        reason: '',
        details: {},
        facts: {},
      }
      expect((await store.audit.replayDraws(time)).findings).not.toEqual([])
      await store.audit.append(entry)
      await submit(store, 1001)
      // the first block as before, the second cut off, the third full, the fourth begun
      expect(await store.audit.replayDraws(time)).toEqual({ blocks: 2, stored: 2, withheld: 0, open: 1, findings: [] })
    } finally {
      await store.stop()
    }
  })

  test('made while a message is finished does not bring it back as unfinished', async () => {
    const message = fixture.message({ state: 'sending' })
    await fixture.store.queue.accept(message)
    await fixture.store.keys.backup({ folder: target, key })
    // its day's file is copied after the main database: as if it had been delivered and moved in between
    await fixture.store.queue.recordResult(
      attemptResult(message, { kind: 'delivered', reply: { code: 250, enhancedCode: '2.0.0', text: 'stored' } }),
    )
    await fixture.archived(1)
    const later = `${target}-later`
    mkdirSync(later)
    await fixture.store.keys.backup({ folder: later, key })
    const main = openConnection({ path: join(target, 'mailward.db'), key, cacheKiB: 1024 })
    const younger = openConnection({ path: join(later, 'mailward.db'), key, readonly: true, cacheKiB: 1024 })
    const day = younger.prepare('SELECT * FROM day').raw().get() as unknown[]
    main.prepare(`INSERT INTO day VALUES (${day.map(() => '?').join(', ')})`).run(...day)
    main.prepare('UPDATE day SET records = 0').run()
    for (const database of [main, younger]) database.close()
    const file = join('days', `${dayOf(time)}.db`)
    rmSync(join(target, file), { force: true })
    copyFileSync(join(later, file), join(target, file))
    rmSync(later, { recursive: true })
    const restored = restoreBackup({ from: target, key, folder: `${fixture.folder}-restored`, logKey })
    expect(restored).toEqual({ days: 1, headers: 1, live: 0 })
  })

  test('made after a day is over does not hold that day', async () => {
    await fixture.deliver()
    await fixture.archived(1)
    fixture.time = time + 72 * DAY_MS
    await fixture.deliver()
    await fixture.archived(2)
    await fixture.store.retention.purge(fixture.time)
    const contents = await fixture.store.keys.backup({ folder: target, key })
    expect(contents).toMatchObject({ days: 1, headers: 1 })
  })
})
