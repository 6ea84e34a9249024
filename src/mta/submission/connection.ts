/**
 * The wire of one session: smtp-server's connection (TLS, STARTTLS, AUTH exchanges, closing) with a parser, replies
 * and limits in time of our own. Replies gather until the commands at hand are answered and leave in one write.
 */

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { SMTPServer } from 'smtp-server'
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import type { Reply } from '../../model/reply.ts'
import type { MailToRelay, Submission } from '../ports.ts'
import { refuse } from './checkResult.ts'
import { DataReader } from './dataReader.ts'
import { type LineError, type ParserHost, SubmissionParser } from './parser.ts'
import type { Parts } from './parts.ts'
import { said, writeReply } from './replies.ts'
import type { Seat } from './seat.ts'
import { type BegunData, Session } from './session.ts'
import {
  accountFull,
  faulty,
  LINGER_MS,
  lineErrors,
  mailboxesFull,
  outnumbered,
  replyTo,
  taken,
} from './sessionReplies.ts'
import type { BudgetClaim } from './sharedBudget.ts'
import { HTTP, tlsOf } from './wire.ts'

/** What the wire is waiting for: the client in `command` and `data`, this relay in the others. */
type Phase = 'greeting' | 'command' | 'answer' | 'data' | 'acceptance'

export interface ConnectionOptions extends SMTPConnectionOptions {
  /** why the client is turned away at once, if it is */
  refusal: Reply | undefined
  seat: Seat
}

/** What a session needs of its listener. */
export interface ConnectionHost {
  readonly parts: Parts
  /** told once when the socket of a session is closed */
  closed(connection: SubmissionConnection): void
}

export class SubmissionConnection extends SMTPConnection implements ParserHost {
  private readonly parts: Parts
  private readonly host: ConnectionHost
  private readonly dialogue: Session
  private readonly refusal: Reply | undefined
  private readonly seat: Seat
  /** whose session it counts as, once it has shown a credential */
  private account: number | undefined
  private readonly openedAt: number
  private phase: Phase = 'greeting'
  /** when the last whole command came */
  private lineAt: number
  private strangerCommands = 0
  private reader: DataReader | undefined
  /** what the message under way holds of the memory */
  private claim: BudgetClaim | undefined
  private windowAt = 0
  private windowOctets = 0
  private outgoing = ''

  constructor(server: SMTPServer & ConnectionHost, socket: Socket | TLSSocket, options: ConnectionOptions) {
    super(server, socket, options)
    this.host = server
    this.parts = server.parts
    this.refusal = options.refusal
    this.seat = options.seat
    this.seat.taken({ mayEnd: () => this.phase !== 'answer' && this.phase !== 'acceptance', end: () => this.evict() })
    this.openedAt = this.parts.time.now
    this.lineAt = this.openedAt
    this.dialogue = new Session(this.parts, this.remoteAddress, tlsOf(socket))
    // smtp-server's AUTH hands this session, and nothing else, to the server
    this.session.remoteAddress = this.remoteAddress
  }

  // ---- opening and closing

  /** Greets two turns of the event loop later: what a client sent without waiting for the greeting is here by then. */
  override init(): void {
    this._setListeners(() => {
      if (this.refusal) this.farewell(this.refusal)
      else setImmediate(() => setImmediate(() => this.greet()))
    })
  }

  private greet(): void {
    if (this._closing || this._closed) return
    this._ready = true
    this.phase = 'command'
    this.outgoing += `220 ${this.parts.hostname} ESMTP Mailward\r\n`
    this.flush()
    if (this.parts.isStopping) this.retire()
  }

  /** Says a last reply and closes. */
  private farewell(reply: Reply): void {
    this.outgoing += writeReply(reply)
    this.close()
  }

  override close(): void {
    this.flush()
    super.close()
  }

  override _onClose(): void {
    super._onClose()
    this.host.closed(this)
    this.seat.leave()
    if (this.account !== undefined) this.parts.accountSessions.leave(this.account)
    // a message that is being accepted stays counted until that is over
    if (this.phase === 'data') this.releaseReader()
  }

  /** A connection that broke is closed; that is no fault of this relay. */
  override _onError(): void {
    this.cut()
  }

  /** The relay stops: ends the session now, or as soon as its message is decided. */
  retire(): void {
    if (this._closing || this.phase === 'data' || this.phase === 'acceptance') return
    this.farewell(refuse(421, '4.3.2', 'The relay is stopping: try again later').reply)
  }

  /** Others need the place of this session, which has shown no credential. */
  private evict(): void {
    this.farewell(outnumbered)
    setTimeout(() => this._socket.destroy(), LINGER_MS).unref()
  }

  /** Ends the session whatever it is doing. */
  cut(): void {
    this.close()
    this._socket.destroy()
  }

