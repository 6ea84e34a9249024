/** Looks at a complete message: limits, loops, the addresses of From; and what the log wants to know of it. */

import type { Account } from '../../model/account.ts'
import type { Mailbox } from '../../model/address.ts'
import { parseAddressList } from '../../model/addressList.ts'
import { type HeaderError, type HeaderLimits, type Span, scanHeader } from '../../model/header.ts'
import type { Reply } from '../../model/reply.ts'
import { decodeWords } from '../mime/encodedWords.ts'
import { type CheckResult, pass, refuse } from './checkResult.ts'
import { mayUseFrom } from './permission.ts'

/** What acceptance needs to know of the content. */
export interface Content {
  headerLength: number
  subject: string
  messageId: string
}

/** A message with more Received fields goes in circles (RFC 5321 §6.3). */
export const MOST_HOPS = 50
/** From fields are read up to this size, octets. */
const FROM_OCTETS = 64 * 1024
/** Characters of subject and Message-ID that are kept. */
const TEXT_LENGTH = 998

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g

function limitReply(fault: HeaderError, limits: HeaderLimits): Reply {
  switch (fault) {
    case 'block':
      return refuse(554, '5.6.0', `The header is longer than ${limits.blockOctets} octets: make it shorter`).reply
    case 'fields':
      return refuse(554, '5.6.0', `The header has more than ${limits.fields} fields: send fewer`).reply
    case 'line':
      return refuse(554, '5.6.0', `A header line is longer than ${limits.lineOctets} octets: fold it`).reply
    case 'start':
      return refuse(554, '5.6.0', 'The header begins with a blank: begin the message with a field').reply
  }
}

function unfold(data: Buffer, { start, end }: Span): string {
  return data.toString('utf8', start, end).replace(CONTROLS, ' ').trim()
}

function subjectOf(data: Buffer, span: Span | undefined): string {
  if (!span) return ''
  // decoded words can hold line ends again
  return decodeWords(unfold(data, span)).replace(CONTROLS, ' ').trim().slice(0, TEXT_LENGTH)
}

function messageIdOf(data: Buffer, span: Span | undefined): string {
  if (!span) return ''
  const text = unfold(data, span)
  return (/<([^<>]*)>/.exec(text)?.[1] ?? text).trim().slice(0, TEXT_LENGTH)
}

/** Addresses that decoding brought forth. `Miller @ Kestrel` is a name: readers show an address without blanks only. */
function decodedAddresses(text: string): Mailbox[] {
  return (parseAddressList(text) ?? []).filter(({ local, domain }) => text.includes(`${local}@${domain}`))
}

/**
 * Every address in the From fields. Some readers decode words before they look for addresses: when that brings
 * forth other addresses, they count too.
 */
function fromAddresses(data: Buffer, fields: readonly Span[]): CheckResult<Mailbox[]> {
  const found: Mailbox[] = []
  for (const { start, end } of fields) {
    const text = data.toString('utf8', start, end)
    const addresses = end - start > FROM_OCTETS ? undefined : parseAddressList(text)
    if (!addresses || addresses.length === 0)
      return refuse(550, '5.6.0', 'The From header holds no address that can be read: write From: Name <user@domain>')
    found.push(...addresses)
    if (text.includes('=?')) found.push(...decodedAddresses(decodeWords(text.replace(/\r\n/g, ''))))
  }
  return pass(found)
}

/** Checks a message. `data` has strict line ends. */
export function checkContent(data: Buffer, account: Account, limits: HeaderLimits): CheckResult<Content> {
  const scan = scanHeader(data, limits)
  if (scan.fault) return { ok: false, reply: limitReply(scan.fault, limits) }
  if (scan.received > MOST_HOPS)
    return refuse(
      554,
      '5.4.6',
      `The message passed more than ${MOST_HOPS} hosts: it goes in circles, look at its route`,
    )
  if (scan.from.length === 0)
    return refuse(550, '5.6.0', 'The message has no From header: add From: with an address of the account')
  const from = fromAddresses(data, scan.from)
  if (!from.ok) return from
  const refusal = mayUseFrom(account, from.value)
  if (refusal) return { ok: false, reply: refusal }
  return pass({
    headerLength: scan.length,
    subject: subjectOf(data, scan.subject),
    messageId: messageIdOf(data, scan.messageId),
  })
}
