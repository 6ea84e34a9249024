/** One TCP connection to a next hop: lines out, replies in, one clock for all waiting. Knows no SMTP beyond replies. */

import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { type RawReply, ReplyReader } from './replyReader.ts'
import { type Phase, phaseNames, type Timeouts } from './timeouts.ts'
import type { Transcript } from './transcript.ts'

/** A reply, or why there will never be one. */
export type Heard = { kind: 'reply'; reply: RawReply } | { kind: 'lost'; why: string }

/** How long a closed connection may take to say goodbye, in milliseconds. */
const GOODBYE = 2000

const faults = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection reset'],
  ['ENETUNREACH', 'no way to this address'],
  ['EHOSTUNREACH', 'no way to this address'],
  ['EADDRNOTAVAIL', 'no way to this address'],
])

function describe(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  return faults.get(code) ?? (error.message.trim() || code || 'connection failed')
}

export class Connection {
  /** where the dialogue is written down; swapped with each message */
  transcript: Transcript
  /** hears that the connection is gone, whoever ended it */
  onEnd: (() => void) | undefined
  private socket: Socket
  private timeouts: Timeouts
  private tick: number
  private reader: ReplyReader
  private replies: RawReply[] = []
  private waiter: ((heard: Heard) => void) | undefined
  private onDrain: ((why: string | undefined) => void) | undefined
  private onLost: ((why: string) => void) | undefined
  private detach: () => void
  private why: string | undefined
  private deadline = Number.POSITIVE_INFINITY
  private phase: Phase = 'connect'
  private timer: NodeJS.Timeout | undefined

  private constructor(socket: Socket, timeouts: Timeouts, transcript: Transcript) {
    this.socket = socket
    this.timeouts = timeouts
    // no wait is shorter, so a timer of this length is never late for a wait that begins while it runs
    this.tick = Math.min(...Object.values(timeouts))
    this.transcript = transcript
    this.reader = new ReplyReader((line) => this.transcript.add(`S: ${line}`))
    this.detach = this.attach(socket)
  }

  /**
   * Begins to connect; `ready` tells when it is done.
   * @param address an IP address
   */
  static open(address: string, port: number, timeouts: Timeouts, transcript: Transcript): Connection {
    return new Connection(connectTcp({ host: address, port, noDelay: true }), timeouts, transcript)
  }

  /** Resolves when connected, with undefined or why it failed. */
  ready(): Promise<string | undefined> {
    return this.until('connect', (done) => this.socket.once('connect', done))
  }

  /**
   * Starts TLS. What came in plaintext and was not asked for is thrown away (RFC 3207 §6).
   * @returns the TLS socket, or why there is none
   */
  async secure(options: ConnectionOptions): Promise<TLSSocket | string> {
    const plain = this.socket
    this.detach()
    // the TLS socket reports what matters; this only keeps a late error from being nobody's
    plain.on('error', () => undefined)
    if (this.replies.length > 0 || this.reader.unfinished)
      this.transcript.add('-- plaintext after STARTTLS thrown away')
    this.replies = []
    this.reader = new ReplyReader((line) => this.transcript.add(`S: ${line}`))
    const secured = connectTls({ ...options, socket: plain })
    this.socket = secured
    this.detach = this.attach(secured)
    const why = await this.until('tls', (done) => secured.once('secureConnect', done))
    return why ?? secured
  }

  /** Whether nothing more can be said or heard. */
  get isLost(): boolean {
    return this.why !== undefined
  }

  /** Whether a reply has come that nobody has heard yet. */
  get hasReply(): boolean {
    return this.replies.length > 0
  }

  /** The next reply, waited for as long as the phase allows. */
  hear(phase: Phase): Promise<Heard> {
    const reply = this.replies.shift()
    if (reply) return Promise.resolve({ kind: 'reply', reply })
    if (this.why !== undefined) return Promise.resolve({ kind: 'lost', why: this.why })
    this.watch(phase)
    return new Promise((resolve) => {
      this.waiter = resolve
    })
  }

  /** Writes command lines, without their CRLF, in one go. */
  say(...lines: string[]): void {
    for (const line of lines) this.transcript.add(`C: ${line}`)
    this.socket.write(`${lines.join('\r\n')}\r\n`)
  }

