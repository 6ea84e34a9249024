/**
 * The project's own SMTP sink: a strict receiver on the loopback interface that keeps what arrives byte for byte and
 * misbehaves on request. See `sink/behaviour.ts` for the local parts that select a behaviour.
 */

import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { SinkSession } from './sink/session.ts'

export type SinkExtension = 'PIPELINING' | '8BITMIME' | 'SIZE' | 'SMTPUTF8' | 'DSN' | 'ENHANCEDSTATUSCODES'

export interface SinkOptions {
  /** an address of 127.0.0.0/8 or ::1; default 127.0.0.1 */
  host?: string
  /** default 0: the system chooses */
  port?: number
  /** host name in greeting and EHLO reply; default sink.test */
  name?: string
  /** what happens on connection; default normal. `silence` keeps the connection open and says nothing */
  greeting?: 'normal' | '554' | '421' | 'garbage' | 'silence' | 'drop'
  /** extensions not to offer; default none */
  without?: readonly SinkExtension[]
  /** value of SIZE; default 104857600 */
  maxSize?: number
  /** refuses EHLO (502), takes HELO only */
  noEhlo?: boolean
  /** PEM; offers STARTTLS */
  tls?: { key: string; cert: string }
  /** TLS from the first byte (needs `tls`) */
  implicitTls?: boolean
  /** what STARTTLS does; `break` answers 220 and then garbage, `inject` sends a plaintext reply along with the 220 */
  startTls?: 'normal' | 'refuse' | 'break' | 'inject'
  /** MAIL is refused with 530 before AUTH */
  auth?: { username: string; password: string; mechanisms?: readonly ('PLAIN' | 'LOGIN' | 'CRAM-MD5')[] }
  /** reply to wrong credentials; default `535 5.7.8 credentials refused` */
  authRefusal?: string
  /** answers DATA with 354 even when it took no recipient (RFC 2920 §3.1 allows it) */
  eagerData?: boolean
  /** messages a connection; the next MAIL is answered 421 and the connection closed */
  messagesPerConnection?: number
  /** the reply to one more, after which the connection stays; default 421, and the end of it */
  limitReply?: string
  /** recipients in one transaction; 452 4.5.3 to one more */
  recipientsPerTransaction?: number
  /** closes a connection without a word right after it took its n-th message (a host with a short idle time) */
  closeAfter?: number
  /** wait of `slow@` and `slow-rcpt@` in milliseconds; default 200 */
  slowMs?: number
  /** keep no content, only envelopes: for load tests */
  discard?: boolean
  /** called with each message that is stored, before its reply */
  onStored?: (message: SinkMessage) => void
}

export interface SinkRecipient {
  address: string
  /** ESMTP parameters as given, such as `NOTIFY=NEVER` */
  parameters: string[]
}

/** One transaction that reached its end of data. */
export interface SinkMessage {
  from: string
  /** ESMTP parameters as given, such as `SIZE=123` */
  mailParameters: string[]
  /** accepted recipients only */
  recipients: SinkRecipient[]
  /** content after dot-unstuffing, nothing else changed */
  data: Buffer
  helo: string
  /** protocol such as TLSv1.3 */
  tls: string | undefined
  /** user name of AUTH */
  username: string | undefined
  /** number of the connection it came on: 1, 2, … */
  connection: number
  /** byte sequences in the content that a lenient receiver takes as end of data, such as `<LF>.<CR><LF>` */
  lenientEnds: string[]
  bareCr: number
  bareLf: number
  /** code of the final reply; undefined when the connection was cut or left without one */
  replied: number | undefined
}

export interface Sink {
  host: string
  port: number
  /** what was taken (final reply 250, or stored and then disconnected), in order of arrival */
  messages: SinkMessage[]
  /** every transaction that reached its end of data, refused and lost ones included */
  transactions: SinkMessage[]
  /** command lines in order, `AUTH` lines included, content left out */
  commands: string[]
  counts: SinkCounts
  /** Resolves when at least this many messages are stored. */
  received(count: number): Promise<void>
  /** Cuts every open connection; the listener stays. */
  cut(): void
  /** Cuts every connection and closes the listener. */
  stop(): Promise<void>
}

export interface SinkCounts {
  /** connections ever opened */
  connections: number
  /** open now */
  open: number
  stored: number
  /** RCPT commands refused */
  refusedRecipients: number
  /** command lines that did not end in CRLF, or that came before the reply a client without PIPELINING must wait for */
  violations: number
}

/** What sessions share. */
export interface SinkState {
  options: SinkOptions
  messages: SinkMessage[]
  transactions: SinkMessage[]
  commands: string[]
  counts: SinkCounts
  /** RCPT refusals so far by address, for `tempfail2@` */
  refusals: Map<string, number>
  stored(message: SinkMessage): void
}

function assertLoopback(host: string): void {
  if (!/^127\.\d+\.\d+\.\d+$/.test(host) && host !== '::1')
    throw new Error(`the sink is for loopback only, not ${host}`)
}

function createListener(options: SinkOptions, onSocket: (socket: Socket) => void): Server {
  if (!options.implicitTls) return createServer({ noDelay: true }, onSocket)
  const server = createTlsServer({ key: options.tls?.key, cert: options.tls?.cert, noDelay: true }, onSocket)
  // a client that refuses our certificate is what some tests are about
  server.on('tlsClientError', () => undefined)
  return server
}

/** Starts a sink; resolves when it listens. Stop it in the test's own clean-up. */
export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const host = options.host ?? '127.0.0.1'
  assertLoopback(host)
  const sockets = new Set<Socket>()
  let waiters: { count: number; resolve: () => void }[] = []
  const counts: SinkCounts = { connections: 0, open: 0, stored: 0, refusedRecipients: 0, violations: 0 }
  const state: SinkState = {
    options,
    messages: [],
    transactions: [],
    commands: [],
    counts,
    refusals: new Map(),
    stored(message) {
      counts.stored += 1
      options.onStored?.(message)
      if (!options.discard) state.messages.push(message)
      for (const waiter of waiters) if (counts.stored >= waiter.count) waiter.resolve()
      waiters = waiters.filter((waiter) => counts.stored < waiter.count)
    },
  }
  const server = createListener(options, (socket) => {
    counts.connections += 1
    counts.open += 1
    sockets.add(socket)
    socket.on('close', () => {
      counts.open -= 1
      sockets.delete(socket)
    })
    new SinkSession(state, socket, counts.connections).start()
  })
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the sink has no port')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    host,
    port: address.port,
    messages: state.messages,
    transactions: state.transactions,
    commands: state.commands,
    counts,
    received: (count) =>
      counts.stored >= count
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.push({ count, resolve })
          }),
    cut,
    async stop() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
