/** The trace field this relay puts before each message (RFC 5321 §4.4). */

import { isAddressLiteral } from '../../model/address.ts'
import type { Client } from '../../model/message.ts'

export interface Passage {
  client: Client
  /** this relay's name */
  hostname: string
  /** whether the client greeted with EHLO */
  isExtended: boolean
  isAuthenticated: boolean
  smtputf8: boolean
}

/** The protocol's registered name (RFC 3848, RFC 6531 §4.3). Plain SMTP has no variants. */
export function protocolName({ client, isExtended, isAuthenticated, smtputf8 }: Passage): string {
  if (!isExtended) return 'SMTP'
  return `${smtputf8 ? 'UTF8SMTP' : 'ESMTP'}${client.tls ? 'S' : ''}${isAuthenticated ? 'A' : ''}`
}

function literalOf(address: string): string {
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`
}

/** What the client calls itself, where that can stand in the field; else its address. */
function nameOf({ helo, address }: Client): string {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9])?$/.test(helo) || isAddressLiteral(helo)
    ? helo
    : literalOf(address)
}

function tlsComment(tls: string | undefined): string {
  if (!tls) return ''
  const [version, cipher] = tls.split(' ')
  return `\t(using ${version} with cipher ${cipher})\r\n`
}

/** Everything before the id: the same for all messages of a connection under the same passage. */
export function receivedPrefix(passage: Passage): string {
  const { client, hostname } = passage
  return (
    `Received: from ${nameOf(client)} (${literalOf(client.address)})\r\n` +
    tlsComment(client.tls) +
    `\tby ${hostname} (Mailward) with ${protocolName(passage)} id `
  )
}

let lastSecond = -1
let lastDate = ''

/** A point in time (milliseconds, Unix time) as RFC 5322 §3.3 writes it, in UTC. */
export function mailDate(at: number): string {
  const second = Math.floor(at / 1000)
  if (second !== lastSecond) {
    lastSecond = second
    lastDate = new Date(at).toUTCString().replace('GMT', '+0000')
  }
  return lastDate
}

/** The whole field, folded, ending in CRLF. It names neither the user nor the recipients. */
export function receivedField(prefix: string, id: string, acceptedAt: number): string {
  return `${prefix}${id};\r\n\t${mailDate(acceptedAt)}\r\n`
}
