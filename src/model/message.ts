/** A message, its deliveries and attempts, as the relay keeps them. Times are milliseconds of Unix time, sizes bytes. */

import type { DeliveryState, MessageStatus } from './delivery.ts'
import type { MessageId } from './id.ts'

/** The client that submitted a message. */
export interface Client {
  address: string
  helo: string
  /** protocol and cipher such as `TLSv1.3 TLS_AES_256_GCM_SHA384`, or undefined for plaintext */
  tls: string | undefined
}

/** DSN wishes of a recipient (RFC 3461 §4.1, §4.2). */
export interface RecipientOptions {
  notify: ('never' | 'success' | 'failure' | 'delay')[] | undefined
  /** original recipient as given: `rfc822;xtext` */
  orcpt: string | undefined
}

export interface Envelope {
  /** reverse path without angle brackets; empty for a notification */
  from: string
  smtputf8: boolean
  body: '7bit' | '8bitmime'
  /** RFC 3461 §4.3, §4.4 */
  ret: 'full' | 'hdrs' | undefined
  envid: string | undefined
}

/** What is known about a message except its deliveries and its body. Kept 70 days. */
export interface MessageRecord {
  id: MessageId
  /** account id */
  account: number
  /** credential id; undefined for mail of the relay itself (notifications) */
  credential: number | undefined
  acceptedAt: number
  envelope: Envelope
  subject: string
  /** content of Message-ID without angle brackets; empty when there was none */
  messageId: string
  size: number
  /** the raw header block as it leaves, up to and including the empty line */
  headers: Uint8Array
  client: Client
  keepUntil: number
  sampled: boolean
}

/** One recipient of one message: the unit of the queue. Named by message and ordinal (0, 1, …). */
export interface Delivery {
  ordinal: number
  recipient: string
  options: RecipientOptions
  /** queue key, see destinationKey */
  destination: string
  state: DeliveryState
  /** why it is in this state, in plain words */
  reason: string
  nextAttemptAt: number | undefined
  attempts: number
  /** whether some attempt may have reached the next hop without our knowing: a duplicate is possible */
  inDoubt: boolean
}

/** One try of one or several deliveries of a message to one destination in one transaction. */
export interface Attempt {
  /** 1, 2, … within the message */
  number: number
  /** which deliveries it was for */
  ordinals: number[]
  startedAt: number
  endedAt: number | undefined
  /** host and port that was spoken to, such as `mx1.kestrel.example [192.0.2.7]:25`; the queue key until one is dialled */
  destination: string
  tls: string | undefined
  code: number | undefined
  enhancedCode: string | undefined
  reply: string | undefined
  /** the dialogue, one `C: …` or `S: …` a line; passwords and the message itself are left out */
  transcript: string
  inDoubt: boolean
}

/** Everything the log holds about a message. */
export interface MessageDetail extends MessageRecord {
  deliveries: Delivery[]
  attempts: Attempt[]
  status: MessageStatus
  /** a legal hold keeps it beyond its day */
  held: boolean
}
