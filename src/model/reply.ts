/** SMTP replies and what they mean for a delivery (RFC 5321 §4.2, RFC 3463). */

/** One reply of the other side, its lines joined by a space. */
export interface Reply {
  /** three-digit reply code */
  code: number
  /** enhanced status code such as `5.1.1`, when there was one */
  enhancedCode: string | undefined
  /** the text after the codes */
  text: string
}

export type ReplyClass = 'positive' | 'intermediate' | 'temporary' | 'permanent' | 'unknown'

/** The class of a reply code. Anything that is no SMTP reply code is `unknown`, which a delivery treats as temporary. */
export function classOf(code: number): ReplyClass {
  if (code >= 200 && code < 300) return 'positive'
  if (code >= 300 && code < 400) return 'intermediate'
  if (code >= 400 && code < 500) return 'temporary'
  if (code >= 500 && code < 600) return 'permanent'
  return 'unknown'
}

/** Splits the text of a reply into its enhanced status code (RFC 2034), if any, and the rest. */
export function splitEnhancedCode(code: number, text: string): Reply {
  const match = /^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)/.exec(text)
  const fits = match && match[1]!.charAt(0) === String(code).charAt(0)
  return fits
    ? { code, enhancedCode: match[1], text: text.slice(match[0].length) }
    : { code, enhancedCode: undefined, text }
}

/** A reply in one line, as a person reads it. */
export function formatReply(reply: Reply): string {
  return [String(reply.code), reply.enhancedCode, reply.text].filter(Boolean).join(' ')
}