  // ---- limits in time: one sweep for all sessions instead of timers for each

  override _armTimeout(): void {}

  /** Ends the session when it has run into a limit in time. `now` as in {@link Parts.time}. */
  inspect(now: number): void {
    const reply = this._closing ? undefined : this.overdue(now)
    if (!reply) return
    this.parts.log.info({ session: this.id, phase: this.phase }, 'a session ran into a limit in time')
    this.farewell(reply)
  }

  private overdue(now: number): Reply | undefined {
    const { tunables } = this.parts
    // a message that is being accepted is never cut: the client would send it again
    if (this.phase === 'acceptance') return undefined
    if (now - this.openedAt > tunables.sessionMs)
      return refuse(421, '4.4.2', 'The session lasted too long: connect again').reply
    if (!this.dialogue.isTrusted && now - this.openedAt > tunables.strangerMs)
      return refuse(421, '4.4.2', 'The session lasted too long without a credential: connect again').reply
    if (this.phase === 'data')
      return this.isSlow(now) ? refuse(421, '4.4.2', 'The message came too slowly: try again').reply : undefined
    if (!this.dialogue.isTrusted && now - this.openedAt > tunables.loginMs)
      return refuse(421, '4.4.2', 'No message was begun in time: connect again').reply
    if (this.phase === 'command' && now - this.lineAt > tunables.idleMs)
      return refuse(421, '4.4.2', 'Nothing came for too long: connect again').reply
    return undefined
  }

  private isSlow(now: number): boolean {
    const { dataRate, dataWindowMs } = this.parts.tunables
    const elapsed = now - this.windowAt
    if (elapsed < dataWindowMs) return false
    const isSlow = this.windowOctets < (dataRate * elapsed) / 1000
    this.windowAt = now
    this.windowOctets = 0
    return isSlow
  }

  // ---- what the parser finds

  override _createParser(): SubmissionParser {
    return new SubmissionParser(this)
  }

  heard(octets: number): void {
    this.windowOctets += octets
    if (this._ready || this._closing) return
    this.farewell(refuse(554, '5.5.1', 'Something came before the greeting: wait for it').reply)
  }

  lineError(fault: LineError): void {
    this.farewell(lineErrors[fault])
  }

  pause(next: (() => void) | undefined): void {
    this.flush()
    if (!next) return
    // a client that sends and never reads is not read either
    if (this._socket.writableNeedDrain && !this._socket.destroyed) this._socket.once('drain', next)
    else next()
  }

  line(text: string, next: () => void): void {
    this.lineAt = this.parts.time.now
    if (!this.dialogue.isTrusted) {
      this.seat.spoke()
      this.strangerCommands++
    }
    if (this.strangerCommands > this.parts.tunables.strangerCommands && !this.dialogue.isTrusted) {
      this.farewell(refuse(421, '4.7.0', 'Too many commands without a message: connect again').reply)
      return
    }
    try {
      this.command(text, next)
    } catch (fault) {
      this.fault(fault, 'a command could not be carried out')
      this.farewell(faulty)
    }
  }

  private command(text: string, next: () => void): void {
    const continuation = this._nextHandler
    if (continuation) {
      this._nextHandler = false
      this.exchange(next, (done) => continuation.call(this, Buffer.from(text), done))
      return
    }
    const blank = text.indexOf(' ')
    const verb = (blank < 0 ? text : text.slice(0, blank)).toUpperCase()
    if (verb === 'DATA') this.data(text, next)
    else if (verb === 'AUTH') this.authenticate(text, next)
    else if (verb === 'STARTTLS') this.handler_STARTTLS(Buffer.from(text), next)
    else if (verb === 'QUIT') this.quit()
    else if (HTTP.test(verb)) this.farewell(refuse(421, '4.7.0', 'This is SMTP, not HTTP').reply)
    else this.say(this.dialogue.answer(verb, text), next)
  }

  // ---- replies

  /** Says a reply and goes on, unless the client has made too many mistakes. */
  private say(line: string, next: () => void): void {
    this.outgoing += line
    this.goOn(next)
  }

  private goOn(next: () => void): void {
    const { account } = this.dialogue
    if (account !== undefined && this.account === undefined && !this.countFor(account)) this.farewell(accountFull)
    else if (this.dialogue.mistakes >= this.parts.tunables.errors)
      this.farewell(refuse(421, '4.7.0', 'Too many mistakes: connect again').reply)
    else next()
  }

  /** Counts the session as one of an account; false when that has too many. */
  private countFor(account: number): boolean {
    if (!this.parts.accountSessions.enter(account)) return false
    this.account = account
    this.seat.trusted()
    return true
  }

