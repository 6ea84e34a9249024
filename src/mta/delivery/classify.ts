/** What a reply means for a recipient. What cannot be classified is deferred (unknown failure is temporary). */

import type { Outcome } from '../../model/outcome.ts'
import { classOf, formatReply, type Reply } from '../../model/reply.ts'
import type { Target } from './target.ts'

/** The point of the transaction a reply belongs to. */
export type Moment = 'mail' | 'rcpt' | 'data' | 'final'

/** Replies by which a smarthost says that we did not log in as it wants (RFC 4954 §6). */
const LOGIN_WANTED: ReadonlySet<number> = new Set([530, 535, 538])

function deferred(reason: string, reply: Reply): Outcome {
  return { kind: 'deferred', reason, reply, inDoubt: false }
}

/** The outcome of a negative reply; a reply that is neither 4xx nor 5xx tells nothing for certain. */
export function classify(reply: Reply, moment: Moment, target: Target): Outcome {
  const reason = formatReply(reply)
  switch (classOf(reply.code)) {
    case 'temporary':
      return deferred(reason, reply)
    case 'permanent':
      // RFC 5321 §4.5.3.1.10: too many recipients, said with the code of old
      if (reply.code === 552 && moment === 'rcpt') return deferred(reason, reply)
      // a fault of the route's settings must not bounce a customer's mail
      if (!target.exchanger && moment === 'mail' && LOGIN_WANTED.has(reply.code))
        return deferred(`the smarthost wants a login (${reason}): set user name and password of the route`, reply)
      return { kind: 'failed', reason, reply }
    case 'positive':
    case 'intermediate':
    case 'unknown':
      // after the end of data it may have meant yes
      return { kind: 'deferred', reason: `unexpected reply: ${reason}`, reply, inDoubt: moment === 'final' }
  }
}

/** A permanent failure we found ourselves, with the reply a server would have given. */
export function refusal(code: number, enhancedCode: string, text: string): Outcome {
  return { kind: 'failed', reason: text, reply: { code, enhancedCode, text } }
}
