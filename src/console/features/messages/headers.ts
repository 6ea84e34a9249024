/** A raw header block made readable: unfolded (RFC 5322 §2.2.3), encoded words decoded (RFC 2047). */

export interface HeaderField {
  name: string
  value: string
}

/** The fields in their order. Lines that are no field are kept, with an empty name. */
export function parseHeaders(raw: string): HeaderField[] {
  return raw
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const match = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line)
      return match ? { name: match[1]!, value: decodeWords(match[2]!.trim()) } : { name: '', value: line }
    })
}

const ENCODED_WORD = /=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?\s]*)\?=/gi

/** Decodes encoded words; one that cannot be decoded stays as it is. */
export function decodeWords(value: string): string {
  // white space between two encoded words is not part of the text (RFC 2047 §6.2)
  const joined = value.replace(/(\?=)\s+(?==\?[\w-]+(?:\*[\w-]+)?\?[bq]\?)/gi, '$1')
  return joined.replace(ENCODED_WORD, (word, charset: string, encoding: string, content: string) => {
    const bytes = encoding.toLowerCase() === 'b' ? fromBase64(content) : fromQ(content)
    return (bytes && decode(bytes, charset)) ?? word
  })
}

function fromBase64(content: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(content), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

function fromQ(content: string): Uint8Array<ArrayBuffer> {
  const plain = content
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Uint8Array.from(plain, (character) => character.charCodeAt(0) & 0xff)
}

function decode(bytes: Uint8Array<ArrayBuffer>, charset: string): string | undefined {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return undefined
  }
}
