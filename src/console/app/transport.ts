/** Ways to the relay: a WebSocket that redials, or the MessagePort that the desktop hands over. */

import type { ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { WebSocket as RedialingSocket } from 'partysocket'
import type { PortMessage, ShellBridge } from '../../contract/shell.ts'

export type Link = ClientLink<Record<never, never>>

type SocketParts = 'addEventListener' | 'removeEventListener' | 'send' | 'readyState'

export interface TransportEvents {
  open(link: Link): void
  lost(): void
}

export interface Transport {
  /** Drops what there is and dials again at once. */
  redial(): void
  stop(): void
}

/**
 * Keeps a WebSocket to the relay, dialling again after 0.3 to 3 seconds.
 * @param protocols asked anew at each dial, since the session may have changed
 */
export function socketTransport(url: string, protocols: () => Promise<string[]>, events: TransportEvents): Transport {
  const socket = new RedialingSocket(url, protocols, {
    minReconnectionDelay: 300,
    maxReconnectionDelay: 3000,
    reconnectionDelayGrowFactor: 1.6,
    connectionTimeout: 5000,
    // a call made while the line is down fails at once instead of going out later, unseen
    maxEnqueuedMessages: 0,
  })
  // the link is reused: it resets itself when the socket closes
  const link = new SocketLink<Record<never, never>>({ websocket: socket as Pick<WebSocket, SocketParts> })
  socket.addEventListener('open', () => events.open(link))
  socket.addEventListener('close', () => events.lost())
  return {
    redial: () => socket.reconnect(),
    stop: () => socket.close(),
  }
}

function isPortMessage(data: unknown): data is PortMessage {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'mailward-port'
}

/** Takes the port the desktop hands over, and the next one when the relay has been restarted. */
export function portTransport(shell: ShellBridge, events: TransportEvents): Transport {
  let current: MessagePort | undefined
  const receive = (event: MessageEvent<unknown>): void => {
    const port = event.ports[0]
    // only the preload of this very window hands over ports
    if (event.source !== window || !isPortMessage(event.data) || !port) return
    current?.close()
    current = port
    const link = new PortLink<Record<never, never>>({ port })
    port.addEventListener('close', () => {
      if (current === port) events.lost()
    })
    port.start()
    events.open(link)
  }
  window.addEventListener('message', receive)
  const forget = shell.onState((state) => {
    if (state.kind === 'local' && state.relay !== 'running' && current) {
      current.close()
      current = undefined
      events.lost()
    }
  })
  shell.requestPort()
  return {
    redial: () => shell.requestPort(),
    stop: () => {
      forget()
      window.removeEventListener('message', receive)
      current?.close()
      current = undefined
    },
  }
}
