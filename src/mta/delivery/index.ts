/** Delivery is in charge of handing messages to next hops over SMTP, and of knowing for certain what came of it. */

import { createSecureContext, rootCertificates } from 'node:tls'
import { ExpiringCache } from '../../base/expiringCache.ts'
import type { AttemptReport, Outcome } from '../../model/outcome.ts'
import type { Connection } from '../client/connection.ts'
import { defaultTimeouts, type Timeouts } from '../client/timeouts.ts'
import type { EngineLimits } from '../limits.ts'
import type { Clock, DeliveryAgent, DeliveryJob, Log } from '../ports.ts'
import { type AttemptTools, DeliveryAttempt } from './attempt.ts'
import { prepareMail } from './mail.ts'
import { defaultPool, Pool, type PoolOptions } from './pool.ts'
import { candidates, type Surroundings } from './route/candidates.ts'
import { Names, type Resolver, systemResolver } from './route/names.ts'

export type { Timeouts } from '../client/timeouts.ts'
export type { PoolOptions } from './pool.ts'
export type { Resolver } from './route/names.ts'

export interface DeliveryOptions {
  /** our name in EHLO; a mail exchanger of this name is taken for this relay itself */
  hostname: string
  limits: EngineLimits
  log: Log
  clock: Clock
  /** default: the system's */
  resolver?: Resolver
  /** port of mail exchangers; default 25 */
  port25?: number
  timeouts?: Partial<Timeouts>
  pool?: Partial<PoolOptions>
  /** Whether an address and port is one of this relay's own listeners: mail is never sent there by MX. */
  isSelf?: (address: string, port: number) => boolean
  /** PEM certificates that are trusted besides the public ones */
  certificateAuthorities?: string[]
}

/** How long an address that did not answer is tried after the others, milliseconds. */
const SILENT_MS = 60_000

/** Makes the agent that carries out the routes `smarthost` and `mx`. */
export function createDeliveryAgent(options: DeliveryOptions): DeliveryAgent {
  return new Agent(options)
}

class Agent implements DeliveryAgent {
  private options: DeliveryOptions
  private surroundings: Surroundings
  private tools: AttemptTools
  private connections = new Set<Connection>()
  private inFlight = new Set<Promise<unknown>>()
  private stopping = false

  constructor(options: DeliveryOptions) {
    this.options = options
    this.surroundings = {
      names: new Names(options.resolver ?? systemResolver()),
      hostname: options.hostname,
      port25: options.port25 ?? 25,
      isSelf: options.isSelf ?? (() => false),
    }
    const authorities = options.certificateAuthorities
    this.tools = {
      pool: new Pool({ ...defaultPool, ...options.pool }),
      silent: new ExpiringCache(SILENT_MS, 1000),
      session: {
        hostname: options.hostname,
        timeouts: { ...defaultTimeouts, ...options.timeouts },
        // made once: reading the authorities for each connection would cost more than the handshake
        secureContext: createSecureContext(authorities ? { ca: [...rootCertificates, ...authorities] } : {}),
        onConnection: (connection) => this.watch(connection),
      },
    }
  }

  concurrency(): number {
    return this.options.limits.perDestination
  }

  async deliver(job: DeliveryJob): Promise<AttemptReport> {
    const deliveryAttempt = new DeliveryAttempt(job, this.tools)
    if (this.stopping) return deliveryAttempt.conclude(stopped)
    const running = this.attempt(job, deliveryAttempt)
    this.inFlight.add(running)
    try {
      return await running
    } catch (fault) {
      const { stack } = fault instanceof Error ? fault : new Error(String(fault))
      this.options.log.error({ message: job.record.id, fault: stack }, 'a fault interrupted a delivery')
      return deliveryAttempt.abandon()
    } finally {
      this.inFlight.delete(running)
    }
  }

  async stop(graceMs: number): Promise<void> {
    this.stopping = true
    this.tools.pool.close()
    await this.settled(graceMs)
    for (const connection of this.connections) connection.cut('this relay was stopped')
    // what is left waits for DNS at most: its outcome will be "deferred", and nobody needs to wait for that
    await this.settled(100)
  }

  private async attempt(job: DeliveryJob, deliveryAttempt: DeliveryAttempt): Promise<AttemptReport> {
    const mail = prepareMail(job)
    if ('kind' in mail) return deliveryAttempt.conclude(mail)
    return deliveryAttempt.run(mail, candidates(job.route, job.domain, this.surroundings))
  }

  private watch(connection: Connection): void {
    this.connections.add(connection)
    connection.onEnd = () => this.connections.delete(connection)
    if (this.stopping) connection.cut('this relay was stopped')
  }

  /** Resolves when nothing is in flight any more, or after a time. */
  private async settled(ms: number): Promise<void> {
    if (this.inFlight.size === 0) return
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, ms)
    })
    await Promise.race([Promise.allSettled(this.inFlight), limit])
    clearTimeout(timer)
  }
}

const stopped: Outcome = { kind: 'deferred', reason: 'this relay was stopped', reply: undefined, inDoubt: false }
