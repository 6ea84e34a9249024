/** Custody of the seal key: where its private part is kept, how it is replaced, and what a crash leaves. */

import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Keychain, SealKeyRefused } from '../../src/relay/keys/sealFile.ts'
import { openSealKey, type SealKey } from '../../src/relay/keys/sealKey.ts'
import { openStore } from '../../src/store/index.ts'
import { publicKeyOf } from '../../src/store/seal.ts'
import { openConnection } from '../../src/store/sqlite/thread/connection.ts'
import type { Store } from '../../src/store/store.ts'
import { logKey, StoreFixture } from '../support/storeFixture.ts'

const entry = { at: Date.UTC(2026, 10, 23), actor: 'ann@relay.example', reason: 'once a year' }
let root: string
let file: string
let store: Store

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mailward-seal-'))
  file = join(root, 'keys', 'folder.seal')
  store = await openStore({ folder: join(root, 'data'), logKey, now: Date.now })
})
afterEach(async () => {
  await store.stop()
  rmSync(root, { recursive: true, force: true })
})

function open(keychain?: Keychain): Promise<SealKey> {
  return openSealKey({ file, keys: store.keys, keychain })
}

async function refusal(act: Promise<unknown>): Promise<string> {
  const outcome = await act.catch((error: unknown) => error)
  expect(outcome).toBeInstanceOf(SealKeyRefused)
  return (outcome as Error).message
}

