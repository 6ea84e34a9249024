/** Takes mail of strangers apart (RFC 2045): bounded in parts, depth and header, and never failing. */

import PostalMime, { type Email } from 'postal-mime'

export type { Email }

/** Lines that may begin a part, nested ones included: each costs memory, however short it is. */
const MOST_PARTS = 200
const MOST_DEPTH = 8
const HEADER_OCTETS = 128 * 1024
/** Lines that are read: each takes a moment, an empty one as well. */
const MOST_LINES = 10_000

/** The beginning of a text, so many lines of it. */
function firstLines(text: string): string {
  let at = -1
  for (let lines = 0; lines < MOST_LINES; lines++) {
    at = text.indexOf('\n', at + 1)
    if (at < 0) return text
  }
  return text.slice(0, at + 1)
}

/**
 * Takes a mail apart; messages in it stay whole. Undefined when that would be more work than a mail is worth, or when
 * it is built to hurt.
 * @param whole the beginning of the mail as received, one character an octet: as much as is worth reading
 */
export async function takeApart(whole: string): Promise<Email | undefined> {
  const text = firstLines(whole)
  let parts = 0
  for (let at = text.indexOf('\n--'); at >= 0; at = text.indexOf('\n--', at + 3))
    if (++parts > MOST_PARTS) return undefined
  try {
    return await PostalMime.parse(Buffer.from(text, 'latin1'), {
      forceRfc822Attachments: true,
      maxNestingDepth: MOST_DEPTH,
      maxHeadersSize: HEADER_OCTETS,
      maxRfc822NestingDepth: 0,
    })
  } catch {
    return undefined
  }
}
