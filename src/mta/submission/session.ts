/** The dialogue of one session without its wire: what the client has said so far, and the answer to each command. */

import type { Client } from '../../model/message.ts'
import type { Reply } from '../../model/reply.ts'
import type { MailToRelay, Submission } from '../ports.ts'
import { type CheckResult, noRoom, pass, refuse } from './checkResult.ts'
import type { DataReader } from './dataReader.ts'
import { checkMail } from './mail.ts'
import { checkLetter, DESK_OCTETS } from './mailbox.ts'
import type { Parts } from './parts.ts'
import { receivedPrefix } from './received.ts'
import { checkRecipient } from './recipient.ts'
import { said, writeReply } from './replies.ts'
import type { BudgetClaim } from './sharedBudget.ts'
import { networkOf } from './strangers.ts'
import { checkMessage } from './submission.ts'
import type { Transaction } from './transaction.ts'

/** Longest name taken in EHLO (RFC 5321 §4.5.3.1.2). */
const HELO_OCTETS = 255

/** Replies that count towards the end of the session: what no working client is told again and again. */
const mistakes: ReadonlySet<number> = new Set([500, 501, 502, 503, 504, 530, 535, 538, 555])

/** A message that may be taken: to be sent on, or for a desk of the relay. */
export type Concluded = { kind: 'submission'; submission: Submission } | { kind: 'letter'; letter: MailToRelay }

/** How large a message may be, octets, and what its octets are counted against. */
export interface BegunData {
  messageOctets: number
  claim: BudgetClaim
}

function sequence(text: string): Reply {
  return refuse(503, '5.5.1', text).reply
}

export class Session {
  /** has shown a credential that may send */
  isTrusted = false
  /** the account of that credential */
  account: number | undefined
  mistakes = 0

  private readonly parts: Parts
  /** client address */
  private readonly address: string
  /** on this machine, where a password cannot be overheard */
  private readonly isLocal: boolean
  /** protocol and cipher, or undefined for plaintext */
  private tls: string | undefined
  /** id of the credential it logged in with */
  private user: number | undefined
  private helo = ''
  private isExtended = false
  private transaction: Transaction | undefined
  private client: Client | undefined
  /** Received fields up to the id: without and with SMTPUTF8 */
  private prefixes: [string | undefined, string | undefined] = [undefined, undefined]

  constructor(parts: Parts, address: string, tls: string | undefined) {
    this.parts = parts
    this.address = address
    this.isLocal = address === '::1' || address.startsWith('127.')
    this.tls = tls
  }

  /** Answers a command that can be answered at once: one reply, ready for the wire. */
  answer(verb: string, text: string): string {
    switch (verb) {
      case 'MAIL':
        return this.mail(text)
      case 'RCPT':
        return this.recipient(text)
      case 'EHLO':
      case 'HELO':
        return this.hello(text.slice(4).trim(), verb === 'EHLO')
      case 'RSET':
        this.transaction = undefined
        return said.done
      case 'NOOP':
        return said.done
      case 'VRFY':
        return said.notVerified
      case 'HELP':
        return said.help
      default:
        return this.decline(refuse(500, '5.5.1', 'Command not known: HELP lists those that are').reply)
    }
  }

  /** Writes a refusal, and counts it when it is for a mistake. */
  decline(reply: Reply): string {
    this.count(reply.code)
    return writeReply(reply)
  }

  /** Counts a reply when it is for a mistake. */
  count(code: number): void {
    if (mistakes.has(code)) this.mistakes++
  }

  /** Why the client may not log in now; undefined when it may. */
  checkLogin(): Reply | undefined {
    if (!this.helo) return sequence('Say EHLO first')
    if (this.user !== undefined) return sequence('You are logged in: connect again to be somebody else')
    if (this.transaction) return sequence('A message has begun: log in before it')
    if (!this.tls && !this.isLocal) return refuse(538, '5.7.11', 'Encryption required: send STARTTLS, then AUTH').reply
    return undefined
  }

  /** The client has proved to hold this credential. */
  logIn(credential: number): void {
    this.user = credential
    this.isTrusted = true
    this.account = this.parts.directory.credentialById(credential)?.account
    this.forget()
  }

  /** TLS has begun: what was said before it counts for nothing (RFC 3207 §4.2). */
  secured(tls: string): void {
    this.forget()
    this.tls = tls
    this.user = undefined
    this.helo = ''
    this.isTrusted = false
  }

