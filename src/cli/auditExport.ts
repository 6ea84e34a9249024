/** Writes an export of the audit log into a new file, for its owner only. */

import { type FileHandle, open } from 'node:fs/promises'
import { exportedAudit } from '../contract/auditExport.ts'
import type { Client } from './client.ts'
import { Failure } from './failure.ts'

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new Failure(`${path} exists and is not overwritten: name another file`)
    throw new Failure(`${path} cannot be written (${code}): name another file`)
  }
}

export interface Exported {
  rows: number
  checkpoints: number
  receipts: number
  head: string
}

/** Exports the log as it is now. Rejects with Failure when the file exists or cannot be written. */
export async function exportAudit(client: Client, path: string): Promise<Exported> {
  const file = await create(path)
  let exported: Exported = { rows: 0, checkpoints: 0, receipts: 0, head: '' }
  try {
    for await (const { text, rows, checkpoints, receipts, head } of exportedAudit(client)) {
      await file.writeFile(text)
      exported = { rows, checkpoints, receipts, head }
    }
    await file.sync()
    return exported
  } finally {
    await file.close()
  }
}
