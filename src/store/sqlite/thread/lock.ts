/** One relay per data folder. */

import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Somebody else has the data folder open. */
export class FolderInUse extends Error {
  constructor(folder: string) {
    super(`another relay is using the data folder ${folder}: stop it, or start this one with another --data`)
    this.name = 'FolderInUse'
  }
}

/**
 * Locks a data folder for this process. The lock is the operating system's and goes with the process, so that a crash
 * leaves nothing to clean up.
 * @returns a function that releases it
 * @throws FolderInUse
 */
export function lockFolder(folder: string): () => void {
  const database = new Database(join(folder, 'lock'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { code?: string }).code === 'SQLITE_BUSY') throw new FolderInUse(folder)
    throw error
  }
  return () => {
    database.exec('ROLLBACK')
    database.close()
  }
}
