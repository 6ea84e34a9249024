/** The request desk: what people ask about data held of them, from receipt to answer. */

import { z } from 'zod'
import {
  refusalGrounds,
  requestKinds,
  requestOutcomes,
  requestSources,
  requestStates,
  requestSteps,
  requestTracks,
} from '../model/request.ts'
import { procedure } from './procedure.ts'
import { cursorShape, messageIdShape, timeShape } from './shapes.ts'

const id = z.coerce.number().int().positive()
const reason = z.string().trim().min(1).max(1000)
const address = z.string().trim().min(3).max(320)

export const requestShape = z.object({
  id: z.number().int(),
  kind: z.enum(requestKinds),
  track: z.enum(requestTracks),
  /** address of the person it is about; a short hash once it is erased */
  subject: z.string(),
  /** name of the account it is limited to; null: everything */
  account: z.string().nullable(),
  source: z.enum(requestSources),
  receivedAt: timeShape,
  /** the earlier of 30 days and one calendar month from receipt, or the extension */
  dueAt: timeShape,
  extended: z.boolean(),
  state: z.enum(requestStates),
  outcome: z.enum(requestOutcomes).nullable(),
  owner: z.string().nullable(),
  /** the third party's request that an account's order answers */
  parent: z.number().int().nullable(),
  closedAt: timeShape.nullable(),
  /** it is answered, and the person wrote since: somebody has to read that, and to note what comes of it */
  wroteAgain: z.boolean(),
})
export type RequestView = z.infer<typeof requestShape>

export const requestEventShape = z.object({
  id: z.number().int(),
  at: timeShape,
  actor: z.string(),
  /** such as `received`, `identity`, `search`, `letter`, `decision`, `execution`, `receipt`, `note` */
  kind: z.string(),
  text: z.string(),
})
export type RequestEvent = z.infer<typeof requestEventShape>

/** How many records of a place concern the person. */
export const requestLocationShape = z.object({
  /** such as `header records`, `samples`, `queue`, `backups` */
  place: z.string(),
  count: z.number().int(),
  /** of these, how many stay for now, and why */
  excepted: z.number().int(),
  why: z.string(),
})
export type RequestLocation = z.infer<typeof requestLocationShape>

/** A piece of work that takes its time, and how far it is. */
export const requestWorkShape = z.object({
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** header records looked at, of all there are */
  done: z.number().int(),
  total: z.number().int(),
  startedAt: timeShape,
  endedAt: timeShape.nullable(),
  /** what went wrong, and what to do; empty while all is well */
  problem: z.string(),
})

export const requestSearchShape = requestWorkShape.extend({
  places: z.array(requestLocationShape),
  /** accounts whose records concern the person, most first */
  accounts: z.array(z.object({ account: z.string(), records: z.number().int() })),
})
export type RequestSearch = z.infer<typeof requestSearchShape>

export const requestLetterShape = z.object({
  id: z.number().int(),
  /** such as `acknowledgement`, `forwarding`, `code`, `extension`, `refusal`, `answer` */
  kind: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  at: timeShape,
  /** the message it went out as; null once that is gone */
  message: messageIdShape.nullable(),
  /** state of its delivery in words, from the header log */
  delivery: z.string(),
})
export type RequestLetter = z.infer<typeof requestLetterShape>

export const exportShape = z.object({
  id: z.number().int(),
  createdAt: timeShape,
  /** destroyed then */
  expiresAt: timeShape,
  bytes: z.number().int(),
  records: z.number().int(),
  /** SHA-256 of the file, hex */
  sha256: z.string(),
  /** who has to review it first; null when policy asks for nobody, or somebody has */
  needsReview: z.boolean(),
  builtBy: z.string(),
  reviewedBy: z.string().nullable(),
  downloads: z.number().int(),
  /** whether it still is there */
  available: z.boolean(),
})
export type ExportView = z.infer<typeof exportShape>

/** What can be done next, and where it cannot, why not. */
export const requestStepShape = z.object({
  step: z.enum(requestSteps),
  /** empty when it can be done now */
  obstacle: z.string(),
})

