/** The disclosure register: what authorities demanded, who approved it, what was handed over, who was told. */

import { z } from 'zod'
import { procedure } from './procedure.ts'
import { holdScopeShape } from './retention.ts'
import { cursorShape, timeShape } from './shapes.ts'

const id = z.coerce.number().int().positive()
const reason = z.string().trim().min(1).max(1000)

export const legalRequestStates = ['recorded', 'approved', 'exported', 'refused', 'closed'] as const

export const legalRequestShape = z.object({
  id: z.number().int(),
  authority: z.string(),
  /** law and file number */
  basis: z.string(),
  scope: holdScopeShape,
  receivedAt: timeShape,
  /** the account must not be told before; null: no such order */
  gagUntil: timeShape.nullable(),
  state: z.enum(legalRequestStates),
  recordedBy: z.string(),
  /** never the one who recorded it */
  approvedBy: z.string().nullable(),
  approvedAt: timeShape.nullable(),
  /** the legal hold that keeps what is demanded */
  hold: z.number().int().nullable(),
  export: z
    .object({ at: timeShape, by: z.string(), records: z.number().int(), bytes: z.number().int(), sha256: z.string() })
    .nullable(),
  /** when the account was told; null while it was not */
  noticeAt: timeShape.nullable(),
  /** why it is not told */
  noNoticeReason: z.string(),
  note: z.string(),
})
export type LegalRequestView = z.infer<typeof legalRequestShape>

export const legalRequests = {
  list: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/legal-requests', summary: 'Legal demands, newest first' })
    .input(z.object({ limit: z.coerce.number().int().min(1).max(500).default(100), cursor: cursorShape.optional() }))
    .output(z.object({ legalRequests: z.array(legalRequestShape), next: cursorShape.nullable() })),
  record: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/legal-requests', summary: 'Record a legal demand', successStatus: 201 })
    .input(
      z.object({
        authority: reason,
        basis: reason,
        scope: holdScopeShape,
        receivedAt: timeShape.optional(),
        gagUntil: timeShape.optional(),
        note: z.string().trim().max(4000).default(''),
        /** keeps what is demanded from now on */
        hold: z.boolean().default(true),
      }),
    )
    .output(legalRequestShape),
  approve: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/legal-requests/{id}/approve', summary: 'Approve as the second person' })
    .input(z.object({ id, reason }))
    .output(legalRequestShape),
  refuse: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/legal-requests/{id}/refuse', summary: 'Refuse a demand' })
    .input(z.object({ id, reason }))
    .output(legalRequestShape),
  /** Builds the export of an approved demand; its hash is recorded. JSON Lines, handed out once as text. */
  export: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/legal-requests/{id}/export', summary: 'Export what an approved demand covers' })
    .input(z.object({ id }))
    .output(z.object({ legalRequest: legalRequestShape, name: z.string(), content: z.string() })),
  /** Tells the account, or records why not. Refused before the gag ends. */
  notice: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/legal-requests/{id}/notice', summary: 'Tell the account, or record why not' })
    .input(z.object({ id, tell: z.boolean(), reason: z.string().trim().max(1000).default('') }))
    .output(legalRequestShape),
  close: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/legal-requests/{id}/close', summary: 'Close a demand; its hold is released' })
    .input(z.object({ id, reason }))
    .output(legalRequestShape),
}
