/**
 * One mail transaction: MAIL, RCPT…, DATA, message. Knows at every moment whether the next hop may have the message.
 * Each recipient has an outcome as soon as its reply is heard; a recipient left without one was reached by nothing.
 */

import type { Delivery } from '../../model/message.ts'
import type { Outcome } from '../../model/outcome.ts'
import { classOf, formatReply, type Reply } from '../../model/reply.ts'
import { classify, type Moment } from '../delivery/classify.ts'
import type { Mail } from '../delivery/mail.ts'
import { mailCommand, recipientCommand } from './commands.ts'
import type { Heard } from './connection.ts'
import { type RawReply, toReply } from './replyReader.ts'
import type { Session } from './session.ts'
import type { Phase } from './timeouts.ts'

/** How the connection came out of it. */
export type Ending =
  | { kind: 'usable' }
  /** gone, or no longer to be trusted; recipients without an outcome may be tried elsewhere */
  | { kind: 'broken'; why: string; reply: Reply | undefined; beforeMail: boolean }

const usable: Ending = { kind: 'usable' }

/** Runs one transaction and sets the outcome of every recipient that got one. */
export function runTransaction(
  session: Session,
  mail: Mail,
  recipients: readonly Delivery[],
  outcomes: Map<number, Outcome>,
): Promise<Ending> {
  return new Transaction(session, mail, recipients, outcomes).run()
}

class Transaction {
  private session: Session
  private mail: Mail
  private recipients: readonly Delivery[]
  private outcomes: Map<number, Outcome>
  private accepted: Delivery[] = []
  private mailAnswered = false

  constructor(session: Session, mail: Mail, recipients: readonly Delivery[], outcomes: Map<number, Outcome>) {
    this.session = session
    this.mail = mail
    this.recipients = recipients
    this.outcomes = outcomes
  }

  private get pipelining(): boolean {
    return this.session.capabilities.pipelining
  }

  async run(): Promise<Ending> {
    const { session } = this
    const reset = session.dirty ? ['RSET'] : []
    const sender = mailCommand(this.mail, this.recipients, session.capabilities)
    const recipients = this.recipients.map((recipient) => recipientCommand(recipient, session.capabilities))
    // one write for the whole envelope (RFC 2920)
    if (this.pipelining) session.connection.say(...reset, sender, ...recipients, 'DATA')
    const broken =
      (session.dirty ? await this.reset() : undefined) ??
      (await this.sender(sender)) ??
      (await this.everyRecipient(recipients))
    if (broken) return broken
    if (this.accepted.length === 0 && !this.pipelining) return usable
    return this.data()
  }

  /** Says a command, unless it went out with the others already, and hears its reply. */
  private take(command: string, phase: Phase): Promise<Heard> {
    if (!this.pipelining) this.session.connection.say(command)
    return this.session.connection.hear(phase)
  }

  private broken(why: string, reply?: Reply): Ending {
    return { kind: 'broken', why, reply, beforeMail: !this.mailAnswered }
  }

  /** 421 may come at any time and means that the host hangs up (RFC 5321 §3.8). */
  private brokenBy(heard: Heard, during: string): Ending | undefined {
    if (heard.kind === 'lost') return this.broken(`lost during ${during}: ${heard.why}`)
    if (heard.reply.code !== 421) return undefined
    const reply = toReply(heard.reply)
    return this.broken(formatReply(reply), reply)
  }

  private async reset(): Promise<Ending | undefined> {
    const heard = await this.take('RSET', 'mail')
    this.session.dirty = false
    return this.brokenBy(heard, 'RSET')
  }

  private async sender(command: string): Promise<Ending | undefined> {
    const heard = await this.take(command, 'mail')
    const broken = this.brokenBy(heard, 'MAIL')
    if (broken || heard.kind === 'lost') return broken
    this.mailAnswered = true
    if (classOf(heard.reply.code) === 'positive') this.session.dirty = true
    else this.decide(this.recipients, heard.reply, 'mail')
    return undefined
  }

