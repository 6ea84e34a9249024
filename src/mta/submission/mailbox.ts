/**
 * Mail to the relay's own role mailboxes, such as abuse@ (RFC 2142): anybody may write, without a credential, to nobody else in
 * the same message, and not much. What a stranger brings in this way is never sent on.
 */

import { formatMailbox, type Mailbox } from '../../model/address.ts'
import { scanHeader } from '../../model/header.ts'
import type { MailToRelay } from '../ports.ts'
import { type CheckResult, pass, refuse } from './checkResult.ts'
import { MOST_HOPS } from './content.ts'
import type { DataReader } from './dataReader.ts'
import type { Parts } from './parts.ts'
import { dataReply } from './submission.ts'
import type { Transaction } from './transaction.ts'

/** Largest mail to a desk. */
export const DESK_OCTETS = 5 * 1024 * 1024

/** Which desk a recipient is, undefined for none; refused when the message may not go there. */
export function checkMailbox(
  mailbox: Mailbox,
  { sender, recipients, desk }: Transaction,
  { mailboxes }: Parts,
  client: string,
): CheckResult<string | undefined> {
  const found = mailboxes?.find(mailbox)
  if (found === undefined && !sender.ok) return sender
  if (recipients.size > 0 && found !== desk) {
    const own = found === undefined ? 'Mail to a desk of this relay' : `Mail to ${formatMailbox(mailbox)}`
    // servers send what gets this reply in another transaction
    return refuse(452, '4.5.3', `${own} goes in a message of its own: send the rest in another`)
  }
  if (found !== undefined && !mailboxes!.mayWrite(client))
    return refuse(450, '4.7.1', 'Your address has written a lot within the hour: try again later')
  return pass(found)
}

/** Checks a complete mail to a desk. It is delivered here: who sent it is written before it (RFC 5321 §4.4). */
export function checkLetter(
  { desk, envelope }: Transaction & { desk: string },
  reader: DataReader,
  parts: Parts,
  client: string,
): CheckResult<MailToRelay> {
  if (reader.fault) return dataReply(reader.fault, DESK_OCTETS, parts)
  const content = reader.take()
  // a copy of its own: it may be a view into a large network buffer
  const data = new Uint8Array(Buffer.concat([Buffer.from(`Return-Path: <${envelope.from}>\r\n`, 'utf8'), content]))
  if (scanHeader(data, parts.tunables.header).received > MOST_HOPS)
    return refuse(554, '5.4.6', `The message passed more than ${MOST_HOPS} hosts: it goes in circles`)
  return pass({ desk, client, data })
}
