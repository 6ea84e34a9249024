/** The shell's side of `window.mailward`: answers the console's page, and tells it what changes. */

import type { BrowserWindow } from 'electron'
import type { Connection } from './relay/connection.ts'
import { answer } from './safety/ipc.ts'

/** @param connect shows a relay elsewhere, or with null this computer's; returns what is wrong with the address */
export function answerConsole(connection: Connection, connect: (address: string | null) => string | undefined): void {
  answer('mailward:state', () => connection.state())
  answer('mailward:request-port', (contents) => connection.givePort(contents))
  answer('mailward:session', () => connection.session())
  answer('mailward:remember', (_contents, token) => connection.remember(textOrNull(token)))
  answer('mailward:connect', (_contents, address) => {
    const problem = connect(textOrNull(address))
    if (problem !== undefined) throw new Error(problem)
  })
}

/** Tells a window's page the present state of the connection. */
export function tellConsole(window: BrowserWindow | undefined, connection: Connection): void {
  if (window && !window.isDestroyed()) window.webContents.send('mailward:state', connection.state())
}

function textOrNull(given: unknown): string | null {
  if (given === null) return null
  if (typeof given === 'string' && given.length <= 2000) return given
  throw new Error('a text or null was expected')
}
