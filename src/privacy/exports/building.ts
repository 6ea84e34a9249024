/** Builds the package of a request out of what the store finds of the person. */

import { mailboxKey } from '../../model/addressKey.ts'
import { DAY_MS } from '../../model/retention.ts'
import type { Actor } from '../../store/cases.ts'
import type { SubjectSearch, Work } from '../../store/subjects.ts'
import { gagsAbout, withoutGagged } from '../legalRequests/gag.ts'
import { requestPolicy } from '../requests/requestSettings.ts'
import { type ExportRequest, exportHead } from './head.ts'
import { type DataExportsOptions, viewOf } from './options.ts'
import type { PackageFiles } from './packageFiles.ts'
import type { ExportView } from './view.ts'
import { makeFile } from './workerPool.ts'

/** Header records that are asked for at once. */
const BATCH = 200

type BuildingOptions = Pick<DataExportsOptions, 'store' | 'hostname' | 'sharing' | 'clock'>

export function createBuilding({ store, hostname, sharing, clock }: BuildingOptions, { written }: PackageFiles) {
  const { dataExports, subjects, directory } = store

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
    // what may be of another mailbox is the team's to look into, and not to be handed over
    const found = { ...places, places: places.places.filter(({ place }) => place !== 'found also by tag') }
    const told = isGagged ? { ...found, places: withoutGagged(found.places) } : found
    const head = await exportHead(store, request, told, about)
    const total = places.accounts.reduce((sum, { records }) => sum + records, 0)
    const person = scope.address === undefined ? undefined : mailboxKey(scope.address)
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

  return { build }
}
