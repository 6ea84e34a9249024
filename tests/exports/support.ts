/** Packages over a real store, and what stands in for the search of persons where a test is not about it. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { mailboxKey } from '../../src/model/addressKey.ts'
import type { MessageId } from '../../src/model/id.ts'
import { createDataExports, type DataExports } from '../../src/privacy/exports/exports.ts'
import { createLog } from '../../src/relay/host/logging.ts'
import type { MessageDetail } from '../../src/store/store.ts'
import type { SubjectScope, SubjectStore } from '../../src/store/subjects.ts'
import { StoreFixture } from '../support/storeFixture.ts'
import { unzip } from './unzip.ts'

export const builder = { id: 1, email: 'tove@mailward.example' }
export const second = { id: 2, email: 'ines@mailward.example' }
export const local = { id: 0, email: 'local' }
export const work = { progress: () => undefined, isCancelled: () => false }

function concerns(detail: MessageDetail, { address, account }: SubjectScope): boolean {
  if (account !== undefined && detail.account !== account) return false
  if (address === undefined) return true
  const wanted = mailboxKey(address)
  const involved = [detail.envelope.from, ...detail.deliveries.map(({ recipient }) => recipient)]
  return involved.some((one) => mailboxKey(one) === wanted)
}

/** Looks at every header record of the store. */
export function scanning(fixture: StoreFixture): Pick<SubjectStore, 'search' | 'records'> {
  async function all(scope: SubjectScope): Promise<MessageDetail[]> {
    const { rows } = await fixture.store.log.search({}, 100_000, undefined, 60_000)
    const details = await Promise.all(rows.map(({ id }) => fixture.store.log.get(id)))
    return details.flatMap((one) => (one && concerns(one, scope) ? [one] : [])).sort((a, b) => a.id - b.id)
  }
  return {
    async search(scope) {
      const found = await all(scope)
      const accounts = [...new Set(found.map(({ account }) => account))]
      const counts = accounts.map((account) => ({
        account,
        records: found.filter((one) => one.account === account).length,
      }))
      const places = [
        { place: 'header records', count: found.length, excepted: 0, why: '' },
        { place: 'samples', count: 0, excepted: 0, why: '' },
      ]
      return { places, accounts: counts }
    },
    async records(scope, after: MessageId, limit) {
      const records = (await all(scope)).filter(({ id }) => id > after)
      const page = records.slice(0, limit)
      return { records: page, next: records.length > limit ? page.at(-1)!.id : undefined, isWhole: true }
    },
  }
}

export interface Bench {
  fixture: StoreFixture
  dataExports: DataExports
  /** names in `packages/` */
  files(): string[]
  /** Builds anew over the same folder, as after a start. */
  again(): DataExports
  close(): Promise<void>
}

export async function openBench(time?: number): Promise<Bench> {
  const fixture = await StoreFixture.open(time)
  const again = () =>
    createDataExports({
      store: { ...fixture.store, subjects: { ...scanning(fixture), hash: fixture.store.subjects.hash } },
      folder: fixture.folder,
      hostname: 'relay.example',
      clock: { now: () => fixture.time },
      log: createLog('silent'),
    })
  return {
    fixture,
    dataExports: again(),
    files: () => readdirSync(join(fixture.folder, 'packages')),
    again,
    close: () => fixture.close(),
  }
}

/** All bytes of what a link leads to. */
export async function download(dataExports: DataExports, path: string): Promise<Buffer | undefined> {
  const taken = await dataExports.take(path.replace('/package/', ''))
  if (!taken) return undefined
  const pieces: Uint8Array[] = []
  for await (const piece of taken.content) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Builds, hands over and opens a package. */
export async function opened(dataExports: DataExports, scope: SubjectScope): Promise<Map<string, string>> {
  const built = (await dataExports.build({ id: 7, kind: 'access', scope }, builder, work))!
  const handed = await dataExports.handOver(built.id, 1, builder)
  if (!handed.ok) throw new Error(handed.refusal)
  return unzip((await download(dataExports, handed.path))!, handed.passphrase)
}
