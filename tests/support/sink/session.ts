/** One connection to the sink. */

import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { SinkMessage, SinkRecipient, SinkState } from '../sink.ts'
import { type AuthResult, beginAuth } from './auth.ts'
import { type Answer, behaviourOf, dataAnswers, finalAnswers, recipientAnswers, senderAnswers } from './behaviour.ts'
import { bareLineEnds, ContentGatherer, lenientEnds, unstuff } from './content.ts'

const EMPTY = Buffer.alloc(0)

const greetings: Record<string, (name: string) => Answer> = {
  normal: (name) => ({ reply: `220 ${name} ESMTP strict sink` }),
  '554': (name) => ({ reply: `554 5.7.1 ${name} no service for you`, end: 'close' }),
  '421': (name) => ({ reply: `421 4.3.2 ${name} no service now`, end: 'close' }),
  garbage: () => ({ reply: 'hello there' }),
  silence: () => ({ reply: undefined }),
  drop: () => ({ reply: undefined, end: 'close' }),
}

export class SinkSession {
  private state: SinkState
  private socket: Socket
  private number: number
  private buffer: Buffer = EMPTY
  private helo = ''
  private username: string | undefined
  private from: string | undefined
  private mailParameters: string[] = []
  private recipients: SinkRecipient[] = []
  /** set between 354 and the end of data */
  private gatherer: ContentGatherer | undefined
  private paused = false
  private ended = false
  private taken = 0
  private secured: boolean
  /** takes the next line in place of the command table, during AUTH */
  private onLine: ((line: string) => Answer) | undefined

  constructor(state: SinkState, socket: Socket, number: number) {
    this.state = state
    this.socket = socket
    this.number = number
    this.secured = state.options.implicitTls === true
  }

  start(): void {
    this.listen()
    this.answer(greetings[this.state.options.greeting ?? 'normal']!(this.name))
  }

  private get name(): string {
    return this.state.options.name ?? 'sink.test'
  }

  private listen(): void {
    // resets are part of what the tests do
    this.socket.on('error', () => undefined)
    this.socket.on('data', (chunk: Buffer) => {
      this.buffer = this.buffer.length === 0 ? chunk : Buffer.concat([this.buffer, chunk])
      this.consume()
    })
  }

  private close(): void {
    this.ended = true
    this.socket.end()
    // half-open is of no use to a test: the other side must see the end at once
    this.socket.destroySoon()
  }

  private answer(answer: Answer): void {
    if (!answer.delayed) {
      this.say(answer)
      return
    }
    this.paused = true
    setTimeout(() => {
      this.paused = false
      this.say(answer)
      this.consume()
    }, this.state.options.slowMs ?? 200)
  }

  private say(answer: Answer): void {
    // silence is for good: a word about a later command would be taken for the one that is missing
    if (answer.reply === undefined) this.paused = true
    if (answer.reply !== undefined && !this.ended) this.socket.write(`${answer.reply}\r\n`)
    answer.after?.()
    if (answer.end === 'close') this.close()
  }

  private consume(): void {
    while (!this.paused && !this.ended) if (!(this.gatherer ? this.takeContent(this.gatherer) : this.takeLine())) return
  }

  /** @returns whether there was a whole line */
  private takeLine(): boolean {
    const end = this.buffer.indexOf(10)
    if (end < 0) return false
    const strict = end > 0 && this.buffer[end - 1] === 13
    const line = this.buffer.subarray(0, strict ? end - 1 : end).toString('utf8')
    this.buffer = this.buffer.subarray(end + 1)
    const pipelines = !(this.state.options.without ?? []).includes('PIPELINING')
    if (!strict || (!pipelines && this.buffer.length > 0)) this.state.counts.violations += 1
    if (!this.state.options.discard) this.state.commands.push(line)
    this.answer(this.respond(line, strict))
    return true
  }

  private respond(line: string, strict: boolean): Answer {
    if (!strict) return { reply: '500 5.5.2 command lines end in CRLF' }
    const { onLine } = this
    this.onLine = undefined
    return onLine ? onLine(line) : this.command(line)
  }

