/** Calls about the audit log: reading it, checking it, proving it elsewhere. */

import type { AuditFinding, AuditRowView } from '../../contract/audit.ts'
import type { AuditRow, SignedCheckpoint } from '../../store/store.ts'
import { BadPath, checkpointOf, checkpointView } from '../audit/checkpointTarget.ts'
import type { Guarded } from './base.ts'
import { audit, entryOf, type Parts } from './context.ts'
import { notFound, refused, refuseStrangeCursor } from './errors.ts'
import { timeView } from './views.ts'

/** Checkpoints shown. */
const SHOWN = 200

function rowView(row: AuditRow): AuditRowView {
  return {
    ...row,
    at: timeView(row.at),
    actor: row.actor ?? null,
    object: row.object ?? null,
    reason: row.reason ?? null,
    details: row.details ?? null,
  }
}

function time(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text)
}

export function auditCalls(os: Guarded, parts: Parts) {
  const { store, checkpoints, clock, folderId } = parts

  /** Checkpoints at the chosen place. That they cannot be read is itself a finding: they are what a forger must fear. */
  async function exportedOnes(): Promise<{ checkpoints: SignedCheckpoint[]; findings: AuditFinding[] }> {
    try {
      return { checkpoints: await checkpoints.exported(), findings: [] }
    } catch (fault) {
      if (!(fault instanceof BadPath)) throw fault
      const text = `exported checkpoints were not compared: ${fault.message}; ${fault.change}`
      return { checkpoints: [], findings: [{ kind: 'bad checkpoint', sequence: null, text }] }
    }
  }

  return {
    list: os.audit.list.handler(async ({ input }) => {
      const { since, until, limit, cursor, ...filter } = input
      refuseStrangeCursor(cursor, /^\d{1,15}$/)
      const page = await store.audit.list({ ...filter, since: time(since), until: time(until) }, limit, cursor)
      return { rows: page.rows.map(rowView), next: page.next ?? null }
    }),

    rows: os.audit.rows.handler(async ({ input }) => {
      const rows = await store.audit.rows(input.after, input.limit)
      return { rows, next: rows.length === input.limit ? (rows.at(-1)?.sequence ?? null) : null }
    }),

    export: os.audit.export.handler(async ({ context }) => {
      await audit(parts, context.actor, { action: 'audit.export', object: 'audit log' })
      const { entries, head } = await store.audit.head()
      const publicKey = await store.audit.publicKey()
      const exportedAt = timeView(clock.now())
      return { format: 'mailward-audit-1' as const, folder: folderId, publicKey, exportedAt, rows: entries, head }
    }),

    verify: os.audit.verify.handler(async ({ input }) => {
      const exported = await exportedOnes()
      const given = input.checkpoints.map(checkpointOf)
      const { findings, ...verdict } = await store.audit.verify(folderId, [...exported.checkpoints, ...given])
      const views = findings.map((finding) => ({ ...finding, sequence: finding.sequence ?? null }))
      const all = [...views, ...exported.findings]
      return { ...verdict, ok: all.length === 0, findings: all }
    }),

    replayDraws: os.audit.replayDraws.handler(async () => {
      const verdict = await store.audit.replayDraws(clock.now())
      return { ...verdict, ok: verdict.findings.length === 0 }
    }),

    checkpoints: os.audit.checkpoints.handler(async () => ({
      place: checkpoints.place() ?? null,
      problem: checkpoints.problem() ?? null,
      checkpoints: (await store.audit.checkpoints(SHOWN)).map(checkpointView),
    })),

    checkpoint: os.audit.checkpoint.handler(async () => checkpointView(await checkpoints.take())),

    setTarget: os.audit.setTarget.handler(async ({ input, context }) => {
      const details = { before: checkpoints.place() ?? null, place: input.place }
      const entry = entryOf(parts, context.actor, { action: 'audit.setPlace', object: 'audit log', details })
      try {
        await checkpoints.setTarget(input.place ?? undefined, entry)
        return { place: input.place }
      } catch (fault) {
        if (fault instanceof BadPath) throw refused(fault.message, fault.change)
        throw fault
      }
    }),

    erase: os.audit.erase.handler(async ({ input, context }) => {
      const { at, actor, reason } = entryOf(parts, context.actor, {
        action: 'audit.erase',
        object: 'audit log',
        reason: input.reason.trim(),
      })
      if (reason === '') throw refused('an erasure needs a reason', 'say who asked for it, and when')
      const erased = await store.audit.erase(input.sequences, { at, actor, reason })
      if (erased === 0) throw notFound('personal part in these rows', 'look at the audit log for their numbers')
      return { erased }
    }),
  }
}
