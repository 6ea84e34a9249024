/** Takes mail of strangers apart (RFC 2045): bounded in parts, depth and header, and never failing. */

import PostalMime, { type Email } from 'postal-mime'

export type { Email }

/** Lines that may begin a part, nested ones included: each costs memory, however short it is. */
const MOST_PARTS = 200
const MOST_DEPTH = 8
const HEADER_OCTETS = 128 * 1024

/**
 * Takes a mail apart; messages in it stay whole. Undefined when that would be more work than a mail is worth, or when
 * it is built to hurt.
 * @param text the beginning of the mail as received, one character an octet: as much as is worth reading
 */
export async function takeApart(text: string): Promise<Email | undefined> {
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