export const requestDetailShape = requestShape.extend({
  /** what the person wrote; empty once it is erased */
  text: z.string(),
  /** what is to be corrected: field and new value */
  correction: z.string(),
  identity: z.object({
    confirmed: z.boolean(),
    /** in words: code answered, or the evidence described */
    how: z.string(),
    by: z.string(),
    at: timeShape.nullable(),
    /** a code was sent and waits */
    codeSentAt: timeShape.nullable(),
  }),
  search: requestSearchShape.nullable(),
  execution: requestWorkShape
    .extend({
      destroyed: z.object({
        headers: z.number().int(),
        /** records of others from which the person was taken out */
        redacted: z.number().int(),
        samples: z.number().int(),
        rows: z.number().int(),
      }),
      /** what has to wait: unfinished deliveries, holds */
      waiting: z.array(requestLocationShape),
    })
    .nullable(),
  /** receipts of what was destroyed, see retention.receipts */
  receipts: z.array(z.number().int()),
  letters: z.array(requestLetterShape),
  dataExports: z.array(exportShape),
  events: z.array(requestEventShape),
  /** requests of accounts that were made for this one */
  orders: z.array(requestShape),
  steps: z.array(requestStepShape),
  suppress: z.boolean(),
})
export type RequestDetail = z.infer<typeof requestDetailShape>

export const letterDraftShape = z.object({ to: z.string(), subject: z.string(), text: z.string() })
const letterInput = z.object({ subject: z.string().trim().min(1).max(200), text: z.string().trim().min(1).max(10_000) })

export const requestPolicyShape = z.object({
  /** packages are reviewed by a second person before they are handed over */
  reviewPackages: z.boolean(),
  /** days a package stays */
  packageDays: z.number().int().min(1).max(30),
  /** answers a mail to the privacy desk by itself */
  acknowledge: z.boolean(),
  /** days after it was closed that a request still says who asked and what was written */
  keepDays: z.number().int().min(30).max(3650),
})
export type RequestPolicy = z.infer<typeof requestPolicyShape>

