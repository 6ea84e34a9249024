/** The scan that the promise is checked with finds what it looks for: otherwise its silence would mean nothing. */

import { deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../src/model/retention.ts'
import { findDecrypted, findIn, findInFiles } from '../support/canary.ts'
import { logKey, StoreFixture } from '../support/storeFixture.ts'

const canary = 'Kanarienvogel-7f3a91c2'

test.each<[string, Buffer]>([
  ['UTF-8', Buffer.from(`x${canary}y`)],
  ['UTF-16LE', Buffer.from(`x${canary}y`, 'utf16le')],
  ['UTF-16BE', Buffer.from(`x${canary}y`, 'utf16le').swap16()],
  ['base64+0', Buffer.from(Buffer.from(`xxx${canary}y`).toString('base64'))],
  ['base64+1', Buffer.from(Buffer.from(`xxxx${canary}yy`).toString('base64'))],
  ['base64+2', Buffer.from(Buffer.from(`xx${canary}y`).toString('base64'))],
  ['UTF-8', Buffer.concat([Buffer.alloc(100, 7), deflateSync(`${'word '.repeat(40)}${canary}`)])],
  ['UTF-8', Buffer.concat([Buffer.alloc(100, 7), gzipSync(`${'word '.repeat(40)}${canary}`)])],
])('finds %s', (encoding, bytes) => {
  expect(findIn('here', bytes, [canary]).map((found) => found.encoding)).toContain(encoding)
  expect(findIn('here', bytes, ['another-canary-0000'])).toEqual([])
})

describe('in a data folder', () => {
  let fixture: StoreFixture
  beforeEach(async () => {
    fixture = await StoreFixture.open(Date.UTC(2026, 10, 23, 12))
  })
  afterEach(() => fixture.close())

  test('finds what lies in the databases behind their keys, and that nothing lies before them', async () => {
    const message = { subject: `${canary}-subject`, to: [`${canary}-to@kestrel.example`], body: `${canary}-body` }
    await fixture.deliver(message)
    await fixture.archived(1)
    const live = { ...message, subject: `${canary}-live`, body: `${canary}-waiting`, state: 'queued' as const }
    await fixture.store.queue.accept(fixture.message(live))
    await fixture.reopen(() => {
      expect(findInFiles(fixture.folder, [canary])).toEqual([])
      const found = (text: string) => findDecrypted(fixture.folder, logKey, [text]).map(({ place }) => place)
      expect(found(`${canary}-subject`)).toContain('days/2026-11-23.db, pages')
      expect(found(`${canary}-subject`)).toContain('days/2026-11-23.db, record')
      expect(found(`${canary}-to@kestrel.example`)).toContain('days/2026-11-23.db, pages')
      expect(found(`${canary}-live`)).toEqual(['mailward.db, pages'])
      expect(found(`${canary}-waiting`)).toEqual(['mailward.db, pages'])
      // a body is gone with its last delivery
      expect(found(`${canary}-body`)).toEqual([])
    })
  })

  test('finds nothing of a day that went', async () => {
    await fixture.deliver({ subject: `${canary}-subject`, to: [`${canary}@kestrel.example`], body: `${canary}-body` })
    await fixture.archived(1)
    fixture.time += 70 * DAY_MS
    const receipts = await fixture.store.retention.purge(fixture.time)
    expect(receipts).toHaveLength(1)
    await fixture.reopen(() => {
      expect(findInFiles(fixture.folder, [canary])).toEqual([])
      expect(findDecrypted(fixture.folder, logKey, [canary])).toEqual([])
    })
  })
})
