/**
 * Reads complaints that came by mail: reports in the format of RFC 5965 (ARF), mail with the message complained of
 * attached (as some large providers send it), and letters that quote its header. Whoever wrote them is not believed:
 * what is read is bounded in size, parts, depth and fields, and reading never fails.
 */

import { parseMailbox } from '../../model/address.ts'
import { htmlText } from '../../mta/html.ts'
import { type Fields, fieldsOf, folded } from '../../mta/mime/fields.ts'
import { type Email, takeApart } from '../../mta/mime/read.ts'

/** Reports say what they have to say at their beginning: so much of one is read, octets. */
const READ_OCTETS = 512 * 1024
/** Fields of a quoted header that are looked at. */
const MOST_QUOTED = 500
/** Trace fields and Message-IDs that are looked at. */
const MOST_NAMES = 5

/** `other` stands for every type that is not known. */
export type FeedbackType = 'abuse' | 'fraud' | 'virus' | 'opt-out' | 'other' | 'not-spam' | 'authentication'

export interface Feedback {
  /** a report of RFC 5965, the message itself attached, a letter; `automatic`: nobody complains */
  form: 'report' | 'attached' | 'letter' | 'automatic'
  type: FeedbackType
  /** Received fields of this relay as the report gives them, blanks folded into one */
  traces: { id: string; field: string }[]
  /** without angle brackets */
  messageIds: string[]
  /** envelope, where the report names it and it is not redacted */
  from: string | undefined
  to: string | undefined
  /** when the message arrived there, milliseconds of Unix time */
  arrivedAt: number | undefined
}

type Part = Email['attachments'][number]

const types: Record<string, FeedbackType> = {
  abuse: 'abuse',
  spam: 'abuse',
  fraud: 'fraud',
  phishing: 'fraud',
  virus: 'virus',
  'opt-out': 'opt-out',
  'opt-out-list': 'opt-out',
  'not-spam': 'not-spam',
  'auth-failure': 'authentication',
  dmarc: 'authentication',
}

function all(fields: Fields, name: string): string[] {
  return fields.flatMap(([own, value]) => (own === name ? [value] : []))
}

function textOf({ content }: Part): string {
  if (typeof content === 'string') return content
  return Buffer.from(content instanceof Uint8Array ? content : new Uint8Array(content)).toString('utf8')
}

function isOriginal({ mimeType, filename }: Part): boolean {
  return (
    /^(?:message\/(?:rfc822|global|rfc822-headers)|text\/rfc822-headers)$/.test(mimeType) ||
    /\.eml$/i.test(filename ?? '')
  )
}

/** An address that a report gives, in angle brackets or not; undefined when it was redacted. */
function addressOf(text: string | undefined): string | undefined {
  const inner = /<([^<>]*)>/.exec(text ?? '')?.[1] ?? text?.trim() ?? ''
  const mailbox = parseMailbox(inner.replace(/^rfc822;\s*/i, ''))
  return mailbox && !/redacted|x{4,}|\*{2,}/i.test(mailbox.local) ? inner.replace(/^rfc822;\s*/i, '') : undefined
}

function timeOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? undefined : ms
}

function messageIdsOf(values: readonly string[]): string[] {
  return values.flatMap((value) => /<([^<>\s]{3,998})>/.exec(value)?.[1] ?? []).slice(0, MOST_NAMES)
}

/** The fields this relay put before messages, as they can be found among others. */
function tracesOf(values: readonly string[], hostname: string): Feedback['traces'] {
  const by = ` by ${hostname.toLowerCase()} (mailward) with `
  return values
    .flatMap((value) => {
      const field = folded(value)
      const at = field.toLowerCase().indexOf(by)
      const id = at < 0 ? undefined : /^\S+ id ([0-9A-Za-z]{11});/.exec(field.slice(at + by.length))?.[1]
      return id === undefined ? [] : [{ id, field }]
    })
    .slice(0, MOST_NAMES)
}

