/**
 * Packages: what answers a request for access or portability (GDPR articles 15 and 20). A package is built once, under a
 * key of its own in `packages/` of the data folder. What is handed over is a ZIP made of it under a passphrase that is
 * told once and kept nowhere, behind a link that expires. Destroying the keys is the deletion; files are swept after.
 */

import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { errorFields } from '../../base/errorFields.ts'
import { DAY_MS } from '../../model/retention.ts'
import type { Clock, Log } from '../../mta/ports.ts'
import type { Actor } from '../../store/cases.ts'
import type { ExportRecord, ExportRefusal, LinkedExport } from '../../store/exports.ts'
import type { Store } from '../../store/store.ts'
import type { SubjectSearch, SubjectStore, Work } from '../../store/subjects.ts'
import { gagsAbout, withoutGagged } from '../legalRequests/gag.ts'
import { requestPolicy } from '../requests/requestSettings.ts'
import { readContainer } from './container.ts'
import { type Place, readHead, readRecords } from './exportStore.ts'
import { type ExportRequest, exportHead, type Sharing } from './head.ts'
import { newPassphrase } from './passphrase.ts'
import { identityOf } from './redact.ts'
import { report } from './report.ts'
import type { ExportView } from './view.ts'
import { makeFile } from './workerPool.ts'

export type { ExportRequest } from './head.ts'

const HOUR_MS = 3_600_000
/** How often expired packages are looked for. */
const SWEEP_MS = 60_000
/** Messages a reviewer is shown. */
const MOST_SHOWN = 500
/** Header records that are asked for at once. */
const BATCH = 200

export type HandedOver =
  | { ok: true /** under the console's address */; path: string; passphrase: string; expiresAt: number }
  | { ok: false; refusal: ExportRefusal }

export type ReadExport =
  | { ok: true; html: string; records: number /** messages it shows */; shown: number }
  | { ok: false; refusal: ExportRefusal }

export type ExportAct = { ok: true; view: ExportView } | { ok: false; refusal: ExportRefusal }

/** A package on its way to who has the link. */
export interface TakenExport {
  request: number
  bytes: number
  content: AsyncIterable<Uint8Array>
}

export interface DataExports {
  /** Removes what a crash left and what has expired, then looks every minute. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Builds the package of a request. Undefined when it was cancelled. Progress counts header records. */
  build(request: ExportRequest, actor: Actor, work: Work): Promise<ExportView | undefined>
  /** Packages of a request, oldest first; destroyed ones too. */
  list(request: number): Promise<ExportView[]>
  /** The request a package belongs to. */
  requestOf(id: number): Promise<number | undefined>
  /** Its report as the person will see it, the first messages of it; that it was read is written down. */
  read(id: number, actor: Actor): Promise<ReadExport>
  review(id: number, note: string, actor: Actor): Promise<ExportAct>
  /** Makes a link, good for so many hours and as long as the package stays. An earlier one ends. */
  handOver(id: number, hours: number, actor: Actor): Promise<HandedOver>
  destroy(id: number, actor: Actor): Promise<ExportAct>
  /** What a link leads to; counts as a download. Undefined when it leads nowhere, any more or at all. */
  take(token: string): Promise<TakenExport | undefined>
  /** Destroys what has expired, and removes files that belong to no package. */
  sweep(): Promise<void>
}

export interface DataExportsOptions {
  store: Pick<Store, 'dataExports' | 'requests' | 'settings' | 'directory' | 'trust' | 'cases' | 'legalRequests'> & {
    subjects: Pick<SubjectStore, 'search' | 'records' | 'hash'>
  }
  /** data folder */
  folder: string
  /** name of the relay */
  hostname: string
  /** who else gets data, from the settings in force */
  sharing?(): Promise<Sharing>
  clock: Clock
  log: Log
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}

function viewOf(record: ExportRecord, now: number): ExportView {
  const { id, createdAt, expiresAt, bytes, records, sha256, builtBy, reviewedBy, downloads } = record
  return {
    ...{ id, bytes, records, sha256, builtBy, downloads },
    createdAt: time(createdAt),
    expiresAt: time(expiresAt),
    needsReview: record.needsReview && reviewedBy === undefined,
    reviewedBy: reviewedBy ?? null,
    available: record.destroyedAt === undefined && expiresAt > now,
  }
}

async function* first<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let left = most
  for await (const item of items) {
    if (left-- === 0) return
    yield item
  }
}

