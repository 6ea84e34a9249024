/** Which relay the console shows, this computer's or one elsewhere, and how it does. Hands over the port to it. */

import { MessageChannelMain, type WebContents } from 'electron'
import type { ShellState } from '../../../contract/shell.ts'
import type { FromRelay } from '../../../contract/utility.ts'
import { readRelayAddress } from './address.ts'
import { type RelayEvent, type RelayProcess, type RelayProcessOptions, startRelayProcess } from './process.ts'
import type { Vault } from './vault.ts'

type QueueCounts = Extract<FromRelay, { type: 'status' }>['queue']

/** What the vault calls the relay of this computer. */
const LOCAL = 'local'

export interface ConnectionOptions {
  /** the relay of this computer */
  local: RelayProcessOptions
  /** origin of the relay elsewhere to begin with */
  remote: string | undefined
  vault: Vault
  /** Called with each change of the state or of the number of deliveries that wait. */
  onChange(): void
}

export interface Connection {
  /** Starts this computer's relay when it is the one to be shown. */
  start(): void
  state(): ShellState
  /** deliveries of this computer's relay that are not final */
  waiting(): number
  /** origin of the relay elsewhere, when it is one */
  origin(): string | undefined
  /** the socket of the relay elsewhere, the only address pages may connect to */
  socket(): string | undefined
  session(): Promise<string | null>
  remember(token: string | null): Promise<void>
  /** Shows the relay of an origin, or with null this computer's. Returns what is wrong with the address, if anything. */
  connectTo(address: string | null): string | undefined
  /** Gives a page a port to this computer's relay: now, or as soon as it runs, and again after each of its restarts. */
  givePort(contents: WebContents): void
  /** Forgets that a page wants a port: it is gone, or is being loaded again. */
  forget(contents: WebContents): void
  stop(): Promise<void>
}

/** Decides which relay is shown; nothing happens before `start`. */
export function openConnection(options: ConnectionOptions): Connection {
  const { vault } = options
  const wanting = new Set<WebContents>()
  let remote = readOrigin(options.remote)
  let relay: RelayProcess | undefined
  let local: ShellState = { kind: 'local', relay: 'starting' }
  let waiting = 0

  function become(state: Omit<ShellState, 'kind'>): void {
    local = { ...state, kind: 'local' }
    options.onChange()
  }

  async function hand(contents: WebContents): Promise<void> {
    const session = await vault.get(LOCAL)
    if (contents.isDestroyed() || !wanting.has(contents) || local.relay !== 'running' || !relay) return
    const { port1, port2 } = new MessageChannelMain()
    relay.openConsole(port1, session)
    contents.postMessage('mailward:port', null, [port2])
  }

  function started(firstToken: string | null): void {
    become({ relay: 'running', firstToken })
    for (const contents of wanting) void hand(contents)
  }

  /** While it fails again and again, the reason stays to be read. */
  function notRunning(): void {
    if (local.relay !== 'failed') become({ relay: 'starting' })
  }

  function count(queue: QueueCounts): void {
    waiting = queue.queued + queue.sending + queue.deferred + queue.held
    options.onChange()
  }

  function remember(session: string | null): void {
    void vault.set(LOCAL, session)
    if (session !== null) become({ ...local, firstToken: null })
  }

  function heard(event: RelayEvent): void {
    switch (event.kind) {
      case 'starting':
      case 'ended':
        notRunning()
        break
      case 'started':
        started(event.firstToken)
        break
      case 'status':
        count(event.queue)
        break
      case 'remember':
        remember(event.session)
        break
      case 'failed':
        become({ relay: 'failed', message: event.message })
        break
    }
  }

  function startLocal(): void {
    relay ??= startRelayProcess(options.local, heard)
  }

  return {
    start() {
      if (!remote) startLocal()
    },
    state: () => (remote ? { kind: 'remote', url: remote.socket, relay: 'running' } : local),
    waiting: () => waiting,
    origin: () => remote?.url,
    socket: () => remote?.socket,
    session: () => vault.get(remote?.url ?? LOCAL),
    remember: (token) => vault.set(remote?.url ?? LOCAL, token),
    connectTo(address) {
      const read = address === null ? undefined : readRelayAddress(address)
      if (read && !read.ok) return read.problem
      remote = read
      if (!remote) startLocal()
      options.onChange()
      return undefined
    },
    givePort(contents) {
      wanting.add(contents)
      void hand(contents)
    },
    forget: (contents) => void wanting.delete(contents),
    stop: async () => relay?.stop(),
  }
}

function readOrigin(origin: string | undefined) {
  const read = origin === undefined ? undefined : readRelayAddress(origin)
  return read?.ok ? read : undefined
}
