/**
 * Packages: what answers a request for access or portability (GDPR articles 15 and 20). A package is built once, under a
 * key of its own in `packages/` of the data folder. What is handed over is a ZIP made of it under a passphrase that is
 * told once and kept nowhere, behind a link that expires. Destroying the keys is the deletion; files are swept after.
 */

import { join } from 'node:path'
import { errorFields } from '../../base/errorFields.ts'
import type { Actor } from '../../store/cases.ts'
import type { ExportRefusal } from '../../store/exports.ts'
import type { Work } from '../../store/subjects.ts'
import { createBuilding } from './building.ts'
import { createHandingOver, type HandedOver, type ReadExport, type TakenExport } from './handingOver.ts'
import type { ExportRequest } from './head.ts'
import { type DataExportsOptions, viewOf } from './options.ts'
import { createPackageFiles } from './packageFiles.ts'
import type { ExportView } from './view.ts'

export type { ExportRequest } from './head.ts'

/** How often expired packages are looked for. */
const SWEEP_MS = 60_000

export type ExportAct = { ok: true; view: ExportView } | { ok: false; refusal: ExportRefusal }

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

/** Builds the part of the relay that makes packages and hands them over. Nothing runs before its `start`. */
export function createDataExports(options: DataExportsOptions): DataExports {
  const { store, folder, clock, log } = options
  const { dataExports } = store
  const files = createPackageFiles(join(folder, 'packages'))
  const { build } = createBuilding(options, files)
  const { handOver, read, take } = createHandingOver(options, files)
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> = Promise.resolve()

  async function sweepNow(): Promise<void> {
    const ended = await dataExports.expire(clock.now())
    if (ended > 0) log.info({ ended }, 'packages or links have expired')
    await files.removeAllBut(await dataExports.files())
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
    read,
    take,
    async list(request) {
      return (await dataExports.list(request)).map((record) => viewOf(record, clock.now()))
    },
    requestOf: async (id) => (await dataExports.get(id))?.request,
    review: (id, note, actor) => act(dataExports.review(id, note, actor, clock.now())),
    async handOver(id, hours, actor) {
      const handed = await handOver(id, hours, actor)
      // the file of an earlier link
      if (handed.ok) await sweep()
      return handed
    },
    async destroy(id, actor) {
      const done = await act(dataExports.destroy(id, actor, clock.now()))
      await sweep()
      return done
    },
    sweep,
  }
}
