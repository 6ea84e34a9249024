/**
 * The console's one connection to its relay. It switches between ways to the relay, says how it stands, and makes sure
 * that no call hangs: whatever was in flight when the line went down fails.
 */

import { type ClientOptions, createORPCClient, DynamicLink } from '@orpc/client'
import type { ShellBridge, ShellState } from '../../contract/shell.ts'
import { type Client, type Connection, type ConnectionState, neededFor, refusalCode } from '../api.ts'
import { type Link, portTransport, socketTransport, type Transport, type TransportEvents } from './transport.ts'

/** A call that was cut off by the line, not answered by the relay. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost'
}

type NoContext = Record<never, never>

interface Line {
  link: Link
  /** aborted when the line goes down */
  down: AbortController
}

function isStream(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** Runs a call on a line; rejects when the line goes down, also where the transport would stay silent. */
async function callOn(line: Line, path: readonly string[], input: unknown, options: ClientOptions<NoContext>) {
  const { down } = line
  const controller = new AbortController()
  let cut: () => void = () => {}
  const severed = new Promise<never>((_, reject) => {
    cut = () => reject(new ConnectionLost('the connection was lost'))
  })
  const abort = (): void => {
    controller.abort()
    cut()
  }
  const release = (): void => {
    options.signal?.removeEventListener('abort', abort)
    down.signal.removeEventListener('abort', abort)
  }
  options.signal?.addEventListener('abort', abort)
  down.signal.addEventListener('abort', abort)
  try {
    const result = await Promise.race([line.link.call(path, input, { ...options, signal: controller.signal }), severed])
    // a stream goes on after the call has returned, and ends with the line or its reader
    if (!isStream(result)) release()
    return result
  } catch (error) {
    release()
    if (down.signal.aborted) throw new ConnectionLost('the connection was lost')
    throw error
  }
}

function websocketUrl(): string {
  return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/rpc`
}

/** Keeps the session in an HttpOnly cookie, which no script can read. The token itself is forgotten at once. */
async function rememberInCookie(token: string | null): Promise<void> {
  const response = await fetch(
    '/session',
    token === null
      ? { method: 'DELETE' }
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) },
  )
  if (!response.ok) throw new Error(`the relay did not keep the session: ${response.status}`)
}

/**
 * Dials the relay of this page, or the one the desktop names, and stays with it.
 * @param onSessionEnd called when the relay refuses a call because it does not know who is asking, or wants a second
 *   factor set up first
 */
export function connect(shell: ShellBridge | undefined, onSessionEnd: () => void): Connection {
  const listeners = new Set<() => void>()
  let state: ConnectionState = { kind: 'connecting' }
  let generation = 0
  let line: Line | undefined
  let transport: Transport | undefined

  const set = (next: ConnectionState): void => {
    state = next
    for (const listener of listeners) listener()
  }
  const events: TransportEvents = {
    open(link) {
      line?.down.abort()
      line = { link, down: new AbortController() }
      set({ kind: 'open', generation: ++generation })
    },
    lost() {
      line?.down.abort()
      line = undefined
      if (state.kind === 'open') set({ kind: 'lost', since: Date.now() })
    },
  }
  const explain = (message: string | undefined): void => {
    if (state.kind !== 'open' && state.message !== message) set({ ...state, message })
  }

  const dialShell = (bridge: ShellBridge): void => {
    let target: string | undefined
    bridge.onState((shellState: ShellState) => {
      const next = shellState.kind === 'remote' ? shellState.url : 'local'
      explain(shellState.relay === 'failed' ? shellState.message : undefined)
      if (next === undefined || next === target) return
      target = next
      transport?.stop()
      events.lost()
      transport = next === 'local' ? portTransport(bridge, events) : dialRemote(bridge, next)
    })
  }
  const dialRemote = (bridge: ShellBridge, url: string): Transport =>
    socketTransport(
      url,
      async () => {
        const token = await bridge.session()
        return token === null ? ['mailward'] : ['mailward', `mailward.bearer.${token}`]
      },
      events,
    )

  if (shell) dialShell(shell)
  else transport = socketTransport(websocketUrl(), async () => ['mailward'], events)

  const dynamic = new DynamicLink<NoContext>(() => {
    const present = line
    if (!present) throw new ConnectionLost('there is no connection')
    return {
      call: (path, input, options) =>
        callOn(present, path, input, options).catch((error: unknown) => {
          if (refusalCode(error) === 'UNAUTHORIZED' || neededFor(error) === 'second factor') onSessionEnd()
          throw error
        }),
    }
  })

  return {
    client: createORPCClient<Client>(dynamic),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    state: () => state,
    remember: (token) => (shell ? shell.rememberSession(token) : rememberInCookie(token)),
    redial: () => transport?.redial(),
  }
}
