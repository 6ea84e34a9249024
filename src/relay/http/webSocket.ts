/** The API over WebSocket at `/rpc`: the console in a browser, and the desktop connected to a relay elsewhere. */

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Connection } from '../api/context.ts'
import { peerAddress } from './answers.ts'
import type { ConsoleSite } from './consoleSite.ts'
import { bearerToken, cookieToken, SUBPROTOCOL, subprotocolToken } from './credentials.ts'
import { isOwnHost, kindOf, originOf } from './guard.ts'
import { REQUEST_LIMIT } from './rpc.ts'

/** Between two signs of life, in milliseconds; who misses one is gone. */
const HEARTBEAT = 30_000
/** Close code for a server that goes away (RFC 6455 §7.4.1). */
const GOING_AWAY = 1001

function refuse(socket: Duplex, status: number, text: string): void {
  const body = `${text}\n`
  const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n`
  socket.end(`${head}Connection: close\r\n\r\n${body}`)
}

/** Why an upgrade is refused; undefined when it is not. */
function objection(request: IncomingMessage, hosts: ReadonlySet<string>): { status: number; text: string } | undefined {
  const { headers, socket } = request
  if (!isOwnHost(headers, hosts, socket.localAddress))
    return { status: 421, text: 'this relay does not answer to that host name: start it with --console-host NAME' }
  const bearer = bearerToken(headers) ?? subprotocolToken(headers)
  const origin = originOf(headers)
  if (origin === 'foreign' || (origin === 'none' && bearer === undefined))
    return { status: 403, text: 'connections from other sites are refused' }
  if (new URL(request.url ?? '/', 'http://relay').pathname !== '/rpc') return { status: 404, text: 'connect to /rpc' }
  return undefined
}

/** The session a connection starts with. A cookie counts only from this console's own page, as checked before. */
function initialSession({ headers }: IncomingMessage): string | undefined {
  const given = bearerToken(headers) ?? subprotocolToken(headers)
  return given ?? (originOf(headers) === 'own' ? cookieToken(headers) : undefined)
}

/** Sends and waits until it has left: a slow reader slows its stream, instead of filling our memory. */
function patientSender(socket: WebSocket): Pick<WebSocket, 'send' | 'addEventListener'> {
  const send = (data: Parameters<WebSocket['send']>[0]) =>
    new Promise<void>((resolve) => {
      socket.send(data, () => resolve())
    })
  // the caller awaits what its type says is nothing
  return { send: send as WebSocket['send'], addEventListener: socket.addEventListener.bind(socket) }
}

function watchPulse(server: WebSocketServer): NodeJS.Timeout {
  const alive = new WeakSet<WebSocket>()
  server.on('connection', (socket) => {
    alive.add(socket)
    socket.on('pong', () => alive.add(socket))
  })
  return setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, HEARTBEAT).unref()
}

/** Takes WebSocket connections of an HTTP server. */
export function acceptWebSockets(server: Server, hosts: ReadonlySet<string>, site: ConsoleSite): { stop(): void } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: REQUEST_LIMIT,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : ([...offered][0] ?? false)),
  })
  const pulse = watchPulse(sockets)

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    // ws closes the connection after an error by itself; there is nothing else to do
    socket.on('error', () => undefined)
    const connection: Connection = {
      address: peerAddress(request),
      kind: kindOf(request.headers),
      local: false,
      session: initialSession(request),
    }
    void site.handlers.webSocket.upgrade(patientSender(socket), { context: { connection } })
  })

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const problem = objection(request, hosts)
    if (problem) refuse(socket, problem.status, problem.text)
    else sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request))
  })

  return {
    stop() {
      clearInterval(pulse)
      for (const client of sockets.clients) {
        client.close(GOING_AWAY, 'the relay stops')
        client.terminate()
      }
      sockets.close()
    },
  }
}
