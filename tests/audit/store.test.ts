/** The audit log through the store: pages and filters, acts that are one with their entries, checks beside searches. */

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import type { AuditEntry, AuditFilter } from '../../src/store/store.ts'
import { logKey, StoreFixture } from '../support/storeFixture.ts'
import { entry, folderId } from './support.ts'

// one store for all: every test has entries of an action of its own, or counts from where it began
let fixture: StoreFixture
beforeAll(async () => {
  fixture = await StoreFixture.open()
})
afterAll(() => fixture.close())

const audit = () => fixture.store.audit
const entries = async () => (await audit().head()).entries

/** Appends entries, a second apart. Returns the sequence before the first. */
async function grow(rows: number, action = 'accounts.setDomains'): Promise<number> {
  const before = await entries()
  const all = Array.from({ length: rows }, (_, i) => ({ ...entry(i, fixture.time + i * 1000), action }))
  await Promise.all(all.map((one) => audit().append(one)))
  return before
}

async function found(filter: AuditFilter): Promise<number[]> {
  return (await audit().list(filter, 1000, undefined)).rows.map(({ sequence }) => sequence)
}

test('an empty log verifies, and its checkpoint holds when it has grown', async () => {
  expect(await audit().verify(folderId, [])).toMatchObject({ rows: 0, head: '', findings: [] })
  const empty = await audit().checkpoint(folderId, fixture.time)
  expect(empty).toMatchObject({ sequence: 0, head: '' })
  await grow(1)
  expect((await audit().verify(folderId, [empty])).findings).toEqual([])
})

describe('a page of the log', () => {
  test('is newest first, and the next goes on where it ended', async () => {
    const before = await grow(25, 'pages.are')
    const pages: number[][] = []
    let cursor: string | undefined
    do {
      const page = await audit().list({ action: 'pages' }, 10, cursor)
      pages.push(page.rows.map(({ sequence }) => sequence))
      cursor = page.next
    } while (cursor !== undefined)
    expect(pages.flat()).toEqual(Array.from({ length: 25 }, (_, i) => before + 25 - i))
    expect(pages[0]).toHaveLength(10)
  })

  test('has what fits every filter', async () => {
    const { time } = fixture
    const before = await grow(10, 'filters.first')
    const other = { ...entry(3, time), actor: 'Bob@relay.example', action: 'filtersish', reason: 'Because "so"' }
    await audit().append(other)
    const fits = async (filter: AuditFilter) => (await found(filter)).map((sequence) => sequence - before)
    expect(await fits({ action: 'filters' })).toHaveLength(10)
    expect(await fits({ action: 'filters.first' })).toHaveLength(10)
    expect(await fits({ action: 'filters.fir' })).toEqual([])
    expect(await fits({ actor: 'bob@RELAY.example' })).toEqual([11])
    expect(await fits({ action: 'filters', text: 'D7.EXAMPLE' })).toEqual([8])
    expect(await fits({ action: 'filters', text: 'account a3' })).toEqual([4])
    expect(await fits({ action: 'filters', text: '{"domains":["d5' })).toEqual([6])
    expect(await fits({ text: 'because "so' })).toEqual([11])
    expect(await fits({ action: 'filters', since: time + 2000, until: time + 4000 })).toEqual([4, 3])
    expect(await fits({ action: 'filters', since: time + 2000, text: 'd9' })).toEqual([10])
  })

  test('finds a single row far back, over many pieces', async () => {
    await audit().append({ ...entry(0, fixture.time), actor: 'eve@relay.example' })
    const before = await grow(12_000)
    expect(await found({ actor: 'eve@relay.example' })).toEqual([before])
    expect((await audit().list({ actor: 'nobody else' }, 10, undefined)).next).toBeUndefined()
  })

  test('no longer has what was erased, and is not found by it', async () => {
    const before = await grow(3, 'erased.rows')
    await audit().erase([before + 2], { at: fixture.time, actor: 'local', reason: 'asked for' })
    expect(await found({ action: 'erased', text: 'd1.example' })).toEqual([])
    expect(await found({ action: 'erased', actor: 'ann@relay.example' })).toEqual([before + 3, before + 1])
    expect(await found({ action: 'erased' })).toHaveLength(3)
  })
})

describe('verification', () => {
  test('goes on in slices: a question meanwhile is answered before it ends', async () => {
    await grow(10_000)
    const order: string[] = []
    const verified = audit()
      .verify(folderId, [])
      .then(({ findings }) => {
        order.push('verified')
        return findings
      })
    await audit().head()
    order.push('answered')
    expect(await verified).toEqual([])
    expect(order).toEqual(['answered', 'verified'])
  })

  test('of a log that grows and is erased meanwhile finds nothing wrong', async () => {
    const before = await entries()
    const verified = audit().verify(folderId, [])
    await grow(10)
    await audit().erase([before - 5, before + 5], { at: fixture.time, actor: 'local', reason: 'asked for' })
    expect((await verified).findings).toEqual([])
  })
})

describe('an act and its entry are one', () => {
  const act: AuditEntry = entry(1, Date.now())
  const person = { email: 'ann@relay.example', name: '', role: 'admin', passwordHash: 'x' } as const

  test('the entry names what was made', async () => {
    const added = await fixture.store.users.add(person, { ...act, object: 'person {id}' })
    const [row] = (await audit().list({}, 1, undefined)).rows
    expect(row?.object).toBe(`person ${added?.id}`)
  })

  test('what is refused writes none', async () => {
    const before = await entries()
    const { directory, users } = fixture.store
    expect(await directory.addAccount({ name: 'acme', contact: 'a@b.example', domains: [] }, act)).toBeUndefined()
    expect(await directory.removeRoute('none.example', act)).toBe(false)
    expect(await users.remove(99, act)).toBe(false)
    expect(await entries()).toBe(before)
  })

  test('when one of the two cannot be written, the other is not', async () => {
    await fixture.reopen(() => {
      const main = openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 1024 })
      main.exec(`
        CREATE TRIGGER no_entry BEFORE INSERT ON audit WHEN NEW.action = 'refused'
          BEGIN SELECT raise(ABORT, 'no entry'); END;
        CREATE TRIGGER no_act BEFORE UPDATE ON account BEGIN SELECT raise(ABORT, 'no act'); END`)
      main.close()
    })
    const before = await entries()
    const { directory, users, settings } = fixture.store
    const refused = { ...act, action: 'refused' }
    const withoutEntry = [
      () => directory.addAccount({ name: 'kestrel', contact: 'a@b.example', domains: [] }, refused),
      () => directory.addCredential(credential, refused),
      () => directory.setRoute({ domain: '*', route: { kind: 'reject' } }, refused),
      () => users.add({ ...person, email: 'bob@relay.example' }, refused),
      () => settings.set('audit.place', '/elsewhere', refused),
    ]
    for (const one of withoutEntry) await expect(one()).rejects.toThrow('no entry')
    await expect(directory.setAccountDomains(1, [], act)).rejects.toThrow('no act')
    expect(await entries()).toBe(before)

    await fixture.reopen()
    const { store } = fixture
    expect(store.directory.accounts().map(({ name, domains }) => [name, domains])).toEqual([['acme', ['acme.example']]])
    expect([store.directory.routes(), store.directory.credentials()]).toEqual([[], []])
    expect((await store.users.list()).map(({ email }) => email)).toEqual(['ann@relay.example'])
    expect(await store.settings.get('audit.place')).toBeUndefined()
  })
})

const credential = {
  account: 1,
  kind: 'address',
  name: '192.0.2.0/24',
  status: 'allowed',
  secret: undefined,
  hourlyLimit: undefined,
} as const
