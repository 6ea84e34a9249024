/** MAIL: may a message from this sender begin? (RFC 5321 §4.1.1.2) */

import type { Account, Credential } from '../../model/account.ts'
import { formatMailbox, isInternational, type Mailbox, parsePath } from '../../model/address.ts'
import type { Envelope } from '../../model/message.ts'
import { type CheckResult, noRoom, pass, refuse } from './checkResult.ts'
import { parseMailParameters } from './parameters.ts'
import type { Parts } from './parts.ts'
import { maySend, mayUseSender } from './permission.ts'
import type { Sender, Transaction } from './transaction.ts'

/** What is known of the client when it sends a command. */
export interface Standing {
  /** client address, IPv4 as such also on a socket that serves both */
  address: string
  isSecure: boolean
  /** on this machine, where a password cannot be overheard */
  isLocal: boolean
  /** id of the credential it logged in with */
  user: number | undefined
}

/** Whose mail this is: of the credential that logged in, else of the one whose addresses hold the client. */
export function identify(standing: Standing, parts: Parts): CheckResult<Sender> {
  const { directory, addressCredentials } = parts
  const isLoggedIn = standing.user !== undefined
  const credential = isLoggedIn ? directory.credentialById(standing.user!) : addressCredentials.find(standing.address)
  if (!isLoggedIn && !credential) {
    const how = standing.isSecure || standing.isLocal ? 'log in with AUTH' : 'send STARTTLS, then log in with AUTH'
    return refuse(530, '5.7.0', `Authentication required: ${how}`)
  }
  const account = credential && directory.accountById(credential.account)
  const reply = maySend(account, credential)
  return reply ? { ok: false, reply } : pass({ account: account!, credential: credential! })
}

function overRate(what: string, limit: number | undefined, until: number): CheckResult<undefined> {
  const time = new Date(Math.ceil(until / 60_000) * 60_000).toISOString().slice(11, 16)
  return refuse(450, '4.7.1', `${what} has sent its ${limit} messages of the hour: try again at ${time} UTC`)
}

/** Whether the credential, or its whole account, has sent what it may in an hour. */
export function checkRate(
  { credential, account }: { credential: Credential; account: Account },
  { hourly, hourlyAccounts, clock }: Parts,
): CheckResult<undefined> {
  const now = clock.now()
  const until = hourly.blockedUntil(credential, now)
  if (until !== undefined) return overRate(`Credential ${credential.name}`, credential.hourlyLimit, until)
  const accountUntil = hourlyAccounts.blockedUntil(account, now)
  if (accountUntil !== undefined) return overRate(`Account ${account.name}`, account.hourlyLimit, accountUntil)
  return pass(undefined)
}

const problems = {
  syntax: refuse(501, '5.1.7', 'Sender not understood: write MAIL FROM:<user@domain>'),
  route: refuse(501, '5.1.7', 'Source routes are not taken: write MAIL FROM:<user@domain>'),
  length: refuse(501, '5.1.7', 'Sender too long: 254 octets at most'),
}

/** Checks MAIL as a whole. `line` begins with the verb. */
export function checkMail(line: string, standing: Standing, parts: Parts): CheckResult<Transaction> {
  const identified = identify(standing, parts)
  // anybody may write to a desk: whether it is for one is known at RCPT
  const mayVisit = parts.mailboxes !== undefined && standing.user === undefined
  if (!identified.ok && !mayVisit) return identified
  const rate = identified.ok ? checkRate(identified.value, parts) : pass(undefined)
  if (!rate.ok) return rate
  if (line.slice(4, 10).toUpperCase() !== ' FROM:') return problems.syntax
  const path = parsePath(line, pathStart(line, 10))
  if (!path.ok) return problems[path.problem]
  const parameters = parseMailParameters(line.slice(path.end))
  if (!parameters.ok) return parameters
  const { body, smtputf8, ret, envid, size } = parameters.value
  const from = path.mailbox ? formatMailbox(path.mailbox) : ''
  if (!smtputf8 && isInternational(from))
    return refuse(553, '5.6.7', 'This sender goes beyond ASCII: declare SMTPUTF8 in MAIL')
  const { messageBytes } = parts.limits
  if (size !== undefined && size > messageBytes)
    return refuse(552, '5.3.4', `The message is larger than ${messageBytes} octets: send a smaller one`)
  const sender = identified.ok ? withAddress(identified.value, path.mailbox) : identified
  if (!sender.ok && !mayVisit) return sender
  const envelope: Envelope = { from, smtputf8, body, ret, envid }
  // a desk's budget is known at RCPT only
  if (sender.ok && size !== undefined && !parts.budget.hasRoom(sender.value.account.id, size)) return noRoom
  return pass({ sender, envelope, size, recipients: new Map(), desk: undefined })
}

function withAddress(sender: Sender, mailbox: Mailbox | undefined): CheckResult<Sender> {
  const reply = mayUseSender(sender.account, mailbox)
  return reply ? { ok: false, reply } : pass(sender)
}

/** Where the path begins: some clients put a blank behind the colon, which harms nobody. */
export function pathStart(line: string, at: number): number {
  let position = at
  while (line[position] === ' ') position++
  return position
}
