/** Encoded words (RFC 2047) in a header field: what they say, and how a text is written as one. */

/** A run of encoded words, with the blanks between them, which do not count (§6.2). */
const RUN = /=\?[^?\s]+\?[bq]\?[^?\s]*\?=(?:\s+=\?[^?\s]+\?[bq]\?[^?\s]*\?=)*/gi
const WORD = /=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi
/** Bytes of text in one word: its base64 then fits into the 75 characters of §2. */
const WORD_BYTES = 42

function bytesOf(encoding: string, text: string): Buffer {
  if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64')
  const plain = text
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
}

function decoded(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset.split('*')[0]).decode(bytes)
  } catch {
    // a character set that is not known
    return bytes.toString('latin1')
  }
}

/** What a run says. Words of one character set are joined before they are decoded: some split characters. */
function textOf(run: string): string {
  const pieces: { charset: string; bytes: Buffer[] }[] = []
  for (const [, charset, encoding, text] of run.matchAll(WORD)) {
    const last = pieces.at(-1)
    const bytes = bytesOf(encoding!, text!)
    if (last?.charset === charset!.toLowerCase()) last.bytes.push(bytes)
    else pieces.push({ charset: charset!.toLowerCase(), bytes: [bytes] })
  }
  return pieces.map(({ charset, bytes }) => decoded(Buffer.concat(bytes), charset)).join('')
}

/** Writes a text as encoded words. */
function encoded(text: string): string {
  const words: string[] = []
  let word = ''
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word)
      word = ''
    }
    word += character
  }
  return [...words, word].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ')
}

/** What the encoded words of a text say, joined by blanks; empty when there are none. */
export function encodedTexts(text: string): string {
  if (!text.includes('=?')) return ''
  return [...text.matchAll(RUN)].map(([run]) => textOf(run)).join(' ')
}

/** Changes what runs of encoded words say. */
export function mapEncoded(text: string, change: (said: string) => string): string {
  if (!text.includes('=?')) return text
  return text.replace(RUN, (run) => {
    const said = textOf(run)
    const changed = change(said)
    return changed === said ? run : encoded(changed)
  })
}
