/** The relay process: builds every part by hand, starts them in order, stops them in reverse. */

import { connectScorer } from '../abuse/scoring/connect.ts'
import { errorFields } from '../base/errorFields.ts'
import { isLoopback } from '../base/loopback.ts'
import { defaultLimits } from '../mta/limits.ts'
import { type Listener, ListenFailed } from '../mta/listen.ts'
import type { Clock, Log } from '../mta/ports.ts'
import { describeCertificate } from '../mta/submission/certificate.ts'
import { createDataExports } from '../privacy/exports/exports.ts'
import { firstPolicyText } from '../privacy/policy/firstText.ts'
import { createRequestService } from '../privacy/requests/requests.ts'
import { createRetentionClock, type RetentionClock } from '../privacy/retention/retentionClock.ts'
import { FolderInUse, openStore, WrongKey, WrongMain } from '../store/index.ts'
import type { QueueCounts, Store } from '../store/store.ts'
import type { ConsoleListener, Parts } from './api/context.ts'
import { sharingNow } from './api/policyViews.ts'
import { createRouter } from './api/router.ts'
import { startCheckpoints } from './audit/checkpoints.ts'
import { createLoginThrottle } from './auth/loginThrottle.ts'
import { createSecondFactors } from './auth/secondFactor.ts'
import { createSessions } from './auth/sessions.ts'
import { offerFirstToken } from './auth/setupToken.ts'
import { loadUserRules } from './auth/userRules.ts'
import { createBackups } from './backup/backups.ts'
import { watchChanges } from './changes.ts'
import { createEngine } from './engine/createEngine.ts'
import type { Engine } from './engine/engine.ts'
import { loadCertificate } from './host/certificate.ts'
import { ConfigError } from './host/configError.ts'
import type { Configuration } from './host/configuration.ts'
import { boundYoungSpace } from './host/heapTuning.ts'
import type { ConsoleSite } from './http/consoleSite.ts'
import { listenControl } from './http/control.ts'
import { listenHttp } from './http/http.ts'
import { type DesktopConsole, type RelayPort, servePort } from './http/messagePort.ts'
import { createMetrics } from './http/metrics.ts'
import { openApiDocument } from './http/openApi.ts'
import { createHandlers } from './http/rpc.ts'
import { openLedger, withLedger } from './keys/erasureLedger.ts'
import { type OpenedFolder, openFolder } from './keys/logKey.ts'
import type { Keychain } from './keys/sealFile.ts'
import { openSealKey } from './keys/sealKey.ts'

export interface Relay {
  listeners: readonly RelayListener[]
  /** the one-time token that creates the first person; undefined when somebody exists */
  firstToken: string | undefined
  /** Serves the API on a port of the desktop. */
  openPort(port: RelayPort, desktop: DesktopConsole): void
  queueCounts(): Promise<QueueCounts>
  /** Reads the certificate files again. Rejects with ConfigError, keeping the old ones, when they cannot be used. */
  reloadCertificate(): Promise<void>
  /** Called when the disk fails under the relay: it can accept nothing any more and should be stopped. */
  onError(listener: () => void): void
  /** Stops taking mail, lets what is in flight finish for at most `graceMs`, closes everything. */
  stop(graceMs: number): Promise<void>
}

/** Decisions about a relay that are no options of `mailward serve`. */
export interface Host {
  /** folder of the built console; undefined when it is not built */
  consoleFolder: string | undefined
  log: Log
  /** whether the data folder is one of demo data */
  demo?: boolean
  /** the system's keychain, on a desktop */
  keychain?: Keychain
}

type RelayListener = Listener | ConsoleListener

interface StartedParts {
  parts: Parts
  health: Health
  listeners: RelayListener[]
  reloadCertificate(): Promise<void>
}

const clock: Clock = { now: () => Date.now() }

type Stop = (graceMs: number) => Promise<void> | void

/** What has been started, to be stopped in reverse. */
class Started {
  private readonly stops: Stop[] = []

  add(stop: Stop): void {
    this.stops.push(stop)
  }

  async stop(graceMs: number): Promise<void> {
    const errors: unknown[] = []
    for (let stop = this.stops.pop(); stop; stop = this.stops.pop())
      try {
        await stop(graceMs)
      } catch (error) {
        // a full disk, say: what was started before has to be stopped all the same
        errors.push(error)
      }
    if (errors.length > 0) throw errors[0]
  }
}

async function openStoreOrRefuse(
  { folder, reserve }: Configuration,
  opened: OpenedFolder,
  policyClock: RetentionClock,
): Promise<Store> {
  try {
    const { card, logKey } = opened
    return await openStore({ folder, folderId: card.id, logKey, reserve, now: clock.now, policyClock })
  } catch (error) {
    const refusals = [FolderInUse, WrongKey, WrongMain]
    if (refusals.some((refusal) => error instanceof refusal)) throw new ConfigError((error as Error).message)
    throw error
  }
}

async function startEngine(engine: Engine): Promise<Listener[]> {
  try {
    return await engine.start()
  } catch (error) {
    if (error instanceof ListenFailed) throw new ConfigError(error.message)
    throw error
  }
}

function warnings({ console }: Configuration): string[] {
  if (!console || isLoopback(console.host)) return []
  return [`the console on ${console.host} is plain HTTP: put a proxy with TLS before it, or bind it to 127.0.0.1`]
}