describe('the seal key', () => {
  test('is made once, its private part outside the data folder and for its owner only', async () => {
    const first = await (await open()).view()
    expect(first).toMatchObject({ keys: 'file', place: file, days: 0 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const sealKey = await open()
    expect(await sealKey.view()).toEqual(first)
    expect(Buffer.from(publicKeyOf(await sealKey.unlock()))).toEqual(Buffer.from(first.publicKey))
    expect(sealKey.notices).toEqual([])
  })

  test('whose file was written before a crash is the one that is taken', async () => {
    const { id } = await (await open()).view()
    await store.stop()
    rmSync(join(root, 'data'), { recursive: true })
    store = await openStore({ folder: join(root, 'data'), logKey, now: Date.now })
    expect((await (await open()).view()).id).toBe(id)
  })

  test('that is missing is told of and never replaced by another', async () => {
    const { id } = await (await open()).view()
    renameSync(file, `${file}.away`)
    const sealKey = await open()
    expect(sealKey.notices).toEqual([
      `the seal key ${id} is missing: samples are kept but cannot be opened; put ${file} back from a copy`,
    ])
    expect(await sealKey.view()).toMatchObject({ id, keys: 'missing', place: null })
    expect(await refusal(sealKey.unlock())).toBe(`the seal key ${id} is missing`)
    expect(await refusal(sealKey.rotate({ entry }))).toMatch(/is missing/)
    expect(existsSync(file)).toBe(false)
    renameSync(`${file}.away`, file)
    expect(await sealKey.unlock()).toHaveLength(32)
  })

  test('in a file that was changed is refused', async () => {
    const sealKey = await open()
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, `${text.slice(0, -5)}0000\n`)
    expect(await refusal(sealKey.unlock())).toBe(`${file} is damaged`)
    writeFileSync(file, 'something else')
    expect(await sealKey.view()).toMatchObject({ keys: 'missing' })
  })

  test('under a passphrase opens with that passphrase only', async () => {
    const sealKey = await open()
    await sealKey.rotate({ newPassphrase: 'four words of mine', entry })
    expect(await sealKey.view()).toMatchObject({ keys: 'passphrase', place: file })
    expect(await refusal(sealKey.unlock())).toBe('the seal key is protected by a passphrase')
    expect(await refusal(sealKey.unlock('four words of yours'))).toBe('the passphrase of the seal key is wrong')
    const privateKey = await sealKey.unlock('four words of mine')
    expect(Buffer.from(publicKeyOf(privateKey))).toEqual(Buffer.from((await sealKey.view()).publicKey))
    expect(readFileSync(file, 'latin1')).not.toContain(Buffer.from(privateKey).toString('hex'))
  })

  test('stays under its passphrase when it is replaced, until it is told otherwise', async () => {
    const sealKey = await open()
    await sealKey.rotate({ newPassphrase: 'old', entry })
    await sealKey.rotate({ passphrase: 'old', entry })
    expect(await sealKey.unlock('old')).toHaveLength(32)
    expect(await refusal(sealKey.rotate({ passphrase: 'wrong', newPassphrase: '', entry }))).toMatch(/is wrong/)
    await sealKey.rotate({ passphrase: 'old', newPassphrase: '', entry })
    expect(await sealKey.view()).toMatchObject({ keys: 'file' })
  })

  test('lies in the keychain where there is one, and cannot be opened from elsewhere', async () => {
    const sealed = new Map<string, string>()
    const keychain: Keychain = {
      async seal(text) {
        const name = `sealed${sealed.size}`
        sealed.set(name, text)
        return name
      },
      open: async (name) => sealed.get(name),
    }
    const sealKey = await open(keychain)
    expect(await sealKey.view()).toMatchObject({ keys: 'keychain', place: file })
    expect(await sealKey.unlock()).toHaveLength(32)
    expect(await refusal((await open()).unlock())).toMatch(/keychain that cannot be reached/)
  })

  test('lies in a file where the keychain protects nothing', async () => {
    const none: Keychain = { seal: async () => undefined, open: async () => undefined }
    const sealKey = await open(none)
    expect(await sealKey.view()).toMatchObject({ keys: 'file' })
    expect(sealKey.notices).toEqual([
      'no keychain protects the seal key: put it under a passphrase with mailward key rotate --new-passphrase',
    ])
  })
})

describe('replacing the seal key', () => {
  /** A store with a sample of each of two days. */
  async function withSamples(): Promise<{ fixture: StoreFixture; sealKey: SealKey; samples: number[] }> {
    const fixture = await StoreFixture.open()
    await store.stop()
    store = fixture.store
    const main = () => openConnection({ path: join(fixture.folder, 'mailward.db'), key: logKey, cacheKiB: 1024 })
    // the fixture's own key is forgotten, so that one with a file takes its place
    await store.stop()
    const database = main()
    database.exec('DELETE FROM seal_key')
    database.close()
    fixture.store = await openStore({ folder: fixture.folder, logKey, now: () => fixture.time })
    store = fixture.store
    const sealKey = await open()
    const samples: number[] = []
    await accept(fixture, 2000, samples)
    return { fixture, sealKey, samples }
  }

  /** Accepts messages of an account; the sampled ones are added. */
  async function accept(fixture: StoreFixture, count: number, samples: number[]): Promise<void> {
    const messages = Array.from({ length: count }, () => fixture.message())
    for (const message of messages) message.record.credential = 1
    await Promise.all(messages.map((message) => fixture.store.queue.accept(message)))
    const rows = await fixture.store.log.rows(messages.map(({ record }) => record.id))
    samples.push(...rows.flatMap(({ id, sampled }) => (sampled ? [id] : [])))
  }

  test('leaves every sample readable with the new key, and with the new key only', async () => {
    const { fixture, sealKey, samples } = await withSamples()
    const old = await sealKey.unlock()
    const before = await sealKey.view()
    const after = await sealKey.rotate({ entry })
    expect(after.id).not.toBe(before.id)
    expect(after.days).toBe(1)
    await accept(fixture, 1000, samples)
    expect(samples).toHaveLength(3)
    const fresh = await sealKey.unlock()
    for (const sample of samples) {
      expect((await store.samples.open(sample, fresh))?.from).toBe('billing@acme.example')
      await expect(store.samples.open(sample, old)).rejects.toThrow()
    }
    const { rows } = await store.audit.list({ action: 'custody.rotateSealKey' }, 10, undefined)
    expect(rows).toMatchObject([
      { actor: entry.actor, reason: entry.reason, facts: { from: before.id, to: after.id, days: 1 } },
    ])
    rmSync(fixture.folder, { recursive: true, force: true })
  })

  test('interrupted before the store knew leaves the old key in force', async () => {
    const { id } = await (await open()).view()
    writeFileSync(`${file}.new`, readFileSync(file, 'utf8').replace(/ [0-9a-f]{64}\n/, ` ${'a'.repeat(64)}\n`))
    const sealKey = await open()
    expect(await sealKey.view()).toMatchObject({ id, keys: 'file' })
    expect(existsSync(`${file}.new`)).toBe(false)
    // nor does a file that was cut short
    writeFileSync(`${file}.new`, 'mailward-seal fi')
    expect(await (await open()).unlock()).toHaveLength(32)
    expect(existsSync(`${file}.new`)).toBe(false)
  })

  test('interrupted after the store knew leaves the new key usable, and the next start tidies up', async () => {
    const sealKey = await open()
    copyFileSync(file, `${file}.old`)
    const { id } = await sealKey.rotate({ entry })
    // as a crash between the transaction and the renaming leaves it
    renameSync(file, `${file}.new`)
    renameSync(`${file}.old`, file)
    expect(await sealKey.unlock()).toHaveLength(32)
    expect(await sealKey.view()).toMatchObject({ id, place: `${file}.new` })
    expect(await (await open()).view()).toMatchObject({ id, place: file })
    expect(existsSync(`${file}.new`)).toBe(false)
  })

  test('that fails does not lose a key that had not taken its place yet', async () => {
    const full: Store['keys'] = {
      ...store.keys,
      rotateSealKey: () => Promise.reject(new Error('no space left on the disk')),
    }
    const sealKey = await open()
    const { id } = await sealKey.rotate({ entry })
    renameSync(file, `${file}.new`)
    const failing = await openSealKey({ file, keys: full, keychain: undefined })
    // as a replacement leaves it whose file could not be renamed
    renameSync(file, `${file}.new`)
    await expect(failing.rotate({ entry })).rejects.toThrow('no space left')
    expect(await failing.view()).toMatchObject({ id, place: file })
    expect(await failing.unlock()).toHaveLength(32)
  })

  test('is done by one at a time', async () => {
    const sealKey = await open()
    const outcomes = await Promise.allSettled([sealKey.rotate({ entry }), sealKey.rotate({ entry })])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })
})
