/** A mailing to somebody who consented to it, with the way out of it in every letter (RFC 2369, RFC 8058). Pure. */

import type { Letter } from '../../mta/mime/letter.ts'
import { paragraphsOf } from './policyLetter.ts'

export interface Mailing {
  /** name of this relay */
  hostname: string
  purpose: string
  subject: string
  text: string
  /** names the consent to be withdrawn */
  token: string
  /** where people reach the relay over the web; empty when they do not */
  publicUrl: string
}

/** The list a purpose is, as a List-Id (RFC 2919). */
function listId(purpose: string, hostname: string): string {
  const words = purpose.toLowerCase().match(/[a-z0-9]+/g) ?? ['mailing']
  return `${words.join('-').slice(0, 60)}.${hostname}`
}

/** The address of the page on which a consent is withdrawn; undefined when the relay is not reached over the web. */
function pageOf(publicUrl: string, token: string): string | undefined {
  return publicUrl === '' ? undefined : `${publicUrl.replace(/\/+$/, '')}/unsubscribe/${token}`
}

export function mailingLetter({ hostname, purpose, subject, text, token, publicUrl }: Mailing): Letter {
  const page = pageOf(publicUrl, token)
  const address = `unsubscribe+${token}@${hostname}`
  return {
    subject,
    replyTo: undefined,
    paragraphs: [
      ...paragraphsOf(text),
      `You get this letter because you agreed to mail about: ${purpose}. If you want no more of it, ${page === undefined ? '' : `open\n${page}\nor `}write to\n${address}\nNothing else is needed, and it counts at once.`,
    ],
    list: { id: listId(purpose, hostname), page, address },
  }
}
