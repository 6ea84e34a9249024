/** Addresses that differ only in what follows a plus sign: found together, and never destroyed for each other. */

import { createHmac, hkdfSync } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findingKey, formerKey, mailboxKey, sameMailbox } from '../../src/model/addressKey.ts'
import { BLOCK } from '../../src/model/sampling.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { attemptResult, delivered, logKey, StoreFixture } from '../support/storeFixture.ts'
import { samplesOnDisk, settled } from './daysOnDisk.ts'

const noon = Date.UTC(2026, 8, 1, 12)
const ONE = '+491111@kestrel.example'
const OTHER = '+492222@kestrel.example'
const quiet = { progress: () => undefined, isCancelled: () => false }
const order = { request: 7, actor: 'ann@relay.example', at: noon, reason: 'an order', keepRequests: [] }

let fixture: StoreFixture
beforeEach(async () => {
  fixture = await StoreFixture.open(noon)
  await fixture.store.directory.addAccount({ name: 'northbay', contact: 'ops@northbay.example', domains: [] })
})
afterEach(() => fixture.close())

async function places(address: string) {
  const found = await fixture.store.subjects.search({ address, account: undefined }, quiet)
  return Object.fromEntries(found!.places.map(({ place, count, excepted }) => [place, [count, excepted]]))
}

function erase(address: string) {
  return fixture.store.subjects.erase({ address, account: undefined }, order, quiet)
}

async function recipients(): Promise<string[]> {
  const { rows } = await fixture.store.log.search({}, 100, undefined, 10_000)
  return rows.flatMap(({ to }) => to).sort()
}

/** Works on the main database with the relay's own key, while nobody has it open. */
function execute(sql: string): void {
  const database = openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 512 })
  database.exec(sql)
  database.close()
}

describe('the same mailbox', () => {
  test.each([
    ['Tom@KESTREL.example', 'tom@kestrel.example', true],
    ['tom@bücher.example', 'tom@xn--bcher-kva.example', true],
    ['tom@bücher。example', 'tom@xn--bcher-kva.example', true],
    ['"tom"@kestrel.example', 'tom@kestrel.example', true],
    [ONE, OTHER, false],
    ['+491111@gmail.com', '+492222@gmail.com', false],
    ['++1@gmail.com', '++2@gmail.com', false],
    ['tom+a@kestrel.example', 'tom@kestrel.example', false],
    ['tom+a@gmail.com', 'tom+b@gmail.com', true],
  ])('%s and %s: %s', (one, other, same) => {
    expect(sameMailbox(one, other)).toBe(same)
  })

  test('may be meant where only a tag differs, and there is a user before it', () => {
    expect(findingKey('Tom+a@kestrel.example')).toBe('tom@kestrel.example')
    expect(findingKey(ONE)).toBe(mailboxKey(ONE))
    expect(formerKey(ONE)).toBe('@kestrel.example')
  })
})

describe('an erasure', () => {
  test('of a telephone number leaves every other number alone, in records and samples', async () => {
    const messages = Array.from({ length: BLOCK }, (_, n) =>
      fixture.message({ state: 'sending', credential: 1, to: [n < 3 ? ONE : OTHER] }),
    )
    for (const message of messages) {
      await fixture.store.queue.accept(message)
      await fixture.store.queue.recordResult(attemptResult(message, delivered))
    }
    await settled(fixture.folder)
    const sealed = samplesOnDisk(fixture.folder)
    const isOfOther = Object.values(sealed).flat().length === 1
    expect(isOfOther).toBe(true)
    expect((await places(ONE))['header records']).toEqual([3, 0])
    expect(await erase(ONE)).toMatchObject({ headers: 3, redacted: 0 })
    expect(await places(ONE)).toEqual({})
    expect((await places(OTHER))['header records']).toEqual([BLOCK - 3, 0])
  })

  test('of an address leaves its tagged forms, and the search says that there are some', async () => {
    await fixture.deliver({ to: ['tom@kestrel.example'] })
    await fixture.deliver({ to: ['tom+shop@kestrel.example'] })
    await fixture.deliver({ to: ['tom+4711@kestrel.example'] })
    await settled(fixture.folder)
    expect(await places('tom@kestrel.example')).toEqual({ 'header records': [1, 0], 'found also by tag': [2, 2] })
    expect(await places('tom+shop@kestrel.example')).toEqual({ 'header records': [1, 0], 'found also by tag': [2, 2] })
    await erase('tom@kestrel.example')
    expect(await recipients()).toEqual(['tom+4711@kestrel.example', 'tom+shop@kestrel.example'])
    await erase('tom+shop@kestrel.example')
    expect(await recipients()).toEqual(['tom+4711@kestrel.example'])
  })

  test('takes tagged forms where the domain is known to treat them as one mailbox', async () => {
    await fixture.deliver({ to: ['tom@gmail.com'] })
    await fixture.deliver({ to: ['tom+shop@gmail.com'] })
    await settled(fixture.folder)
    expect(await places('tom@gmail.com')).toEqual({ 'header records': [2, 0] })
    await erase('tom+x@gmail.com')
    expect(await recipients()).toEqual([])
  })
})

