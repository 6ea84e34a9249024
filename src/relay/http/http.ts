/** HTTP on the console address: console, API, metrics, health. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { ListenAddress } from '../../mta/listen.ts'
import { ConfigError } from '../host/configError.ts'
import { type ConsoleSite, respond } from './consoleSite.ts'
import { allowedHosts } from './guard.ts'
import { acceptWebSockets } from './webSocket.ts'

export interface HttpListener {
  host: string
  /** the port it really has */
  port: number
  /** Closes the listener and every connection. */
  stop(): Promise<void>
}

/** How long a client may take to send its request, in milliseconds. */
const REQUEST_TIMEOUT = 30_000

function portOf(address: unknown): number {
  return typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0
}

/** Opens the console address. Rejects with ConfigError, naming it, when it cannot be opened. */
export async function listenHttp(
  address: ListenAddress,
  configuredHosts: readonly string[],
  site: ConsoleSite,
): Promise<HttpListener> {
  const hosts = allowedHosts(address.host, configuredHosts)
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT },
    (request: IncomingMessage, response: ServerResponse) => {
      void respond(site, hosts, request, response)
    },
  )
  const sockets = acceptWebSockets(server, hosts, site)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (fault: NodeJS.ErrnoException) => {
      const place = `${address.host}:${address.port}`
      reject(new ConfigError(`the console cannot listen on ${place} (${fault.code}): choose another with --console`))
    })
    server.listen(address.port, address.host, resolve)
  })
  return {
    host: address.host,
    port: portOf(server.address()),
    async stop() {
      sockets.stop()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}
