/** Calls about the audit log: reading it, checking it, proving it elsewhere. */

import type { AuditRowView } from '../../contract/audit.ts'
import type { AuditRow } from '../../store/store.ts'
import { BadPlace, checkpointOf, checkpointView } from '../checkpointPlace.ts'
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

/** Runs what needs the place of checkpoints; refuses when it cannot be used. */
async function withPlace<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (fault) {
    if (fault instanceof BadPlace) throw refused(fault.message, fault.change)
    throw fault
  }
}

export function auditCalls(os: Guarded, parts: Parts) {
  const { store, checkpoints, clock, folderId } = parts

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
      const exported = await withPlace(() => checkpoints.exported())
      const given = input.checkpoints.map(checkpointOf)
      const { findings, ...verdict } = await store.audit.verify(folderId, [...exported, ...given])
      const views = findings.map((finding) => ({ ...finding, sequence: finding.sequence ?? null }))
      return { ...verdict, ok: findings.length === 0, findings: views }
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

    setPlace: os.audit.setPlace.handler(async ({ input, context }) => {
      const details = { before: checkpoints.place() ?? null, place: input.place }
      const entry = entryOf(parts, context.actor, { action: 'audit.setPlace', object: 'audit log', details })
      await withPlace(() => checkpoints.setPlace(input.place ?? undefined, entry))
      return { place: input.place }
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
