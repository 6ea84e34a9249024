/** The part of a notification that machines read (RFC 3464 §2, RFC 6533 §3). */

import { formatId } from '../../model/id.ts'
import type { MessageRecord } from '../../model/message.ts'
import { formatReply, type Reply } from '../../model/reply.ts'
import { GIVE_UP_AFTER } from '../../model/retry.ts'
import { isUtf8, wireAddress } from '../delivery/address.ts'
import { mailDate, oneLine, type Part } from '../mime/write.ts'
import type { Action, Notified } from './notified.ts'

export interface StatusInput {
  hostname: string
  /** milliseconds, Unix time */
  now: number
  record: MessageRecord
  told: readonly Notified[]
  /** host, address and port spoken to last */
  destination: string
}

const actionWords: Record<Action, string> = {
  failed: 'failed',
  expired: 'failed',
  delayed: 'delayed',
  relayed: 'relayed',
}

/** Status when the next hop gave none that fits (RFC 3463). */
const plainStatus: Record<Action, string> = { failed: '5.0.0', expired: '5.4.7', delayed: '4.0.0', relayed: '2.0.0' }

/** Takes the xtext encoding off (RFC 3461 §4); undefined when what comes out is no single line. */
function decodeXtext(text: string): string | undefined {
  const decoded = text.replaceAll(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return /^[ -~]+$/.test(decoded) ? decoded : undefined
}

/** The reply behind an outcome, and its reason. */
export function wordsOf({ outcome }: Notified): { reply: Reply | undefined; reason: string } {
  const reason = outcome.kind === 'delivered' ? formatReply(outcome.reply) : outcome.reason
  return { reply: outcome.reply, reason }
}

function statusOf(told: Notified): string {
  const plain = plainStatus[told.action]
  const given = wordsOf(told).reply?.enhancedCode
  return given?.charAt(0) === plain.charAt(0) ? given : plain
}

/** The name of the host that was spoken to, or undefined when none was: a queue key names no address. */
export function remoteHost(destination: string): string | undefined {
  const match = /^(?:(\S+) )?\[([^\]]+)\]:\d+$/.exec(destination) ?? /^()(\d+\.\d+\.\d+\.\d+):\d+$/.exec(destination)
  return match ? match[1] || `[${match[2]}]` : undefined
}

/** This part may not be encoded (RFC 3464 §2.1), so no line may grow long. */
function short(text: string): string {
  return oneLine(text).slice(0, 500)
}

function field(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name}: ${value}`]
}

function originalRecipient(orcpt: string | undefined): string | undefined {
  const [type = '', ...rest] = (orcpt ?? '').split(';')
  const address = decodeXtext(rest.join(';'))
  return /^[A-Za-z0-9-]+$/.test(type) && address !== undefined ? `${type}; ${address}` : undefined
}

/** An address with its type: `rfc822`, or `utf-8` for one that ASCII cannot hold. */
function typedAddress(address: string): string {
  const written = oneLine(wireAddress(address))
  return `${isUtf8(written) ? 'utf-8' : 'rfc822'}; ${written}`
}

function recipientFields(told: Notified, input: StatusInput): string[] {
  const { delivery, action } = told
  const { reply, reason } = wordsOf(told)
  const remote = reply ? remoteHost(input.destination) : undefined
  const until = action === 'delayed' ? mailDate(input.record.acceptedAt + GIVE_UP_AFTER) : undefined
  return [
    ...field('Original-Recipient', originalRecipient(delivery.options.orcpt)),
    ...field('Final-Recipient', typedAddress(delivery.recipient)),
    ...field('Action', actionWords[action]),
    ...field('Status', statusOf(told)),
    ...field('Remote-MTA', remote && `dns; ${remote}`),
    ...field('Diagnostic-Code', reply ? `smtp; ${short(formatReply(reply))}` : `x-mailward; ${short(reason)}`),
    ...field('Last-Attempt-Date', mailDate(input.now)),
    ...field('Will-Retry-Until', until),
  ]
}

function messageFields({ hostname, record }: StatusInput): string[] {
  const { envid } = record.envelope
  return [
    ...field('Original-Envelope-Id', envid === undefined ? undefined : decodeXtext(envid)),
    ...field('Reporting-MTA', `dns; ${hostname}`),
    ...field('X-Mailward-Message', formatId(record.id)),
    ...field('Arrival-Date', mailDate(record.acceptedAt)),
  ]
}

/** Builds the part; a recipient that ASCII cannot hold makes it the UTF-8 form of RFC 6533. */
export function statusPart(input: StatusInput): Part {
  const groups = [messageFields(input), ...input.told.map((told) => recipientFields(told, input))]
  const isGlobal = input.told.some(({ delivery }) => isUtf8(oneLine(wireAddress(delivery.recipient))))
  const text = groups.map((fields) => `${fields.map(fold).join('\r\n')}\r\n`).join('\r\n')
  const written = isGlobal ? text : text.replaceAll(/[^\r\n\t -~]/g, '?')
  return {
    contentType: isGlobal ? 'message/global-delivery-status' : 'message/delivery-status',
    body: Buffer.from(written, 'utf8'),
  }
}

/** Breaks a long field at blanks, so that readers with a line limit get it whole. */
function fold(line: string): string {
  const lines = ['']
  for (const word of line.split(' ')) {
    const last = lines.at(-1)!
    if (last !== '' && last.length + word.length > 76) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.join('\r\n ')
}
