/**
 * A data folder written on 2026-12-01 (schema 14), stored with the tests: it opens, and everything is in it.
 * Its databases lie in the archive without their encryption, which nothing could compress; they get it back, under the
 * keys they had, before they are opened.
 */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatId } from '../../src/model/id.ts'
import { readManifest } from '../../src/relay/host/folder.ts'
import { openLedger } from '../../src/relay/keys/erasureLedger.ts'
import { readLogKey } from '../../src/relay/keys/logKey.ts'
import { readSealFile } from '../../src/relay/keys/sealFile.ts'
import { openStore } from '../../src/store/index.ts'
import type { Store } from '../../src/store/store.ts'
import { temporaryFolder } from '../support/storeFixture.ts'
import { type Contents, contentsOf } from './folderContents.ts'

interface Written {
  /** the moment it was asked what it holds, milliseconds */
  now: number
  /** id of the folder */
  id: string
  contents: Contents
  /** hex, by database file */
  keys: Record<string, string>
}

const archive = join(import.meta.dirname, '../fixtures/older-folder.tar.gz')
const root = temporaryFolder()
const folder = join(root.path, 'data')
let written: Written
let store: Store
let found: Contents

function encrypt(file: string, key: string): void {
  const database = new Database(join(folder, file), { fileMustExist: true })
  database.pragma("cipher='aegis'")
  database.pragma(`rekey="x'${key}'"`)
  database.pragma('journal_mode=WAL')
  database.close()
}

/** What was written and is not found any more. */
function missing(before: readonly string[], after: readonly string[]): string[] {
  const left = [...after]
  return before.filter((fact) => {
    const at = left.indexOf(fact)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

beforeAll(async () => {
  const unpacked = spawnSync('tar', ['-xzf', archive, '-C', root.path])
  if (unpacked.status !== 0) throw new Error(`tar: ${unpacked.stderr?.toString() ?? unpacked.error?.message}`)
  written = JSON.parse(readFileSync(join(root.path, 'contents.json'), 'utf8')) as Written
  for (const [file, key] of Object.entries(written.keys)) encrypt(file, key)
  const logKey = await readLogKey(join(root.path, 'log.key'))
  const sealPrivateKey = await readSealFile(join(root.path, 'log.key.seal'), undefined, undefined)
  store = await openStore({ folder, folderId: written.id, logKey, now: () => written.now })
  found = await contentsOf(store, written.id, written.now, sealPrivateKey)
})
afterAll(async () => {
  await store?.stop()
  root.remove()
})

test('everything that was in it is found', () => {
  const lost = Object.entries(written.contents).flatMap(([subject, things]) => {
    const there = found[subject] ?? []
    const lacking = things.flatMap((facts, index) => {
      const gone = missing(facts, there[index] ?? [])
      return gone.length > 0 ? [{ subject, index, gone }] : []
    })
    return there.length === things.length
      ? lacking
      : [{ subject, before: things.length, after: there.length }, ...lacking]
  })
  expect(lost).toEqual([])
  // it is a folder in which something of every kind was
  for (const [subject, things] of Object.entries(written.contents)) expect(things, subject).not.toEqual([])
  expect(Object.keys(written.contents)).toHaveLength(Object.keys(found).length)
})

test('its notices name nothing damaged', () => {
  expect(store.notices).toEqual([])
})

test('its files beside the data folder are read: the card, the erasure ledger', async () => {
  expect(await readManifest(folder)).toMatchObject({ id: written.id })
  const ledger = await openLedger(join(root.path, 'log.key.erasures'), written.id, written.now)
  expect(ledger.notices).toEqual([])
})

test('what it has to send is sent as it was accepted, also a body that lies in a file', async () => {
  const { rows } = await store.queue.list({}, 100, undefined)
  const large = rows.find(({ subject }) => subject === 'Large and deferred')!
  await store.queue.act('retry', { message: formatId(large.message) }, 'the other side is back', written.now)
  const due = await store.queue.due(large.delivery.destination, 10)
  const claimed = await store.queue.claim(
    due.filter(({ message }) => message === large.message),
    written.now,
  )
  expect(claimed).toHaveLength(1)
  const body = Buffer.from(claimed[0]!.body).toString('latin1')
  expect(body.slice(body.indexOf('\r\n\r\n') + 4)).toBe(`${'A large line of a body.\r\n'.repeat(2800)}\r\n`)
})
