/** How the event loop and the store's worker threads talk: batches of calls, batches of answers. */

import type { QueueFilter } from '../../../model/filter.ts'
import type { Delivery } from '../../../model/message.ts'
import type { NewMessage } from '../../store.ts'

/** A call: number, operation (such as `queue.accept`), what it is given. */
export type Call = [number, string, unknown[]]
/** An answer: number, and either a value or an error. */
export type Answer = [number, true, unknown] | [number, false, { message: string; code: string | undefined }]

/** Ends a thread after everything called before. */
export const STOP = 'stop'

/** What a worker tells without being asked. */
export interface FatalError {
  fault: string
}

export interface WorkerData {
  role: 'writer' | 'history' | 'reader' | 'backup'
  folder: string
  logKey: Uint8Array
}

/** A new message as rows of plain values, which cross to a worker much faster than nested objects. */
export interface EncodedMessage {
  message: (string | number | null)[]
  headers: number
  /** headers and body in one piece */
  bytes: Uint8Array
  deliveries: (string | number | null)[][]
  attempts: (string | number | null)[][]
}

/** Turns recipient options into text, or null for none (the usual case). */
function encodeOptions(delivery: Delivery): string | null {
  const { notify, orcpt } = delivery.options
  return notify === undefined && orcpt === undefined ? null : JSON.stringify(delivery.options)
}

/** A delivery as the row that is kept. `codes` numbers the states. */
export function encodeDelivery(message: number, d: Delivery, code: number): (string | number | null)[] {
  return [
    message,
    d.ordinal,
    d.recipient,
    encodeOptions(d),
    d.destination,
    code,
    d.reason,
    d.nextAttemptAt ?? null,
    d.attempts,
    d.inDoubt ? 1 : 0,
  ]
}

/** Encodes a new message. The bytes are copied: they may be a view into a large network buffer. */
export function encodeMessage(
  { record, body, deliveries, attempts }: NewMessage,
  codeOf: (state: Delivery['state']) => number,
  open: number,
): EncodedMessage {
  return {
    message: [
      record.id,
      record.account,
      record.credential ?? null,
      record.acceptedAt,
      record.envelope.from,
      record.subject,
      record.messageId,
      record.size,
      record.keepUntil,
      record.sampled ? 1 : 0,
      open,
      encodeExtra(record),
    ],
    headers: record.headers.length,
    bytes: new Uint8Array(body),
    deliveries: deliveries.map((d) => encodeDelivery(record.id, d, codeOf(d.state))),
    attempts: attempts.map((a) => [record.id, a.number, JSON.stringify(a.ordinals), a.startedAt, a.destination]),
  }
}

function encodeExtra(record: NewMessage['record']): string {
  const { client, envelope } = record
  return JSON.stringify([
    client.address,
    client.helo,
    client.tls ?? null,
    envelope.smtputf8 ? 1 : 0,
    envelope.body === '8bitmime' ? 1 : 0,
    envelope.ret ?? null,
    envelope.envid ?? null,
  ])
}

export interface ActArguments {
  action: import('../../../model/filter.ts').QueueAction
  filter: QueueFilter
  reason: string
  now: number
  /** goes on after this delivery */
  after: [number, number] | undefined
  /** at most this many deliveries in one transaction */
  limit: number
}
