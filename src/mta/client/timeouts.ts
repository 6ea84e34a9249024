/** How long the other side may take, in milliseconds. */

export interface Timeouts {
  /** TCP connection */
  connect: number
  greeting: number
  /** EHLO, HELO */
  hello: number
  /** STARTTLS reply and handshake */
  tls: number
  auth: number
  /** MAIL, and RSET before it */
  mail: number
  rcpt: number
  /** reply to DATA */
  data: number
  /** a block of content to leave */
  block: number
  /** reply to the final dot */
  final: number
}

export type Phase = keyof Timeouts

/**
 * RFC 5321 §4.5.3.2, which is as patient with the greeting as with everything after it: hosts that make strangers wait
 * would never be reached otherwise. Waiting costs no slot of the queue.
 */
export const defaultTimeouts: Timeouts = {
  connect: 30_000,
  greeting: 300_000,
  hello: 300_000,
  tls: 300_000,
  auth: 300_000,
  mail: 300_000,
  rcpt: 300_000,
  data: 120_000,
  block: 180_000,
  final: 600_000,
}

/** What was waited for, as it stands in a reason. */
export const phaseNames: Record<Phase, string> = {
  connect: 'the connection',
  greeting: 'the greeting',
  hello: 'the reply to EHLO',
  tls: 'TLS',
  auth: 'the reply to AUTH',
  mail: 'the reply to MAIL',
  rcpt: 'the reply to RCPT',
  data: 'the reply to DATA',
  block: 'the message to be taken',
  final: 'the reply to the message',
}
