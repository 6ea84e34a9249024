/**
 * Which HTTP requests are listened to at all. The Host allow-list stops other sites from reaching a relay on this
 * machine through a name of their own (DNS rebinding); the Origin check stops them from using a person's cookie.
 */

import type { IncomingHttpHeaders } from 'node:http'
import type { SessionKind } from '../../model/user.ts'

/** The console inside the desktop, when it is connected to a relay elsewhere. */
export const DESKTOP_ORIGIN = 'mailward://console'

const loopbackNames = ['localhost', '127.0.0.1', '::1']

/** The host of a Host header in lower case, without port and brackets; undefined when it is not one. */
function hostOf(header: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:/[\]@]+))(?::\d{1,5})?$/i.exec(header ?? '')
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}

/** The names a console address answers to: loopback, its own address, and what a person configured. */
export function allowedHosts(listenHost: string, configured: readonly string[]): ReadonlySet<string> {
  return new Set([...loopbackNames, listenHost.toLowerCase(), ...configured.map((name) => name.toLowerCase())])
}

/**
 * Whether a request is meant for this relay.
 * @param localAddress the address the connection came to: a browser that was given a bare address cannot be rebound
 */
export function isOwnHost(
  headers: IncomingHttpHeaders,
  allowed: ReadonlySet<string>,
  localAddress: string | undefined,
): boolean {
  const host = hostOf(headers.host)
  if (host === undefined) return false
  return allowed.has(host) || host === localAddress?.toLowerCase().replace(/^::ffff:/, '')
}

export type OriginDecision = 'own' | 'none' | 'foreign'

/** Whose page sent a request: this console's (browser or desktop), nobody's (no browser), or another site's. */
export function originOf(headers: IncomingHttpHeaders): OriginDecision {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined) return site === undefined ? 'none' : site === 'same-origin' ? 'own' : 'foreign'
  if (origin === DESKTOP_ORIGIN) return 'own'
  if (!URL.canParse(origin)) return 'foreign'
  const { protocol, host } = new URL(origin)
  const isWeb = protocol === 'http:' || protocol === 'https:'
  return isWeb && host === headers.host?.toLowerCase() ? 'own' : 'foreign'
}

/** What a session that such a request opens is listed as. */
export function kindOf(headers: IncomingHttpHeaders): SessionKind {
  if (headers.origin === DESKTOP_ORIGIN) return 'desktop'
  return originOf(headers) === 'own' ? 'browser' : 'token'
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a method promises to change nothing (RFC 9110 §9.2.1). */
export function isSafe(method: string | undefined): boolean {
  return safeMethods.has(method ?? '')
}
