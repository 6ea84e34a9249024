/** MAIL: may a message from this sender begin? (RFC 5321 §4.1.1.2) */

import type { Account, Credential } from '../../model/account.ts'
import { formatMailbox, isInternational, parsePath } from '../../model/address.ts'
import type { Envelope } from '../../model/message.ts'
import { parseMailParameters } from './parameters.ts'
import type { Parts } from './parts.ts'
import { maySend, mayUseSender } from './permission.ts'
import type { Recipients } from './recipient.ts'
import { pass, refuse, type Verdict } from './verdict.ts'

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

/** A message from MAIL to the end of DATA. */
export interface Transaction {
  account: Account
  credential: Credential
  envelope: Envelope
  recipients: Recipients
}

interface Sender {
  account: Account
  credential: Credential
}

/** Whose mail this is: of the credential that logged in, else of the one whose addresses hold the client. */
export function identify(standing: Standing, parts: Parts): Verdict<Sender> {
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

/** Whether the credential has sent what it may in an hour. */
export function checkRate(credential: Credential, { hourly, clock }: Parts): Verdict<undefined> {
  const until = hourly.blockedUntil(credential, clock.now())
  if (until === undefined) return pass(undefined)
  const time = new Date(Math.ceil(until / 60_000) * 60_000).toISOString().slice(11, 16)
  const text = `Credential ${credential.name} has sent its ${credential.hourlyLimit} messages of the hour`
  return refuse(450, '4.7.1', `${text}: try again at ${time} UTC`)
}

const problems = {
  syntax: refuse(501, '5.1.7', 'Sender not understood: write MAIL FROM:<user@domain>'),
  route: refuse(501, '5.1.7', 'Source routes are not taken: write MAIL FROM:<user@domain>'),
  length: refuse(501, '5.1.7', 'Sender too long: 254 octets at most'),
}

/** Checks MAIL as a whole. `line` begins with the verb. */
export function checkMail(line: string, standing: Standing, parts: Parts): Verdict<Transaction> {
  const sender = identify(standing, parts)
  if (!sender.ok) return sender
  const rate = checkRate(sender.value.credential, parts)
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
  const { account, credential } = sender.value
  const reply = mayUseSender(account, path.mailbox)
  if (reply) return { ok: false, reply }
  const envelope: Envelope = { from, smtputf8, body, ret, envid }
  return pass({ account, credential, envelope, recipients: new Map() })
}

/** Where the path begins: some clients put a blank behind the colon, which harms nobody. */
export function pathStart(line: string, at: number): number {
  let position = at
  while (line[position] === ' ') position++
  return position
}