  /** Why DATA cannot begin; undefined when it can. */
  checkData(text: string): Reply | undefined {
    if (text.trimEnd().length > 4) return refuse(501, '5.5.4', 'DATA takes no parameters').reply
    if (!this.transaction) return sequence('Send MAIL and RCPT first')
    if (this.transaction.recipients.size === 0)
      return refuse(554, '5.5.1', 'No recipient was taken: send RCPT first').reply
    return undefined
  }

  /**
   * How large the message under way may be, octets, and what its octets are counted against: what the client announced
   * (RFC 1870 §6.1) is set aside before it sends. A refusal when there is no room for it.
   */
  beginData(): CheckResult<BegunData> {
    const { limits, budget, mailboxBudget } = this.parts
    const { desk, sender, size } = this.transaction!
    const isForDesk = desk !== undefined || !sender.ok
    const messageOctets = isForDesk ? Math.min(limits.messageBytes, DESK_OCTETS) : limits.messageBytes
    const claim = isForDesk ? mailboxBudget.claim(networkOf(this.address)) : budget.claim(sender.value.account.id)
    if (claim.reserve(Math.min(size ?? 0, messageOctets))) return pass({ messageOctets, claim })
    claim.end()
    return noRoom
  }

  /** Checks the message whose data has ended, and ends its transaction. */
  conclude(reader: DataReader): CheckResult<Concluded> {
    const transaction = this.transaction!
    this.transaction = undefined
    const { desk } = transaction
    if (desk !== undefined) {
      const letter = checkLetter({ ...transaction, desk }, reader, this.parts, this.address)
      return letter.ok ? pass({ kind: 'letter', letter: letter.value }) : letter
    }
    const prefix = this.prefix(transaction.envelope.smtputf8)
    const submission = checkMessage(transaction, reader, this.parts, { client: this.describeClient(), prefix })
    return submission.ok ? pass({ kind: 'submission', submission: submission.value }) : submission
  }

  /** Forgets the message under way, and what is derived from how the client introduced itself. */
  private forget(): void {
    this.transaction = undefined
    this.client = undefined
    this.prefixes = [undefined, undefined]
  }

  private hello(name: string, isExtended: boolean): string {
    // Windows puts computer names such as BÜRO-PC here; nothing depends on the name, so only what it is written as does
    const ascii = name.replace(/[^ -~]/gu, '?')
    if (!/^[\x21-\x7e]+$/.test(ascii) || ascii.length > HELO_OCTETS)
      return this.decline(refuse(501, '5.5.4', 'Give one name: EHLO host.example').reply)
    this.forget()
    this.helo = ascii
    this.isExtended = isExtended
    return isExtended ? this.capabilities() : `250 ${this.parts.hostname}\r\n`
  }

  private capabilities(): string {
    const { hostname, limits } = this.parts
    const mayLogIn = (this.tls || this.isLocal) && this.user === undefined
    return (
      `250-${hostname}\r\n250-PIPELINING\r\n250-SIZE ${limits.messageBytes}\r\n` +
      (this.tls ? '' : '250-STARTTLS\r\n') +
      (mayLogIn ? '250-AUTH PLAIN LOGIN\r\n' : '') +
      '250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES\r\n'
    )
  }

  private mail(text: string): string {
    if (!this.helo) return this.decline(sequence('Say EHLO first'))
    if (this.transaction) return this.decline(sequence('A message has begun: end it, or send RSET'))
    const { address, isLocal, user } = this
    const verdict = checkMail(text, { address, isLocal, isSecure: this.tls !== undefined, user }, this.parts)
    if (!verdict.ok) return this.decline(verdict.reply)
    const { sender } = verdict.value
    if (sender.ok) {
      this.isTrusted = true
      this.account = sender.value.account.id
    }
    this.transaction = verdict.value
    return said.senderTaken
  }

  private recipient(text: string): string {
    if (!this.transaction) return this.decline(sequence('Send MAIL first'))
    const verdict = checkRecipient(text, this.transaction, this.parts, this.address)
    if (!verdict.ok) return this.decline(verdict.reply)
    const { key, recipient, desk } = verdict.value
    this.transaction.desk = desk
    const { recipients } = this.transaction
    if (!recipients.has(key)) recipients.set(key, recipient)
    return said.recipientTaken
  }

  private describeClient(): Client {
    this.client ??= { address: this.address, helo: this.helo, tls: this.tls }
    return this.client
  }

  private prefix(smtputf8: boolean): string {
    const slot = smtputf8 ? 1 : 0
    this.prefixes[slot] ??= receivedPrefix({
      client: this.describeClient(),
      hostname: this.parts.hostname,
      isExtended: this.isExtended,
      isAuthenticated: this.user !== undefined,
      smtputf8,
    })
    return this.prefixes[slot]
  }
}
