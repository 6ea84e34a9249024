/** The data folder's own card, `folder.json`: which folder this is, since when, and whether it holds demo data. */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from './durable.ts'
import { StartRefused } from './refusal.ts'

const cardShape = z.object({
  /** 16 hex digits; names the key of the folder */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  createdAt: z.iso.datetime(),
  demo: z.literal(true).optional(),
})
export type FolderCard = z.infer<typeof cardShape>

function cardPath(folder: string): string {
  return join(folder, 'folder.json')
}

/** Reads the card; undefined when the folder is new. Rejects with StartRefused when it is spoilt or missing. */
export async function readCard(folder: string): Promise<FolderCard | undefined> {
  const path = cardPath(folder)
  if (!existsSync(path)) {
    if (existsSync(join(folder, 'mailward.db')))
      throw new StartRefused(`${path} is missing: put it back, or choose another folder with --data`)
    return undefined
  }
  const parsed = cardShape.safeParse(parseJson(await readFile(path, 'utf8')))
  if (!parsed.success) throw new StartRefused(`${path} cannot be read: put it back from a backup`)
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
export function newCard(now: number, demo: boolean): FolderCard {
  const card = { id: randomBytes(8).toString('hex'), createdAt: new Date(now).toISOString() }
  return demo ? { ...card, demo: true } : card
}

/** Creates the folder, for its owner only, and writes its card durably. */
export async function writeCard(folder: string, card: FolderCard): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeDurably(cardPath(folder), `${JSON.stringify(card, undefined, 2)}\n`, 0o644)
}
