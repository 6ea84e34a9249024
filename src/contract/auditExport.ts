/**
 * An export of the audit log, piece by piece: JSON lines that can be verified without Mailward (docs/audit.md). One form,
 * whoever writes the file.
 */

import type { ContractRouterClient } from '@orpc/contract'
import type { contract } from './index.ts'
import type { ReceiptView } from './retention.ts'

type Client = ContractRouterClient<typeof contract>
/** Such as the signal that ends an export. */
type CallOptions = NonNullable<Parameters<Client['audit']['rows']>[1]>
type Row = Awaited<ReturnType<Client['audit']['rows']>>['rows'][number]

/** Rows and receipts a call. */
const ROWS = 5000
const RECEIPTS = 1000

/** Lines of the file, and how far it is with them. */
export interface ExportPiece {
  text: string
  /** written so far */
  rows: number
  checkpoints: number
  receipts: number
  /** rows that will be written in all, and the hash of the last */
  all: number
  head: string
}

function lines(type: string, values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify({ type, ...value })}\n`).join('')
}

/** Whether a receipt verifies is for the reader of the export to find out. */
function withoutFinding(receipt: ReceiptView): Omit<ReceiptView, 'valid'> {
  return Object.fromEntries(Object.entries(receipt).filter(([name]) => name !== 'valid')) as Omit<ReceiptView, 'valid'>
}

/** The receipts that rows speak of. */
function receiptsIn(rows: readonly Row[]): number[] {
  const chained = rows.filter(({ action }) => action === 'retention.receipt')
  return chained.map(({ facts }) => (JSON.parse(facts ?? '{}') as { receipt: number }).receipt)
}

/** Exports the log as it is when the export begins; what comes after is not part of it. */
export async function* exportedAudit(client: Client, options: CallOptions = {}): AsyncGenerator<ExportPiece> {
  const header = await client.audit.export(undefined, options)
  const done = { rows: 0, checkpoints: 0, receipts: 0, all: header.rows, head: header.head }
  yield { ...done, text: lines('log', [header]) }

  const told = new Set<number>()
  while (done.rows < header.rows) {
    const page = await client.audit.rows({ after: done.rows, limit: ROWS }, options)
    const rows = page.rows.filter(({ sequence }) => sequence <= header.rows)
    // a log with a gap is exported with its gap
    if (rows.length === 0) break
    for (const receipt of receiptsIn(rows)) told.add(receipt)
    done.rows = rows.at(-1)!.sequence
    yield { ...done, text: lines('row', rows) }
  }

  const { checkpoints } = await client.audit.checkpoints(undefined, options)
  const signed = checkpoints.filter(({ sequence }) => sequence <= header.rows)
  done.checkpoints = signed.length
  yield { ...done, text: lines('checkpoint', signed) }

  let cursor: string | undefined
  do {
    const page = await client.retention.receipts({ limit: RECEIPTS, cursor }, options)
    const receipts = page.receipts.filter(({ id }) => told.has(id))
    done.receipts += receipts.length
    yield { ...done, text: lines('receipt', receipts.map(withoutFinding)) }
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}
