/** What a try of a delivery came to. */

import type { Reply } from './reply.ts'

export type Outcome =
  /** `dsn`: the next hop took over who is to be notified of what (RFC 3461), so success is its to report */
  | { kind: 'delivered'; reply: Reply; dsn?: boolean }
  /** the next hop, or the route, will never take it */
  | { kind: 'failed'; reason: string; reply: Reply | undefined }
  /** try again later; `inDoubt` when the next hop may have taken it all the same */
  | { kind: 'deferred'; reason: string; reply: Reply | undefined; inDoubt: boolean }

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
