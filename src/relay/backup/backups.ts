/** Makes backups of the data folder while the relay runs, and knows those that were made. */

import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Clock } from '../../engine/seams.ts'
import { KEEP_DAYS, keepUntil } from '../../model/retention.ts'
import type { BackupRecord, CustodyStore } from '../../store/index.ts'
import { flushFolder } from '../durable.ts'
import type { FolderCard } from '../folder.ts'
import { isInside } from '../inside.ts'
import { version } from '../version.ts'
import { readManifest, writeManifest } from './manifest.ts'
import { placeProblem } from './place.ts'

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

export interface MadeBackup extends BackupRecord {
  /** whether its files are still where they were written */
  present: boolean
}

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
  card: Pick<FolderCard, 'id' | 'demo'>
  /** 32 bytes */
  logKey: Uint8Array
  custody: CustodyStore
  clock: Clock
}

function refusal(folder: string, error: unknown): unknown {
  const problem = placeProblem(error)
  return problem === undefined ? error : new BackupRefused(`${folder} ${problem}`, 'choose another folder')
}

async function prepareFolder(folder: string, data: string): Promise<void> {
  if (await isInside(data, folder))
    throw new BackupRefused(`${folder} lies inside the data folder`, 'choose a folder outside, best on another disk')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0)
    throw new BackupRefused(`${folder} is not empty`, 'choose one that is new or empty')
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

/** Takes away what an attempt left. Nothing else was in the folder. */
async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
}

/** Builds what makes backups of one data folder. */
export function createBackups({ folder: data, card, logKey, custody, clock }: BackupSource): Backups {
  let running = false

  async function write(folder: string): Promise<BackupRecord> {
    const id = randomBytes(8).toString('hex')
    const key = randomBytes(32)
    const createdAt = clock.now()
    const { youngestAt, files, ...counts } = await custody.backup({ folder, key })
    await Promise.all(files.map(({ path }) => chmod(join(folder, path), 0o600)))
    await flushFolder(join(folder, 'days'))
    await flushFolder(folder)
    const destroyBy = keepUntil(youngestAt ?? createdAt, KEEP_DAYS)
    const times = { createdAt: new Date(createdAt).toISOString(), destroyBy: new Date(destroyBy).toISOString() }
    const facts = { format: 1 as const, id, folder: card.id, demo: card.demo, ...times, version, ...counts, files }
    await writeManifest(folder, facts, logKey, key)
    key.fill(0)
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    return { id, folder, createdAt, destroyBy, ...counts, bytes }
  }

  async function writeOrClear(folder: string): Promise<BackupRecord> {
    try {
      return await write(folder)
    } catch (error) {
      await clear(folder)
      throw error
    }
  }

  async function make(folder: string, actor: string): Promise<MadeBackup> {
    await prepareFolder(folder, data)
    await refuseWithoutSpace(folder, data)
    const record = await writeOrClear(folder)
    const { id, createdAt, destroyBy, days, headers, live, bytes } = record
    await custody.addBackup(record, {
      at: clock.now(),
      actor,
      action: 'custody.backup',
      object: `backup ${id}`,
      reason: '',
      details: { folder },
      facts: { id, createdAt, destroyBy, days, headers, live, bytes },
    })
    return { ...record, present: true }
  }

  async function isPresent({ id, folder }: BackupRecord): Promise<boolean> {
    return (await readManifest(folder))?.id === id
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
      const records = await custody.backups()
      return Promise.all(records.map(async (record) => ({ ...record, present: await isPresent(record) })))
    },
  }
}
