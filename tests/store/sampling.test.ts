/** Sampling on a real store: the draw is part of the acceptance, and what is kept can be opened with the seal key only. */

import { createHash, createHmac } from 'node:crypto'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { BLOCK, sampledPosition, samplingText } from '../../src/model/sampling.ts'
import { makeKeyPair } from '../../src/store/seal.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import { findDecrypted, findInFiles } from '../support/canary.ts'
import { attemptResult, delivered, logKey, type Sample, StoreFixture, sealPair } from '../support/storeFixture.ts'

let fixture: StoreFixture

afterEach(() => fixture?.close())

/** Reads the main database with the relay's own live key. */
function query<T>(sql: string, ...values: (string | number)[]): T[] {
  const database = openConnection({
    path: join(fixture.folder, 'mailward.db'),
    key: logKey,
    readonly: true,
    cacheKiB: 512,
  })
  try {
    return database.prepare(sql).all(...values) as T[]
  } finally {
    database.close()
  }
}

/** Changes the main database while the store is closed. */
function change(sql: string): void {
  const database = openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 512 })
  database.prepare(sql).run()
  database.close()
}

async function accept(count: number, sample: Sample): Promise<void> {
  const pieces: Promise<unknown>[] = []
  for (let i = 0; i < count; i++) {
    pieces.push(fixture.store.queue.accept(fixture.message({ credential: 1, ...sample })))
    if (pieces.length === 250) await Promise.all(pieces.splice(0))
  }
  await Promise.all(pieces)
}

interface DrawFacts {
  account: number
  block: number
  position: number
  message: number
  stored: boolean
}

function draws(): DrawFacts[] {
  return query<{ facts: string }>("SELECT facts FROM audit WHERE action = 'draw.drawn' ORDER BY sequence").map(
    ({ facts }) => JSON.parse(facts) as DrawFacts,
  )
}

async function addAccounts(): Promise<void> {
  for (const name of ['bravo', 'cedar']) {
    await fixture.store.directory.addAccount({ name, contact: `ops@${name}.example`, domains: [`${name}.example`] })
  }
}

test('each full block of an account has exactly one sample, whatever is accepted in between and restarted', async () => {
  fixture = await StoreFixture.open()
  await addAccounts()
  const order = fc.sample(
    fc.array(fc.record({ account: fc.integer({ min: 1, max: 3 }), count: fc.integer({ min: 1, max: 400 }) }), {
      minLength: 25,
      maxLength: 25,
    }),
    {
      numRuns: 1,
      seed: 20261123,
    },
  )[0]!
  const sent = new Map<number, number>()
  for (const [index, { account, count }] of order.entries()) {
    await accept(count, { account })
    sent.set(account, (sent.get(account) ?? 0) + count)
    if (index % 5 === 4) await fixture.reopen()
  }
  const found = draws()
  const samples = query<{ message: number; account: number; block: number; position: number }>('SELECT * FROM sample')
  for (const [account, messages] of sent) {
    const full = Math.floor(messages / BLOCK)
    for (let block = 0; block < full; block++) {
      expect(found.filter((draw) => draw.account === account && draw.block === block)).toHaveLength(1)
      expect(samples.filter((sample) => sample.account === account && sample.block === block)).toHaveLength(1)
    }
    expect(samples.filter((sample) => sample.account === account).length).toBeLessThanOrEqual(full + 1)
  }
  const ascending = (a: number, b: number): number => a - b
  expect(samples.map((sample) => sample.message).sort(ascending)).toEqual(
    found.map((draw) => draw.message).sort(ascending),
  )
})

test('a closed block can be replayed: its secret fits what was told when it opened, and gives the drawn position', async () => {
  fixture = await StoreFixture.open()
  await accept(2 * BLOCK, {})
  const rows = query<{ action: string; facts: string }>(
    "SELECT action, facts FROM audit WHERE action LIKE 'draw.%' ORDER BY sequence",
  )
  const facts = (action: string) => rows.filter((row) => row.action === action).map((row) => JSON.parse(row.facts))
  const closed = facts('draw.close') as { account: number; block: number; secret: string; messages: number }[]
  expect(closed).toHaveLength(2)
  for (const { account, block, secret, messages } of closed) {
    expect(messages).toBe(BLOCK)
    const bytes = Buffer.from(secret, 'hex')
    const opened = facts('draw.open').find((open) => open.block === block)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(opened.commitment)
    const digest = (round: number) =>
      createHmac('sha256', bytes)
        .update(samplingText(account, block, round))
        .digest()
    expect(draws().find((draw) => draw.block === block)!.position).toBe(sampledPosition(digest))
  }
  // the secret of the block that is open is told nowhere
  expect(closed.map(({ block }) => block)).toEqual([0, 1])
})

