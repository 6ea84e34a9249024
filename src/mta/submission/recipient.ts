/** RCPT: may the message go to this recipient? (RFC 5321 §4.1.1.3) */

import { formatMailbox, isInternational, parsePath } from '../../model/address.ts'
import { asciiDomain } from '../domains/domain.ts'
import { type CheckResult, pass, refuse } from './checkResult.ts'
import { pathStart } from './mail.ts'
import { checkMailbox } from './mailbox.ts'
import { parseRecipientParameters } from './parameters.ts'
import type { Parts } from './parts.ts'
import { mayReceive } from './permission.ts'
import type { Recipient, Transaction } from './transaction.ts'

const problems = {
  syntax: refuse(501, '5.1.3', 'Recipient not understood: write RCPT TO:<user@domain>'),
  route: refuse(553, '5.1.3', 'Source routes are not taken: write RCPT TO:<user@domain>'),
  length: refuse(501, '5.1.3', 'Recipient too long: 254 octets at most'),
}

/** A person whose request ended in never being written to again by this account. */
function unwanted(account: string): CheckResult<never> {
  return refuse(
    550,
    '5.7.1',
    `This person asked not to be written to by account ${account} any more: take the address out`,
  )
}

/** Checks RCPT. `line` begins with the verb. */
export function checkRecipient(
  line: string,
  transaction: Transaction,
  parts: Parts,
  client: string,
): CheckResult<{ key: string; recipient: Recipient; desk: string | undefined }> {
  const { envelope, recipients } = transaction
  const { limits, directory } = parts
  if (line.slice(4, 8).toUpperCase() !== ' TO:') return problems.syntax
  const start = pathStart(line, 8)
  const path = parsePath(line, start)
  if (!path.ok && /^<postmaster>/i.test(line.slice(start)))
    return refuse(550, '5.1.1', 'This relay has no mailboxes of its own: write postmaster@ and a domain')
  if (!path.ok) return problems[path.problem]
  const { mailbox } = path
  if (!mailbox) return problems.syntax
  const options = parseRecipientParameters(line.slice(path.end), envelope.smtputf8)
  if (!options.ok) return options
  const address = formatMailbox(mailbox)
  if (!envelope.smtputf8 && isInternational(address))
    return refuse(553, '5.6.7', 'This recipient goes beyond ASCII: declare SMTPUTF8 in MAIL')
  const desk = checkMailbox(mailbox, transaction, parts, client)
  if (!desk.ok) return desk
  const reply = desk.value === undefined ? mayReceive(directory.routes(), mailbox) : undefined
  if (reply) return { ok: false, reply }
  if (desk.value === undefined && transaction.sender.ok) {
    const { account } = transaction.sender.value
    if (parts.isSuppressed?.(account.id, address)) return unwanted(account.name)
  }
  const key = `${mailbox.local}@${asciiDomain(mailbox.domain) ?? mailbox.domain.toLowerCase()}`
  if (recipients.size >= limits.recipients && !recipients.has(key))
    return refuse(452, '4.5.3', `More than ${limits.recipients} recipients: send the rest in another message`)
  return pass({ key, recipient: { address, options: options.value }, desk: desk.value })
}
