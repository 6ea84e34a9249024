/** MAIL and RCPT with the parameters a host understands. */

import type { Delivery } from '../../model/message.ts'
import { isUtf8, wireAddress } from '../delivery/address.ts'
import type { Mail } from '../delivery/mail.ts'
import type { Capabilities } from './capabilities.ts'

/** Parameters are words: what cannot be one (RFC 5321 §4.1.2, esmtp-value) is left out rather than sent. */
const VALUE = /^[!-<>-~]+$/

function parameter(name: string, value: string | undefined): string {
  return value !== undefined && VALUE.test(value) ? ` ${name}=${value}` : ''
}

/** MAIL; 8-bit content goes to a host without 8BITMIME as it is. */
export function mailCommand(mail: Mail, recipients: readonly Delivery[], capabilities: Capabilities): string {
  const { envelope, from, content, utf8Headers } = mail
  let command = `MAIL FROM:<${from}>`
  if (capabilities.size) command += ` SIZE=${content.bytes}`
  if (capabilities.eightBitMime && envelope.body === '8bitmime') command += ' BODY=8BITMIME'
  const needsUtf8 = utf8Headers || isUtf8(from) || recipients.some(({ recipient }) => isUtf8(wireAddress(recipient)))
  // not for its own sake: the parameter closes the way to every host behind that lacks it (RFC 6531 §3.4)
  if (needsUtf8) command += ' SMTPUTF8'
  if (!capabilities.dsn) return command
  return command + parameter('RET', envelope.ret?.toUpperCase()) + parameter('ENVID', envelope.envid)
}

/** RCPT with what the sender wants to hear about this recipient (RFC 3461 §4). */
export function recipientCommand({ recipient, options }: Delivery, capabilities: Capabilities): string {
  const command = `RCPT TO:<${wireAddress(recipient)}>`
  if (!capabilities.dsn) return command
  return command + parameter('NOTIFY', options.notify?.join(',').toUpperCase()) + parameter('ORCPT', options.orcpt)
}
