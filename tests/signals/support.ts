/** Complaints as reporters send them, made for a message this relay really sent. */

/** What a complaint is about: the header block as it left, and the envelope. */
export interface Original {
  headers: string
  from: string
  to: string
}

function lines(...text: string[]): string {
  return text.join('\r\n')
}

/** RFC 5965 with the message attached, as Yahoo's loop sends it. */
export function yahooReport({ headers, from, to }: Original): string {
  return lines(
    'From: Yahoo! Mail AntiSpam Feedback <feedback@arf.mail.yahoo.example>',
    'To: abuse@relay.test',
    'Subject: FW:Your invoice',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; boundary="----=_Part_1"; report-type=feedback-report',
    '',
    '------=_Part_1',
    'Content-Type: text/plain; charset="UTF-8"',
    'Content-Transfer-Encoding: 7bit',
    '',
    'This is an email abuse report for an email message with the message-id received from IP address 192.0.2.1.',
    '',
    '------=_Part_1',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: Yahoo!-Mail-Feedback/2.0',
    'Version: 0.1',
    `Original-Mail-From: <${from}>`,
    `Original-Rcpt-To: ${to}`,
    'Received-Date: Tue, 24 Nov 2026 00:00:00 +0000',
    'Reported-Domain: acme.example',
    '',
    '------=_Part_1',
    'Content-Type: message/rfc822',
    'Content-Disposition: inline',
    '',
    `${headers.trimEnd()}`,
    '',
    'Buy now.',
    '',
    '------=_Part_1--',
    '',
  )
}

/** No report part: the message attached, as Outlook's junk mail reporting sends it. */
export function outlookReport({ headers }: Original): string {
  return lines(
    'From: <staff@hotmail.example>',
    'To: abuse@relay.test',
    'Subject: complaint about message from 192.0.2.1',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="_000_jmrp"',
    '',
    '--_000_jmrp',
    'Content-Type: message/rfc822',
    '',
    'X-HmXmrOriginalRecipient: tom@kestrel.example',
    `${headers.trimEnd()}`,
    '',
    'Buy now.',
    '--_000_jmrp--',
    '',
  )
}

/** RFC 5965 with the header alone and every address redacted, as AOL's and Validity's loops send it. */
export function redactedReport({ headers }: Original): string {
  const redacted = headers.replace(/^(To|From): .*$/gim, '$1: redacted@redacted.invalid')
  return lines(
    'From: scomp@aol.example',
    'To: abuse@relay.test',
    'Subject: Email Feedback Report for IP 192.0.2.1',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="boundary-1138-29572-2659438"',
    '',
    '--boundary-1138-29572-2659438',
    'Content-Type: text/plain; charset="US-ASCII"',
    '',
    'This is an email abuse report.',
    '--boundary-1138-29572-2659438',
    'Content-Disposition: inline',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: AOL SComp',
    'Version: 0.1',
    'Original-Rcpt-To: redacted@redacted.invalid',
    '--boundary-1138-29572-2659438',
    'Content-Type: text/rfc822-headers',
    'Content-Disposition: inline',
    '',
    redacted.trimEnd(),
    '',
    '--boundary-1138-29572-2659438--',
    '',
  )
}

/** A person who forwards the header in a letter. */
export function letter({ headers }: Original): string {
  const quoted = headers
    .trimEnd()
    .split('\r\n')
    .map((line) => `> ${line}`)
  return lines('From: ann@third.example', 'To: abuse@relay.test', 'Subject: spam', '', 'Stop this.', '', ...quoted, '')
}
