/** The API over a MessagePort: the console inside the desktop. */

import type { Connection } from '../api/context.ts'
import type { Handlers } from './rpc.ts'

/** What Electron's MessagePortMain and Node's MessagePort have in common. */
export interface RelayPort {
  on(event: 'message', listener: (event?: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  postMessage(data: unknown, transfer?: unknown[]): void
  start(): void
}

export interface DesktopConsole {
  /** session token the shell has kept, or undefined */
  session: string | undefined
  /** told when the console logs in (its token) or out (undefined) */
  remember(session: string | undefined): void
}

/** Serves the API on a port until it closes. The desktop is one caller to the login throttle. */
export function servePort(port: RelayPort, handlers: Handlers, { session, remember }: DesktopConsole): void {
  const connection: Connection = { address: 'desktop', kind: 'desktop', local: false, session, remember }
  handlers.port.upgrade(port, { context: { connection } })
  port.start()
}