/** Who wants to know when mail cannot be accepted any more. */
class Health {
  readonly listeners: (() => void)[] = []

  watch(store: Store, log: Log): void {
    store.on('disk failed', (fault) => {
      log.error(errorFields(fault), 'the disk failed: nothing can be accepted any more')
      for (const listener of this.listeners) listener()
    })
  }
}

/** The parts below the API: store, engine, live view. */
async function startParts(
  configuration: Configuration,
  opened: OpenedFolder,
  host: Host,
  started: Started,
): Promise<StartedParts> {
  const { log } = host
  const { hostname, smtp, smtps } = configuration
  const retentionClock = createRetentionClock(clock.now, () => performance.now())
  const opening = await openStoreOrRefuse(configuration, opened, retentionClock)
  started.add(() => opening.stop())
  const ledger = await openLedger(opened.ledgerFile, opened.card.id, clock.now())
  const store = withLedger(opening, ledger)
  await retentionClock.load(store.settings)
  await store.policy.begin({ text: firstPolicyText, owner: configuration.hostname }, clock.now())
  const health = new Health()
  health.watch(store, log)
  const place = { file: opened.sealFile, keys: store.keys, keychain: host.keychain }
  const sealKey = await openSealKey(place)

  const { id } = opened.card
  const checkpoints = await startCheckpoints({ store, folder: configuration.folder, id, clock, log })
  started.add(() => checkpoints.stop())

  let certificate = await loadCertificate(configuration, store.settings, clock.now())
  const listen = { hostname, smtp, smtps, tls: certificate.tls, limits: defaultLimits }
  const notices: Parts['notices'] = []
  const notice = (text: string) => void notices.push({ at: clock.now(), text })
  const engine = createEngine({ store, ...listen, log, clock, retentionClock, connectScorer, notice })
  started.add((graceMs) => engine.stop(graceMs))
  const listeners: RelayListener[] = await startEngine(engine)

  const sharing = () => sharingNow({ store, clock, checkpoints })
  const dataExports = createDataExports({ store, folder: configuration.folder, hostname, sharing, clock, log })
  started.add(() => dataExports.stop())
  await dataExports.start()
  const backups = createBackups({ ...opened, folder: configuration.folder, keys: store.keys, clock })
  const desk = createRequestService({ store, dataExports, backups, send: engine.sendSystemMail, hostname, clock, log })
  desk.care.start()
  started.add(() => desk.stop())

  const changes = watchChanges(store, (fault) => log.error(errorFields(fault), 'the live view could not be told'))
  started.add(() => changes.stop())
  const parts: Parts = {
    store,
    sealKey,
    backups,
    requests: desk,
    engine,
    clock,
    log,
    sessions: createSessions(store.users, clock),
    loginThrottle: await createLoginThrottle(store.throttle, clock),
    secondFactors: createSecondFactors(store.users, clock),
    dataExports,
    userRules: await loadUserRules(store.settings),
    changes,
    checkpoints,
    folderId: id,
    hostname,
    startedAt: clock.now(),
    demo: opened.card.demo ?? false,
    listeners: () => listeners,
    certificate: () => certificate,
    notices,
  }
  for (const text of [...warnings(configuration), ...sealKey.notices, ...ledger.notices]) notice(text)
  async function reloadCertificate(): Promise<void> {
    certificate = await loadCertificate(configuration, store.settings, clock.now())
    engine.setCertificate(certificate.tls)
    const { fingerprint } = describeCertificate(certificate.tls.cert)
    const said = {
      action: 'certificate.reload',
      object: 'certificate',
      reason: '',
      details: {},
      facts: { fingerprint },
    }
    await store.audit.append({ at: clock.now(), actor: 'local', ...said })
  }
  return { parts, health, listeners, reloadCertificate }
}

async function start(configuration: Configuration, host: Host, started: Started): Promise<Relay> {
  const { log, consoleFolder } = host
  const { folder, consoleHosts } = configuration
  const opened = await openFolder(configuration, clock.now(), host.demo)
  const { parts, health, listeners, reloadCertificate } = await startParts(configuration, opened, host, started)

  const handlers = createHandlers(createRouter(parts), log)
  const control = await listenControl({ folder, id: opened.card.id }, handlers, parts.dataExports, log)
  started.add(() => control.stop())
  if (configuration.console) {
    const metrics = createMetrics(parts)
    const openApi = await openApiDocument()
    const site: ConsoleSite = { parts, handlers, metrics, consoleFolder, openApi }
    const http = await listenHttp(configuration.console, consoleHosts, site)
    started.add(() => http.stop())
    listeners.push({ kind: 'console', host: http.host, port: http.port })
  }
  return {
    listeners,
    firstToken: await offerFirstToken(parts.store),
    openPort: (port, desktop) => servePort(port, handlers, desktop),
    queueCounts: () => parts.store.queue.counts(),
    reloadCertificate,
    onError: (listener) => void health.listeners.push(listener),
    stop: (graceMs) => started.stop(graceMs),
  }
}

/**
 * Starts a relay. Rejects with ConfigError when a person can put it right, and leaves nothing running behind.
 */
export async function startRelay(configuration: Configuration, host: Host): Promise<Relay> {
  const started = new Started()
  boundYoungSpace()
  try {
    return await start(configuration, host, started)
  } catch (error) {
    await started.stop(0)
    throw error
  }
}
