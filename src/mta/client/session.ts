/** From a TCP connection to a host that is ready for MAIL: greeting, EHLO, TLS, AUTH. */

import { isIP } from 'node:net'
import type { SecureContext, TLSSocket } from 'node:tls'
import { formatReply, type Reply } from '../../model/reply.ts'
import { labelOf, type Target } from '../delivery/target.ts'
import { authenticate, chooseMechanism, type Protection, whyNotLogIn } from './auth.ts'
import { type Capabilities, readCapabilities } from './capabilities.ts'
import { Connection } from './connection.ts'
import { type RawReply, toReply } from './replyReader.ts'
import type { Timeouts } from './timeouts.ts'
import type { Transcript } from './transcript.ts'

/** The port of submission over implicit TLS (RFC 8314 §3.3). */
const IMPLICIT_TLS_PORT = 465

/** A host that is ready for MAIL. */
export interface Session {
  connection: Connection
  target: Target
  label: string
  capabilities: Capabilities
  /** such as `TLSv1.3 TLS_AES_256_GCM_SHA384 verified` */
  tls: string | undefined
  /** messages handed over so far */
  used: number
  /** a transaction was begun and not ended: RSET comes first */
  dirty: boolean
}

/** Why a host could not be made ready. */
export interface Refusal {
  /** it will never work: the host is this relay itself */
  permanent: boolean
  reason: string
  reply: Reply | undefined
  /** whether another host or address may do better */
  tryNext: boolean
  tls: string | undefined
  /** the handshake failed, so the same host may work in plaintext */
  handshakeFailed: boolean
}

export type Opened = { kind: 'ready'; session: Session } | { kind: 'refused'; refusal: Refusal }

export interface SessionOptions {
  /** our own name */
  hostname: string
  timeouts: Timeouts
  secureContext: SecureContext
  /** keeps an eye on every connection, to cut it when the relay stops */
  onConnection: (connection: Connection) => void
}

type Step<T> = { ok: true; value: T } | { ok: false; refusal: Refusal }

function refuse(reason: string, more: Partial<Refusal> = {}): { ok: false; refusal: Refusal } {
  const base = { permanent: false, reply: undefined, tryNext: true, tls: undefined, handshakeFailed: false }
  return { ok: false, refusal: { ...base, reason, ...more } }
}

/** A reply that ends the session before it began. */
function refuseReply(raw: RawReply, before: string): { ok: false; refusal: Refusal } {
  const reply = toReply(raw)
  return refuse(`${before}${formatReply(reply)}`, { reply })
}

/**
 * Opens a connection and takes it to where MAIL can be said.
 * @param plaintext leaves STARTTLS alone, whatever the policy
 */
export async function openSession(
  target: Target,
  options: SessionOptions,
  transcript: Transcript,
  plaintext = false,
): Promise<Opened> {
  const label = labelOf(target)
  transcript.add(`-- connecting to ${label}`)
  const connection = Connection.open(target.address, target.port, options.timeouts, transcript)
  options.onConnection(connection)
  const opening = new Opening(target, options, connection, plaintext)
  const opened = await opening.run().catch((fault) => {
    // nobody else knows this connection yet
    connection.cut('internal fault')
    throw fault
  })
  if (opened.ok)
    return { kind: 'ready', session: { ...opened.value, connection, target, label, used: 0, dirty: false } }
  transcript.add(`-- ${opened.refusal.reason}`)
  connection.quit()
  return { kind: 'refused', refusal: { ...opened.refusal, tls: opened.refusal.tls ?? opening.tls } }
}

class Opening {
  tls: string | undefined
  private protection: Protection = 'none'
  private target: Target
  private options: SessionOptions
  private connection: Connection
  private plaintext: boolean

  constructor(target: Target, options: SessionOptions, connection: Connection, plaintext: boolean) {
    this.target = target
    this.options = options
    this.connection = connection
    this.plaintext = plaintext
  }

  async run(): Promise<Step<{ capabilities: Capabilities; tls: string | undefined }>> {
    const connected = await this.connect()
    if (!connected.ok) return connected
    const greeted = await this.greeting()
    if (!greeted.ok) return greeted
    const hello = await this.hello()
    if (!hello.ok) return hello
    const secured = await this.startTls(hello.value)
    if (!secured.ok) return secured
    if (this.target.exchanger && secured.value.name.toLowerCase() === this.options.hostname.toLowerCase())
      return refuse('the mail exchanger of this domain is this relay itself: mail would loop', { permanent: true })
    const loggedIn = await this.logIn(secured.value)
    return loggedIn.ok ? { ok: true, value: { capabilities: secured.value, tls: this.tls } } : loggedIn
  }

  private async connect(): Promise<Step<undefined>> {
    const why = await this.connection.ready()
    if (why !== undefined) return refuse(`cannot connect to ${labelOf(this.target)}: ${why}`)
    const implicit = this.target.port === IMPLICIT_TLS_PORT && this.target.tls !== 'none'
    return implicit ? this.handshake() : { ok: true, value: undefined }
  }