export const requests = {
  list: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/requests', summary: 'Requests, those with the fewest days left first' })
    .input(
      z.object({
        /** `open`: somebody has to act */
        state: z.enum(['open', 'closed', 'all']).default('open'),
        kind: z.enum(requestKinds).optional(),
        track: z.enum(requestTracks).optional(),
        account: z.string().max(64).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
        cursor: cursorShape.optional(),
      }),
    )
    .output(z.object({ requests: z.array(requestShape), next: cursorShape.nullable() })),
  get: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/requests/{id}', summary: 'One request with its whole path' })
    .input(z.object({ id }))
    .output(requestDetailShape),
  open: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests', summary: 'Open a request', successStatus: 201 })
    .input(
      z.object({
        kind: z.enum(requestKinds),
        track: z.enum(requestTracks),
        subject: address,
        /** for the tracks `holder` and `account` */
        account: z.string().max(64).optional(),
        text: z.string().max(20_000).default(''),
        correction: z.string().max(2000).default(''),
        /** when it was received; now when left out */
        receivedAt: timeShape.optional(),
        parent: id.optional(),
        /** objection or deletion: the address is never written to again by this account */
        suppress: z.boolean().default(false),
        source: z.enum(['hand', 'api']).default('hand'),
      }),
    )
    .output(requestShape),
  /** Kind, track and account as a person reads the request; while nothing is decided. */
  change: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'PATCH', path: '/requests/{id}', summary: 'Change how a request is understood' })
    .input(
      z.object({
        id,
        kind: z.enum(requestKinds).optional(),
        track: z.enum(requestTracks).optional(),
        account: z.string().max(64).nullable().optional(),
        owner: z.string().max(320).nullable().optional(),
        correction: z.string().max(2000).optional(),
        suppress: z.boolean().optional(),
        reason,
      }),
    )
    .output(requestShape),
  note: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/notes', summary: 'Write a note', successStatus: 201 })
    .input(z.object({ id, text: z.string().trim().min(1).max(4000) }))
    .output(requestEventShape),
  /** Mails a code to the address; who answers with it has read mail there. */
  sendCode: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/identity/code', summary: 'Mail a code to the person' })
    .input(z.object({ id }))
    .output(requestShape),
  confirmCode: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/identity/confirm', summary: 'Confirm identity by the code' })
    .input(z.object({ id, code: z.string().trim().min(4).max(40) }))
    .output(requestShape),
  confirmEvidence: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({
      method: 'POST',
      path: '/requests/{id}/identity/evidence',
      summary: 'Confirm identity by evidence described',
    })
    .input(z.object({ id, evidence: reason }))
    .output(requestShape),
  /** Starts a search over everything; how far it is stands in `get`. */
  search: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/search', summary: 'Search everything for the person' })
    .input(z.object({ id }))
    .output(requestSearchShape),
  cancelSearch: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'DELETE', path: '/requests/{id}/search', summary: 'Stop the search' })
    .input(z.object({ id }))
    .output(requestShape),
  /** What execution would do now, counted place by place. Nothing is changed. */
  preview: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/requests/{id}/preview', summary: 'What execution would do' })
    .input(z.object({ id }))
    .output(
      z.object({
        /** in words */
        effects: z.array(z.string()),
        places: z.array(requestLocationShape),
        /** backups that still hold it, with the day by which they are destroyed */
        backups: z.array(z.object({ folder: z.string(), destroyBy: timeShape })),
        answer: letterDraftShape.nullable(),
      }),
    ),
  /** The letters of a forwarding, drafted: to the person, and to the account. */
  previewForward: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'read' })
    .route({ method: 'POST', path: '/requests/{id}/forward/preview', summary: 'Draft the letters of a forwarding' })
    .input(z.object({ id, accounts: z.array(z.string().max(64)).max(50) }))
    .output(z.object({ person: letterDraftShape, accounts: z.array(letterDraftShape) })),
  /** Points the person to the accounts, and sends the request on to them. */
  forward: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/forward', summary: 'Point the person to the accounts' })
    .input(z.object({ id, accounts: z.array(z.string().max(64)).min(1).max(50), letter: letterInput.optional() }))
    .output(requestShape),
  extend: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/extend', summary: 'Extend once, and tell the person' })
    .input(z.object({ id, reason }))
    .output(requestShape),
  refuse: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/refuse', summary: 'Refuse on a ground, and tell the person' })
    .input(z.object({ id, ground: z.enum(refusalGrounds), reason, letter: letterInput.optional() }))
    .output(requestShape),
  decide: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/decide', summary: 'Decide to carry it out' })
    .input(z.object({ id, note: z.string().trim().max(1000).default('') }))
    .output(requestShape),
  /** Starts; goes on by itself, after a crash too. How far it is stands in `get`. */
  execute: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/execute', summary: 'Carry it out' })
    .input(z.object({ id }))
    .output(requestShape),
  previewAnswer: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/requests/{id}/answer', summary: 'The answer, drafted' })
    .input(z.object({ id }))
    .output(letterDraftShape),
  answer: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/answer', summary: 'Send the answer' })
    .input(z.object({ id, letter: letterInput.optional() }))
    .output(requestShape),
  close: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/requests/{id}/close', summary: 'Close a request without a further letter' })
    .input(z.object({ id, outcome: z.enum(requestOutcomes), reason }))
    .output(requestShape),
  /** What a reviewer reads: the report of a package, as far as it fits. It loads and runs nothing. */
  readExport: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'GET', path: '/packages/{id}/report', summary: 'Read the report of a package' })
    .input(z.object({ id }))
    .output(
      z.object({
        html: z.string(),
        /** messages in the package, and how many of them the report shows here */
        records: z.number().int(),
        shown: z.number().int(),
      }),
    ),
  reviewExport: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/packages/{id}/review', summary: 'Release a package as the second person' })
    .input(z.object({ id, note: z.string().trim().max(1000).default('') }))
    .output(exportShape),
  /** A link that works until it expires, and the passphrase of the file; told once. */
  handOver: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'none' })
    .route({ method: 'POST', path: '/packages/{id}/hand-over', summary: 'Make a link to a package' })
    .input(z.object({ id, hours: z.number().int().min(1).max(720).default(168) }))
    .output(z.object({ path: z.string(), passphrase: z.string(), expiresAt: timeShape })),
  destroyExport: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'DELETE', path: '/packages/{id}', summary: 'Destroy a package now' })
    .input(z.object({ id }))
    .output(exportShape),
  policy: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/request-policy', summary: 'How requests are handled' })
    .output(requestPolicyShape),
  setPolicy: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/request-policy', summary: 'Set how requests are handled' })
    .input(requestPolicyShape.extend({ reason }))
    .output(requestPolicyShape),
}
