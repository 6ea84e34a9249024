/** Ports: the types in which the parts of mail transfer meet. Each part is handed what it needs; none looks for it. */

import type { Account, Credential } from '../model/account.ts'
import type { Mailbox } from '../model/address.ts'
import type { QueueAction, QueueFilter } from '../model/filter.ts'
import type { MessageId } from '../model/id.ts'
import type { Client, Delivery, Envelope, MessageRecord, RecipientOptions } from '../model/message.ts'
import type { AttemptReport } from '../model/outcome.ts'
import type { Reply } from '../model/reply.ts'
import type { Route } from '../model/route.ts'
import type { NewMessage } from '../store/store.ts'

export type { Clock } from '../base/clock.ts'
export type { Log } from '../base/log.ts'

/** What intake hands over when a message is complete and every check has passed. */
export interface Submission {
  account: Account
  credential: Credential | undefined
  client: Client
  envelope: Envelope
  recipients: { address: string; options: RecipientOptions }[]
  /** the bytes as received: strict CRLF, dot-unstuffed, nothing added */
  data: Uint8Array
  /** length in bytes of the header block of `data`, including the empty line that ends it */
  headerLength: number
  /** decoded and in one line; empty when there is none */
  subject: string
  /** without angle brackets; empty when there is none */
  messageId: string
  /** The trace field (RFC 5321 §4.4) to put before `data`, ending in CRLF. */
  received(id: string, acceptedAt: number): string
}

export type Acceptance = { kind: 'accepted'; id: MessageId } | { kind: 'refused'; reply: Reply }

/** A mail to the relay itself. */
export interface MailToRelay {
  desk: string
  /** address of the client */
  client: string
  data: Uint8Array
}

/** The role mailboxes of the relay: addresses of its own that take mail from anybody (RFC 2142). */
export interface RoleMailboxes {
  /** The desk an address belongs to; undefined for every other address. */
  find(mailbox: Mailbox): string | undefined
  /** Whether a client may write to a desk now: each has so much mail an hour. */
  mayWrite(client: string): boolean
  /** Resolves when the mail is durable; false when the mailboxes are full for now. */
  take(letter: MailToRelay): Promise<boolean>
}

/** Makes a message durable; resolves only when 250 may be said. */
export type Accept = (submission: Submission) => Promise<Acceptance>

/** Carries out someone's order on the queue and wakes what became due. */
export type ActOnQueue = (
  action: QueueAction,
  filter: QueueFilter,
  reason: string,
) => Promise<{ deliveries: number; skipped: number }>

/** How an attempt comes along, seen from outside. */
export interface Progress {
  /** grows with everything that is said, heard or taken */
  steps: number
  /** Cuts the connection the attempt uses; set by the agent while there is one. */
  cut: ((why: string) => void) | undefined
}

/** Deliveries of one message to one destination, tried in one SMTP transaction. */
export interface DeliveryJob {
  /** kept up to date while the attempt runs */
  progress?: Progress
  record: MessageRecord
  body: Uint8Array
  /** queue key */
  destination: string
  route: Route
  /** recipient domain, in lower-case A-label form (what `mx` looks up) */
  domain: string
  deliveries: Delivery[]
}

/** Speaks SMTP to next hops. Never rejects: whatever goes wrong is an outcome, and what is unknown is deferred. */
export interface DeliveryAgent {
  deliver(job: DeliveryJob): Promise<AttemptReport>
  /** How many transactions may run at once to a destination. */
  concurrency(): number
  /** Waits for what is in flight, at most `graceMs`, then cuts; closes idle connections. */
  stop(graceMs: number): Promise<void>
}

/** To be called with every message that was accepted. Returns at once. */
export type Watch = (message: NewMessage, sampled: boolean) => void
