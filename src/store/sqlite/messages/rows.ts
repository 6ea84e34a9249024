/** Rows of the database as the model's words. */

import { statusOf } from '../../../model/delivery.ts'
import type { Attempt, Client, Delivery, Envelope, MessageRecord, RecipientOptions } from '../../../model/message.ts'
import { stateAt } from '../thread/schema.ts'

export interface MessageRow {
  id: number
  account: number
  credential: number | null
  accepted_at: number
  sender: string
  subject: string
  message_id: string
  size: number
  keep_until: number
  sampled: number
  extra: string
  headers: Uint8Array
  number: number | null
}

export interface DeliveryRow {
  message: number
  ordinal: number
  recipient: string
  options: string | null
  destination: string
  state: number
  reason: string
  next_at: number | null
  attempts: number
  in_doubt: number
}

export interface AttemptRow {
  number: number
  ordinals: string
  started_at: number
  ended_at: number | null
  destination: string
  tls: string | null
  code: number | null
  enhanced_code: string | null
  reply: string | null
  transcript: string
  in_doubt: number
}

/** Client and envelope details, which no query looks at, are kept as one text. */
export function decodeExtra(sender: string, extra: string): { client: Client; envelope: Envelope } {
  const [address, helo, tls, smtputf8, eightBit, ret, envid] = JSON.parse(extra) as [
    string,
    string,
    string | null,
    number,
    number,
    'full' | 'hdrs' | null,
    string | null,
  ]
  return {
    client: { address, helo, tls: tls ?? undefined },
    envelope: {
      from: sender,
      smtputf8: smtputf8 === 1,
      body: eightBit === 1 ? '8bitmime' : '7bit',
      ret: ret ?? undefined,
      envid: envid ?? undefined,
    },
  }
}

/** A message's row as record. */
export function decodeMessage(row: MessageRow): MessageRecord {
  const { client, envelope } = decodeExtra(row.sender, row.extra)
  return {
    id: row.id,
    account: row.account,
    credential: row.credential ?? undefined,
    acceptedAt: row.accepted_at,
    envelope,
    subject: row.subject,
    messageId: row.message_id,
    size: row.size,
    headers: row.headers,
    client,
    keepUntil: row.keep_until,
    sampled: row.sampled === 1,
  }
}

const noOptions: RecipientOptions = { notify: undefined, orcpt: undefined }

/** A delivery's row as delivery. */
export function decodeDelivery(row: DeliveryRow): Delivery {
  return {
    ordinal: row.ordinal,
    recipient: row.recipient,
    options: row.options === null ? noOptions : (JSON.parse(row.options) as RecipientOptions),
    destination: row.destination,
    state: stateAt(row.state),
    reason: row.reason,
    nextAttemptAt: row.next_at ?? undefined,
    attempts: row.attempts,
    inDoubt: row.in_doubt === 1,
  }
}

/** An attempt's row as attempt. */
export function decodeAttempt(row: AttemptRow): Attempt {
  return {
    number: row.number,
    ordinals: JSON.parse(row.ordinals) as number[],
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    destination: row.destination,
    tls: row.tls ?? undefined,
    code: row.code ?? undefined,
    enhancedCode: row.enhanced_code ?? undefined,
    reply: row.reply ?? undefined,
    transcript: row.transcript,
    inDoubt: row.in_doubt === 1,
  }
}

/** The status of a message from its delivery rows. */
export function statusOfRows(rows: readonly DeliveryRow[]) {
  return statusOf(rows.map((row) => stateAt(row.state)))
}
