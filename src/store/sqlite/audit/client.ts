/** The audit log over the store's threads: written by the writer, read and checked by the reader, slice by slice. */

import type { AuditLog, AuditRow } from '../../auditLog.ts'
import type { Reader, Writer } from '../threads/threads.ts'
import type { AuditPageCall, AuditPiece } from './reader.ts'

/** Asks for slices until one answers with the whole. */
async function whole<T>(slice: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await slice()
    if (answer !== undefined) return answer
  }
}

export function createAuditLog(writer: Writer, reader: Reader): AuditLog {
  return {
    append: async (entry) => void (await writer.audit.append(entry)),
    head: () => reader.audit.head(),
    async list(filter, limit, cursor) {
      const rows: AuditRow[] = []
      let before: number | undefined = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
      while (before !== undefined && rows.length < limit) {
        const call: AuditPageCall = { filter, limit: limit - rows.length, before }
        const piece: AuditPiece = await reader.audit.piece(call)
        rows.push(...piece.rows)
        before = piece.before
      }
      return { rows, next: before === undefined || before <= 1 ? undefined : String(before) }
    },
    rows: (after, limit) => reader.audit.rows(after, limit),
    publicKey: () => writer.care.publicKey(),
    checkpoint: (folder, at) => writer.care.checkpoint(folder, at),
    checkpoints: (limit) => reader.audit.checkpoints(limit),
    async verify(folder, outside) {
      const number = await reader.checks.beginVerify(folder, outside)
      return whole(() => reader.checks.verify(number))
    },
    compare: (folder, outside) => reader.checks.compare(folder, outside),
    async replayDraws(now) {
      const number = await reader.checks.beginReplay(now)
      return whole(() => reader.checks.replay(number))
    },
    erase: (sequences, erasure) => writer.care.erase({ sequences, ...erasure }),
  }
}