/** Builds the part of the relay that makes packages and hands them over. Nothing runs before its `start`. */
export function createDataExports({ store, folder, hostname, sharing, clock, log }: DataExportsOptions): DataExports {
  const { dataExports, subjects, directory } = store
  const home = join(folder, 'packages')
  /** files that are being written and that no row names yet */
  const unfinished = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> = Promise.resolve()

  /** Runs what writes a file under a key of its own; removes the file unless it ends well. */
  async function written<T>(write: (file: string, place: Place) => Promise<T | undefined>): Promise<T | undefined> {
    const file = `${randomBytes(12).toString('hex')}.pkg`
    const place = { path: join(home, file), key: randomBytes(32) }
    unfinished.add(file)
    let result: T | undefined
    try {
      await mkdir(home, { recursive: true, mode: 0o700 })
      result = await write(file, place)
      return result
    } finally {
      if (result === undefined) await rm(place.path, { force: true })
      unfinished.delete(file)
    }
  }

  /** What the request's own search found, or a new one. */
  async function found(request: ExportRequest, work: Work): Promise<SubjectSearch | undefined> {
    const known = (await store.requests.get(request.id))?.search
    return known?.state === 'done' ? known : subjects.search(request.scope, work)
  }

  async function build(request: ExportRequest, actor: Actor, work: Work): Promise<ExportView | undefined> {
    const built = await buildFrom(await found(request, work), request, actor, work)
    // damaged since the search: another one says so in the package
    if (built !== 'less than found') return built
    const rebuilt = await buildFrom(await subjects.search(request.scope, work), request, actor, work)
    if (rebuilt === 'less than found') throw new Error('days can be read at one time and not at another')
    return rebuilt
  }

  /** `less than found`: a day cannot be read, and the search does not say so. */
  async function buildFrom(
    places: SubjectSearch | undefined,
    request: ExportRequest,
    actor: Actor,
    work: Work,
  ): Promise<ExportView | 'less than found' | undefined> {
    const { scope } = request
    if (!places) return undefined
    let isLess = false
    const isNotified = places.places.some(({ cause }) => cause === 'damage')
    const createdAt = clock.now()
    const receivedAt = (await store.requests.get(request.id))?.receivedAt
    const about = { relay: hostname, createdAt, receivedAt, sharing: (await sharing?.()) ?? [] }
    const named = places.accounts.map((one) => one.account)
    const isGagged = (await gagsAbout(store, scope, named, createdAt)).length > 0
    const told = isGagged ? { ...places, places: withoutGagged(places.places) } : places
    const head = await exportHead(store, request, told, about)
    const total = places.accounts.reduce((sum, { records }) => sum + records, 0)
    const person = scope.address === undefined ? undefined : identityOf(scope.address)
    const accounts = directory.accounts().map(({ id, name, domains }) => ({ id, name, domains }))
    let records = 0
    let after: number | undefined = 0
    const next = async () => {
      if (after === undefined || work.isCancelled()) return undefined
      const page = await subjects.records(scope, after, BATCH)
      const shown = isGagged ? page.records.filter(({ keepUntil }) => keepUntil > createdAt) : page.records
      records += shown.length
      after = page.next
      isLess ||= !page.isWhole && !isNotified
      work.progress(records, Math.max(total, records))
      return shown
    }
    const made = await written(async (file, to) => {
      const { bytes, sha256 } = await makeFile({ kind: 'build', to, head, person, accounts }, next)
      if (work.isCancelled() || isLess) return undefined
      const { reviewPackages, packageDays } = await requestPolicy(store.settings)
      const expiresAt = createdAt + packageDays * DAY_MS
      const account = scope.address === undefined ? scope.account : undefined
      const added = { request: request.id, account, expiresAt, bytes, records, sha256, needsReview: reviewPackages }
      return dataExports.add({ ...added, file, key: to.key }, actor, clock.now())
    })
    if (isLess) return 'less than found'
    return made && viewOf(made, clock.now())
  }

  async function handOver(id: number, hours: number, actor: Actor): Promise<HandedOver> {
    const record = await dataExports.get(id)
    if (!record) return { ok: false, refusal: 'not found' }
    // refused before the work, and once more in the writing transaction
    if (record.needsReview && record.reviewedBy === undefined) return { ok: false, refusal: 'not reviewed' }
    const content = await dataExports.content(id, clock.now())
    if (!content) return { ok: false, refusal: 'gone' }
    const from = { path: join(home, content.file), key: content.key }
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
    await sweep()
    return { ok: true, path: `/package/${token}`, passphrase, expiresAt: handed.expiresAt }
  }

  async function read(id: number, actor: Actor): Promise<ReadExport> {
    const now = clock.now()
    const content = await dataExports.content(id, now)
    const noted = await dataExports.read(id, actor, now)
    if (!noted.ok || !content) return { ok: false, refusal: noted.ok ? 'gone' : noted.refusal }
    const place = { path: join(home, content.file), key: content.key }
    const { records } = noted.package
    let html = ''
    for await (const piece of report(await readHead(place), records, first(readRecords(place), MOST_SHOWN), 0))
      html += piece
    return { ok: true, html, records, shown: Math.min(records, MOST_SHOWN) }
  }

  async function removeOrphans(): Promise<void> {
    const needed = new Set(await dataExports.files())
    const there = await readdir(home).catch(() => [])
    for (const file of there)
      if (!needed.has(file) && !unfinished.has(file)) await rm(join(home, file), { force: true, recursive: true })
  }

  async function sweepNow(): Promise<void> {
    const ended = await dataExports.expire(clock.now())
    if (ended > 0) log.info({ ended }, 'packages or links have expired')
    await removeOrphans()
  }

  function sweep(): Promise<void> {
    const next = sweeping.then(sweepNow)
    sweeping = next.catch(() => undefined)
    return next
  }

  async function act(result: ReturnType<typeof dataExports.destroy>): Promise<ExportAct> {
    const done = await result
    return done.ok ? { ok: true, view: viewOf(done.package, clock.now()) } : done
  }

  function contentOf({ file, key }: LinkedExport): AsyncIterable<Uint8Array> {
    return readContainer(join(home, file), key)
  }

  return {
    async start() {
      await sweep()
      const poll = () => void sweep().catch((fault) => log.error(errorFields(fault), 'packages could not be swept'))
      timer = setInterval(poll, SWEEP_MS)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await sweeping
    },
    build,
    async list(request) {
      return (await dataExports.list(request)).map((record) => viewOf(record, clock.now()))
    },
    requestOf: async (id) => (await dataExports.get(id))?.request,
    read,
    review: (id, note, actor) => act(dataExports.review(id, note, actor, clock.now())),
    handOver,
    async destroy(id, actor) {
      const done = await act(dataExports.destroy(id, actor, clock.now()))
      await sweep()
      return done
    },
    async take(token) {
      const linked = await dataExports.take(hashOf(token), clock.now())
      return linked && { request: linked.request, bytes: linked.bytes, content: contentOf(linked) }
    },
    sweep,
  }
}
