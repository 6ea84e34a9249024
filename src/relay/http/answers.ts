/** Small things every HTTP answer of the relay shares. */

import type { IncomingMessage, ServerResponse } from 'node:http'

/** Answers in plain text: one line that names what to change. */
export function sayText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(`${text}\n`)
}

/** The other end's address as a person writes it. */
export function peerAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
}
