/** Letters of the relay to a person: plain words, one after the other (RFC 5322, RFC 3834). Pure. */

import { isUtf8, wireAddress } from '../delivery/address.ts'
import type { SystemMessage } from './systemMessage.ts'
import { headerText, mailDate, oneLine, writePart } from './write.ts'

/** What a letter says. */
export interface Letter {
  subject: string
  /** one line each; lines are broken where they get long */
  paragraphs: readonly string[]
  /** who answers questions, one or several; nobody reads what comes back to the relay itself */
  replyTo: string | readonly string[] | undefined
  /** of a mailing: what leads out of it */
  list?: MailingList
}

/** A mailing somebody consented to (RFC 2919, RFC 2369). */
export interface MailingList {
  id: string
  /** page on which the consent is withdrawn; undefined when there is none */
  page: string | undefined
  /** mail to this address withdraws it */
  address: string
}

export interface LetterInput {
  /** name of this relay */
  hostname: string
  /** written id of the letter: letters and digits, unique */
  id: string
  /** milliseconds, Unix time */
  now: number
  to: string
  letter: Letter
}

/** Characters a line has at most, where words allow it (RFC 5322 §2.1.1 advises 78). */
const LINE = 72

/** Breaks long lines of a text between words. */
function wrap(text: string): string {
  return text.split('\n').map(wrapLine).join('\r\n')
}

function wrapLine(text: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > LINE) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\r\n')
}

/** One click is for `https` alone (RFC 8058 §3.1). */
function listFields({ id, page, address }: MailingList): string[] {
  const ways = [...(page === undefined ? [] : [`<${oneLine(page)}>`]), `<mailto:${oneLine(address)}>`]
  return [
    `List-Id: <${oneLine(id)}>`,
    `List-Unsubscribe: ${ways.join(',\r\n ')}`,
    ...(page?.startsWith('https:') ? ['List-Unsubscribe-Post: List-Unsubscribe=One-Click'] : []),
  ]
}

/** Writes a letter as a message. Nobody's software answers it: `Auto-Submitted: auto-generated` (RFC 3834 §5). */
export function buildLetter({ hostname, id, now, to: recipient, letter }: LetterInput): SystemMessage {
  const to = oneLine(wireAddress(recipient))
  const replyTo = [letter.replyTo ?? []]
    .flat()
    .map((address) => `<${oneLine(wireAddress(address))}>`)
    .join(',\r\n ')
  const subject = oneLine(letter.subject)
  const messageId = `${id}@${hostname}`
  const header = [
    `From: Mailward <postmaster@${hostname}>`,
    `To: <${to}>`,
    ...(replyTo === '' ? [] : [`Reply-To: ${replyTo}`]),
    `Subject: ${headerText(subject)}`,
    `Date: ${mailDate(now)}`,
    `Message-ID: <${messageId}>`,
    'Auto-Submitted: auto-generated',
    ...(letter.list === undefined ? [] : listFields(letter.list)),
    'MIME-Version: 1.0',
  ].join('\r\n')
  const text = `${letter.paragraphs.map(wrap).join('\r\n\r\n')}\r\n`
  const part = writePart({ contentType: 'text/plain; charset=utf-8', body: Buffer.from(text, 'utf8') })
  const data = Buffer.from(`${header}\r\n${part}`, 'utf8')
  const headerLength = data.indexOf('\r\n\r\n') + 4
  return { recipient, data, headerLength, subject, messageId, smtputf8: isUtf8(`${to}${replyTo}`) }
}
