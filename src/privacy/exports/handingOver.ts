/** Hands packages over: to a reviewer's eyes, and to whoever has the link and its passphrase. */

import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../store/cases.ts'
import type { ExportRefusal } from '../../store/exports.ts'
import { readContainer } from './container.ts'
import { readHead, readRecords } from './exportStore.ts'
import type { DataExportsOptions } from './options.ts'
import type { PackageFiles } from './packageFiles.ts'
import { newPassphrase } from './passphrase.ts'
import { report } from './report.ts'
import { makeFile } from './workerPool.ts'

const HOUR_MS = 3_600_000
/** Messages a reviewer is shown. */
const MOST_SHOWN = 500

export type HandedOver =
  | { ok: true /** under the console's address */; path: string; passphrase: string; expiresAt: number }
  | { ok: false; refusal: ExportRefusal }

export type ReadExport =
  | { ok: true; html: string; records: number /** messages it shows */; shown: number }
  | { ok: false; refusal: ExportRefusal }

/** A package on its way to who has the link. */
export interface TakenExport {
  request: number
  bytes: number
  content: AsyncIterable<Uint8Array>
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

async function* first<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let left = most
  for await (const item of items) {
    if (left-- === 0) return
    yield item
  }
}

export function createHandingOver(
  { store: { dataExports }, clock }: Pick<DataExportsOptions, 'store' | 'clock'>,
  { written, placeOf }: PackageFiles,
) {
  async function handOver(id: number, hours: number, actor: Actor): Promise<HandedOver> {
    const record = await dataExports.get(id)
    if (!record) return { ok: false, refusal: 'not found' }
    // refused before the work, and once more in the writing transaction
    if (record.needsReview && record.reviewedBy === undefined) return { ok: false, refusal: 'not reviewed' }
    const content = await dataExports.content(id, clock.now())
    if (!content) return { ok: false, refusal: 'gone' }
    const from = placeOf(content)
    const passphrase = newPassphrase()
    const token = randomBytes(16).toString('base64url')
    let refusal: ExportRefusal = 'gone'
    const handed = await written(async (file, to) => {
      const zip = await makeFile({ kind: 'zip', from, to, records: record.records, passphrase })
      const linkExpires = clock.now() + hours * HOUR_MS
      const link = { linkHash: hashOf(token), linkExpires }
      const result = await dataExports.handOver(id, { file, key: to.key, ...zip, ...link }, actor, clock.now())
      if (!result.ok) refusal = result.refusal
      return result.ok ? { expiresAt: Math.min(linkExpires, result.package.expiresAt) } : undefined
    })
    if (!handed) return { ok: false, refusal }
    return { ok: true, path: `/package/${token}`, passphrase, expiresAt: handed.expiresAt }
  }

  async function read(id: number, actor: Actor): Promise<ReadExport> {
    const now = clock.now()
    const content = await dataExports.content(id, now)
    const noted = await dataExports.read(id, actor, now)
    if (!noted.ok || !content) return { ok: false, refusal: noted.ok ? 'gone' : noted.refusal }
    const place = placeOf(content)
    const { records } = noted.package
    let html = ''
    for await (const piece of report(await readHead(place), records, first(readRecords(place), MOST_SHOWN), 0))
      html += piece
    return { ok: true, html, records, shown: Math.min(records, MOST_SHOWN) }
  }

  async function take(token: string): Promise<TakenExport | undefined> {
    const linked = await dataExports.take(hashOf(token), clock.now())
    if (!linked) return undefined
    const { path, key } = placeOf(linked)
    return { request: linked.request, bytes: linked.bytes, content: readContainer(path, key) }
  }

  return { handOver, read, take }
}