  /** Writes a command line that the transcript shows as something else. */
  saySecret(line: string, shown: string): void {
    this.transcript.add(`C: ${shown}`)
    this.socket.write(`${line}\r\n`)
  }

  /** Writes bytes of a message. Resolves when there is room for more, or with why there never will be. */
  pour(bytes: Buffer): Promise<string | undefined> | undefined {
    if (this.socket.write(bytes)) return undefined
    return this.until('block', (done) => this.socket.once('drain', done))
  }

  /** Hands bytes over without waiting for them to leave. */
  write(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  /** Between messages: any word or end from the other side is heard by `onLost`, and ends the connection. */
  rest(onLost: (why: string) => void): void {
    if (this.replies.length > 0) this.lose('spoke out of turn')
    if (this.why !== undefined) onLost(this.why)
    else this.onLost = onLost
  }

  /** Ends the rest. */
  wake(transcript: Transcript): void {
    this.onLost = undefined
    this.transcript = transcript
  }

  /** Says QUIT and closes, without waiting for anything. */
  quit(): void {
    if (this.why !== undefined) return
    const { socket } = this
    socket.end('QUIT\r\n')
    this.lose('closed', () => {
      const timer = setTimeout(() => socket.destroy(), GOODBYE)
      timer.unref()
      socket.once('close', () => clearTimeout(timer))
      // what is not read would turn the goodbye into a reset
      socket.resume()
    })
  }

  /** Cuts the connection; whoever waits hears why. */
  cut(why: string): void {
    this.lose(why)
  }

  private attach(socket: Socket): () => void {
    const onData = (chunk: Buffer) => this.take(chunk)
    const onError = (error: Error) => this.lose(describe(error))
    const onEnd = () => this.lose('connection closed')
    socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd)
    return () => socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd)
  }

  private take(chunk: Buffer): void {
    if (this.why !== undefined) return
    const replies = this.reader.push(chunk)
    if (typeof replies === 'string') {
      this.lose(replies)
      return
    }
    if (replies.length === 0) return
    if (this.onLost) {
      this.lose('closed while idle')
      return
    }
    this.replies.push(...replies)
    const { waiter } = this
    if (!waiter) return
    this.waiter = undefined
    this.deadline = Number.POSITIVE_INFINITY
    waiter({ kind: 'reply', reply: this.replies.shift()! })
  }

  /** Waits for an event of the socket, or the end. Replies may come in meanwhile. */
  private until(phase: Phase, listen: (done: () => void) => void): Promise<string | undefined> {
    if (this.why !== undefined) return Promise.resolve(this.why)
    this.watch(phase)
    return new Promise((resolve) => {
      this.onDrain = (why) => {
        this.transcript.step()
        this.onDrain = undefined
        this.deadline = Number.POSITIVE_INFINITY
        resolve(why)
      }
      listen(() => this.onDrain?.(undefined))
    })
  }

  /** One timer for the life of the connection, re-armed only when it fires: setting one for each reply would cost more. */
  private watch(phase: Phase): void {
    this.phase = phase
    const limit = this.timeouts[phase]
    this.deadline = performance.now() + limit
    this.timer ??= setTimeout(() => this.check(), this.tick)
  }

  private check(): void {
    this.timer = undefined
    if (this.deadline === Number.POSITIVE_INFINITY) return
    const remaining = this.deadline - performance.now()
    if (remaining > 0) this.timer = setTimeout(() => this.check(), Math.min(Math.ceil(remaining), this.tick))
    // what has arrived is read first: a busy process must not be taken for a silent host
    else setImmediate(() => this.giveUp())
  }

  private giveUp(): void {
    if (this.deadline > performance.now()) this.check()
    else this.lose(`waited ${Math.round(this.timeouts[this.phase] / 1000)} s for ${phaseNames[this.phase]}`)
  }

  private lose(why: string, close: () => void = () => this.socket.destroy()): void {
    if (this.why !== undefined) return
    this.why = why
    this.deadline = Number.POSITIVE_INFINITY
    clearTimeout(this.timer)
    close()
    const { waiter, onDrain, onLost } = this
    this.waiter = undefined
    this.onLost = undefined
    onDrain?.(why)
    waiter?.({ kind: 'lost', why })
    onLost?.(why)
    this.onEnd?.()
  }
}