  /** Replies of smtp-server's own handlers: AUTH and STARTTLS. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const text = String(data ?? '').replace(/^Error: /, '')
    this.dialogue.count(code)
    this.outgoing += writeReply({ code, enhancedCode: this._getEnhancedStatusCode(code, context) || undefined, text })
    if (code === 421) this.close()
  }

  /** Writes what has gathered. Never into a TLS handshake: that would be plaintext amid its records. */
  private flush(): void {
    const { outgoing } = this
    if (outgoing === '') return
    this.outgoing = ''
    if (!this._upgrading && this._socket.writable) this._socket.write(outgoing, 'latin1')
  }

  // ---- verbs that need the wire

  private quit(): void {
    this.outgoing += said.goodbye
    this.close()
  }

  override upgrade(callback: () => void, secureCallback?: () => void): void {
    this.flush()
    super.upgrade(callback, secureCallback)
  }

  /** smtp-server calls this when TLS has begun. */
  override _resetSession(): void {
    this.dialogue.secured(tlsOf(this._socket)!)
  }

  private authenticate(text: string, next: () => void): void {
    const reply = this.dialogue.checkLogin()
    if (reply) this.say(this.dialogue.decline(reply), next)
    else this.exchange(next, (done) => this.handler_AUTH(Buffer.from(text), done))
  }

  /** One step of an AUTH exchange; the password may take a while to check. */
  private exchange(next: () => void, step: (done: () => void) => void): void {
    this.phase = 'answer'
    step(() => {
      this.phase = 'command'
      this.lineAt = this.parts.time.now
      const user = this.session.user as { credential: number } | false | undefined
      if (user) this.dialogue.logIn(user.credential)
      this.goOn(next)
    })
  }

  private data(text: string, next: () => void): void {
    const parser = this._parser as SubmissionParser
    const refused = this.dialogue.checkData(text)
    const begun = refused ? { ok: false as const, reply: refused } : this.dialogue.beginData()
    if (begun.ok) this.startData(parser, begun.value, next)
    // a client that did not wait for 354 must not have its message taken for commands
    else if (parser.hasMore) this.farewell(begun.reply)
    else this.say(this.dialogue.decline(begun.reply), next)
  }

  private startData(parser: SubmissionParser, begun: BegunData, next: () => void): void {
    const { tunables, time } = this.parts
    const { messageOctets, claim } = begun
    this.claim = claim
    this.reader = new DataReader({ messageOctets, lineOctets: tunables.lineOctets }, claim)
    parser.readData(this.reader)
    this.phase = 'data'
    this.windowAt = time.now
    this.windowOctets = 0
    this.say(said.sendData, next)
  }

  // ---- the message

  dataEnded(reader: DataReader, next: () => void): void {
    this.phase = 'acceptance'
    try {
      const verdict = this.dialogue.conclude(reader)
      if (!verdict.ok) this.decided(verdict.reply, next)
      else if (verdict.value.kind === 'letter') this.take(verdict.value.letter, next)
      else this.accept(verdict.value.submission, next)
    } catch (fault) {
      this.notAccepted(fault, next)
    }
  }

  private accept(submission: Submission, next: () => void): void {
    const { hourly, hourlyAccounts, clock } = this.parts
    const { account } = submission
    const credential = submission.credential!
    hourly.add(credential, clock.now())
    hourlyAccounts.add(account, clock.now())
    const takeBack = (): void => {
      hourly.remove(credential, clock.now())
      hourlyAccounts.remove(account, clock.now())
    }
    this.parts.accept(submission).then(
      (acceptance) => {
        if (acceptance.kind === 'refused') takeBack()
        this.decided(replyTo(acceptance), next)
      },
      (fault: unknown) => {
        takeBack()
        this.notAccepted(fault, next)
      },
    )
  }

  /** Mail to a desk of the relay: durable, then 250. */
  private take(letter: MailToRelay, next: () => void): void {
    this.parts.mailboxes!.take(letter).then(
      (isTaken) => this.decided(isTaken ? taken : mailboxesFull, next),
      (fault: unknown) => this.notAccepted(fault, next),
    )
  }

  private notAccepted(fault: unknown, next: () => void): void {
    this.fault(fault, 'a message could not be accepted')
    this.decided(refuse(451, '4.3.0', 'The relay has a fault: try again later').reply, next)
  }

  /** Tells the client what became of its message. */
  private decided(reply: Reply, next: () => void): void {
    this.releaseReader()
    this.phase = 'command'
    this.lineAt = this.parts.time.now
    this.outgoing += writeReply(reply)
    if (this.parts.isStopping) this.retire()
    next()
  }

  private releaseReader(): void {
    this.reader?.release()
    this.reader = undefined
    this.claim?.end()
    this.claim = undefined
  }

  private fault(fault: unknown, message: string): void {
    this.parts.log.error({ session: this.id, fault: (fault as Error).message }, message)
  }
}
