/** The data folder's own card, `folder.json`: which folder this is, since when, and whether it holds demo data. */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../../base/durableFile.ts'
import { ConfigError } from './configError.ts'

const cardShape = z.object({
  /** 16 hex digits; names the key of the folder */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  createdAt: z.iso.datetime(),
  demo: z.literal(true).optional(),
})
export type FolderManifest = z.infer<typeof cardShape>

function manifestPath(folder: string): string {
  return join(folder, 'folder.json')
}

/** Reads the card; undefined when the folder is new. Rejects with ConfigError when it is spoilt or missing. */
export async function readManifest(folder: string): Promise<FolderManifest | undefined> {
  const path = manifestPath(folder)
  if (!existsSync(path)) {
    if (existsSync(join(folder, 'mailward.db')))
      throw new ConfigError(`${path} is missing: put it back, or choose another folder with --data`)
    return undefined
  }
  const parsed = cardShape.safeParse(parseJson(await readFile(path, 'utf8')))
  if (!parsed.success) throw new ConfigError(`${path} cannot be read: put it back from a backup`)
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The card a new folder will have. Nothing is written yet: the key comes first. */
export function newManifest(now: number, demo: boolean): FolderManifest {
  const card = { id: randomBytes(8).toString('hex'), createdAt: new Date(now).toISOString() }
  return demo ? { ...card, demo: true } : card
}

/** Creates the folder, for its owner only, and writes its card durably. */
export async function writeManifest(folder: string, card: FolderManifest): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeDurably(manifestPath(folder), `${JSON.stringify(card, undefined, 2)}\n`, 0o644)
}
