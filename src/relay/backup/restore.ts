/**
 * Puts a backup into a new data folder. Before the folder can be opened by a relay, retention and the erasure ledger run
 * over it, and what was unfinished is held: it may have been delivered since, and nothing is sent twice without a person.
 * The folder's card is written last, so that a restore that was interrupted is no data folder.
 */

import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isSubpath } from '../../base/isSubpath.ts'
import { type BackupRecord, hashFile, openStore, restoreBackup } from '../../store/index.ts'
import type { Store } from '../../store/store.ts'
import { ConfigError } from '../host/configError.ts'
import { newManifest, writeManifest } from '../host/folder.ts'
import { readLedger, replayErasures } from '../keys/erasureLedger.ts'
import { keyFiles, readLogKey } from '../keys/logKey.ts'
import { placeProblem } from './folderProblem.ts'
import { type Manifest, openBackupKey, readManifest } from './manifest.ts'

export interface RestoreOrder {
  /** folder of the backup, absolute */
  from: string
  /** the new data folder, absolute */
  folder: string
  /** where keys lie unless `keyFile` names one */
  keyFolder: string
  keyFile: string | undefined
}

/** What came back, and what was destroyed at once. */
export interface RestoreReport {
  backup: string
  /** when the backup was made */
  createdAt: string
  destroyBy: string
  /** kept: header records of these days, and unfinished messages, which are held */
  days: number
  headers: number
  held: number
  /** destroyed because their time was up */
  destroyed: { day: string; headers: number }[]
  /** rows erased and orders repeated from the erasure ledger; null when there is no ledger */
  erasures: number | null
  /** days that were not in the backup, because their file was damaged or lost when it was made */
  leftOut: string[]
}

async function refuseUsedFolder({ folder, from }: RestoreOrder): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new ConfigError(`${folder} is not empty: name a new data folder with --data`)
  if (await isSubpath(from, folder))
    throw new ConfigError(`${folder} lies inside the backup: name a data folder elsewhere with --data`)
}

async function manifestOf(from: string): Promise<Manifest> {
  const manifest = await readManifest(from)
  if (manifest) return manifest
  throw new ConfigError(
    `${from} has no backup.json of this version: it is no backup, or making it was interrupted; name another folder`,
  )
}

/** Every file as it was written; a damaged one would be found later by its cipher, in the middle of the restore. */
async function refuseDamage(from: string, { files }: Manifest): Promise<void> {
  for (const { path, size, sha256 } of files) {
    const full = join(from, path)
    const same = existsSync(full) && (await stat(full)).size === size && hashFile(full) === sha256
    if (!same) throw new ConfigError(`${full} is damaged or missing: use another backup`)
  }
}

function recordOf(folder: string, { id, createdAt, destroyBy, days, headers, live, files }: Manifest): BackupRecord {
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const times = { createdAt: Date.parse(createdAt), destroyBy: Date.parse(destroyBy) }
  return { id, folder, ...times, days, headers, live, bytes }
}

/** Retention, erasure and holding, in the opened store. Nothing runs on it yet. */
async function bringUpToDate(
  store: Store,
  order: { from: string; manifest: Manifest; ledgerFile: string; now: number },
): Promise<Omit<RestoreReport, 'days' | 'headers' | 'leftOut'>> {
  const { from, manifest, ledgerFile, now } = order
  const { id: backup, createdAt, destroyBy, folder } = manifest
  const ledger = await readLedger(ledgerFile)
  if (ledger?.problem) throw new ConfigError(`${ledger.problem}: put the erasure ledger back from a copy`)
  const erasures = ledger ? await replayErasures(store, ledger.erasures, now) : null
  const receipts = await store.retention.purge(now)
  const destroyed = receipts.flatMap(({ day, headers }) => (day === null ? [] : [{ day, headers }]))
  await store.queue.recover(now)
  const reason = `restored from a backup of ${createdAt}; it may have been delivered since: release or cancel it`
  const { deliveries } = await store.queue.act('hold', {}, reason, now)
  const gone = destroyed.reduce((sum, { headers }) => sum + headers, 0)
  // no backup knows of itself, and it has to be destroyed by its date like those before it
  await store.keys.addBackup(recordOf(from, manifest), {
    at: now,
    actor: 'local',
    action: 'custody.restore',
    object: `backup ${backup}`,
    reason: '',
    details: {},
    facts: {
      backup,
      folder,
      createdAt,
      held: deliveries,
      destroyedDays: destroyed.length,
      destroyedHeaders: gone,
      erasures,
    },
  })
  return { backup, createdAt, destroyBy, held: deliveries, destroyed, erasures }
}

async function restoreInto(order: RestoreOrder, manifest: Manifest, now: number): Promise<RestoreReport> {
  const { from, folder } = order
  const { keyFile, ledgerFile } = await keyFiles(order, manifest.folder)
  if (!existsSync(keyFile))
    throw new ConfigError(`the log key of the backup is missing: put ${keyFile} back, or name it with --key-file`)
  const logKey = await readLogKey(keyFile)
  const key = openBackupKey(logKey, manifest)
  if (!key)
    throw new ConfigError(
      `${keyFile} does not open this backup: name the log key of the data folder it was made of with --key-file`,
    )
  await refuseDamage(from, manifest)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const restored = restoreBackup({ from, key, folder, logKey })
  key.fill(0)
  const store = await openStore({ folder, logKey, now: () => now })
  let report: Omit<RestoreReport, 'days' | 'headers' | 'leftOut'>
  try {
    report = await bringUpToDate(store, { from, manifest, ledgerFile, now })
  } finally {
    await store.stop()
  }
  const gone = report.destroyed.reduce((sum, { headers }) => sum + headers, 0)
  const days = restored.days - report.destroyed.length
  return { ...report, days, headers: restored.headers - gone, leftOut: manifest.leftOut ?? [] }
}

/** Takes away what an attempt left. Nothing else was in the folder. */
async function clear(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) await rm(join(folder, name), { recursive: true })
}

/** Restores a backup. Rejects with ConfigError, leaving the folder as it was, when a person can put it right. */
export async function restore(order: RestoreOrder, now: number): Promise<RestoreReport> {
  await refuseUsedFolder(order)
  const manifest = await manifestOf(order.from)
  try {
    const report = await restoreInto(order, manifest, now)
    await writeManifest(order.folder, { ...newManifest(now, manifest.demo ?? false), id: manifest.folder })
    return report
  } catch (error) {
    await clear(order.folder)
    const problem = placeProblem(error)
    throw problem === undefined ? error : new ConfigError(`${order.folder} ${problem}: name another with --data`)
  }
}