  private command(line: string): Answer {
    const verb = line.split(' ')[0]!.toUpperCase()
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        return this.hello(verb, line.slice(5))
      case 'STARTTLS':
        return this.startTls()
      case 'AUTH':
        return this.auth(beginAuth(line))
      case 'MAIL':
        return this.mail(line)
      case 'RCPT':
        return this.recipient(line)
      case 'DATA':
        return this.data()
      case 'RSET':
        this.reset()
        return { reply: '250 2.0.0 ok' }
      case 'NOOP':
        return { reply: '250 2.0.0 ok' }
      case 'QUIT':
        return { reply: '221 2.0.0 bye', end: 'close' }
      default:
        return { reply: '502 5.5.1 not implemented' }
    }
  }

  private hello(verb: 'EHLO' | 'HELO', name: string): Answer {
    if (verb === 'EHLO' && this.state.options.noEhlo) return { reply: '502 5.5.1 not implemented' }
    this.helo = name
    this.reset()
    const lines = verb === 'HELO' ? [this.name] : [this.name, ...this.extensions()]
    return { reply: lines.map((line, index) => `250${index === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n') }
  }

  private extensions(): string[] {
    const { options } = this.state
    const without = options.without ?? []
    const offered: string[] = []
    for (const name of ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES'] as const)
      if (!without.includes(name)) offered.push(name)
    if (!without.includes('SIZE')) offered.push(`SIZE ${this.maxSize}`)
    if (options.tls && !this.secured) offered.push('STARTTLS')
    if (options.auth) offered.push(`AUTH ${(options.auth.mechanisms ?? ['PLAIN', 'LOGIN', 'CRAM-MD5']).join(' ')}`)
    return offered
  }

  private get maxSize(): number {
    return this.state.options.maxSize ?? 104_857_600
  }

  private startTls(): Answer {
    const { tls, startTls } = this.state.options
    if (!tls || this.secured) return { reply: '502 5.5.1 not offered' }
    if (startTls === 'refuse') return { reply: '454 4.7.0 TLS not available' }
    if (startTls === 'break') return { reply: '220 2.0.0 go\r\nthis is no handshake', end: 'close' }
    const injected = startTls === 'inject' ? '\r\n250-injected\r\n250 AUTH PLAIN' : ''
    return { reply: `220 2.0.0 go${injected}`, after: () => this.secure(tls) }
  }

  private secure(tls: { key: string; cert: string }): void {
    const plain = this.socket
    plain.removeAllListeners('data')
    this.buffer = EMPTY
    this.secured = true
    this.reset()
    this.socket = new TLSSocket(plain, { isServer: true, secureContext: createSecureContext(tls) })
    this.listen()
  }

  private auth(result: AuthResult): Answer {
    const { auth, authRefusal } = this.state.options
    if (!result) return { reply: '504 5.5.4 mechanism not offered' }
    if ('challenge' in result) {
      this.onLine = (line) => this.auth(result.next(line))
      return { reply: `334 ${result.challenge}` }
    }
    if (!auth || result.username !== auth.username || !result.proves(auth.password))
      return { reply: authRefusal ?? '535 5.7.8 credentials refused' }
    this.username = result.username
    return { reply: '235 2.7.0 welcome' }
  }

  private mail(line: string): Answer {
    const { options } = this.state
    const match = /^MAIL FROM:<([^>]*)>((?: \S+)*)$/i.exec(line)
    if (!match) return { reply: '501 5.5.4 bad syntax' }
    if (options.auth && this.username === undefined) return { reply: '530 5.7.0 authentication required' }
    if (this.from !== undefined) return { reply: '503 5.5.1 nested MAIL' }
    if (options.messagesPerConnection !== undefined && this.taken >= options.messagesPerConnection)
      return options.limitReply
        ? { reply: options.limitReply }
        : { reply: '421 4.7.0 enough for one connection', end: 'close' }
    const size = /SIZE=(\d+)/i.exec(match[2]!)?.[1]
    if (size !== undefined && Number(size) > this.maxSize) return { reply: '552 5.3.4 message too big' }
    const answer = senderAnswers[behaviourOf(match[1]!)]
    if (answer) return answer
    this.from = match[1]!
    this.mailParameters = match[2]!.split(' ').filter(Boolean)
    return { reply: '250 2.1.0 ok' }
  }

  private recipient(line: string): Answer {
    const match = /^RCPT TO:<([^>]*)>((?: \S+)*)$/i.exec(line)
    if (!match) return { reply: '501 5.5.4 bad syntax' }
    if (this.from === undefined) return { reply: '503 5.5.1 MAIL first' }
    const address = match[1]!
    const { recipientsPerTransaction } = this.state.options
    if (recipientsPerTransaction !== undefined && this.recipients.length >= recipientsPerTransaction)
      return { reply: '452 4.5.3 too many recipients' }
    const answer = this.recipientAnswer(address)
    if (answer.reply?.startsWith('250'))
      this.recipients.push({ address, parameters: match[2]!.split(' ').filter(Boolean) })
    else this.state.counts.refusedRecipients += 1
    return answer
  }

  private recipientAnswer(address: string): Answer {
    const behaviour = behaviourOf(address)
    const answer = recipientAnswers[behaviour] ?? { reply: '250 2.1.5 ok' }
    if (behaviour !== 'tempfail2') return answer
    const refusals = this.state.refusals.get(address) ?? 0
    this.state.refusals.set(address, refusals + 1)
    return refusals < 2 ? answer : { reply: '250 2.1.5 ok' }
  }

  /** The answer that the first recipient with a behaviour of this phase asks for. */
  private chosen<T>(table: Record<string, T>): T | undefined {
    for (const recipient of this.recipients) {
      const answer = table[behaviourOf(recipient.address)]
      if (answer) return answer
    }
    return undefined
  }

  private data(): Answer {
    if (this.recipients.length === 0 && !this.state.options.eagerData) return { reply: '554 5.5.1 no valid recipients' }
    const answer = this.chosen(dataAnswers)
    if (answer) return answer
    this.gatherer = new ContentGatherer()
    return { reply: '354 go ahead' }
  }

  /** @returns whether the content was complete */
  private takeContent(gatherer: ContentGatherer): boolean {
    if (this.buffer.length === 0) return false
    const content = gatherer.push(this.buffer)
    this.buffer = content?.rest ?? EMPTY
    if (!content) return false
    this.gatherer = undefined
    this.finish(content.wire)
    return true
  }

  private finish(wire: Buffer): void {
    const answer = this.chosen(finalAnswers) ?? { reply: '250 2.0.0 stored', stored: true }
    const code = Number.parseInt(answer.reply ?? '', 10)
    const message = this.messageOf(wire, Number.isNaN(code) ? undefined : code)
    this.reset()
    this.taken += 1
    if (!this.state.options.discard) this.state.transactions.push(message)
    const end = this.taken === this.state.options.closeAfter ? 'close' : answer.end
    const after = answer.stored ? () => this.state.stored(message) : undefined
    this.answer({ ...answer, end, after })
  }

  private messageOf(wire: Buffer, replied: number | undefined): SinkMessage {
    const discard = this.state.options.discard === true
    const data = discard ? EMPTY : unstuff(wire)
    return {
      from: this.from ?? '',
      mailParameters: this.mailParameters,
      recipients: this.recipients,
      data,
      helo: this.helo,
      tls: this.socket instanceof TLSSocket ? (this.socket.getProtocol() ?? undefined) : undefined,
      username: this.username,
      connection: this.number,
      lenientEnds: discard ? [] : lenientEnds(wire),
      ...bareLineEnds(data),
      replied,
    }
  }

  private reset(): void {
    this.from = undefined
    this.mailParameters = []
    this.recipients = []
  }
}
