/** Takes other people out of a header block, field by field. A field in which nobody is found stays byte for byte. */

import { addressIn, type Redactor } from './redact.ts'

/** Fields that are lists of mailboxes (RFC 5322 §3.6.2, §3.6.3, §3.6.6, RFC 8098 §2.1, and what is seen in practice). */
const MAILBOXES =
  /^(?:resent-)?(?:from|sender|reply-to|to|cc|bcc)$|^(?:return-path|delivered-to|envelope-to|errors-to|apparently-to|disposition-notification-to|return-receipt-to|mail-reply-to|mail-followup-to|x-(?:original|envelope|rcpt|forwarded|real)-(?:from|to)|x-sender|x-receiver)$/i
/** Fields that are Message-IDs (RFC 5322 §3.6.4). */
const MESSAGE_IDS = /^(?:(?:resent-)?message-id|in-reply-to|references|content-id|x-message-id)$/i
const NOBODY = /^\s*undisclosed[- ]recipients\s*:?\s*;?\s*$/i
const LINE = 78

/** Splits at commas and semicolons that separate mailboxes: not in quotes, brackets or comments. */
function pieces(value: string): string[] {
  const found: string[] = []
  let begin = 0
  let depth = 0
  let quoted = false
  for (let at = 0; at < value.length; at++) {
    const sign = value[at]
    if (sign === '\\') at++
    else if (sign === '"') quoted = !quoted
    else if (quoted) continue
    else if (sign === '(' || sign === '<') depth++
    else if (sign === ')' || sign === '>') depth = Math.max(0, depth - 1)
    else if ((sign === ',' || sign === ';') && depth === 0) {
      found.push(value.slice(begin, at))
      begin = at + 1
    }
  }
  return [...found, value.slice(begin)]
}

/** A mailbox of somebody else goes with its name. */
function mailbox(piece: string, redactor: Redactor): string {
  const address = addressIn(piece)
  if (address === undefined) return NOBODY.test(piece) ? piece.trim() : '[name]'
  return redactor.isVisible(address) ? redactor.text(piece).trim() : redactor.address(address)
}

function mailboxes(value: string, redactor: Redactor): string {
  const kept = pieces(value).filter((piece) => piece.trim() !== '')
  return kept.map((piece) => mailbox(piece, redactor)).join(', ')
}

function messageIds(value: string, redactor: Redactor): string {
  const known = value.replace(/<([^<>]*)>/g, (_, id: string) => `<${redactor.messageId(id.replace(/\s+/g, ''))}>`)
  return redactor.text(known)
}

/** A long value over several lines, at its spaces (RFC 5322 §2.2.3). */
function folded(name: string, value: string): string {
  const lines = ['']
  for (const word of `${name}: ${value}`.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + 1 + word.length > LINE) lines.push(` ${word}`)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return `${lines.join('\r\n')}\r\n`
}

/** One field with its folded lines and their ends. */
function field(raw: string, redactor: Redactor): string {
  const colon = raw.indexOf(':')
  const name = raw.slice(0, colon).trim()
  if (colon < 1 || /[^\x21-\x7e]/.test(name)) return redactor.text(raw)
  const value = raw
    .slice(colon + 1)
    .replace(/\r?\n(?=[ \t])/g, '')
    .replace(/[\r\n]+$/, '')
  const plain = value.trim().replace(/\s+/g, ' ')
  const redacted = MAILBOXES.test(name)
    ? mailboxes(plain, redactor)
    : MESSAGE_IDS.test(name)
      ? messageIds(plain, redactor)
      : redactor.text(plain)
  const shown = redactor.text(name)
  return redacted === plain && shown === name ? raw : folded(shown, redacted)
}

/** A header block without other people; it ends as it did. */
export function redactHeaders(block: string, redactor: Redactor): string {
  const fields = block.match(/[^\r\n][^\n]*\n?(?:[ \t][^\n]*(?:\n|$))*|\r?\n/g) ?? []
  return fields.map((raw) => (/^\r?\n$/.test(raw) ? raw : field(raw, redactor))).join('')
}
