/**
 * Cuts the client's octets into command lines and messages. A command line ends in CRLF and holds no control
 * character; anything else is a fault that ends the session, since what follows cannot be trusted to be a command.
 */

import { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import type { DataReader } from './dataReader.ts'

/** Longest command line, octets: what RFC 4954 §4 asks for in AUTH. */
export const COMMAND_OCTETS = 12_288

export type LineError = 'bare-lf' | 'control' | 'encoding' | 'long'

/** Who understands what the parser finds. Each `next` is to be called once, when the parser may go on. */
export interface ParserHost {
  /** anything at all came from the client */
  heard(octets: number): void
  line(text: string, next: () => void): void
  lineError(fault: LineError): void
  dataEnded(reader: DataReader, next: () => void): void
  /** nothing more to read for now: send the replies; `next`, if any, when the client has taken them */
  pause(next: (() => void) | undefined): void
}

const LF = 0x0a
const CR = 0x0d
/** Lines answered in one go before others get their turn. */
const LINES_A_TURN = 100

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROL = /[\x00-\x1f\x7f]/
const EIGHT_BIT = /[\x80-\xff]/
const decoder = new TextDecoder('utf-8', { fatal: true })

function decodeUtf8(octets: Buffer): string | undefined {
  try {
    return decoder.decode(octets)
  } catch {
    return undefined
  }
}

const GREETING = /^(?:EHLO|HELO) /i

/** UTF-8; the name in a greeting may be of any character set, since nothing is looked up by it. */
function decodeLine(latin: string, octets: Buffer): string | undefined {
  return decodeUtf8(octets) ?? (GREETING.test(latin) ? latin : undefined)
}

const nothing: Buffer = Buffer.alloc(0)

export class SubmissionParser extends SMTPStream {
  private readonly host: ParserHost
  /** what is being read, and from where; the rest of the chunk waits while a command is carried out */
  private chunk: Buffer = nothing
  private position = 0
  private reader: DataReader | undefined
  /** Node's go-ahead for the next chunk */
  private release: (() => void) | undefined
  private isRunning = false
  private isAnswered = false
  private answered = 0
  /** made once: each command gets the same */
  private readonly next = (): void => this.run()

  constructor(host: ParserHost) {
    super()
    this.host = host
  }

  /** Whether octets that came with the last command are still unread. */
  get hasMore(): boolean {
    return this.position < this.chunk.length
  }

  /** From now on octets are message, until the reader sees the end of it. */
  readData(reader: DataReader): void {
    this.reader = reader
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.release = done
    if (!this.isClosed) this.host.heard(chunk.length)
    this.chunk = this.hasMore ? Buffer.concat([this.chunk.subarray(this.position), chunk]) : chunk
    this.position = 0
    this.run()
  }

  /** The client has gone. A line that was never ended is no command. */
  override _flushData(): void {
    this.drop()
  }

  /** Takes no more from what is at hand. */
  private drop(): void {
    this.chunk = nothing
    this.position = 0
    this.reader = undefined
    this.askForMore()
  }

  private askForMore(): void {
    const { release } = this
    this.release = undefined
    release?.()
  }

  /**
   * Reads as far as the octets at hand go. Commands that are answered at once call `next` before this loop looks
   * again, so a batch of them needs no recursion and its replies leave in one write.
   */
  private run(): void {
    this.isAnswered = true
    if (this.isRunning) return
    this.isRunning = true
    let isMore = true
    while (isMore && this.isAnswered && !this.isClosed && this.answered < LINES_A_TURN) isMore = this.step()
    this.isRunning = false
    if (this.isClosed) this.drop()
    else this.host.pause(this.isAnswered ? this.resume : undefined)
  }

  /** After a pause: goes on with what is left of a long batch, or asks for more octets. */
  private readonly resume = (): void => {
    const isBatchLong = this.answered >= LINES_A_TURN
    this.answered = 0
    if (this.isClosed) this.drop()
    else if (isBatchLong) setImmediate(this.next)
    else {
      if (!this.hasMore) this.chunk = nothing
      this.askForMore()
    }
  }

  /** Reads one line or one piece of data; false when there is not enough at hand. */
  private step(): boolean {
    if (this.reader) return this.readPiece(this.reader)
    return this.readLine()
  }

  private readPiece(reader: DataReader): boolean {
    if (!this.hasMore) return false
    const end = reader.feed(this.chunk, this.position)
    if (end < 0) {
      this.chunk = nothing
      this.position = 0
      return false
    }
    this.position = end
    this.reader = undefined
    this.isAnswered = false
    this.host.dataEnded(reader, this.next)
    return true
  }

  private readLine(): boolean {
    const { chunk, position } = this
    const end = chunk.indexOf(LF, position)
    const length = (end < 0 ? chunk.length : end) - position
    if (length > COMMAND_OCTETS) this.fail('long')
    if (end < 0 || this.isClosed) return false
    if (chunk[end - 1] !== CR || end === position) return this.fail('bare-lf')
    const latin = chunk.toString('latin1', position, end - 1)
    if (CONTROL.test(latin)) return this.fail('control')
    const text = EIGHT_BIT.test(latin) ? decodeLine(latin, chunk.subarray(position, end - 1)) : latin
    if (text === undefined) return this.fail('encoding')
    this.position = end + 1
    this.answered++
    this.isAnswered = false
    this.host.line(text, this.next)
    return true
  }

  private fail(fault: LineError): false {
    this.host.lineError(fault)
    return false
  }
}