test('mail of the relay itself and further recipients are not counted', async () => {
  fixture = await StoreFixture.open()
  await accept(30, { credential: undefined as never })
  await accept(20, { to: ['a@kestrel.example', 'b@kestrel.example', 'c@kestrel.example'] })
  const numbers = query<{ number: number | null }>('SELECT number FROM message ORDER BY id').map(({ number }) => number)
  expect(numbers).toEqual([...new Array(30).fill(null), ...Array.from({ length: 20 }, (_, i) => i)])
})

test('a message that could not be accepted takes no number', async () => {
  fixture = await StoreFixture.open()
  const message = fixture.message({ credential: 1 })
  await fixture.store.queue.accept(message)
  const again = [fixture.message({ credential: 1 }), message, fixture.message({ credential: 1 })]
  const results = await Promise.allSettled(again.map((one) => fixture.store.queue.accept(one)))
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const numbers = query<{ number: number }>('SELECT number FROM message ORDER BY number').map(({ number }) => number)
  expect(numbers).toEqual([0, 1, 2])
})

test('a crash loses no number: the numbering goes on from the messages that were accepted', async () => {
  fixture = await StoreFixture.open()
  await accept(700, {})
  // as after a crash: what was written down in between is an older state
  await fixture.reopen(() =>
    change('UPDATE draw SET taken = 512, last_id = (SELECT id FROM message WHERE number = 511)'),
  )
  await accept(400, {})
  const numbers = query<{ number: number }>('SELECT number FROM message ORDER BY id').map(({ number }) => number)
  expect(numbers).toEqual(Array.from({ length: 1100 }, (_, i) => i))
  expect(draws().filter((draw) => draw.block === 0)).toHaveLength(1)
})

test('the numbering stays whole when mail of an account is archived before the account sends again', async () => {
  fixture = await StoreFixture.open()
  for (let i = 0; i < 100; i++) await fixture.deliver({ credential: 1 })
  // as after a crash: what was in memory is gone, and finished messages are still in live mail
  const last = fixture.message({ credential: 1, state: 'sending' })
  await fixture.store.queue.accept(last)
  await expect(fixture.store.queue.accept(last)).rejects.toThrow()
  await fixture.store.queue.recordResult(attemptResult(last, delivered))
  await fixture.archived(101)
  await accept(3, {})
  const numbers = query<{ number: number }>('SELECT number FROM message ORDER BY id').map(({ number }) => number)
  expect(numbers).toEqual([101, 102, 103])
})

test('volume is counted by account and day: messages, deliveries, failures, unknown addresses', async () => {
  fixture = await StoreFixture.open(Date.UTC(2026, 10, 23, 12))
  await fixture.deliver({ credential: 1, to: ['a@kestrel.example', 'b@kestrel.example'] })
  const unknown = { code: 550, enhancedCode: '5.1.1', text: 'no such user' }
  await fixture.deliver({ credential: 1 }, { kind: 'failed', reason: 'no such user', reply: unknown })
  const full = { code: 552, enhancedCode: '5.2.2', text: 'mailbox full' }
  await fixture.deliver({ credential: 1 }, { kind: 'failed', reason: 'mailbox full', reply: full })
  await fixture.deliver({ credential: undefined as never })
  await fixture.reopen()
  expect(query('SELECT * FROM volume')).toEqual([
    { account: 1, day: '2026-11-23', messages: 3, delivered: 2, failed: 2, bounced: 1 },
  ])
  await fixture.store.signals.purge(Date.UTC(2026, 10, 23, 23))
  expect(query('SELECT * FROM volume')).toHaveLength(1)
  await fixture.store.signals.purge(Date.UTC(2026, 10, 24))
  expect(query('SELECT * FROM volume')).toEqual([])
})

