/** The audit log over the store's threads: written by the writer, read and checked by the reader, slice by slice. */

import type { AuditEntry, AuditLog, AuditRow, SamplingReplayResult, VerificationResult } from '../../auditLog.ts'
import type { AuditedAct } from '../thread/audited.ts'
import type { Channel } from '../thread/channel.ts'
import type { AuditPageCall, AuditPiece } from './reader.ts'

/** Calls a writing operation, in one transaction with its audit entry when there is one. */
export function write<T>(writer: Channel, operation: string, argument: unknown, entry?: AuditEntry): Promise<T> {
  if (!entry) return writer.call(operation, argument)
  return writer.call('audited', { operation, argument, entry } satisfies AuditedAct)
}

export function createAuditLog(writer: Channel, reader: Channel): AuditLog {
  /** Asks for slices until one answers with the whole. */
  async function untilDone<T>(begin: string, argument: unknown, step: string): Promise<T> {
    const number = await reader.call<number>(begin, argument)
    for (;;) {
      const whole = await reader.call<T | undefined>(step, number)
      if (whole !== undefined) return whole
    }
  }

  return {
    append: (entry) => writer.call('appendAudit', entry),
    head: () => reader.call('auditHead', undefined),
    async list(filter, limit, cursor) {
      const rows: AuditRow[] = []
      let before: number | undefined = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
      while (before !== undefined && rows.length < limit) {
        const call: AuditPageCall = { filter, limit: limit - rows.length, before }
        const piece: AuditPiece = await reader.call<AuditPiece>('auditPiece', call)
        rows.push(...piece.rows)
        before = piece.before
      }
      return { rows, next: before === undefined || before <= 1 ? undefined : String(before) }
    },
    rows: (after, limit) => reader.call('auditRows', [after, limit]),
    publicKey: () => writer.call('signingKey', undefined),
    checkpoint: (folder, at) => writer.call('checkpoint', [folder, at]),
    checkpoints: (limit) => reader.call('checkpoints', limit),
    verify: (folder, outside) => untilDone<VerificationResult>('beginVerify', [folder, outside], 'verify'),
    compare: (folder, outside) => reader.call('compareCheckpoints', [folder, outside]),
    replayDraws: (now) => untilDone<SamplingReplayResult>('beginReplay', now, 'replay'),
    erase: (sequences, erasure) => writer.call('eraseAudit', { sequences, ...erasure }),
  }
}
