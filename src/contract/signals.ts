/** Signals: facts that speak for abuse, where they come from, and where figures become signals. Never content. */

import { z } from 'zod'
import { signalKinds } from '../model/signal.ts'
import { procedure } from './procedure.ts'
import { cursorShape, messageIdShape, timeShape } from './shapes.ts'

const reason = z.string().trim().min(1).max(1000)
const kindShape = z.enum(signalKinds)

export const signalShape = z.object({
  id: z.number().int(),
  /** null while nobody knows whose it is: for a person to find out */
  account: z.string().nullable(),
  kind: kindShape,
  at: timeShape,
  /** 0 to 100 */
  weight: z.number().int(),
  /** in words: neither content nor addresses */
  summary: z.string(),
  /** the records behind it, at most 100 */
  messages: z.array(messageIdShape),
  /** `acceptance`, `volume`, `feedback`, `letter`, a scorer's name, or who reported */
  source: z.string(),
  /** how often the same fact was told within a day */
  times: z.number().int(),
  /** the case it is evidence in */
  case: z.number().int().nullable(),
  /** a person found that it says nothing */
  dismissed: z.boolean(),
})
export type SignalView = z.infer<typeof signalShape>

export const signalThresholdsShape = z.object({
  /** score of a sample, 0 to 100, from which it is flagged; 50 is where a scorer itself says spam */
  spamScore: z.number().min(1).max(100),
  /** share of a day's deliveries that failed for an unknown mailbox or domain */
  bounceRate: z.number().min(0).max(1),
  /** below so many deliveries a share says nothing */
  leastDeliveries: z.number().int().min(1).max(1_000_000),
  /** messages of a day against the median of the account's own 14 days before */
  volumeFactor: z.number().min(1).max(1000),
  /** below so many messages a day no volume is a jump */
  volumeFloor: z.number().int().min(1).max(100_000_000),
  /** complaints within a day that weigh 50 together */
  complaints: z.number().int().min(1).max(1000),
  /** a message with more recipients stands out */
  recipients: z.number().int().min(1).max(100_000),
})
export type SignalThresholdsView = z.infer<typeof signalThresholdsShape>

export const simulationShape = z.object({
  since: timeShape,
  kinds: z.array(
    z.object({
      kind: kindShape,
      /** false when only what was noticed under the thresholds of its time can be counted */
      complete: z.boolean(),
      total: z.number().int(),
      accounts: z.array(z.object({ account: z.string(), count: z.number().int() })),
    }),
  ),
})
export type Simulation = z.infer<typeof simulationShape>

export const scoringShape = z.object({
  /** `built-in`: a few coarse checks, where there is no filter */
  kind: z.enum(['built-in', 'rspamd', 'spamd']),
  /** such as `http://127.0.0.1:11333` (rspamd) or `spamd://127.0.0.1:783`; empty for the built-in checks */
  url: z.string().trim().max(300).default(''),
  timeoutMs: z.number().int().min(100).max(30_000).default(5000),
})
export type ScoringView = z.infer<typeof scoringShape>

/** Addresses of the relay's own that take mail from anybody. */
export const mailboxDomainShape = z.object({
  addresses: z.array(z.string()),
  /** domains besides the relay's name */
  domains: z.array(z.string()),
})
export type MailboxDomainView = z.infer<typeof mailboxDomainShape>

export const signals = {
  list: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/signals', summary: 'Signals, newest first' })
    .input(
      z.object({
        account: z.string().max(64).optional(),
        /** only those nobody could match to an account, and nobody has dismissed */
        unmatched: z.coerce.boolean().default(false),
        kind: kindShape.optional(),
        since: timeShape.optional(),
        /** only those that are in no case, and that nobody has dismissed */
        unassigned: z.coerce.boolean().default(false),
        /** only the evidence of this case */
        case: z.coerce.number().int().positive().optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        cursor: cursorShape.optional(),
      }),
    )
    .output(z.object({ signals: z.array(signalShape), next: cursorShape.nullable() })),
  get: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/signals/{id}', summary: 'A signal' })
    .input(z.object({ id: z.coerce.number().int() }))
    .output(signalShape),
  /** What a person has noticed. The note is kept in the signal: it may hold no addresses. */
  report: procedure({ roles: ['admin', 'operator', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/signals', summary: 'Report what speaks for abuse', successStatus: 201 })
    .input(
      z.object({
        account: z.string().min(1).max(64),
        note: z.string().trim().min(1).max(500),
        /** the message it is about, when it is known */
        message: messageIdShape.optional(),
      }),
    )
    .output(signalShape),
  /** Says whose a signal without an account is. A complaint counts for the account's trust from then on. */
  assign: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/signals/{id}/account', summary: 'Say whose a signal without an account is' })
    .input(
      z.object({
        id: z.coerce.number().int(),
        account: z.string().min(1).max(64),
        /** a case of this account it becomes evidence in */
        case: z.coerce.number().int().positive().optional(),
      }),
    )
    .output(signalShape),
  /** For a signal of no case that says nothing. It counts no more, and goes when its 70 days are over. */
  dismiss: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'POST', path: '/signals/{id}/dismissal', summary: 'Dismiss a signal that says nothing' })
    .input(z.object({ id: z.coerce.number().int(), reason }))
    .output(signalShape),
  thresholds: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/signals/thresholds', summary: 'Where figures become signals' })
    .output(signalThresholdsShape),
  setThresholds: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/signals/thresholds', summary: 'Set where figures become signals' })
    .input(signalThresholdsShape.extend({ reason }))
    .output(signalThresholdsShape),
  simulate: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'POST', path: '/signals/simulate', summary: 'What thresholds would have found in 70 days' })
    .input(signalThresholdsShape)
    .output(simulationShape),
  scoring: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/signals/scoring', summary: 'How samples are scored' })
    .output(scoringShape),
  /** For admins alone: the scorer sees samples whole. It has to be on this machine or network, or be reached over HTTPS. */
  setScoring: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/signals/scoring', summary: 'Set how samples are scored' })
    .input(scoringShape.extend({ reason }))
    .output(scoringShape),
  traps: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/signals/traps', summary: 'Addresses nobody writes to' })
    .output(z.object({ addresses: z.array(z.string()) })),
  setTraps: procedure({ roles: ['admin', 'reviewer'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/signals/traps', summary: 'Set the addresses nobody writes to' })
    .input(z.object({ addresses: z.array(z.string().max(320)).max(10_000), reason }))
    .output(z.object({ addresses: z.array(z.string()) })),
  desk: procedure({ roles: ['admin', 'reviewer', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/signals/desk', summary: 'Where complaints are taken by mail' })
    .output(mailboxDomainShape),
  setMailboxDomain: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/signals/desk', summary: "Set further domains of the relay's own addresses" })
    .input(z.object({ domains: z.array(z.string().max(255)).max(100), reason }))
    .output(mailboxDomainShape),
}
