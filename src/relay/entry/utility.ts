/** The relay in Electron's utility process; the shell is at the other end of `process.parentPort`. */

import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorFields } from '../../base/errorFields.ts'
import type { FromRelay, ToRelay } from '../../contract/utility.ts'
import { ConfigError } from '../host/configError.ts'
import { configure } from '../host/configuration.ts'
import { endOnError } from '../host/crashHandler.ts'
import { createLog } from '../host/logging.ts'
import { findConsole, thisMachine } from '../host/machine.ts'
import type { RelayPort } from '../http/messagePort.ts'
import { createShellKeychain } from '../keys/shellKeychain.ts'
import { type Relay, startRelay } from '../relay.ts'

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToRelay; ports: RelayPort[] }) => void): void
  postMessage(message: FromRelay): void
}

/** How long a stop waits for what is in flight, in milliseconds. */
const GRACE = 8000
/** Between two reports of the queue to the tray, in milliseconds. */
const REPORT_INTERVAL = 5000

const { parentPort } = process as unknown as { parentPort: ParentPort }

let relay: Promise<Relay> | undefined

function tell(message: FromRelay): void {
  parentPort.postMessage(message)
}

const keychain = createShellKeychain(tell)

/** Messages to the shell are handed over before the process ends: exit waits for one turn. */
function exitSoon(status: number): void {
  setTimeout(() => process.exit(status), 100)
}

function fail(message: string): void {
  tell({ type: 'failed', message })
  exitSoon(1)
}

async function reportQueue(running: Relay): Promise<void> {
  const { queued, sending, deferred, held, inDoubt } = await running.queueCounts()
  tell({ type: 'status', queue: { queued, sending, deferred, held, inDoubt } })
}

async function begin(options: string[]): Promise<Relay> {
  const configured = configure(options, thisMachine())
  if (!configured.ok) throw new ConfigError(configured.problem)
  const log = createLog(configured.configuration.logLevel)
  endOnError(log)
  const consoleFolder = findConsole(dirname(fileURLToPath(import.meta.url)))
  const running = await startRelay(configured.configuration, { consoleFolder, log, keychain })
  running.onError(() => fail('the disk failed under the relay'))
  tell({ type: 'started', listeners: [...running.listeners], firstToken: running.firstToken ?? null })
  const report = (): void => {
    reportQueue(running).catch((fault) => log.error(errorFields(fault), 'the queue could not be counted'))
  }
  report()
  setInterval(report, REPORT_INTERVAL).unref()
  return running
}

async function openConsole(port: RelayPort, session: string | null): Promise<void> {
  // a relay that could not start has told so, and the process ends
  const running = await relay?.catch(() => undefined)
  running?.openPort(port, {
    session: session ?? undefined,
    remember: (token) => tell({ type: 'remember', session: token ?? null }),
  })
}

async function end(): Promise<void> {
  const running = await relay?.catch(() => undefined)
  await running?.stop(GRACE)
  tell({ type: 'stopped' })
  exitSoon(0)
}

/** What a person is told when the relay could not start. */
function reasonOf(error: unknown): string {
  return error instanceof ConfigError ? error.message : `the relay failed: ${String(error)}`
}

parentPort.on('message', ({ data, ports }) => {
  switch (data.type) {
    case 'start':
      relay ??= begin(data.configuration)
      relay.catch((error) => fail(reasonOf(error)))
      break
    case 'console':
      if (ports[0]) void openConsole(ports[0], data.session)
      break
    case 'keychain':
      keychain.answered(data)
      break
    case 'stop':
      void end()
      break
  }
})
