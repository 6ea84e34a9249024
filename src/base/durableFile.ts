/** Small files that must be there after a power cut. */

import { open } from 'node:fs/promises'
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

/** Creates a file that must not exist yet (EEXIST otherwise) and resolves when it is on the disk. */
export async function writeDurably(path: string, content: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await flushFolder(dirname(path))
}
