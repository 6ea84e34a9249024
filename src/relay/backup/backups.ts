/** Makes backups of the data folder while the relay runs, and knows those that were made. */

import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { flushFolder } from '../../base/durableFile.ts'
import { isSubpath } from '../../base/isSubpath.ts'
import { KEEP_DAYS, keepUntil } from '../../model/retention.ts'
import type { Clock } from '../../mta/ports.ts'
import type { ListedBackup } from '../../privacy/requests/context.ts'
import type { BackupRecord, KeyStore } from '../../store/index.ts'
import type { FolderManifest } from '../host/folder.ts'
import { version } from '../host/version.ts'
import { placeProblem } from './folderProblem.ts'
import { readManifest, writeManifest } from './manifest.ts'

/** A backup that cannot be made as asked; a person can put it right. */
export class BackupRefused extends Error {
  override name = 'BackupRefused'
  /** what to change */
  readonly change: string

  constructor(message: string, change: string) {
    super(message)
    this.change = change
  }
}

export type MadeBackup = ListedBackup

export interface Backups {
  /**
   * Makes a backup in a folder that is new or empty. Rejects with BackupRefused.
   * @param actor who asked, for the audit log
   */
  make(folder: string, actor: string): Promise<MadeBackup>
  /** Newest first. */
  list(): Promise<MadeBackup[]>
}

export interface BackupSource {
  /** data folder */
  folder: string
  card: Pick<FolderManifest, 'id' | 'demo'>
  /** 32 bytes */
  logKey: Uint8Array
  keys: KeyStore
  clock: Clock
}

function refusal(folder: string, error: unknown): unknown {
  const problem = placeProblem(error)
  return problem === undefined ? error : new BackupRefused(`${folder} ${problem}`, 'choose another folder')
}

/** Returns the outermost folder that was made for it; undefined when it was there. */
async function prepareFolder(folder: string, data: string): Promise<string | undefined> {
  if (await isSubpath(data, folder))
    throw new BackupRefused(`${folder} lies inside the data folder`, 'choose a folder outside, best on another disk')
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0)
    throw new BackupRefused(`${folder} is not empty`, 'choose one that is new or empty')
  return made
}

/** Bytes of the databases, which is about what a backup takes. */
async function sizeOfData(folder: string): Promise<number> {
  const days = await readdir(join(folder, 'days'))
  const bodies = await readdir(join(folder, 'bodies'))
  const paths = [
    'mailward.db',
    ...days.map((name) => join('days', name)),
    ...bodies.map((name) => join('bodies', name)),
  ]
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(join(folder, path)).then(
        ({ size }) => size,
        // gone in between
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function refuseWithoutSpace(folder: string, data: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const needed = await sizeOfData(data)
  if (bavail * bsize > needed) return
  const megabytes = Math.ceil(needed / 1e6)
  throw new BackupRefused(`${folder} has no space for ${megabytes} MB`, 'make room, or choose another folder')
}

/** Days that were left out, where it has to be said. */
function named(leftOut: string[]): { leftOut?: string[] } {
  return leftOut.length === 0 ? {} : { leftOut }
}

/** Takes away what an attempt left, with the folders that were made for it. Nothing else was in them. */
async function clear(folder: string, made: string | undefined): Promise<void> {
  if (made !== undefined) return rm(made, { recursive: true, force: true })
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
}

/** Builds what makes backups of one data folder. */
export function createBackups({ folder: data, card, logKey, keys, clock }: BackupSource): Backups {
  let running = false

  async function write(folder: string, actor: string): Promise<MadeBackup> {
    const id = randomBytes(8).toString('hex')
    const key = randomBytes(32)
    const createdAt = clock.now()
    const { youngestAt, files, leftOut, ...counts } = await keys.backup({ folder, key })
    await Promise.all(files.map(({ path }) => chmod(join(folder, path), 0o600)))
    await flushFolder(join(folder, 'days'))
    await flushFolder(folder)
    const destroyBy = keepUntil(youngestAt ?? createdAt, KEEP_DAYS)
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    const record = { id, folder, createdAt, destroyBy, ...counts, bytes }
    // known before it can be opened: one that nobody has on a list would outlive its day unseen
    await keys.addBackup(record, {
      at: clock.now(),
      actor,
      action: 'custody.backup',
      object: `backup ${id}`,
      reason: '',
      details: { folder },
      facts: { id, createdAt, destroyBy, ...counts, bytes, ...named(leftOut) },
    })
    const times = { createdAt: new Date(createdAt).toISOString(), destroyBy: new Date(destroyBy).toISOString() }
    const about = { format: 1 as const, id, folder: card.id, demo: card.demo, ...times, version }
    await writeManifest(folder, { ...about, ...counts, ...named(leftOut), files }, logKey, key)
    key.fill(0)
    return { ...record, present: true, leftOut }
  }

  async function make(folder: string, actor: string): Promise<MadeBackup> {
    const made = await prepareFolder(folder, data)
    try {
      await refuseWithoutSpace(folder, data)
      return await write(folder, actor)
    } catch (error) {
      await clear(folder, made)
      throw error
    }
  }

  async function withManifest(record: BackupRecord): Promise<MadeBackup> {
    const manifest = await readManifest(record.folder)
    const present = manifest?.id === record.id
    return { ...record, present, leftOut: (present && manifest.leftOut) || [] }
  }

  return {
    async make(folder, actor) {
      if (running) throw new BackupRefused('a backup is being made', 'wait until it is done')
      running = true
      const path = resolve(folder)
      try {
        return await make(path, actor)
      } catch (error) {
        throw refusal(path, error)
      } finally {
        running = false
      }
    },
    async list() {
      return Promise.all((await keys.backups()).map(withManifest))
    },
  }
}
