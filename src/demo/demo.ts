/** In charge of the demo: a relay of its own on made-up data, customers who go on writing, and sinks for their mail. */

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashPassword } from '../base/passwordHash.ts'
import { DAY_MS, KEEP_DAYS } from '../model/retention.ts'
import { destinationOf } from '../model/route.ts'
import { recipientDomain } from '../mta/domains/domain.ts'
import type { Clock, Log } from '../mta/ports.ts'
import { createSessions } from '../relay/auth/sessions.ts'
import { ConfigError } from '../relay/host/configError.ts'
import { type Configuration, configure, type Machine } from '../relay/host/configuration.ts'
import { findConsole } from '../relay/host/machine.ts'
import { openFolder } from '../relay/keys/logKey.ts'
import { openSealKey } from '../relay/keys/sealKey.ts'
import { type Relay, startRelay } from '../relay/relay.ts'
import { openStore } from '../store/index.ts'
import type { Store } from '../store/store.ts'
import { PastClock, prepareCustomers } from './customers.ts'
import { pastDeeds } from './decisions.ts'
import { fillHistory } from './history.ts'
import { seeded } from './random.ts'
import { openSecrets, type Secrets } from './secrets.ts'
import { type Sinks, startSinks } from './sink.ts'
import { pastSuspicions } from './suspicions.ts'
import { startTraffic } from './traffic.ts'

const PERSON = 'demo@mailward.example'
const HOUR_MS = 3_600_000
const SEARCH_MS = 1000
/** How long a stop waits for what is in flight, in milliseconds. */
const GRACE_MS = 2000

const clock: Clock = { now: () => Date.now() }

/** What somebody needs to look at the demo. */
export interface Demo {
  /** such as `http://127.0.0.1:41234` */
  console: string
  /** `127.0.0.1` port of the submission listener */
  smtpPort: number
  /** log in with this … */
  email: string
  password: string
  /** … or with the token of a session that is open already */
  session: string
  stop(): Promise<void>
}

export interface DemoOptions {
  /** folder of the demo: its data and its key lie in it */
  folder: string
  machine: Machine
  /** where its console listens, `HOST:PORT`; a free port of this machine when left out */
  console?: string | undefined
  log: Log
  /** Told how many messages of the past were written. */
  onFilled(messages: number): void
}

/** Where the demo lies unless a folder is named: state that may be thrown away. */
export function demoFolder({ platform, environment, home }: Machine): string {
  if (platform === 'win32') return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Mailward Demo')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Mailward Demo')
  return join(environment.XDG_STATE_HOME || join(home, '.local', 'state'), 'mailward-demo')
}

function configurationFor({ folder, machine, console = '127.0.0.1:0' }: DemoOptions): Configuration {
  const own = [
    '--data',
    join(folder, 'data'),
    '--key-file',
    join(folder, 'log.key'),
    '--hostname',
    'relay.mailward.example',
  ]
  const configured = configure([...own, '--smtp=127.0.0.1:0', '--smtps=none', `--console=${console}`], machine)
  if (!configured.ok) throw new ConfigError(configured.problem)
  return configured.configuration
}

/** The demo's one person. Returns the token of a session. */
async function prepareUser(store: Store, secrets: Secrets): Promise<string> {
  if (!(await store.users.byEmail(PERSON))) {
    const passwordHash = await hashPassword(secrets.person)
    await store.users.add({ email: PERSON, name: 'Demo', role: 'admin', passwordHash })
  }
  const person = await store.users.byEmail(PERSON)
  return (await createSessions(store.users, clock).open(person!, { address: 'demo', kind: 'browser' })).token
}

/** Points everything, also what waits since the last time, to the sinks of this run. */
async function prepareRoutes({ directory, queue }: Store, sinks: Sinks): Promise<void> {
  for (const rule of sinks.routes) await directory.setRoute(rule)
  const rules = directory.routes()
  await queue.reroute((recipient) => destinationOf(rules, recipientDomain(recipient)).destination)
}

/** Writes the past that is not written yet; what people did in it when there was none at all. Returns the messages. */
async function prepareHistory(store: Store): Promise<number> {
  const now = clock.now()
  const [newest] = (await store.log.search({}, 1, undefined, SEARCH_MS)).rows
  const from = Math.max(newest?.acceptedAt ?? 0, now - KEEP_DAYS * DAY_MS + HOUR_MS)
  const deeds = newest ? [] : [...pastDeeds(store, PERSON, now), ...pastSuspicions(store, PERSON, now)]
  return fillHistory(
    store,
    from,
    now,
    deeds.toSorted((a, b) => a.at - b.at),
  )
}

/** Writes what the demo begins with. Returns the token of a session. */
async function prepare(options: DemoOptions, configuration: Configuration, secrets: Secrets, sinks: Sinks) {
  const { logKey, sealFile } = await openFolder(configuration, clock.now(), true)
  const past = new PastClock()
  const store = await openStore({ folder: configuration.folder, logKey, now: past.now })
  try {
    await openSealKey({ file: sealFile, keys: store.keys, keychain: undefined })
    await prepareCustomers(store, secrets, past)
    await prepareRoutes(store, sinks)
    options.onFilled(await prepareHistory(store))
    return await prepareUser(store, secrets)
  } finally {
    await store.stop()
  }
}

function portOf(relay: Relay, kind: string): number {
  return relay.listeners.find((listener) => listener.kind === kind)!.port
}

/** Starts the demo. Rejects with ConfigError when a person can put it right, and leaves nothing running behind. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const configuration = configurationFor(options)
  const sinks = await startSinks()
  try {
    const secrets = await openSecrets(options.folder)
    const session = await prepare(options, configuration, secrets, sinks)
    const consoleFolder = findConsole(dirname(fileURLToPath(import.meta.url)))
    const relay = await startRelay(configuration, { consoleFolder, log: options.log, demo: true })
    const random = seeded(clock.now())
    const traffic = startTraffic({ port: portOf(relay, 'smtp'), password: secrets.customers, random })
    return {
      console: `http://127.0.0.1:${portOf(relay, 'console')}`,
      smtpPort: portOf(relay, 'smtp'),
      email: PERSON,
      password: secrets.person,
      session,
      async stop() {
        traffic.stop()
        await relay.stop(GRACE_MS)
        await sinks.stop()
      },
    }
  } catch (error) {
    await sinks.stop()
    throw error
  }
}
