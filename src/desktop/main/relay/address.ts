/** Reads the address of a relay elsewhere, as a person types it. */

import { readUrl } from '../origin.ts'

export type RelayAddress =
  | { ok: true /** what is remembered and shown */; url: string /** what the console connects to */; socket: string }
  | { ok: false; problem: string }

/** The names by which a page may reach this computer; a content security policy cannot name `[::1]`. */
const loopback = ['127.0.0.1', 'localhost']

/** The console gives the address of the socket itself; it says the same. */
function asOrigin(text: string): string {
  return text.replace(/^ws(s?):\/\//i, 'http$1://').replace(/\/rpc$/, '')
}

/**
 * Reads `https://relay.example`, or `http://127.0.0.1:2580` on this computer; the scheme may be left out.
 * Refuses plain HTTP to any other host: the session would travel readable.
 */
export function readRelayAddress(typed: string): RelayAddress {
  const text = asOrigin(typed.trim())
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${guessScheme(text)}://${text}`
  const url = text === '' ? undefined : readUrl(address)
  if (!url) return refuse('Type an address such as https://relay.example')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('The address starts with https://')
  if (url.username !== '' || url.password !== '') return refuse('Leave the name and password out of the address')
  if (url.protocol === 'http:' && !loopback.includes(url.hostname)) {
    return refuse(`Use https://${url.host}: over http:// the session could be read on the way`)
  }
  if ((url.pathname !== '/' && url.pathname !== '') || url.search !== '') {
    return refuse(`Type the address without what follows the host: ${url.origin}`)
  }
  return { ok: true, url: url.origin, socket: `${url.origin.replace(/^http/, 'ws')}/rpc` }
}

function guessScheme(text: string): string {
  return loopback.includes(text.replace(/[:/].*$/, '')) ? 'http' : 'https'
}

function refuse(problem: string): RelayAddress {
  return { ok: false, problem }
}
