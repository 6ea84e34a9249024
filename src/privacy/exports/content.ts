/** What is in a package before it is made into files: one head, then one record a line. */

import type { RequestKind } from '../../model/request.ts'
import type { ColumnCount } from '../../store/subjects.ts'

/** What the package says about itself, and about the account where it is an account holder's. */
export interface ExportHead {
  request: number
  kind: RequestKind
  /** the person's address, or the account's name */
  subject: string
  /** whether other people's data was taken out */
  redacted: boolean
  /** name of the relay */
  relay: string
  createdAt: number
  /** when the request was received; undefined when it is not known */
  receivedAt: number | undefined
  /** days header records are kept */
  keepDays: number
  /** what was found, place by place */
  places: ColumnCount[]
  /** accounts whose mail is in it */
  accounts: string[]
  /** who else gets data, in words */
  sharing: { who: string; as: string; what: string; where: string }[]
  account: AccountData | undefined
}

/** An account holder's own data. Never a secret. Times ISO 8601, UTC. */
export interface AccountData {
  name: string
  contact: string
  status: string
  statusReason: string
  trusted: boolean
  domains: string[]
  keepDays: number | null
  createdAt: string
  credentials: { kind: string; name: string; status: string; createdAt: string }[]
  trustDecisions: { decision: string; reason: string; requestedBy: string; at: string }[]
  complaints: { at: string; note: string }[]
  openings: { at: string; sample: string; reason: string }[]
}

/**
 * Up to so many messages, the header block of each is a file of its own, beside the report. Above, the files lie in an
 * archive in the package: each encrypted entry has a key of its own, which takes milliseconds to derive (5.6 ms of
 * processor time an entry against 0.8 ms in the archive), so that 10,000 of them would be a minute of waiting.
 */
export const MOST_HEADER_FILES = 1000

/** Messages whose header block is a file at all: more would be a burden to open. Records hold the block of each. */
export const MOST_HEADERS = 20_000

/** One attempt to deliver. Times ISO 8601, UTC. */
export interface PackedAttempt {
  startedAt: string
  endedAt: string | null
  destination: string
  tls: string | null
  code: number | null
  enhancedCode: string | null
  reply: string | null
  transcript: string
}

export interface PackedDelivery {
  recipient: string
  state: string
  /** left out where the delivery is to somebody else */
  reason?: string
  attempts?: PackedAttempt[]
}

/** A header record as it is handed over. Times ISO 8601, UTC; sizes bytes. */
export interface PackedRecord {
  id: string
  account: string
  acceptedAt: string
  keepUntil: string
  from: string
  to: string[]
  subject: string
  messageId: string
  size: number
  status: string
  /** whether the whole message was drawn as a sealed sample */
  sampled: boolean
  client?: { address: string; helo: string; tls: string | null }
  deliveries: PackedDelivery[]
  /** the header block */
  headers: string
}
