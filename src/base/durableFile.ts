/** Small files that must be there after a power cut. */

import { existsSync } from 'node:fs'
import { link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Flushes a folder, so that a file made in it is found again. Not possible, and not needed, on Windows. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** What a file is called while it is written: killed then, nothing of its name is there. */
function unfinished(path: string): string {
  return `${path}.part`
}

/**
 * Creates a file that must not exist yet (EEXIST otherwise) and resolves when it is on the disk. Killed at any moment, it
 * is there as a whole or not at all.
 */
export async function writeDurably(path: string, content: string, mode: number): Promise<void> {
  const part = unfinished(path)
  // left by a process that was killed
  await rm(part, { force: true })
  try {
    const file = await open(part, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await nameIfFree(part, path)
  } finally {
    await rm(part, { force: true })
  }
  await flushFolder(dirname(path))
}

/** Gives a file its name, unless there is one of that name (EEXIST). */
async function nameIfFree(part: string, path: string): Promise<void> {
  try {
    await link(part, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // some file systems know no second names; only one process writes here
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    if (existsSync(path)) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' })
    await rename(part, path)
  }
}
