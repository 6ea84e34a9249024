/** Starts the relay in a utility process of its own, watches it, and starts it again when it ends by itself. */

import type { Writable } from 'node:stream'
import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron'
import type { FromRelay, ToRelay } from '../../../contract/utility.ts'
import { restartDelay, WELL_AFTER_MS } from './backoff.ts'
import type { Keychain } from './keychain.ts'

/** How long a relay may take to finish what is in flight before it is ended, in milliseconds. */
const STOP_WITHIN_MS = 15_000

export type RelayEvent =
  | { kind: 'starting' }
  | Exclude<ReturnType<typeof fromMessage>, undefined>
  /** it ended by itself, and is started again */
  | { kind: 'ended' }

export interface RelayProcess {
  /** Hands the relay its end of a console's port. Only while it runs. */
  openConsole(port: MessagePortMain, session: string | null): void
  /** Lets the relay finish what is in flight; resolves when the process is gone. */
  stop(): Promise<void>
}

function fromMessage(message: FromRelay) {
  switch (message.type) {
    case 'started':
      return { kind: 'started' as const, firstToken: message.firstToken }
    case 'status':
      return { kind: 'status' as const, queue: message.queue }
    case 'remember':
      return { kind: 'remember' as const, session: message.session }
    case 'failed':
      return { kind: 'failed' as const, message: message.message }
    case 'keychain':
    case 'stopped':
      return undefined
  }
}

export interface RelayProcessOptions {
  /** the built relay */
  file: string
  /** options in the form `mailward serve` takes them */
  configuration: string[]
  /** where its log goes; undefined: to this terminal */
  log: Writable | undefined
  /** what it may ask the system's keychain for */
  keychain: Keychain
}

function fork({ file, log }: RelayProcessOptions): UtilityProcess {
  const child = utilityProcess.fork(file, [], { serviceName: 'Mailward relay', stdio: log ? 'pipe' : 'inherit' })
  if (log) for (const stream of [child.stdout, child.stderr]) stream?.pipe(log, { end: false })
  return child
}

/** Starts the relay and keeps it running until `stop`. */
export function startRelayProcess(options: RelayProcessOptions, listener: (event: RelayEvent) => void): RelayProcess {
  let child: UtilityProcess | undefined
  let ends = 0
  let timer: NodeJS.Timeout | undefined
  let stopped: (() => void) | undefined

  function send(message: ToRelay, ports: MessagePortMain[] = []): void {
    child?.postMessage(message, ports)
  }

  async function askKeychain({ request, act, text }: Extract<FromRelay, { type: 'keychain' }>): Promise<void> {
    send({ type: 'keychain', request, text: await options.keychain(act, text) })
  }

  function start(): void {
    const startedAt = Date.now()
    listener({ kind: 'starting' })
    child = fork(options)
    child.on('message', (message: FromRelay) => {
      if (message.type === 'keychain') void askKeychain(message)
      const event = fromMessage(message)
      if (event) listener(event)
    })
    // a fault of the engine below Node; `exit` follows, and unheard it would end the shell as well
    child.on('error', () => undefined)
    child.once('exit', () => {
      child = undefined
      if (stopped) {
        stopped()
        return
      }
      ends = Date.now() - startedAt > WELL_AFTER_MS ? 1 : ends + 1
      listener({ kind: 'ended' })
      timer = setTimeout(start, restartDelay(ends))
    })
    send({ type: 'start', configuration: options.configuration })
  }

  function stop(): Promise<void> {
    clearTimeout(timer)
    if (!child) return Promise.resolve()
    const { pid } = child
    return new Promise((resolve) => {
      // what it holds is safe on disk
      const limit = setTimeout(() => pid !== undefined && process.kill(pid, 'SIGKILL'), STOP_WITHIN_MS)
      stopped = () => {
        clearTimeout(limit)
        resolve()
      }
      send({ type: 'stop' })
    })
  }

  start()
  return { openConsole: (port, session) => send({ type: 'console', session }, [port]), stop }
}
