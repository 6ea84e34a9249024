/** Real messages, read from beside the checkout where they are; none is part of the project. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAddressList } from '../../src/model/addressList.ts'
import { scanHeader } from '../../src/model/header.ts'
import { asciiDomain } from '../../src/mta/domains/domain.ts'
import { startIntake } from './support/intake.ts'

const folder = join(import.meta.dirname, '../../../shared/mail')

function files(from: string): string[] {
  return readdirSync(from, { withFileTypes: true }).flatMap((entry) => {
    const path = join(from, entry.name)
    if (entry.isDirectory()) return files(path)
    return /README|\.(?:bmp|exr|gif|p[bgnp]m|ras|sgi|tiff|xbm|png|jpe?g|rast|au|aiff|wav|webp)$/i.test(entry.name)
      ? []
      : [path]
  })
}

/** With CRLF at every line end, dots not yet stuffed. */
function normalised(raw: Buffer): Buffer {
  const text = raw
    .toString('latin1')
    .replace(/\r\n|\r|\n/g, '\r\n')
    .replaceAll('\0', '')
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1')
}

function stuffed(message: Buffer): Buffer {
  return Buffer.from(message.toString('latin1').replace(/(^|\r\n)\./g, '$1..'), 'latin1')
}

/** The domains its own From asks for; undefined when it has none that can be read. */
function domainsOf(message: Buffer): string[] | undefined {
  const { from } = scanHeader(message)
  if (from.length === 0) return undefined
  const lists = from.map(({ start, end }) => parseAddressList(message.toString('utf8', start, end)))
  if (lists.some((list) => !list || list.length === 0)) return undefined
  return lists.flatMap((list) => list!.map(({ domain }) => asciiDomain(domain)!))
}

describe.skipIf(!existsSync(folder))('real messages (skipped where ../shared/mail is missing)', () => {
  test('arrive octet for octet, or are refused for what their From is', { timeout: 120_000 }, async () => {
    const { greet, submissions, directory } = await startIntake()
    const client = await greet()
    const refused: string[] = []
    const all = files(folder)
    for (const path of all) {
      const message = normalised(readFileSync(path))
      const domains = domainsOf(message)
      directory.change({ accounts: [{ domains: domains ?? ['acme.example'] }] })
      const reply = await client.submit(stuffed(message), '')
      const name = path.slice(folder.length + 1)
      if (!reply.startsWith('250')) refused.push(`${name}: ${reply}`)
      else expect(Buffer.compare(submissions.pop()!.data as Buffer, message), name).toBe(0)
    }
    expect(all.length - refused.length).toBeGreaterThan(300)
    expect(refused.filter((line) => !/: 550 5\.6\.0 .*From header/.test(line))).toEqual([])
  })
})
