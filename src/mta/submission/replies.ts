/** Replies as they go over the wire (RFC 5321 §4.2, RFC 2034). */

import type { Reply } from '../../model/reply.ts'

/** Longest reply line, octets with CRLF (RFC 5321 §4.5.3.1.5). */
const LINE_OCTETS = 512

/** Everything but printable ASCII: it could split a reply, and only SMTPUTF8 sessions may see more (RFC 6531 §3.7.4). */
const UNPRINTABLE = /[^\x20-\x7e]/g

/** One reply line with its CRLF. */
export function writeReply({ code, enhancedCode, text }: Reply): string {
  const line = `${code} ${enhancedCode ? `${enhancedCode} ` : ''}${text}`
  return `${line.replace(UNPRINTABLE, '?').slice(0, LINE_OCTETS - 2)}\r\n`
}

/** Replies said so often that they are written once. */
export const said = {
  senderTaken: '250 2.1.0 Sender OK\r\n',
  recipientTaken: '250 2.1.5 Recipient OK\r\n',
  sendData: '354 End the message with a line that holds a dot only\r\n',
  done: '250 2.0.0 OK\r\n',
  goodbye: '221 2.0.0 Goodbye\r\n',
  help: '214 2.0.0 Commands: EHLO HELO STARTTLS AUTH MAIL RCPT DATA RSET NOOP VRFY HELP QUIT (RFC 5321)\r\n',
  notVerified: '252 2.1.5 Not verified: it is tried when mail is sent to it\r\n',
} as const
