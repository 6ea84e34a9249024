import {
  closeSync,
  cpSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { FolderInUse, openStore, WrongKey, WrongMain } from '../../src/store/index.ts'
import { logKey, StoreFixture } from '../support/storeFixture.ts'

let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open()
})
afterEach(() => fixture.close())

/** Overwrites bytes in the middle of a file. */
function damage(path: string, at: number, bytes: number): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(bytes, 0xff), 0, bytes, at)
  closeSync(file)
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

test('a second relay on the same folder is refused, naming what to change', async () => {
  const second = openStore({ folder: fixture.folder, logKey, now: Date.now })
  await expect(second).rejects.toThrow(FolderInUse)
  await expect(second).rejects.toThrow(/--data/)
})

test('another key opens nothing and destroys nothing', async () => {
  await fixture.deliver()
  await fixture.store.stop()
  const wrong = openStore({ folder: fixture.folder, logKey: new Uint8Array(32).fill(8), now: Date.now })
  await expect(wrong).rejects.toThrow(WrongKey)
  fixture.store = await openStore({ folder: fixture.folder, logKey, now: Date.now })
  expect((await fixture.store.log.search({}, 10, undefined, 1000)).rows).toHaveLength(1)
})

describe('without its main database a folder is refused, and nothing in it is swept:', () => {
  const main = () => join(fixture.folder, 'mailward.db')
  const kept = () => filesUnder(fixture.folder).filter((path) => !/(?:mailward\.db|lock)[^/]*$/.test(path))
  const start = (folder: string, id: string) => ({
    at: fixture.time,
    actor: 'system',
    action: 'relay.start',
    object: 'relay',
    reason: '',
    details: {},
    facts: { folder: id, publicKey: folder },
  })
  const id = '0011223344556677'

  /** A finished record in its day's file, and a large body of a message that waits. */
  async function fill(): Promise<void> {
    await fixture.store.audit.append(start(fixture.folder, id))
    await fixture.deliver()
    await fixture.archived(1)
    await fixture.store.queue.accept(fixture.message({ body: 'x'.repeat(200_000) }))
    await fixture.store.stop()
  }

  async function refusedAndKept(): Promise<void> {
    const before = kept()
    expect(before.length).toBeGreaterThanOrEqual(2)
    const opening = openStore({ folder: fixture.folder, folderId: id, logKey, now: () => fixture.time })
    await expect(opening).rejects.toThrow(WrongMain)
    await expect(opening).rejects.toThrow(/mailward\.db .*put .* back/)
    expect(kept()).toEqual(before)
  }

  const losses: [string, () => void][] = [
    ['it is gone', () => rmSync(main())],
    ['it is empty', () => truncateSync(main(), 0)],
  ]
  test.each(losses)('%s', async (_, lose) => {
    await fill()
    const copy = readFileSync(main())
    lose()
    await refusedAndKept()
    rmSync(main(), { force: true })
    writeFileSync(main(), copy)
    fixture.store = await openStore({ folder: fixture.folder, folderId: id, logKey, now: () => fixture.time })
    expect((await fixture.store.log.search({}, 10, undefined, 1000)).rows).toHaveLength(2)
  })

  test("it is another folder's", async () => {
    const other = await StoreFixture.open()
    await other.store.audit.append(start(other.folder, '8899aabbccddeeff'))
    await other.store.stop()
    await fill()
    cpSync(main(), `${main()}.own`)
    cpSync(join(other.folder, 'mailward.db'), main())
    await refusedAndKept()
    cpSync(`${main()}.own`, main())
    await fixture.reopenAfterCrash()
    expect((await fixture.store.log.search({}, 10, undefined, 1000)).rows).toHaveLength(2)
    await other.reopenAfterCrash()
    await other.close()
  })
})

test('nothing readable lies in the data folder: not a subject, an address or a body, live or finished', async () => {
  const canary = 'Canary7291'
  const sample = { subject: `${canary} subject`, to: [`${canary}@kestrel.example`], body: `${canary} body` }
  await fixture.store.queue.accept(fixture.message(sample))
  await fixture.deliver({ ...sample, body: canary.repeat(10_000) })
  await fixture.archived(1)
  for (const path of filesUnder(fixture.folder)) {
    const bytes = readFileSync(path).toString('latin1').toLowerCase()
    expect(bytes.includes(canary.toLowerCase()), path).toBe(false)
  }
})

test('accounts, credentials, routes, people, sessions and settings outlive a restart', async () => {
  const { directory, users, settings, throttle, audit } = fixture.store
  await directory.addCredential({
    account: 1,
    kind: 'password',
    name: 'Acme',
    secret: 'x',
    status: 'allowed',
    hourlyLimit: 7,
  })
  await directory.setRoute({ domain: '*', route: { kind: 'smarthost', host: 'mx', port: 25, tls: 'none' } })
  const person = await users.add({ email: 'Ines@acme.example', name: 'Ines', role: 'admin', passwordHash: 'h' })
  await users.addSession({
    tokenHash: 't',
    person: person!.id,
    createdAt: 1,
    expiresAt: fixture.time + 1000,
    address: '192.0.2.7',
    kind: 'browser',
  })
  await settings.set('a', { b: 1 })
  await throttle.save([{ key: 'user acme', failures: 3, lastAt: 5 }])
  await audit.append({ at: 1, actor: 'x', action: 'y', object: '', reason: '', details: {} })
  await fixture.reopen()
  const { store } = fixture
  expect(store.directory.credentialByUsername('ACME')).toMatchObject({ account: 1, hourlyLimit: 7, secret: 'x' })
  expect(store.directory.accountByName('Acme')).toMatchObject({ domains: ['acme.example'], status: 'active' })
  expect(store.directory.routes()).toEqual([
    { domain: '*', route: { kind: 'smarthost', host: 'mx', port: 25, tls: 'none' } },
  ])
  expect(await store.users.byEmail('ines@ACME.example')).toMatchObject({ id: person!.id, passwordHash: 'h' })
  expect(await store.users.bySession('t', fixture.time)).toMatchObject({
    person: { email: 'Ines@acme.example' },
    by: { address: '192.0.2.7', kind: 'browser' },
  })
  expect(await store.users.bySession('t', fixture.time + 1000)).toBeUndefined()
  expect(await store.settings.get('a')).toEqual({ b: 1 })
  expect(await store.throttle.load()).toEqual([{ key: 'user acme', failures: 3, lastAt: 5 }])
  expect(await store.audit.head()).toMatchObject({ entries: 1 })
})