/** Fields that a letter quotes somewhere in its text. */
function quotedFields(text: string): Fields {
  const plain = text.replace(/^(?:> ?)+/gm, '')
  const found: Fields = []
  for (const match of plain.matchAll(/^(received|message-id):((?:[^\n]|\n[ \t]){1,2000})/gim)) {
    if (found.length >= MOST_QUOTED) break
    found.push([match[1]!.toLowerCase(), match[2]!])
  }
  return found
}

/** The type a report gives itself. A report that gives none, or no report, is about abuse: that is what the desk is for. */
function typeOf(report: Fields): FeedbackType {
  const given = all(report, 'feedback-type')[0]?.toLowerCase()
  return given === undefined ? 'abuse' : (types[given] ?? 'other')
}

/** Whether a mail says what became of another: a bounce, a receipt, an absence note (RFC 3464, RFC 8098, RFC 3834). */
function isNotification(header: Fields, attachments: readonly Part[]): boolean {
  const type = all(header, 'content-type')[0] ?? ''
  return (
    all(header, 'return-path')[0] === '<>' ||
    /^auto-(?:replied|notified)/i.test(all(header, 'auto-submitted')[0] ?? '') ||
    /report-type="?(?:delivery-status|disposition-notification)/i.test(type) ||
    attachments.some(({ mimeType }) =>
      /^message\/(?:global-)?(?:delivery-status|disposition-notification)$/.test(mimeType),
    )
  )
}

/** Whether a program reports abuse, in a form other than RFC 5965: X-ARF, or fields of a report in its text. */
function isReport(header: Fields, words: string): boolean {
  return (
    all(header, 'x-xarf').length + all(header, 'x-arf').length > 0 || /^(?:feedback-type|report-type):/im.test(words)
  )
}

/**
 * What a mail is decides, and not who made it: programs complain too, and a bounce with a message in it is no complaint.
 */
function formOf(header: Fields, attachments: readonly Part[], words: string, quoted: boolean): Feedback['form'] {
  if (attachments.some(({ mimeType }) => mimeType === 'message/feedback-report')) return 'report'
  const reports = isReport(header, words)
  if (!reports && isNotification(header, attachments)) return 'automatic'
  if (attachments.some(isOriginal)) return 'attached'
  const isByProgram = !/^no\b/i.test(all(header, 'auto-submitted')[0] ?? 'no')
  return isByProgram && !reports && !quoted ? 'automatic' : 'letter'
}

/**
 * Reads a complaint.
 * @param content the mail as received
 * @param hostname this relay's name, as its trace fields have it
 */
export async function readFeedback(content: Uint8Array, hostname: string): Promise<Feedback> {
  const text = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, READ_OCTETS)).toString('latin1')
  const header = fieldsOf(text)
  const mail = await takeApart(text)
  const attachments = mail?.attachments ?? []
  const reportPart = attachments.find(({ mimeType }) => mimeType === 'message/feedback-report')
  const report = reportPart ? fieldsOf(textOf(reportPart)) : []
  const originalPart = attachments.find(isOriginal)
  const words = mail ? (mail.text ?? htmlText(mail.html ?? '')) : text
  const original = originalPart ? fieldsOf(textOf(originalPart)) : quotedFields(words)
  const form = formOf(header, attachments, words, original.length > 0)
  return {
    form,
    type: typeOf(report),
    traces: tracesOf(all(original, 'received'), hostname),
    messageIds: messageIdsOf(all(original, 'message-id')),
    from: addressOf(all(report, 'original-mail-from')[0] ?? all(original, 'return-path')[0]),
    to: addressOf(all(report, 'original-rcpt-to')[0] ?? all(original, 'x-hmxmroriginalrecipient')[0]),
    arrivedAt: timeOf(all(report, 'arrival-date')[0] ?? all(report, 'received-date')[0]),
  }
}
