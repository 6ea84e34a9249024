/** The audit log: what was done, by whom, and the proof that nothing was changed afterwards. */

import { z } from 'zod'
import { procedure } from './procedure.ts'
import { cursorShape, timeShape } from './shapes.ts'

export const auditRowShape = z.object({
  /** 1, 2, … without a gap */
  sequence: z.number().int(),
  at: timeShape,
  /** such as `accounts.trust` */
  action: z.string(),
  /** facts that are no personal data and stay: ids, counts, hashes */
  facts: z.record(z.string(), z.unknown()),
  /** e-mail of the person, `system`, or `local`; null once the personal part was erased */
  actor: z.string().nullable(),
  object: z.string().nullable(),
  reason: z.string().nullable(),
  details: z.record(z.string(), z.unknown()).nullable(),
  /** SHA-256 over salt and personal part, hex */
  commitment: z.string(),
  /** hex; covers this row and the one before */
  hash: z.string(),
})
export type AuditRowView = z.infer<typeof auditRowShape>

/** The state of the log at a moment, signed. Kept outside the data folder it proves a missing tail or a rollback. */
export const checkpointShape = z.object({
  /** id of the data folder */
  folder: z.string(),
  sequence: z.number().int(),
  /** hash of the row with that sequence */
  head: z.string(),
  at: timeShape,
  /** Ed25519, SPKI PEM */
  publicKey: z.string(),
  /** Ed25519 over folder, sequence, head and at, base64 */
  signature: z.string(),
})
export type Checkpoint = z.infer<typeof checkpointShape>

export const auditFindingShape = z.object({
  kind: z.enum([
    'broken row',
    'missing row',
    'missing tail',
    'replaced',
    'rolled back',
    'bad checkpoint',
    'bad receipt',
    'missing receipt',
  ]),
  /** the first row it is about; null when it is about the whole log */
  sequence: z.number().int().nullable(),
  /** in words, naming what is wrong */
  text: z.string(),
})
export type AuditFinding = z.infer<typeof auditFindingShape>

export const verificationResultShape = z.object({
  ok: z.boolean(),
  rows: z.number().int(),
  head: z.string(),
  /** rows whose personal part was erased, and that verify all the same */
  erased: z.number().int(),
  /** checkpoints compared: own ones, exported ones, those given */
  checkpoints: z.number().int(),
  receipts: z.number().int(),
  findings: z.array(auditFindingShape),
})
export type VerificationResult = z.infer<typeof verificationResultShape>

export const samplingReplayResultShape = z.object({
  ok: z.boolean(),
  /** blocks that are closed and were recomputed */
  blocks: z.number().int(),
  /** of these: the drawn message was stored, or withheld because the account was trusted */
  stored: z.number().int(),
  withheld: z.number().int(),
  /** blocks still open: their secret is not told yet */
  open: z.number().int(),
  /** in words, naming account, block and what is wrong */
  findings: z.array(z.string()),
})
export type SamplingReplayResult = z.infer<typeof samplingReplayResultShape>

const filter = z.object({
  since: timeShape.optional(),
  until: timeShape.optional(),
  /** an action such as `accounts.trust`, or its first part: `accounts` */
  action: z.string().max(80).optional(),
  actor: z.string().max(320).optional(),
  /** part of the object, reason or details */
  text: z.string().max(400).optional(),
})

export const audit = {
  list: procedure({ roles: ['admin', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/audit', summary: 'The audit log, newest first' })
    .input(
      filter.extend({
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        cursor: cursorShape.optional(),
      }),
    )
    .output(z.object({ rows: z.array(auditRowShape), next: cursorShape.nullable() })),
  /** Rows as they lie in the chain, oldest first, for an export that can be verified without Mailward. */
  rows: procedure({ roles: ['admin', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/audit/rows', summary: 'Rows of the chain, oldest first' })
    .input(
      z.object({
        after: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(5000).default(1000),
      }),
    )
    .output(
      z.object({
        rows: z.array(
          z.object({
            sequence: z.number().int(),
            /** milliseconds, Unix time, as hashed */
            at: z.number().int(),
            action: z.string(),
            /** JSON text as hashed; null when the row has none */
            facts: z.string().nullable(),
            /** JSON text as committed to; null when erased */
            personal: z.string().nullable(),
            commitment: z.string(),
            hash: z.string(),
          }),
        ),
        next: z.number().int().nullable(),
      }),
    ),
  /** Begins an export, which is recorded in the log. What it answers is the export's first line. */
  export: procedure({ roles: ['admin', 'auditor'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/audit/export', summary: 'Begin an export of the log', successStatus: 201 })
    .output(
      z.object({
        format: z.literal('mailward-audit-1'),
        /** id of the data folder */
        folder: z.string(),
        /** Ed25519, SPKI PEM */
        publicKey: z.string(),
        exportedAt: timeShape,
        /** the row that records the export: the last one to be read */
        rows: z.number().int(),
        head: z.string(),
      }),
    ),
  verify: procedure({ roles: ['admin', 'auditor'], tokenScope: 'read' })
    .route({ method: 'POST', path: '/audit/verify', summary: 'Check the whole log, its checkpoints and receipts' })
    .input(z.object({ checkpoints: z.array(checkpointShape).max(20_000).default([]) }))
    .output(verificationResultShape),
  replayDraws: procedure({ roles: ['admin', 'auditor'], tokenScope: 'read' })
    .route({
      method: 'POST',
      path: '/audit/replay-draws',
      summary: 'Recompute every closed block of the sampling draw',
    })
    .output(samplingReplayResultShape),
  checkpoints: procedure({ roles: ['admin', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/audit/checkpoints', summary: 'Signed checkpoints' })
    .output(
      z.object({
        /** folder or file outside the data folder that checkpoints are written to; null when none was chosen */
        place: z.string().nullable(),
        /** why the last one could not be written there; null when it could */
        problem: z.string().nullable(),
        /** newest first, at most 200 */
        checkpoints: z.array(checkpointShape),
      }),
    ),
  /** Signs the present state and writes it to the chosen place. */
  checkpoint: procedure({ roles: ['admin', 'auditor'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/audit/checkpoints', summary: 'Sign a checkpoint now', successStatus: 201 })
    .output(checkpointShape),
  setTarget: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/audit/place', summary: 'Choose where checkpoints are exported to' })
    .input(z.object({ place: z.string().max(4096).nullable() }))
    .output(z.object({ place: z.string().nullable() })),
  /** Erases the personal part of rows; the chain still verifies. The erasure is itself a row. */
  erase: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/audit/erase', summary: 'Erase the personal part of rows of the audit log' })
    .input(
      z.object({
        sequences: z.array(z.number().int().positive()).min(1).max(1000),
        reason: z.string().min(1).max(1000),
      }),
    )
    .output(z.object({ erased: z.number().int() })),
}
