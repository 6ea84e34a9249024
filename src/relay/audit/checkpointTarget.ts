/**
 * The place outside the data folder where checkpoints of the audit log are exported to: a folder gets a file each, a
 * file gets a line each. What lies there is never overwritten: it is what proves that the log was not put back.
 */

import { existsSync } from 'node:fs'
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { writeDurably } from '../../base/durableFile.ts'
import { isSubpath } from '../../base/isSubpath.ts'
import { type Checkpoint, checkpointShape } from '../../contract/audit.ts'
import type { SignedCheckpoint } from '../../store/store.ts'

/** A place that cannot be used, in words, and what to change. */
export class BadPath extends Error {
  readonly change: string

  constructor(problem: string, change: string) {
    super(problem)
    this.name = 'BadPlace'
    this.change = change
  }
}

export interface Place {
  /** absolute */
  path: string
  /** kept, so that a folder that vanished is not taken for a file to be made */
  kind: 'folder' | 'file'
}

/** The place a path is: a folder where there is one, else a file. */
export async function placeAt(path: string): Promise<Place> {
  return { path, kind: (await isFolder(path)) ? 'folder' : 'file' }
}

/** A checkpoint as it is exported: one JSON document in a line. */
export function checkpointView(checkpoint: SignedCheckpoint): Checkpoint {
  return { ...checkpoint, at: new Date(checkpoint.at).toISOString() }
}

/** A checkpoint that was exported, to be compared. */
export function checkpointOf(exported: Checkpoint): SignedCheckpoint {
  return { ...exported, at: Date.parse(exported.at) }
}

function parse(text: string): SignedCheckpoint | undefined {
  try {
    const parsed = checkpointShape.safeParse(JSON.parse(text))
    return parsed.success ? checkpointOf(parsed.data) : undefined
  } catch {
    // no JSON: a write that was cut short, or not ours
    return undefined
  }
}

async function isFolder(path: string): Promise<boolean> {
  return existsSync(path) && (await stat(path)).isDirectory()
}

/** Turns what the system says about a place into a sentence. */
function explain(place: string, fault: unknown): BadPath {
  if (fault instanceof BadPath) return fault
  const code = (fault as NodeJS.ErrnoException).code
  if (code === undefined) throw fault
  return new BadPath(
    `checkpoints cannot be kept in ${place} (${code})`,
    'bring it back and make it writable, or choose another place',
  )
}

/** Refuses a place that proves nothing or cannot be one. */
async function refuseBad(dataFolder: string, { path: place, kind }: Place): Promise<void> {
  if (!isAbsolute(place)) throw new BadPath(`${place} is no absolute path`, 'name the place from the root on')
  if (kind === 'folder' && !(await isFolder(place)))
    throw new BadPath(`${place} is gone`, 'bring the folder back, or choose another place')
  const parent = dirname(place)
  if (!existsSync(place) && !existsSync(parent))
    throw new BadPath(`${parent} does not exist`, 'make the folder first, or choose another place')
  if (await isSubpath(dataFolder, place))
    throw new BadPath(
      `${place} lies inside the data folder`,
      'choose a place that whoever changes the data cannot reach',
    )
}

async function addFile(place: string, checkpoint: SignedCheckpoint): Promise<void> {
  const path = join(place, `mailward-checkpoint-${checkpoint.folder}-${checkpoint.sequence}.json`)
  const content = `${JSON.stringify(checkpointView(checkpoint))}\n`
  try {
    await writeDurably(path, content, 0o644)
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault
    const there = parse(await readFile(path, 'utf8'))
    // a crash can leave a file without its end
    if (!there) await writeFile(path, content, { flush: true })
    else if (there.head !== checkpoint.head)
      throw new BadPath(
        `${path} speaks of another log: this one was put back and went on differently`,
        'look at mailward audit verify, and keep that file',
      )
  }
}

async function endsInLine(path: string): Promise<boolean> {
  if (!existsSync(path)) return true
  const content = await readFile(path)
  return content.length === 0 || content.at(-1) === 0x0a
}

async function addLine(place: string, checkpoint: SignedCheckpoint): Promise<void> {
  // a crash can leave a line without its end
  const start = (await endsInLine(place)) ? '' : '\n'
  const file = await open(place, 'a', 0o644)
  try {
    await file.writeFile(`${start}${JSON.stringify(checkpointView(checkpoint))}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Writes a checkpoint to a place, durably.
 * @throws BadPath when it cannot be
 */
export async function exportCheckpoint(dataFolder: string, place: Place, checkpoint: SignedCheckpoint): Promise<void> {
  try {
    await refuseBad(dataFolder, place)
    if (place.kind === 'folder') await addFile(place.path, checkpoint)
    else await addLine(place.path, checkpoint)
  } catch (fault) {
    throw explain(place.path, fault)
  }
}

async function textsOf({ path: place, kind }: Place, folder: string, newest: number): Promise<string[]> {
  if (kind === 'file') {
    const lines = (await readFile(place, 'utf8')).split('\n').filter((line) => line.includes(`"${folder}"`))
    return lines.slice(-newest)
  }
  const name = new RegExp(`^mailward-checkpoint-${folder}-(\\d+)\\.json$`)
  const number = (file: string) => Number(name.exec(file)?.[1])
  const files = (await readdir(place)).filter((file) => name.test(file)).sort((a, b) => number(a) - number(b))
  const texts: string[] = []
  // one by one: there may be more than a process may have open
  for (const file of files.slice(-newest)) texts.push(await readFile(join(place, file), 'utf8'))
  return texts
}

/**
 * Checkpoints of a data folder that lie at a place; what is none is passed over.
 * @param folder id of the data folder
 * @param newest at most so many
 * @throws BadPath when it cannot be read
 */
export async function exportedCheckpoints(place: Place, folder: string, newest: number): Promise<SignedCheckpoint[]> {
  try {
    const texts = await textsOf(place, folder, newest)
    return texts.flatMap((text) => parse(text) ?? []).filter((checkpoint) => checkpoint.folder === folder)
  } catch (fault) {
    throw explain(place.path, fault)
  }
}