test('a sample opens with the seal key, byte for byte, and with no other key', async () => {
  fixture = await StoreFixture.open()
  await accept(BLOCK, { body: 'the whole of it', to: ['Tom+news@Kestrel.example'] })
  const [draw] = draws()
  const id = draw!.message
  const sample = await fixture.store.samples.open(id, sealPair.privateKey)
  expect(Buffer.from(sample!.bytes).toString()).toContain('\r\n\r\nthe whole of it\r\n')
  expect(sample).toMatchObject({ from: 'billing@acme.example', to: ['Tom+news@Kestrel.example'] })
  await expect(fixture.store.samples.open(id, makeKeyPair().privateKey)).rejects.toThrow()
  expect(await fixture.store.samples.open(id + 1, sealPair.privateKey)).toBeUndefined()
})

test('the content of a sample is unreadable with everything the running relay has', async () => {
  fixture = await StoreFixture.open()
  for (let done = 0; done < BLOCK; done += 250) {
    await Promise.all(
      Array.from({ length: 250 }, () =>
        fixture.deliver({ credential: 1, subject: 'seen-7f3a91', body: 'sealed-7f3a91' }),
      ),
    )
  }
  await fixture.archived(BLOCK)
  await fixture.reopen(() => {
    expect(findDecrypted(fixture.folder, logKey, ['seen-7f3a91'])).not.toEqual([])
    expect(findDecrypted(fixture.folder, logKey, ['sealed-7f3a91'])).toEqual([])
    expect(findInFiles(fixture.folder, ['seen-7f3a91', 'sealed-7f3a91'])).toEqual([])
  })
  const sample = await fixture.store.samples.open(draws()[0]!.message, sealPair.privateKey)
  expect(Buffer.from(sample!.bytes).toString()).toContain('sealed-7f3a91')
})

test('samples are moved out of the main database, and stay when the store is opened again', async () => {
  fixture = await StoreFixture.open()
  await accept(BLOCK, { body: 'kept' })
  await fixture.reopen()
  expect(query('SELECT message FROM sample WHERE content IS NOT NULL')).toEqual([])
  const id = draws()[0]!.message
  expect((await fixture.store.samples.open(id, sealPair.privateKey))!.bytes.length).toBeGreaterThan(0)
  // finished, moved to its day, and still known as sampled
  expect((await fixture.store.log.rows([id]))[0]!.sampled).toBe(true)
})

test('a sample is found by the addresses in it, in any case and with any tag, without being opened', async () => {
  fixture = await StoreFixture.open()
  await accept(BLOCK, { to: ['Tom+news@BÜCHER.example'], body: 'write to anna@third.example or not' })
  const id = draws()[0]!.message
  for (const address of [
    'tom@bücher.example',
    'TOM+x@xn--bcher-kva.example',
    'Anna@third.EXAMPLE',
    'billing@acme.example',
  ]) {
    expect(await fixture.store.samples.findByAddress(address)).toEqual([id])
  }
  expect(await fixture.store.samples.findByAddress('nobody@third.example')).toEqual([])
  const index = query<{ address: Uint8Array }>('SELECT address FROM sample_address')
  expect(index.some(({ address }) => Buffer.from(address).toString('latin1').includes('tom'))).toBe(false)
})

test('a drawn message of a trusted account is not stored, and that is recorded', async () => {
  fixture = await StoreFixture.open()
  await fixture.reopen(() => change('UPDATE account SET trusted = 1'))
  await accept(BLOCK, {})
  expect(draws()).toMatchObject([{ block: 0, stored: false }])
  expect(query('SELECT message FROM sample')).toEqual([])
})

test('without a seal key a drawn message is refused rather than accepted without its sample', async () => {
  fixture = await StoreFixture.open()
  await fixture.reopen(() => change('DELETE FROM seal_key'))
  const results: string[] = []
  for (let i = 0; i < BLOCK; i += 100) {
    const batch = Array.from({ length: 100 }, () => fixture.store.queue.accept(fixture.message({ credential: 1 })))
    results.push(...(await Promise.allSettled(batch)).map((result) => result.status))
  }
  expect(results).toContain('rejected')
  expect(query('SELECT message FROM sample')).toEqual([])
  expect(query<{ n: number }>('SELECT count(*) AS n FROM message WHERE sampled = 1')).toEqual([{ n: 0 }])
})
