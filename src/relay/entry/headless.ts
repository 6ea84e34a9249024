/** The relay on plain Node: `mailward serve`. */

import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorFields } from '../../base/errorFields.ts'
import type { Log } from '../../mta/ports.ts'
import { ConfigError } from '../host/configError.ts'
import { type Configuration, configure } from '../host/configuration.ts'
import { endOnError } from '../host/crashHandler.ts'
import { createLog } from '../host/logging.ts'
import { findConsole, thisMachine } from '../host/machine.ts'
import { version } from '../host/version.ts'
import { type Relay, startRelay } from '../relay.ts'

/** How long a stop waits for what is in flight, in milliseconds. Within the 10 s that docker and many others give. */
const GRACE = 8000

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(line: string): void {
  process.stderr.write(`mailward: ${line}\n`)
}

function authority(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Where a browser on this machine finds the console. */
function consoleUrl(relay: Relay): string | undefined {
  const listener = relay.listeners.find(({ kind }) => kind === 'console')
  if (!listener) return undefined
  const everywhere = listener.host === '0.0.0.0' || listener.host === '::'
  return `http://${authority(everywhere ? '127.0.0.1' : listener.host, listener.port)}/`
}

function announce(relay: Relay, configuration: Configuration): void {
  say(`Mailward ${version}`)
  say(`  data     ${configuration.folder}`)
  for (const { kind, host, port } of relay.listeners) say(`  ${kind.padEnd(8)} ${authority(host, port)}`)
  const url = consoleUrl(relay)
  if (relay.firstToken === undefined) {
    if (url) say(`Console: ${url}`)
    return
  }
  // the hash keeps the token out of requests, and so out of the logs of any proxy
  if (url) say(`Create the first person: ${url}#/welcome?token=${relay.firstToken}`)
  else say('Create the first person: mailward user add EMAIL --role admin')
}

async function reload(relay: Relay): Promise<void> {
  try {
    await relay.reloadCertificate()
    say('certificate read again')
  } catch (error) {
    // whatever is wrong with a certificate, it is no reason to stop taking mail
    complain(`the old certificate stays: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Resolves when somebody asks for the end, with the exit status. A second signal does not wait. */
function untilEnd(relay: Relay): Promise<number> {
  return new Promise((resolve) => {
    let asked = false
    const end = (): void => {
      if (asked) process.exit(1)
      asked = true
      resolve(0)
    }
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
    process.on('SIGHUP', () => void reload(relay))
    // a supervisor starts it anew: the store must be opened afresh after the disk has failed
    relay.onError(() => resolve(1))
  })
}

/** Starts the relay, or says why it cannot be. */
async function tryStart(configuration: Configuration, log: Log): Promise<Relay | undefined> {
  try {
    const consoleFolder = findConsole(dirname(fileURLToPath(import.meta.url)))
    return await startRelay(configuration, { consoleFolder, log })
  } catch (error) {
    if (!(error instanceof ConfigError)) log.error(errorFields(error), 'the relay could not start')
    // nobody's mail is in memory yet that the message could quote
    complain(error instanceof Error ? error.message : String(error))
    return undefined
  }
}

/**
 * Runs a relay until a signal ends it.
 * @param options as after `mailward serve`
 * @returns the exit status: 0 done, 1 refused or failed, 2 wrong usage
 */
export async function runHeadless(options: readonly string[]): Promise<number> {
  const configured = configure(options, thisMachine())
  if (!configured.ok) {
    complain(configured.problem)
    return 2
  }
  const { configuration } = configured
  const log = createLog(configuration.logLevel)
  endOnError(log)
  const relay = await tryStart(configuration, log)
  if (!relay) return 1
  const ended = untilEnd(relay)
  announce(relay, configuration)
  const status = await ended
  await relay.stop(status === 0 ? GRACE : 0)
  return status
}
