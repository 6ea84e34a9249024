/** What a person may decide when a relay is started: the options of `mailward serve`, checked. */

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { serveOptions } from '../../contract/serve.ts'
import { defaultDataFolder, defaultKeyFolder, type Surroundings } from '../../model/defaultPaths.ts'
import type { ListenAddress } from '../../mta/listen.ts'
import { defaultReserve, type Reserve } from '../../store/storage.ts'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export interface Configuration {
  /** data folder, absolute */
  folder: string
  smtp: ListenAddress[]
  smtps: ListenAddress[]
  /** undefined: no console over HTTP */
  console: ListenAddress | undefined
  /** host names, in lower case, the console answers to besides its own address */
  consoleHosts: string[]
  /** where log keys lie unless `keyFile` names one */
  keyFolder: string
  keyFile: string | undefined
  /** PEM files; undefined: self-made, or as kept in the data folder */
  tls: { cert: string; key: string } | undefined
  /** room that is left on the disk */
  reserve: Reserve
  hostname: string
  logLevel: LogLevel
}

export type Configured = { ok: true; configuration: Configuration } | { ok: false; problem: string }

/** What the defaults depend on besides the options. */
export interface Machine extends Surroundings {
  /** name of this machine */
  hostname: string
  /** folder that relative paths are taken from */
  workingFolder: string
}

const defaults = { smtp: ['127.0.0.1:2525'], smtps: ['127.0.0.1:2465'], console: '127.0.0.1:2580' }

/** An option that cannot be obeyed; caught in {@link configure}. */
class Problem extends Error {}

type Values = Partial<Record<(typeof serveOptions)[number]['name'], string | string[]>>

function readOptions(options: readonly string[]): Values {
  const known = Object.fromEntries(
    serveOptions.map(({ name, repeatable }) => [name, { type: 'string', multiple: repeatable } as const]),
  )
  try {
    return parseArgs({ args: [...options], options: known, strict: true, allowPositionals: false }).values as Values
  } catch (error) {
    // parseArgs throws for nothing but a wrong command line
    throw new Problem((error as Error).message.split('. ')[0])
  }
}

function single(values: Values, name: keyof Values): string | undefined {
  const value = values[name]
  return Array.isArray(value) ? value.at(-1) : value
}

function several(values: Values, name: keyof Values): string[] | undefined {
  const value = values[name]
  return value === undefined || Array.isArray(value) ? value : [value]
}

/**
 * Reads `HOST:PORT`, with an IPv6 address in brackets; port 0 lets the system choose.
 * @returns undefined when it is not one
 */
export function parseAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535) return undefined
  return { host: (match[1] ?? match[2])!, port }
}

function address(option: string, text: string): ListenAddress {
  const parsed = parseAddress(text)
  if (!parsed) throw new Problem(`--${option} ${text}: give HOST:PORT, such as 127.0.0.1:2525 or [::1]:2525, or none`)
  return parsed
}

function addresses(option: string, texts: string[]): ListenAddress[] {
  if (texts.length === 1 && texts[0] === 'none') return []
  return texts.map((text) => address(option, text))
}

function tlsFiles(values: Values, machine: Machine): Configuration['tls'] {
  const cert = single(values, 'tls-cert')
  const key = single(values, 'tls-key')
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined)
    throw new Problem('--tls-cert and --tls-key go together: give both files, or neither for a self-made certificate')
  return { cert: resolve(machine.workingFolder, cert), key: resolve(machine.workingFolder, key) }
}

const HOSTNAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i

function hostName(option: string, text: string): string {
  if (!HOSTNAME.test(text))
    throw new Problem(`--${option} ${text}: give a host name of letters, digits, hyphens and dots`)
  return text.toLowerCase()
}

function ownName(values: Values, machine: Machine): string {
  const given = single(values, 'hostname')
  if (given !== undefined) return hostName('hostname', given)
  return HOSTNAME.test(machine.hostname) ? machine.hostname.toLowerCase() : 'localhost'
}

function logLevel(values: Values): LogLevel {
  const given = single(values, 'log') ?? 'info'
  const level = logLevels.find((known) => known === given)
  if (!level) throw new Problem(`--log ${given}: the levels are ${logLevels.join(', ')}`)
  return level
}

/** Megabytes, or percent of the disk: the other one then sets no limit. */
function reserve(values: Values): Reserve {
  const given = single(values, 'reserve')
  if (given === undefined) return defaultReserve
  const match = /^(\d{1,9})(%?)$/.exec(given)
  const amount = Number(match?.[1])
  if (!match || (match[2] && amount > 90))
    throw new Problem(`--reserve ${given}: give megabytes, such as 256, or up to 90 percent of the disk, such as 5%`)
  return match[2] ? { bytes: Number.MAX_SAFE_INTEGER, percent: amount } : { bytes: amount * 1e6, percent: 100 }
}

function build(values: Values, machine: Machine): Configuration {
  const folder = single(values, 'data')
  const console = single(values, 'console') ?? defaults.console
  const keyFile = single(values, 'key-file')
  return {
    folder: resolve(machine.workingFolder, folder ?? defaultDataFolder(machine)),
    smtp: addresses('smtp', several(values, 'smtp') ?? defaults.smtp),
    smtps: addresses('smtps', several(values, 'smtps') ?? defaults.smtps),
    console: console === 'none' ? undefined : address('console', console),
    consoleHosts: (several(values, 'console-host') ?? []).map((name) => hostName('console-host', name)),
    keyFolder: defaultKeyFolder(machine),
    keyFile: keyFile === undefined ? undefined : resolve(machine.workingFolder, keyFile),
    tls: tlsFiles(values, machine),
    hostname: ownName(values, machine),
    reserve: reserve(values),
    logLevel: logLevel(values),
  }
}

/**
 * Checks the options of `mailward serve`. An option that is given replaces its default.
 * @param options as on a command line: `['--smtp', '127.0.0.1:0']`
 */
export function configure(options: readonly string[], machine: Machine): Configured {
  try {
    return { ok: true, configuration: build(readOptions(options), machine) }
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.message }
    throw error
  }
}