test('names are unique and the last admin stays', async () => {
  const { directory, users } = fixture.store
  expect(await directory.addAccount({ name: 'acme', contact: '', domains: [] })).toBeUndefined()
  const credential = {
    account: 1,
    kind: 'password',
    name: 'a',
    secret: 'x',
    status: 'allowed',
    hourlyLimit: undefined,
  } as const
  expect(await directory.addCredential(credential)).toBeDefined()
  expect(await directory.addCredential({ ...credential, name: 'A' })).toBeUndefined()
  const admin = await users.add({ email: 'a@b.example', name: '', role: 'admin', passwordHash: '' })
  expect(await users.add({ email: 'A@b.example', name: '', role: 'admin', passwordHash: '' })).toBeUndefined()
  expect(await users.remove(admin!.id)).toBe(false)
})

test('a day file that cannot be read stays where it is, the others are read, and the store says so', async () => {
  const old = fixture.time - 3 * DAY_MS
  await fixture.deliver({ acceptedAt: old })
  const kept = await fixture.deliver()
  await fixture.archived(2)
  await fixture.store.stop()
  const path = join(fixture.folder, 'days', `${new Date(old).toISOString().slice(0, 10)}.db`)
  damage(path, 0, 4096)
  fixture.store = await openStore({ folder: fixture.folder, logKey, now: () => fixture.time })
  expect(fixture.store.notices.map(({ text }) => text)).toEqual([expect.stringContaining(`put ${path} back`)])
  expect(statSync(path).size).toBeGreaterThan(0)
  const page = await fixture.store.log.search({}, 10, undefined, 1000)
  expect(page.rows.map((row) => row.id)).toEqual([kept])
})

test('a day file that is gone is told of, and its key stays for when it is put back', async () => {
  await fixture.deliver()
  await fixture.archived(1)
  await fixture.store.stop()
  const day = new Date(fixture.time).toISOString().slice(0, 10)
  const path = join(fixture.folder, 'days', `${day}.db`)
  const copy = readFileSync(path)
  rmSync(path)
  await fixture.reopenAfterCrash()
  const words = `the file of the header records of ${day} (1) is missing: put ${path} back from a copy`
  expect(fixture.store.notices.map(({ text }) => text)).toEqual([words])
  await fixture.reopen(() => writeFileSync(path, copy))
  expect(fixture.store.notices).toEqual([])
  expect((await fixture.store.log.search({}, 10, undefined, 1000)).rows).toHaveLength(1)
})

test('a main database damaged in the middle keeps what can be read, and the damaged file is set aside', async () => {
  for (let i = 0; i < 300; i++) await fixture.store.queue.accept(fixture.message({ body: 'x'.repeat(2000) }))
  const said = { at: fixture.time, actor: 'local', action: 'test', object: '', reason: '', details: {} }
  await fixture.store.audit.append(said)
  const checkpoint = await fixture.store.audit.checkpoint('0011223344556677', fixture.time)
  await fixture.store.queue.accept(fixture.message({ credential: 1 }))
  await fixture.store.stop()
  const path = join(fixture.folder, 'mailward.db')
  damage(path, Math.floor(statSync(path).size / 2 / 8192) * 8192 + 100, 3000)
  fixture.store = await openStore({ folder: fixture.folder, logKey, now: () => fixture.time })
  expect(fixture.store.notices[0]!.text).toMatch(/damaged.*kept/)
  const aside = join(fixture.folder, 'corrupt')
  expect(readdirSync(aside).length).toBeGreaterThan(0)
  expect(fixture.store.directory.accountByName('acme')).toBeDefined()
  const page = await fixture.store.log.search({}, 1000, undefined, 5000)
  expect(page.rows.length).toBeGreaterThan(200)
  // the proofs as well: keys, checkpoints, and the open block of the draw
  expect(await fixture.store.audit.checkpoints(10)).toEqual([checkpoint])
  const { open, findings } = await fixture.store.audit.replayDraws(fixture.time)
  expect([open, findings]).toEqual([1, []])

  // live mail and keys of days are in it: it does not stay for ever
  await fixture.store.retention.purge(fixture.time + 6 * DAY_MS)
  expect(readdirSync(aside).length).toBeGreaterThan(0)
  writeFileSync(join(aside, 'notes.txt'), 'what a person put here')
  await fixture.store.retention.purge(fixture.time + 7 * DAY_MS + 1)
  expect(readdirSync(aside)).toEqual(['notes.txt'])
  const { rows } = await fixture.store.audit.list({ action: 'retention.aside' }, 10, undefined)
  expect(rows.map(({ facts }) => facts)).toEqual([{ files: expect.any(Number) }])
})
