/** What a connection is seen to speak. */

import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** A browser made to post to this port must not get its headers or content taken for commands. */
export const HTTP = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT)$/

/** Protocol and cipher. The cipher alone would name the oldest version that knows it. */
export function tlsOf(socket: Socket | TLSSocket): string | undefined {
  return socket instanceof TLSSocket ? `${socket.getProtocol()} ${socket.getCipher().name}` : undefined
}
