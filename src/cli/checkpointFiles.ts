/** Reads checkpoints that were exported: a JSON document, JSON lines, or a folder of such files. */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Checkpoint, checkpointShape } from '../contract/audit.ts'
import { Failure } from './failure.ts'
import { printNote } from './output.ts'

function parse(text: string): Checkpoint | undefined {
  try {
    const parsed = checkpointShape.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    // no JSON
    return undefined
  }
}

/** A document, or a line each. A line that is none is told of: a crash can have cut it short. */
function readOne(path: string): Checkpoint[] {
  const text = readFileSync(path, 'utf8')
  const whole = parse(text)
  if (whole) return [whole]
  const checkpoints = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const checkpoint = parse(line)
    if (!checkpoint) printNote(`${path}, line ${index + 1}: no checkpoint, passed over`)
    return checkpoint ?? []
  })
  if (checkpoints.length === 0) throw new Failure(`${path} holds no checkpoint: name a file that mailward exported`)
  return checkpoints
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => /^mailward-checkpoint-.*\.json$/.test(name))
  if (names.length === 0) throw new Failure(`${path} holds no checkpoints: name the folder they are exported to`)
  return names.sort().map((name) => join(path, name))
}

/** Checkpoints in files and folders. Rejects with Failure when one cannot be read or holds none. */
export function readCheckpoints(paths: readonly string[]): Checkpoint[] {
  return paths.flatMap((path) => {
    try {
      return filesOf(path).flatMap(readOne)
    } catch (fault) {
      if (fault instanceof Failure) throw fault
      throw new Failure(`${path} cannot be read (${(fault as NodeJS.ErrnoException).code}): check the path`)
    }
  })
}
