/** What a try of a delivery came to. */

import type { Reply } from './reply.ts'

export type Outcome =
  /** `dsn`: the next hop took over who is to be notified of what (RFC 3461), so success is its to report */
  | { kind: 'delivered'; reply: Reply; dsn?: boolean }
  /** the next hop, or the route, will never take it */
  | { kind: 'failed'; reason: string; reply: Reply | undefined }
  /** try again later; `inDoubt` when the next hop may have taken it all the same */
  | { kind: 'deferred'; reason: string; reply: Reply | undefined; inDoubt: boolean }

/**
 * Whether a delivery failed because its mailbox or domain does not exist (RFC 3463 §3.2: X.1.1, X.1.2, X.1.3, X.1.10;
 * X.4.4): what a list of bad addresses looks like. Without an enhanced code the words of the reply decide.
 */
export function isBounce(outcome: Outcome): boolean {
  if (outcome.kind !== 'failed') return false
  const { reply } = outcome
  if (!reply) return true
  if (reply.enhancedCode) return /^5\.(?:1\.(?:1|2|3|10)|4\.4)$/.test(reply.enhancedCode)
  return (
    reply.code === 550 &&
    /unknown|no such|does not exist|not found|invalid (?:mailbox|recipient|user)/i.test(reply.text)
  )
}

/** What a delivery agent tells the queue about one try. */
export interface AttemptReport {
  /** host, address and port spoken to last, such as `mx1.kestrel.example [192.0.2.7]:25` */
  destination: string
  tls: string | undefined
  transcript: string
  /** outcome of each recipient, by delivery ordinal */
  outcomes: Map<number, Outcome>
  /** true when no host of the destination could be spoken to at all, so that others need not try at once */
  unreachable?: boolean
}
