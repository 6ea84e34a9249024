/** Takes a whole message apart for the eyes of a reviewer: bounded in depth, size and number of parts. Runs in a worker. */

import { createHash } from 'node:crypto'
import PostalMime, { decodeWords } from 'postal-mime'

/** What the viewer shows at most. */
const TEXT_CHARACTERS = 500_000
const HTML_CHARACTERS = 1_000_000
const HEADER_FIELDS = 500
const HEADER_CHARACTERS = 20_000
const ATTACHMENTS = 200
const NESTING = 20
const HEADER_OCTETS = 1024 * 1024

export interface TakenApart {
  headers: { name: string; value: string }[]
  text: string
  html: string | null
  attachments: { name: string; type: string; size: number; sha256: string }[]
  /** what was left out, in words */
  limits: string[]
}

function cut(text: string, most: number, what: string, limits: string[]): string {
  if (text.length <= most) return text
  limits.push(`${what} is cut after ${most.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters`)
  return text.slice(0, most)
}

function hashOf(content: ArrayBuffer | Uint8Array | string): { size: number; sha256: string } {
  const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)
  return { size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/**
 * Takes a message apart.
 * @throws when it cannot be: nested too deeply, or its header is too long
 */
export async function takeApart(bytes: Uint8Array): Promise<TakenApart> {
  const parser = new PostalMime({
    maxNestingDepth: NESTING,
    maxHeadersSize: HEADER_OCTETS,
    attachmentEncoding: 'arraybuffer',
  })
  const mail = await parser.parse(bytes)
  const limits: string[] = []
  const headers = mail.headers.slice(0, HEADER_FIELDS).map(({ originalKey, key, value }) => ({
    name: originalKey,
    value: cut(decodeWords(value), HEADER_CHARACTERS, `the header field ${key}`, limits),
  }))
  if (mail.headers.length > HEADER_FIELDS)
    limits.push(`${mail.headers.length - HEADER_FIELDS} more header fields are not shown`)
  if (mail.attachments.length > ATTACHMENTS)
    limits.push(`${mail.attachments.length - ATTACHMENTS} more attachments are not listed`)
  return {
    headers,
    text: cut(mail.text ?? '', TEXT_CHARACTERS, 'the text', limits),
    html: mail.html === undefined ? null : cut(mail.html, HTML_CHARACTERS, 'the HTML part', limits),
    attachments: mail.attachments.slice(0, ATTACHMENTS).map(({ filename, mimeType, content }) => ({
      name: filename ?? '',
      type: mimeType,
      ...hashOf(content),
    })),
    limits,
  }
}

/** What is shown of a message that cannot be taken apart: its beginning as it is. */
export function asItIs(bytes: Uint8Array, why: string): TakenApart {
  const limits = [`the message cannot be taken apart (${why}): its beginning is shown as it is`]
  const text = cut(
    Buffer.from(bytes.subarray(0, TEXT_CHARACTERS)).toString('utf8'),
    TEXT_CHARACTERS,
    'the text',
    limits,
  )
  return { headers: [], text, html: null, attachments: [], limits }
}
