/** Encoded words of header fields (RFC 2047). */

import libmime from 'libmime'

/** Decodes encoded words, if there are any. What cannot be decoded stays as it is. */
export function decodeWords(text: string): string {
  return text.includes('=?') ? libmime.decodeWords(text) : text
}
