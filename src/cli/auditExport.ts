/** Writes an export of the audit log: JSON lines that can be verified without Mailward (docs/audit.md). */

import { type FileHandle, open } from 'node:fs/promises'
import type { ReceiptView } from '../contract/retention.ts'
import type { Client } from './client.ts'
import { Failure } from './failure.ts'

/** Rows a call. */
const PAGE = 1000

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new Failure(`${path} exists and is not overwritten: name another file`)
    throw new Failure(`${path} cannot be written (${code}): name another file`)
  }
}

async function writeLines(file: FileHandle, type: string, values: readonly object[]): Promise<void> {
  await file.writeFile(values.map((value) => `${JSON.stringify({ type, ...value })}\n`).join(''))
}

export interface Exported {
  rows: number
  checkpoints: number
  receipts: number
  head: string
}

/** Whether a receipt verifies is for the reader of the export to find out. */
function withoutVerdict(receipt: ReceiptView): Omit<ReceiptView, 'valid'> {
  return Object.fromEntries(Object.entries(receipt).filter(([name]) => name !== 'valid')) as Omit<ReceiptView, 'valid'>
}

async function writeReceipts(client: Client, file: FileHandle): Promise<number> {
  let written = 0
  let cursor: string | undefined
  do {
    const page = await client.retention.receipts({ limit: PAGE, cursor })
    await writeLines(file, 'receipt', page.receipts.map(withoutVerdict))
    written += page.receipts.length
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return written
}

/** Exports the log as it is now. Rejects with Failure when the file exists or cannot be written. */
export async function exportAudit(client: Client, path: string): Promise<Exported> {
  const file = await create(path)
  try {
    const header = await client.audit.export()
    await writeLines(file, 'log', [header])
    let after: number | null = 0
    while (after !== null && after < header.rows) {
      const page: Awaited<ReturnType<Client['audit']['rows']>> = await client.audit.rows({ after, limit: PAGE })
      // rows that came after the export began are not part of it
      const rows = page.rows.filter(({ sequence }) => sequence <= header.rows)
      await writeLines(file, 'row', rows)
      after = page.next
    }
    const { checkpoints } = await client.audit.checkpoints()
    const signed = checkpoints.filter(({ sequence }) => sequence <= header.rows)
    await writeLines(file, 'checkpoint', signed)
    const receipts = await writeReceipts(client, file)
    await file.sync()
    return { rows: header.rows, checkpoints: signed.length, receipts, head: header.head }
  } finally {
    await file.close()
  }
}
