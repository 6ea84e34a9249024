/** The little of MIME a report needs. Whatever goes in, only printable ASCII in lines of bounded length comes out. */

/** Lines longer than this are encoded (RFC 5322 §2.1.1 allows 998). */
const LONGEST_LINE = 900
/** RFC 2045 §6.7: encoded lines have at most 76 characters. */
const ENCODED_LINE = 76
/** UTF-8 bytes of one encoded word, which may not be longer than 75 characters in all (RFC 2047 §2). */
const WORD_BYTES = 45

const CR = 13
const LF = 10

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A point in time (milliseconds, Unix time) as header fields write it (RFC 5322 §3.3), in UTC. */
export function mailDate(ms: number): string {
  const date = new Date(ms)
  const day = String(date.getUTCDate()).padStart(2, '0')
  const time = date.toISOString().slice(11, 19)
  return `${days[date.getUTCDay()]}, ${day} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`
}

/** A text in one line, without control characters. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc} ]+/gu, ' ').trim()
}

/** Unstructured header text: as it is when ASCII, else in encoded words (RFC 2047), one a line. */
export function headerText(text: string): string {
  const line = oneLine(text)
  if (/^[ -~]*$/.test(line) && !line.includes('=?')) return line
  const words: string[] = ['']
  for (const character of line) {
    const grown = words.at(-1) + character
    if (Buffer.byteLength(grown) > WORD_BYTES) words.push(character)
    else words[words.length - 1] = grown
  }
  return words.map((word) => `=?utf-8?B?${Buffer.from(word, 'utf8').toString('base64')}?=`).join('\r\n ')
}

export interface Part {
  contentType: string
  body: Buffer
}

/** Whether bytes can stand in a message as they are: printable ASCII in whole lines of bounded length. */
function is7bit(body: Buffer): boolean {
  let line = 0
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!
    if (byte === CR && body[i + 1] === LF) {
      i += 1
      line = 0
      continue
    }
    line += 1
    if (line > LONGEST_LINE || byte > 126 || (byte < 32 && byte !== 9)) return false
  }
  return true
}

function encodeByte(byte: number, lastOfLine: boolean): string {
  const isBlank = byte === 32 || byte === 9
  if ((isBlank && !lastOfLine) || (byte > 32 && byte < 127 && byte !== 61)) return String.fromCharCode(byte)
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

function isLineEnd(body: Buffer, index: number): boolean {
  return index >= body.length || (body[index] === CR && body[index + 1] === LF)
}

/** RFC 2045 §6.7; CRLF stays a line end, a CR or LF on its own is encoded. */
export function quotedPrintable(body: Buffer): string {
  const lines: string[] = []
  let line = ''
  for (let i = 0; i < body.length; i++) {
    if (isLineEnd(body, i)) {
      lines.push(line)
      line = ''
      i += 1
      continue
    }
    const piece = encodeByte(body[i]!, isLineEnd(body, i + 1))
    if (line.length + piece.length >= ENCODED_LINE) {
      lines.push(`${line}=`)
      line = ''
    }
    line += piece
  }
  return [...lines, line].join('\r\n')
}

/** A part's own header fields, the empty line, and its body as it travels. */
export function writePart({ contentType, body }: Part): string {
  const plain = is7bit(body)
  const encoding = plain ? '7bit' : 'quoted-printable'
  const text = plain ? body.toString('latin1') : quotedPrintable(body)
  return `Content-Type: ${contentType}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${text}`
}

/** A line that occurs in none of the texts, grown out of a name until that is so. */
function boundaryFor(name: string, texts: string[]): string {
  let boundary = `=_${name}`
  for (let n = 1; texts.some((text) => text.includes(boundary)); n++) boundary = `=_${name}_${n}`
  return boundary
}

/**
 * The body of a multipart and the boundary it needs in its Content-Type.
 * @param name letters and digits to make the boundary of
 */
export function multipart(name: string, parts: Part[]): { boundary: string; body: string } {
  const texts = parts.map(writePart)
  const boundary = boundaryFor(name, texts)
  const body = texts.map((text) => `--${boundary}\r\n${text}\r\n`).join('')
  return { boundary, body: `${body}--${boundary}--\r\n` }
}
