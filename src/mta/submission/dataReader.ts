/**
 * Reads what follows DATA (RFC 5321 §4.1.1.4, §4.5.2). Only CRLF.CRLF ends it, however TCP splits it; a bare CR or LF
 * never counts as the end of a line, and a message that holds one is refused as a whole: servers that disagree about
 * where a message ends can be made to see another one in it (SMTP smuggling).
 */

import type { ByteBudget } from './budget.ts'

/** What the octets of a message are counted against. */
type OctetBudget = Pick<ByteBudget, 'take' | 'give'>

/** The first reason why the message cannot be taken. It is read to its end all the same, and thrown away. */
export type DataError = 'bare-cr' | 'bare-lf' | 'nul' | 'line' | 'size' | 'memory'

export interface DataLimits {
  messageOctets: number
  /** one line of header or body without its CRLF, octets */
  lineOctets: number
}

// where in a line the next octet stands; the dot that begins a line is no content (RFC 5321 §4.5.2)
const IN_LINE = 0
const START = 1
const AFTER_CR = 2
const AFTER_DOT = 3
const AFTER_DOT_CR = 4
const STATE = 7

// what an octet means there
/** not content: left out */
const CUT = 8
const BARE_CR = 16
const BARE_LF = 32
const NUL = 64
const LINE_ENDS = 128
const DATA_ENDS = 256

const CR = 0x0d

/** state × (LF, CR, NUL, dot, any other octet) → next state and what it means. */
const table: readonly (readonly number[])[] = [
  [IN_LINE | BARE_LF, AFTER_CR, IN_LINE | NUL, IN_LINE, IN_LINE],
  [IN_LINE | BARE_LF, AFTER_CR, IN_LINE | NUL, AFTER_DOT | CUT, IN_LINE],
  [START | LINE_ENDS, AFTER_CR | BARE_CR, IN_LINE | BARE_CR, IN_LINE | BARE_CR, IN_LINE | BARE_CR],
  [IN_LINE | BARE_LF, AFTER_DOT_CR | CUT, IN_LINE | NUL, IN_LINE, IN_LINE],
  [START | CUT | DATA_ENDS, AFTER_CR | BARE_CR, IN_LINE | BARE_CR, IN_LINE | BARE_CR, IN_LINE | BARE_CR],
]

function classOf(octet: number): number {
  switch (octet) {
    case 0x0a:
      return 0
    case CR:
      return 1
    case 0x00:
      return 2
    case 0x2e:
      return 3
    default:
      return 4
  }
}

function errorOf(step: number): DataError {
  if (step & BARE_LF) return 'bare-lf'
  return step & BARE_CR ? 'bare-cr' : 'nul'
}

/** Small pieces are joined when there are more than this and one for each so many octets: bounds what pieces cost. */
const PIECES = 128
const OCTETS_A_PIECE = 2048

export class DataReader {
  fault: DataError | undefined
  /** whether an octet above 127 came */
  isEightBit = false
  /** octets of content so far, thrown away ones included */
  octets = 0

  private readonly limits: DataLimits
  private readonly budget: OctetBudget
  private state = START
  /** octets of the unfinished line, its CR included */
  private line = 0
  private pieces: Buffer[] = []
  private kept = 0

  constructor(limits: DataLimits, budget: OctetBudget) {
    this.limits = limits
    this.budget = budget
  }

  /**
   * Reads on, from `from`. The chunk becomes part of the message and is changed in place: nobody else may hold it.
   * @returns where what follows the end of the data begins, or -1 when the end has not come
   */
  feed(chunk: Buffer, from: number): number {
    let state = this.state
    let line = this.line
    let high = 0
    /** content up to here is where it belongs */
    let written = from
    /** content from here on is still to be moved, down to `written` */
    let run = from
    let end = -1
    const { length } = chunk
    for (let i = from; i < length; i++) {
      let octet = chunk[i]!
      if (state === IN_LINE && octet > CR) {
        // most octets pass here, so this loop does nothing else
        const begin = i
        while (octet > CR) {
          high |= octet
          if (++i === length) break
          octet = chunk[i]!
        }
        line += i - begin
        if (i === length) break
      }
      high |= octet
      const step = table[state]![classOf(octet)]!
      state = step & STATE
      line++
      if (step <= STATE) continue
      if (step & LINE_ENDS) {
        this.checkLine(line - 2)
        line = 0
      } else if (step & CUT) {
        line = 0
        if (written !== run) chunk.copyWithin(written, run, i)
        written += i - run
        run = i + 1
        if (step & DATA_ENDS) {
          end = run
          break
        }
      } else this.fault ??= errorOf(step)
    }
    if (end < 0) {
      if (written !== run) chunk.copyWithin(written, run)
      written += chunk.length - run
    }
    if (high > 0x7f) this.isEightBit = true
    this.checkLine(line - 1)
    this.state = state
    this.line = line
    this.keep(chunk.subarray(from, written))
    return end
  }

  private checkLine(octets: number): void {
    if (octets > this.limits.lineOctets) this.fault ??= 'line'
  }

  private keep(piece: Buffer): void {
    this.octets += piece.length
    if (this.octets > this.limits.messageOctets) this.fault ??= 'size'
    else if (!this.fault && !this.budget.take(piece.length)) this.fault = 'memory'
    if (this.fault) {
      this.release()
      return
    }
    this.kept += piece.length
    if (piece.length > 0) this.pieces.push(piece)
    if (this.pieces.length > PIECES + this.kept / OCTETS_A_PIECE) this.pieces = [Buffer.concat(this.pieces, this.kept)]
  }

  /** The message, once its end has come. Its octets stay counted until {@link release}. */
  take(): Buffer {
    const data = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces, this.kept)
    this.pieces = []
    return data
  }

  /** Gives the octets of the message back. */
  release(): void {
    this.budget.give(this.kept)
    this.kept = 0
    this.pieces = []
  }
}
