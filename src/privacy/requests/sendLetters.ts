/**
 * Sends letters about requests. A letter is written down with the act it belongs to, and sent after: a crash between
 * leaves it to the next start, and at worst it goes out twice.
 */

import type { StoredLetter } from '../../store/requests.ts'
import { mailboxAddress, type RequestParts } from './context.ts'

export type Post = ReturnType<typeof createPost>

/** Splits a written letter into its paragraphs. */
function paragraphs(text: string): string[] {
  return text.split(/\n\s*\n/).flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
}

/** Builds the sender of letters about requests. */
export function createPost({ store, send, hostname }: Pick<RequestParts, 'store' | 'send' | 'hostname'>) {
  /** The message it went out as; undefined when it could not be accepted now. */
  async function sendOne({ account, to, subject, text }: Pick<StoredLetter, 'account' | 'to' | 'subject' | 'text'>) {
    const letter = { subject, paragraphs: paragraphs(text), replyTo: mailboxAddress(hostname) }
    const answer = await send(account, to, letter)
    return answer.kind === 'accepted' ? answer.id : undefined
  }

  return {
    sendOne,
    /** Sends what waits. Letters that cannot be accepted are tried at the next look. Returns how many were sent. */
    async sendAll(): Promise<number> {
      let sent = 0
      for (const letter of await store.requests.unsent()) {
        const message = await sendOne(letter)
        if (message === undefined) continue
        await store.requests.letterSent(letter.id, message)
        sent++
      }
      return sent
    },
  }
}
