/** Report is in charge of telling senders what became of their mail (RFC 3461, RFC 3464, RFC 6533). Pure. */

import type { MessageRecord } from '../../model/message.ts'
import { isUtf8, wireAddress } from '../delivery/address.ts'
import type { SystemMessage } from '../mime/systemMessage.ts'
import { headerText, mailDate, multipart, oneLine, type Part } from '../mime/write.ts'
import { type Action, isWanted, type Notified } from './notified.ts'
import { statusPart } from './status.ts'
import { wordsPart } from './text.ts'

export type { Action, Notified } from './notified.ts'

export interface NotificationInput {
  /** name of this relay */
  hostname: string
  /** written id of the notification itself: letters and digits, unique */
  id: string
  /** milliseconds, Unix time */
  now: number
  /** the message it is about */
  record: MessageRecord
  /** what became of its deliveries */
  told: readonly Notified[]
  /** host, address and port spoken to last, such as `mx1.kestrel.example [192.0.2.7]:25` */
  destination: string
}

const subjects: Record<Action, string> = {
  failed: 'Not delivered',
  expired: 'Not delivered',
  delayed: 'Delivery is late',
  relayed: 'Handed over',
}

/** The gravest of what is told names the whole. */
const gravity: readonly Action[] = ['failed', 'expired', 'delayed', 'relayed']

const LONGEST_SUBJECT = 120

function subjectOf({ record, told }: NotificationInput): string {
  const gravest = gravity.find((action) => told.some((one) => one.action === action)) ?? 'failed'
  const original = Array.from(oneLine(record.subject)).slice(0, LONGEST_SUBJECT).join('')
  return original === '' ? subjects[gravest] : `${subjects[gravest]}: ${original}`
}

/** The header block of the original; nothing of its body ever goes back. */
function headersPart({ envelope, headers }: MessageRecord): Part {
  const body = Buffer.from(headers.buffer, headers.byteOffset, headers.byteLength)
  // the empty line that ends the block is the boundary's own
  const trimmed = body.subarray(-4).equals(Buffer.from('\r\n\r\n')) ? body.subarray(0, -2) : body
  const isGlobal = envelope.smtputf8 && trimmed.some((byte) => byte > 127)
  return { contentType: isGlobal ? 'message/global-headers' : 'text/rfc822-headers', body: trimmed }
}

const MESSAGE_ID = /^[!-;=?-~]{1,300}$/

function references(messageId: string): string[] {
  return MESSAGE_ID.test(messageId) ? [`In-Reply-To: <${messageId}>`, `References: <${messageId}>`] : []
}

/**
 * Writes the notification to the sender of a message, for those recipients of whom the sender wants to hear it.
 * @returns undefined when there is nothing to tell, or nobody: a message without a sender gets no notification
 * (RFC 3461 §6.1), so a notification never answers a notification
 */
export function buildNotification(input: NotificationInput): SystemMessage | undefined {
  const { hostname, id, now, record } = input
  const told = input.told.filter(isWanted)
  if (record.envelope.from === '' || told.length === 0) return undefined
  const wanted = { ...input, told }
  const recipient = record.envelope.from
  const to = oneLine(wireAddress(recipient))
  const subject = subjectOf(wanted)
  const messageId = `${id}@${hostname}`
  const { boundary, body } = multipart(id, [wordsPart(wanted), statusPart(wanted), headersPart(record)])
  const header = [
    `From: Mail Delivery System <MAILER-DAEMON@${hostname}>`,
    `To: <${to}>`,
    `Subject: ${headerText(subject)}`,
    `Date: ${mailDate(now)}`,
    `Message-ID: <${messageId}>`,
    ...references(record.messageId),
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"`,
    'Content-Transfer-Encoding: 7bit',
  ]
  const head = Buffer.from(`${header.join('\r\n')}\r\n\r\n`, 'utf8')
  const data = Buffer.concat([head, Buffer.from(body, 'latin1')])
  return { recipient, data, headerLength: head.length, subject, messageId, smtputf8: isUtf8(to) }
}
