/**
 * The log key: 32 bytes in a file outside the data folder, so that who has the data alone cannot read it.
 * It is made once, for a new data folder. A data folder that has lost its key is never given another one: it could
 * not be read with it, and what is there would be taken for broken.
 */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeDurably } from '../../base/durableFile.ts'
import { isSubpath } from '../../base/isSubpath.ts'
import { ConfigError } from '../host/configError.ts'
import { type FolderManifest, newManifest, readManifest, writeManifest } from '../host/folder.ts'

export interface KeyPath {
  /** data folder */
  folder: string
  /** where keys lie unless `keyFile` names one */
  keyFolder: string
  keyFile: string | undefined
}

export interface OpenedFolder {
  card: FolderManifest
  /** 32 bytes */
  logKey: Uint8Array
  /** where the private part of the seal key lies, or will lie */
  sealFile: string
  /** where the erasure ledger lies, or will lie */
  ledgerFile: string
}

async function refuseSubpath(folder: string, file: string): Promise<void> {
  if (!(await isSubpath(folder, file))) return
  throw new ConfigError(`the key file ${file} lies inside the data folder: name one outside with --key-file`)
}

async function refuseOpenToOthers(file: string): Promise<void> {
  if (process.platform === 'win32') return
  const { mode, uid } = await stat(file)
  if ((mode & 0o077) !== 0) throw new ConfigError(`the key file ${file} is open to others: chmod 600 ${file}`)
  if (process.getuid && uid !== process.getuid() && process.getuid() !== 0)
    throw new ConfigError(`the key file ${file} belongs to another user: chown it to the user the relay runs as`)
}

/** Reads a log key: 32 bytes. Rejects with ConfigError when its file is open to others, or holds something else. */
export async function readLogKey(file: string): Promise<Uint8Array> {
  await refuseOpenToOthers(file)
  const text = (await readFile(file, 'latin1')).trim()
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new ConfigError(`the key file ${file} does not hold 64 hex digits: put the right file back from a backup`)
  return Buffer.from(text, 'hex')
}

async function makeKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeDurably(file, `${randomBytes(32).toString('hex')}\n`, 0o600)
}

/** The files of one data folder that lie outside it, side by side. */
interface KeyFiles {
  /** the log key */
  keyFile: string
  /** the private part of the seal key */
  sealFile: string
  /** the erasure ledger */
  ledgerFile: string
}

/**
 * Where the keys of a data folder lie.
 * Rejects with ConfigError when one of them would lie inside it.
 * @param id of the data folder
 */
export async function keyFiles(place: KeyPath, id: string): Promise<KeyFiles> {
  const own = join(place.keyFolder, id)
  const files = {
    keyFile: place.keyFile ?? `${own}.key`,
    sealFile: `${place.keyFile ?? own}.seal`,
    ledgerFile: `${place.keyFile ?? own}.erasures`,
  }
  for (const file of Object.values(files)) await refuseSubpath(place.folder, file)
  return files
}

/** Demo data never mixes with real mail. */
function refuseOtherKind(folder: string, isDemo: boolean, wanted: boolean): void {
  if (isDemo && !wanted)
    throw new ConfigError(`${folder} holds demo data: choose another folder with --data (npm run demo shows this one)`)
  if (!isDemo && wanted)
    throw new ConfigError(`${folder} holds real mail, not demo data: choose another folder for the demo with --data`)
}

/**
 * Opens a data folder: reads its card and key, or makes both when the folder is new. The key is on the disk before
 * the card is: a crash between leaves a key nobody needs, never a folder without its key.
 * Rejects with ConfigError, naming what to change.
 * @param demo whether demo data is wanted: a new folder is marked as such, and neither kind is opened as the other
 */
export async function openFolder(place: KeyPath, now: number, demo = false): Promise<OpenedFolder> {
  const known = await readManifest(place.folder)
  if (known) refuseOtherKind(place.folder, known.demo ?? false, demo)
  const card = known ?? newManifest(now, demo)
  const { keyFile: file, sealFile, ledgerFile } = await keyFiles(place, card.id)
  if (existsSync(sealFile)) await refuseOpenToOthers(sealFile)
  if (known && !existsSync(file))
    throw new ConfigError(`the key of ${place.folder} is missing: put ${file} back, or name it with --key-file`)
  if (!known) {
    // a key file that is already there was made by the person who names it
    if (!existsSync(file)) await makeKey(file)
    await readLogKey(file)
    await writeManifest(place.folder, card)
  }
  return { card, logKey: await readLogKey(file), sealFile, ledgerFile }
}
