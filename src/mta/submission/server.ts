/** One listener: smtp-server with its doors shut (proxies, client-set identities) and a doorkeeper of our own. */

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import {
  SMTPServer,
  type SMTPServerAuthentication,
  type SMTPServerAuthenticationResponse,
  type SMTPServerSession,
} from 'smtp-server'
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import type { Reply } from '../../model/reply.ts'
import type { LoginResult } from './authenticator.ts'
import { refuse } from './checkResult.ts'
import { type ConnectionHost, type ConnectionOptions, SubmissionConnection } from './connection.ts'
import type { ConnectionLimiter, LimiterEntry } from './connectionLimiter.ts'
import type { Parts } from './parts.ts'
import { maySend } from './permission.ts'
import { Seat } from './seat.ts'

type Admitted = (fault: Error | null, options?: SMTPConnectionOptions & { id: string }) => void
type Authenticated = (fault: Error | null | undefined, response?: SMTPServerAuthenticationResponse) => void

const refusals: Record<Exclude<ConnectionLimiter, 'flood'>, Reply | undefined> = {
  welcome: undefined,
  full: refuse(421, '4.7.0', 'Too many sessions: try again later').reply,
  'address-full': refuse(421, '4.7.0', 'Too many sessions from your address: close some first').reply,
}

let lastSession = 0

export class SubmissionListener extends SMTPServer implements ConnectionHost {
  readonly parts: Parts
  /** sessions whose socket is not closed yet */
  readonly live = new Set<SubmissionConnection>()
  private readonly limiterEntry: LimiterEntry

  constructor(parts: Parts, limiterEntry: LimiterEntry, tls: { key: string; cert: string }, isSecure: boolean) {
    super({
      ...tls,
      secure: isSecure,
      name: parts.hostname,
      minVersion: 'TLSv1.2',
      authMethods: ['PLAIN', 'LOGIN'],
      // each session decides for itself: over TLS, or from this machine
      allowInsecureAuth: true,
      authOptional: true,
      disableReverseLookup: true,
      hideENHANCEDSTATUSCODES: false,
      socketTimeout: parts.tunables.handshakeMs,
      logger: false,
      noDelay: true,
    })
    this.parts = parts
    this.limiterEntry = limiterEntry
    this.on('error', (fault) => {
      const code = (fault as NodeJS.ErrnoException).code ?? 'unknown'
      parts.log.debug({ code }, 'a connection failed before its session')
    })
  }

  /** Opens the listener. Rejects with the system's error. */
  open(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.listen(port, host, () => {
        this.server.off('error', reject)
        resolve((this.server.address() as { port: number }).port)
      })
    })
  }

  /** Takes no more connections, and drops those whose session has not begun. */
  shut(): void {
    this.server.close()
    for (const socket of this._pendingSockets.values()) socket.destroy()
  }

  /** The place where smtp-server would read a proxy's header; nobody is believed here, only counted. */
  override _handleProxy(socket: Socket, callback: Admitted): void {
    const address = socket.remoteAddress
    const connectionLimiter = address === undefined ? undefined : this.admit(socket, address)
    if (!connectionLimiter) {
      socket.on('error', () => {})
      socket.destroy()
      callback(new Error('not admitted'))
      return
    }
    callback(null, connectionLimiter)
  }

  private admit(socket: Socket, address: string): (ConnectionOptions & { id: string }) | undefined {
    const { strangers } = this.parts
    const isKnown = this.mayKnow(address)
    const seat = new Seat(strangers, address, () => (this._pendingSockets.get(socket) ?? socket).destroy())
    const hasRoom = isKnown || strangers.makeRoom(seat.network)
    if (this.limiterEntry.isFull && hasRoom) strangers.endOne()
    const connectionLimiter = this.limiterEntry.enter(address, hasRoom)
    seat.onLeft(() => this.limiterEntry.leave(address, connectionLimiter))
    socket.once('close', () => seat.leave())
    if (connectionLimiter === 'flood') return undefined
    if (connectionLimiter === 'welcome' && !isKnown) strangers.add(seat)
    return { id: (++lastSession).toString(36), refusal: refusals[connectionLimiter], seat }
  }

  /** Whether a client has a credential by its address alone, with which it may send. */
  private mayKnow(address: string): boolean {
    const { addressCredentials, directory } = this.parts
    const credential = addressCredentials.find(address)
    return credential !== undefined && maySend(directory.accountById(credential.account), credential) === undefined
  }

  override connect(socket: Socket | TLSSocket, options: ConnectionOptions): void {
    const connection = new SubmissionConnection(this, socket, options)
    this.connections.add(connection)
    this.live.add(connection)
    connection.init()
  }

  closed(connection: SubmissionConnection): void {
    this.live.delete(connection)
  }

  override onSecure(_socket: Socket | TLSSocket, _session: SMTPServerSession, callback: () => void): void {
    callback()
  }

  override onAuth(auth: SMTPServerAuthentication, session: SMTPServerSession, callback: Authenticated): void {
    const { authenticator, log } = this.parts
    void authenticator
      .login({ user: auth.username ?? '', password: auth.password ?? '', address: session.remoteAddress })
      .catch((fault: unknown): LoginResult => {
        log.error({ session: session.id, fault: (fault as Error).message }, 'a password could not be checked')
        return { kind: 'wait', seconds: 60 }
      })
      .then((result) => {
        if (result.kind !== 'right') log.info({ session: session.id, result: result.kind }, 'a login failed')
        callback(null, loginResponse(result))
      })
  }
}

function loginResponse(result: LoginResult): SMTPServerAuthenticationResponse {
  switch (result.kind) {
    case 'right':
      return { user: { credential: result.credential.id } }
    case 'wrong':
      return { responseCode: 535, message: 'User name and password do not fit together' }
    case 'wait':
      return { responseCode: 454, message: `Too many logins that failed: try again in ${result.seconds} seconds` }
  }
}