describe('a folder of before', () => {
  const secret = new Uint8Array(hkdfSync('sha256', logKey, '', 'mailward person', 32))
  const formerHash = (address: string) => createHmac('sha256', secret).update(formerKey(address)).digest('hex')

  test('still refuses whom it was told not to write to', async () => {
    const { subjects } = fixture.store
    await subjects.suppress({ account: 1, hash: formerHash(ONE), at: noon, request: 7 }, 'ann@relay.example')
    expect(subjects.isSuppressed(1, ONE)).toBe(true)
    expect(subjects.isSuppressed(1, 'tom@kestrel.example')).toBe(false)
  })

  test('repeats an erasure that its ledger names by the former hash', async () => {
    await fixture.deliver({ to: ['tom+shop@kestrel.example'] })
    await fixture.deliver({ to: ['ida@kestrel.example'] })
    await settled(fixture.folder)
    const hash = formerHash('tom@kestrel.example')
    await fixture.store.subjects.eraseAgain([{ hash, account: null, at: noon * 2, request: 1, isLast: true }], noon)
    expect(await recipients()).toEqual(['ida@kestrel.example'])
  })

  test('repeats an erasure of one mailbox for that mailbox alone', async () => {
    await fixture.deliver({ to: ['tom@kestrel.example'] })
    await fixture.deliver({ to: ['tom+shop@kestrel.example'] })
    await settled(fixture.folder)
    const hash = fixture.store.subjects.mailboxHash('Tom@kestrel.example')
    await fixture.store.subjects.eraseAgain([{ hash, account: null, at: noon * 2, request: 1, isLast: true }], noon)
    expect(await recipients()).toEqual(['tom+shop@kestrel.example'])
  })

  test('has samples found by their former hashes; they go for an address without a tag alone', async () => {
    for (let n = 0; n < BLOCK; n++) {
      const message = fixture.message({ state: 'sending', credential: 1, to: ['ida@kestrel.example'] })
      await fixture.store.queue.accept(message)
      await fixture.store.queue.recordResult(attemptResult(message, delivered))
    }
    await settled(fixture.folder)
    await fixture.reopen(() => {
      const database = openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 512 })
      const written = database.prepare("SELECT value FROM setting WHERE key LIKE '%lind%'").pluck().get() as string
      const former = (address: string) =>
        createHmac('sha256', Buffer.from(JSON.parse(written) as string, 'hex'))
          .update(formerKey(address))
          .digest()
      const sample = database.prepare('SELECT message FROM sample').pluck().get()
      database.exec('DELETE FROM sample_address')
      const insert = database.prepare('INSERT INTO sample_address (address, message) VALUES (?, ?)')
      for (const address of ['tom@kestrel.example', ONE]) insert.run(former(address).subarray(0, 16), sample)
      database.close()
    })
    expect(await places('tom+x@kestrel.example')).toEqual({ 'found also by tag': [1, 1] })
    expect(await places(OTHER)).toEqual({ 'found also by tag': [1, 1] })
    expect(await erase(OTHER)).toMatchObject({ samples: 0 })
    expect(await erase('tom@kestrel.example')).toMatchObject({ samples: 1 })
  })

  test('has records found by a day that knows them by the former key', async () => {
    await fixture.deliver({ to: [ONE] })
    await fixture.deliver({ to: [OTHER] })
    await settled(fixture.folder)
    await fixture.reopen(() => execute('UPDATE day SET persons = 0'))
    expect(await places(ONE)).toEqual({ 'header records': [1, 0] })
  })
})
