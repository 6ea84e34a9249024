/** The folder of packages: files that are written whole, each under a key of its own, or not at all. */

import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from './exportStore.ts'

export type PackageFiles = ReturnType<typeof createPackageFiles>

/** @param home the folder; it is made when the first file is written */
export function createPackageFiles(home: string) {
  /** files that are being written and that no row names yet */
  const unfinished = new Set<string>()

  /** Runs what writes a file under a key of its own; removes the file unless it ends well. */
  async function written<T>(write: (file: string, place: Place) => Promise<T | undefined>): Promise<T | undefined> {
    const file = `${randomBytes(12).toString('hex')}.pkg`
    const place = { path: join(home, file), key: randomBytes(32) }
    unfinished.add(file)
    let result: T | undefined
    try {
      await mkdir(home, { recursive: true, mode: 0o700 })
      result = await write(file, place)
      return result
    } finally {
      if (result === undefined) await rm(place.path, { force: true })
      unfinished.delete(file)
    }
  }

  /** Where the file of a package lies, and its key. */
  function placeOf({ file, key }: { file: string; key: Uint8Array }): Place {
    return { path: join(home, file), key }
  }

  /** Removes every file but those named and those that are being written. */
  async function removeAllBut(files: readonly string[]): Promise<void> {
    const needed = new Set(files)
    const there = await readdir(home).catch(() => [])
    for (const file of there)
      if (!needed.has(file) && !unfinished.has(file)) await rm(join(home, file), { force: true, recursive: true })
  }

  return { written, placeOf, removeAllBut }
}
