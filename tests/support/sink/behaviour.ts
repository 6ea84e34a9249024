/**
 * What the sink does with a recipient or a sender, chosen by the local part before any `+` (as in KumoMTA's tests):
 * `tempfail+7@any.example` behaves like `tempfail@…`. Local parts that are not named here are simply taken.
 */

/** How a command is answered. */
export interface Answer {
  /** without the final CRLF; undefined for silence */
  reply: string | undefined
  /** the connection is closed after the reply */
  end?: 'close'
  /** the reply waits for `slowMs` */
  delayed?: boolean
  /** what follows the reply */
  after?: () => void
}

/** RCPT. `tempfail2@` is refused twice, then taken. */
export const recipientAnswers: Record<string, Answer> = {
  tempfail: { reply: '451 4.3.0 try later' },
  tempfail2: { reply: '451 4.3.0 try later' },
  permfail: { reply: '550 5.1.1 no such user' },
  toomany: { reply: '552 too many recipients' },
  'garbage-rcpt': { reply: 'what do you mean' },
  '421': { reply: '421 4.3.2 closing down', end: 'close' },
  'disconnect-rcpt': { reply: undefined, end: 'close' },
  'silent-rcpt': { reply: undefined },
  'slow-rcpt': { reply: '250 2.1.5 ok', delayed: true },
}

/** MAIL, chosen by the reverse path. */
export const senderAnswers: Record<string, Answer> = {
  tempmail: { reply: '451 4.3.0 try later' },
  permmail: { reply: '550 5.7.1 sender refused' },
  'disconnect-mail': { reply: undefined, end: 'close' },
  'silent-mail': { reply: undefined },
  '421mail': { reply: '421 4.3.2 closing down', end: 'close' },
}

/** DATA, when a recipient so named was accepted. */
export const dataAnswers: Record<string, Answer> = {
  'refuse-data': { reply: '554 5.5.1 no data wanted' },
  'defer-data': { reply: '451 4.3.0 no data now' },
  /** after 354 */
  'disconnect-data': { reply: '354 go ahead', end: 'close' },
  'odd-data': { reply: '250 ok' },
  'silent-data': { reply: undefined },
}

/** The final reply, when a recipient so named was accepted. `stored` says whether the message is kept. */
export const finalAnswers: Record<string, Answer & { stored: boolean }> = {
  tempdata: { reply: '451 4.3.0 not now', stored: false },
  permdata: { reply: '554 5.7.1 content refused', stored: false },
  garbage: { reply: 'ok thanks', stored: false },
  odd: { reply: '354 more, please', stored: false },
  '421data': { reply: '421 4.3.2 closing down', end: 'close', stored: false },
  /** stored, then cut without a reply */
  'disconnect-dot': { reply: undefined, end: 'close', stored: true },
  /** not stored, cut without a reply */
  'disconnect-dot-lost': { reply: undefined, end: 'close', stored: false },
  'silent-dot': { reply: undefined, stored: true },
  /** `slowMs` before the reply */
  slow: { reply: '250 2.0.0 stored', delayed: true, stored: true },
  multiline: { reply: '250-2.0.0 stored\r\n250-2.0.0 and\r\n250 2.0.0 kept', stored: true },
}

/** The behaviour an address asks for: its local part in lower case, without any `+tag`. */
export function behaviourOf(address: string): string {
  const at = address.lastIndexOf('@')
  const local = at < 0 ? address : address.slice(0, at)
  return local.split('+')[0]!.toLowerCase()
}
