/** Puts SMTP replies together from what arrives (RFC 5321 §4.2). */

import { type Reply, splitEnhancedCode } from '../../model/reply.ts'

/** A whole reply: code of its last line, and the text after the code of each line. */
export interface RawReply {
  code: number
  lines: string[]
}

/** Far above what any host says; stops one that never comes to an end. */
const LONGEST_REPLY = 65_536

const LINE = /^(\d{3})(?:(-)|[ \t]|$)(.*)$/
const NEEDS_CARE = /[^\x20-\x7e]/

/** Reply text has no charset of its own: UTF-8 when it is valid, else Latin-1; control characters never come through. */
function clean(line: string): string {
  const utf8 = Buffer.from(line, 'latin1').toString('utf8')
  return (utf8.includes('\uFFFD') ? line : utf8).replaceAll(/\p{Cc}/gu, ' ')
}

export class ReplyReader {
  private onLine: (line: string) => void
  private rest = ''
  private lines: string[] = []
  private size = 0

  /** @param onLine hears every line as it comes in, also those that are no reply */
  constructor(onLine: (line: string) => void) {
    this.onLine = onLine
  }

  /** Whether bytes of an unfinished reply are waiting. */
  get unfinished(): boolean {
    return this.rest !== '' || this.lines.length > 0
  }

  /**
   * Takes in bytes.
   * @returns the replies they complete, or why this is not SMTP
   */
  push(chunk: Buffer): RawReply[] | string {
    const replies: RawReply[] = []
    this.rest += chunk.toString('latin1')
    this.size += chunk.length
    let start = 0
    let end = this.rest.indexOf('\n')
    while (end >= 0) {
      const raw = this.rest.slice(start, this.rest.charCodeAt(end - 1) === 13 ? end - 1 : end)
      start = end + 1
      end = this.rest.indexOf('\n', start)
      const reply = this.takeLine(NEEDS_CARE.test(raw) ? clean(raw) : raw)
      if (reply === 'nonsense') return 'sent something that is not an SMTP reply'
      if (reply) replies.push(reply)
    }
    this.rest = this.rest.slice(start)
    if (!this.unfinished) this.size = 0
    return this.size > LONGEST_REPLY ? 'sent a reply without end' : replies
  }

  private takeLine(line: string): RawReply | 'nonsense' | undefined {
    this.onLine(line)
    const match = LINE.exec(line)
    if (!match) return this.takeLineWithoutCode(line)
    this.lines.push(match[3] ?? '')
    if (match[2] === '-') return undefined
    const reply = { code: Number(match[1]), lines: this.lines }
    this.lines = []
    this.size = 0
    return reply
  }

  /**
   * Some hosts break a long text without saying the code again, or put an empty line before a reply. Their code is as
   * clear as any: taken for nonsense, a refusal would go on being tried, and a success be repeated.
   */
  private takeLineWithoutCode(line: string): 'nonsense' | undefined {
    if (this.lines.length === 0) return line.trim() === '' ? undefined : 'nonsense'
    this.lines.push(line.trim())
    return undefined
  }
}

/** Longest text of a reply that is kept, in characters. */
const LONGEST_TEXT = 1000

/** A raw reply in the words of the model: lines joined, the enhanced code, which each line may repeat, only once. */
export function toReply({ code, lines }: RawReply): Reply {
  const first = splitEnhancedCode(code, lines[0] ?? '')
  const { enhancedCode } = first
  const rest = lines.slice(1).map((line) => splitEnhancedCode(code, line))
  const same = rest.map((line, index) => (line.enhancedCode === enhancedCode ? line.text : lines[index + 1]!))
  const text = [first.text, ...same].join(' ').trim()
  return { code, enhancedCode, text: text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text }
}
