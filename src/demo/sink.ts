/** Where the demo's mail ends: two small SMTP servers on loopback, which behave as the recipients' addresses say. */

import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { RouteRule } from '../model/route.ts'
import { BUSY_DOMAIN, CAPTURED_DOMAIN, fateOf } from './letter.ts'

/** How long a host that asks to come back wants that, in milliseconds. */
const COME_BACK_AFTER_MS = 30_000

class Refusal extends Error {
  readonly responseCode: number
  constructor(code: number, text: string) {
    super(text)
    this.responseCode = code
  }
}

/** Remembers when each recipient was first asked for, as greylisting hosts do. */
function greylist(): (recipient: string) => boolean {
  const first = new Map<string, number>()
  return (recipient) => {
    const since = first.get(recipient) ?? Date.now()
    first.set(recipient, since)
    return Date.now() - since >= COME_BACK_AFTER_MS
  }
}

function refusalOf(recipient: string, isKnown: (recipient: string) => boolean): Refusal | undefined {
  switch (fateOf(recipient)) {
    case 'taken':
      return undefined
    case 'unknown':
      return new Refusal(550, '5.1.1 user unknown')
    case 'full':
      return new Refusal(452, '4.2.2 mailbox full')
    case 'later':
      return isKnown(recipient) ? undefined : new Refusal(451, '4.7.1 greylisted, please come back in a while')
  }
}

const plain: SMTPServerOptions = { disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, logger: false }

function willing(): SMTPServer {
  const isKnown = greylist()
  return new SMTPServer({
    ...plain,
    banner: 'demo sink',
    onRcptTo: ({ address }, _session, done) => done(refusalOf(address, isKnown)),
    onData(stream, _session, done) {
      stream.resume()
      stream.once('end', () => done())
    },
  })
}

function busy(): SMTPServer {
  const refusal = new Refusal(421, '4.3.2 too busy, try again later')
  return new SMTPServer({ ...plain, onConnect: (_session, done) => done(refusal) })
}

function listen(server: SMTPServer): Promise<number> {
  return new Promise((settled, fail) => {
    server.once('error', fail)
    // a relay that hangs up in the middle is no fault of the sink
    server.server.on('connection', (socket: Socket) => socket.on('error', () => undefined))
    server.listen(0, '127.0.0.1', () => {
      server.removeListener('error', fail)
      server.on('error', () => undefined)
      settled((server.server.address() as AddressInfo).port)
    })
  })
}

export interface Sinks {
  /** sends to the sinks whatever is sent at all */
  routes: RouteRule[]
  stop(): Promise<void>
}

/** Opens both sinks on ports the system chooses. */
export async function startSinks(): Promise<Sinks> {
  const servers = [willing(), busy()]
  const [main, other] = await Promise.all(servers.map(listen))
  const smarthost = (domain: string, port: number): RouteRule => ({
    domain,
    route: { kind: 'smarthost', host: '127.0.0.1', port, tls: 'none' },
  })
  return {
    routes: [
      smarthost('*', main!),
      smarthost(BUSY_DOMAIN, other!),
      { domain: CAPTURED_DOMAIN, route: { kind: 'capture' } },
    ],
    async stop() {
      await Promise.all(servers.map((server) => new Promise<void>((settled) => server.close(() => settled()))))
    },
  }
}