  private async greeting(): Promise<Step<undefined>> {
    const heard = await this.connection.hear('greeting')
    if (heard.kind === 'lost') return refuse(`lost before the greeting: ${heard.why}`)
    // a greeting of 5xx says "no service here", not "no such recipient": another host, or another time
    return heard.reply.code === 220 ? { ok: true, value: undefined } : refuseReply(heard.reply, 'no service: ')
  }

  private async hello(): Promise<Step<Capabilities>> {
    this.connection.say(`EHLO ${this.options.hostname}`)
    const heard = await this.connection.hear('hello')
    if (heard.kind === 'lost') return refuse(`lost during EHLO: ${heard.why}`)
    if (heard.reply.code === 250) return { ok: true, value: readCapabilities(heard.reply.lines) }
    if (heard.reply.code < 500) return refuseReply(heard.reply, 'EHLO refused: ')
    return this.oldHello()
  }

  /** A host from before EHLO (RFC 5321 §3.2). */
  private async oldHello(): Promise<Step<Capabilities>> {
    this.connection.say(`HELO ${this.options.hostname}`)
    const heard = await this.connection.hear('hello')
    if (heard.kind === 'lost') return refuse(`lost during HELO: ${heard.why}`)
    if (heard.reply.code !== 250) return refuseReply(heard.reply, 'HELO refused: ')
    return { ok: true, value: readCapabilities(heard.reply.lines.slice(0, 1)) }
  }

  private async startTls(capabilities: Capabilities): Promise<Step<Capabilities>> {
    const unchanged: Step<Capabilities> = { ok: true, value: capabilities }
    const { tls, host } = this.target
    if (this.tls !== undefined || tls === 'none' || this.plaintext) return unchanged
    if (!capabilities.startTls) {
      if (tls === 'opportunistic') return unchanged
      return refuse(`TLS is required but ${host} does not offer STARTTLS (the route's TLS policy decides)`)
    }
    this.connection.say('STARTTLS')
    const heard = await this.connection.hear('tls')
    if (heard.kind === 'lost') return refuse(`lost during STARTTLS: ${heard.why}`, { handshakeFailed: true })
    if (heard.reply.code !== 220)
      return tls === 'opportunistic'
        ? unchanged
        : refuseReply(heard.reply, 'TLS is required but STARTTLS was refused: ')
    const secured = await this.handshake()
    // what was said in plaintext does not count any more (RFC 3207 §4.2)
    return secured.ok ? this.hello() : secured
  }

  private async handshake(): Promise<Step<undefined>> {
    const { host, tls } = this.target
    const socket = await this.connection.secure({
      secureContext: this.options.secureContext,
      host,
      // an address is no server name (RFC 6066 §3)
      servername: isIP(host) === 0 ? host : undefined,
      // verified below, so that an unverified session can still be used where the policy allows it
      rejectUnauthorized: false,
    })
    if (typeof socket === 'string') return refuse(`TLS handshake failed: ${socket}`, { handshakeFailed: true })
    this.tls = describeTls(socket)
    this.protection = socket.authorized ? 'verified' : 'unverified'
    this.connection.transcript.add(`-- ${this.tls}`)
    if (tls !== 'require' || socket.authorized) return { ok: true, value: undefined }
    const problem = String(socket.authorizationError ?? 'not trusted')
    return refuse(`TLS is required but the certificate of ${host} is not valid: ${problem}`)
  }

  private async logIn(capabilities: Capabilities): Promise<Step<undefined>> {
    const { credentials } = this.target
    if (!credentials) return { ok: true, value: undefined }
    const problem = whyNotLogIn(this.target, this.protection)
    if (problem !== undefined) return refuse(problem, { tryNext: false })
    const mechanism = chooseMechanism(capabilities.mechanisms, this.tls !== undefined)
    if (!mechanism)
      return refuse(
        'the route has a user name but the smarthost offers no AUTH known here (PLAIN, LOGIN, CRAM-MD5): ' +
          'change the TLS policy of the route, or leave the user name out',
        { tryNext: false },
      )
    const heard = await authenticate(this.connection, mechanism, credentials)
    if (heard.kind === 'lost') return refuse(`lost during AUTH: ${heard.why}`)
    if (heard.reply.code === 235) return { ok: true, value: undefined }
    const reply = toReply(heard.reply)
    const advice = heard.reply.code >= 500 ? ': change user name or password of the route' : ''
    // wrong here means wrong everywhere, and every try counts towards a lock-out
    return refuse(`the smarthost refused the login (${formatReply(reply)})${advice}`, { reply, tryNext: false })
  }
}

function describeTls(socket: TLSSocket): string {
  const { standardName } = socket.getCipher()
  return `${socket.getProtocol() ?? 'TLS'} ${standardName} ${socket.authorized ? 'verified' : 'unverified'}`
}
