/** Where a request carries its session token: cookie (browser), bearer header (scripts), subprotocol (WebSocket). */

import type { IncomingHttpHeaders } from 'node:http'
import { originOf } from './guard.ts'

export const COOKIE = 'mailward_session'
/** What a console offers as WebSocket subprotocol, alone or with one that carries its token. */
export const SUBPROTOCOL = 'mailward'
const BEARER_SUBPROTOCOL = 'mailward.bearer.'

/** The token of an Authorization header (RFC 6750 §2.1). */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer ([\w.~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1]
}

/** The token of the session cookie, whoever sent it. */
export function cookieToken(headers: IncomingHttpHeaders): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([name]) => name === COOKIE)?.[1] || undefined
}

/** The session of a request: a bearer token, or the cookie where this console's own page sent it. */
export function sessionOf(headers: IncomingHttpHeaders): string | undefined {
  return bearerToken(headers) ?? (originOf(headers) === 'own' ? cookieToken(headers) : undefined)
}

/** The subprotocols a WebSocket client offers. */
function offered(headers: IncomingHttpHeaders): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
}

/** The token among the subprotocols: the only place a browser's WebSocket can put one. */
export function subprotocolToken(headers: IncomingHttpHeaders): string | undefined {
  return offered(headers)
    .find((name) => name.startsWith(BEARER_SUBPROTOCOL))
    ?.slice(BEARER_SUBPROTOCOL.length)
}

/** A Set-Cookie header that lets this browser's console speak for the session. Never readable by scripts. */
export function setCookie(token: string, lastsMs: number, secure: boolean): string {
  const seconds = Math.floor(lastsMs / 1000)
  return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure ? '; Secure' : ''}`
}

export function clearCookie(): string {
  return `${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`
}