  private async everyRecipient(commands: string[]): Promise<Ending | undefined> {
    // with the sender refused there is nothing to ask; what went out already must still be heard
    if (!this.session.dirty && !this.pipelining) return undefined
    for (const [index, recipient] of this.recipients.entries()) {
      const heard = await this.take(commands[index]!, 'rcpt')
      const broken = this.brokenBy(heard, 'RCPT')
      if (broken || heard.kind === 'lost') return broken
      if (!this.session.dirty) continue
      if (classOf(heard.reply.code) === 'positive') this.accepted.push(recipient)
      else this.decide([recipient], heard.reply, 'rcpt')
    }
    return undefined
  }

  private async data(): Promise<Ending> {
    const heard = await this.take('DATA', 'data')
    const broken = this.brokenBy(heard, 'DATA')
    if (broken || heard.kind === 'lost') return broken ?? usable
    if (heard.reply.code === 354) return this.accepted.length > 0 ? this.content() : this.nothing()
    if (this.accepted.length === 0) return usable
    this.decide(this.accepted, heard.reply, 'data')
    return this.unlessOutOfStep(heard.reply)
  }

  /** The host wants content although it took no recipient: it gets an empty message (RFC 2920 §3.1). */
  private async nothing(): Promise<Ending> {
    this.session.connection.say('.')
    const heard = await this.session.connection.hear('final')
    this.session.dirty = false
    return this.brokenBy(heard, 'the end of an empty message') ?? usable
  }

  private async content(): Promise<Ending> {
    const { connection } = this.session
    const { blocks, bytes } = this.mail.content
    const last = blocks.length - 1
    for (const block of blocks.slice(0, last)) {
      const why = await connection.pour(block)
      if (why !== undefined) return this.broken(`lost while the message was being sent: ${why}`)
      if (connection.hasReply) return this.interrupted()
    }
    connection.transcript.add(`C: (message, ${bytes} bytes)`)
    connection.write(blocks[last]!)
    return this.final(await connection.hear('final'))
  }

  /** A reply before the end of data: the message is not taken, and the connection is good for nothing any more. */
  private async interrupted(): Promise<Ending> {
    const heard = await this.session.connection.hear('final')
    const broken = this.brokenBy(heard, 'the message')
    if (broken || heard.kind === 'lost') return broken ?? usable
    this.decide(this.accepted, heard.reply, 'data')
    return this.broken('interrupted while the message was being sent')
  }

  /** From here on the end of data is out: without a reply nobody knows whether the next hop has the message. */
  private final(heard: Heard): Ending {
    if (heard.kind === 'lost') {
      const reason = `lost after the message was sent, it may have been delivered: ${heard.why}`
      this.set(this.accepted, { kind: 'deferred', reason, reply: undefined, inDoubt: true })
      return this.broken(reason)
    }
    this.session.dirty = false
    if (classOf(heard.reply.code) === 'positive') {
      const dsn = this.session.capabilities.dsn
      this.set(this.accepted, { kind: 'delivered', reply: toReply(heard.reply), dsn })
      return usable
    }
    this.decide(this.accepted, heard.reply, 'final')
    return this.brokenBy(heard, 'the message') ?? this.unlessOutOfStep(heard.reply)
  }

  /** A refusal leaves both sides where they were; after any other surprise they may mean different commands. */
  private unlessOutOfStep({ code }: RawReply): Ending {
    const refused = classOf(code) === 'temporary' || classOf(code) === 'permanent'
    return refused ? usable : this.broken('unexpected reply')
  }

  private decide(recipients: readonly Delivery[], raw: RawReply, moment: Moment): void {
    this.set(recipients, classify(toReply(raw), moment, this.session.target))
  }

  private set(recipients: readonly Delivery[], outcome: Outcome): void {
    for (const { ordinal } of recipients) this.outcomes.set(ordinal, outcome)
  }
}
