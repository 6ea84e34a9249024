/** Where the relay's log goes when there is no terminal to see it: a file that is put aside when it grows. */

import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'

/** A log larger than this (bytes) is put aside at the next start; the one before it is forgotten. */
const LARGE = 5_000_000

/** Opens the log for appending. It holds ids and counts only, as everything the relay logs. */
export function openLogFile(path: string): WriteStream {
  mkdirSync(dirname(path), { recursive: true })
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > LARGE) renameSync(path, `${path}.1`)
  return createWriteStream(path, { flags: 'a', mode: 0o600 })
}
