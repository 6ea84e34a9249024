/** The file that is handed over, of few messages and of many. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readContainer } from '../../src/privacy/exports/container.ts'
import { type ExportHead, MOST_HEADER_FILES, type PackedRecord } from '../../src/privacy/exports/content.ts'
import { type Place, writeExport } from '../../src/privacy/exports/exportStore.ts'
import { zipExport } from '../../src/privacy/exports/zip.ts'
import { unzip } from './unzip.ts'

const head: ExportHead = {
  ...{ request: 7, kind: 'access', subject: 'tom@kestrel.example', redacted: true, relay: 'relay.example' },
  ...{ createdAt: Date.UTC(2026, 10, 23), receivedAt: undefined, keepDays: 70, places: [], accounts: ['acme'] },
  ...{ sharing: [], account: undefined },
}

function recordOf(n: number): PackedRecord {
  const subject = `No ${n}.`
  return {
    ...{ id: `ID${n}`, account: 'acme', acceptedAt: '2026-11-23T12:00:00.000Z', keepUntil: '2027-02-01T12:00:00.000Z' },
    ...{ from: 'billing@acme.example', to: ['tom@kestrel.example'], subject, messageId: '', size: 4096 },
    ...{ status: 'delivered', sampled: false, deliveries: [], headers: `Subject: ${subject}\r\n\r\n` },
  }
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailward-zip-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What a person finds who opens the package of so many messages. */
async function openedOf(count: number): Promise<Map<string, string>> {
  async function* records() {
    for (let n = 0; n < count; n++) yield recordOf(n)
  }
  const place = (name: string): Place => ({ path: join(folder, name), key: new Uint8Array(32).fill(3) })
  await writeExport(place('records'), head, records())
  await zipExport(place('records'), place('zip'), count, 'a passphrase')
  const bytes: Uint8Array[] = []
  for await (const piece of readContainer(place('zip').path, place('zip').key)) bytes.push(piece)
  return unzip(Buffer.concat(bytes), 'a passphrase')
}

test('header blocks of few messages are files beside the report, which leads to them', async () => {
  const files = await openedOf(2)
  expect([...files.keys()].filter((name) => name.startsWith('headers'))).toEqual(['headers/ID0.eml', 'headers/ID1.eml'])
  expect(files.get('headers/ID1.eml')).toBe('Subject: No 1.\r\n\r\n')
  expect(files.get('report.html')).toContain('href="headers/ID1.eml"')
})

test('header blocks of many messages lie in an archive, and the report leads to no file that is not there', async () => {
  const many = MOST_HEADER_FILES + 1
  const files = await openedOf(many)
  const names = ['README.txt', 'headers.zip', 'records.csv', 'records.json', 'report.html']
  expect(new Set(files.keys())).toEqual(new Set(names))
  const archive = files.get('headers.zip')!
  for (let n = 0; n < many; n++) {
    expect(archive).toContain(`ID${n}.eml`)
    expect(archive).toContain(`Subject: No ${n}.\r\n\r\n`)
  }
  expect(files.get('report.html')).not.toContain('headers/')
  expect(files.get('README.txt')).toContain('headers.zip    the header block of each message')
  // the archive itself is one: a tool finds its directory at its end
  expect(archive.lastIndexOf('PK\x05\x06')).toBeGreaterThan(archive.indexOf('PK\x03\x04'))
})
