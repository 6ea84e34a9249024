/** What a page may fetch or connect to: its own origin and the relay it is connected to. */

import type { Session } from 'electron'
import { CONSOLE_ORIGIN, originOf } from '../origin.ts'

/**
 * Whether a request may leave a page.
 * @param socket address of the relay elsewhere that is connected to, if any
 * @param inspecting whether the developer tools (of an unpackaged application) may load themselves
 */
export function mayRequest(address: string, socket: string | undefined, inspecting: boolean): boolean {
  if (originOf(address) === CONSOLE_ORIGIN) return true
  if (address.startsWith('data:') || address.startsWith(`blob:${CONSOLE_ORIGIN}/`)) return true
  if (address.startsWith('devtools:')) return inspecting
  return socket !== undefined && address === socket
}

/** Applies {@link mayRequest} to every request of a session. */
export function limitTraffic(session: Session, socket: () => string | undefined, inspecting: boolean): void {
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !mayRequest(details.url, socket(), inspecting) })
  })
}
