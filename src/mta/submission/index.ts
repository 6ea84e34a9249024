/**
 * Intake is in charge of mail until it is accepted: it listens for SMTP clients, finds out who they are, and hands
 * over only messages that an account may send and that mean the same to every server after this one.
 */

import { type ListenAddress, type Listener, ListenFailed } from '../listen.ts'
import { checkPair } from './certificate.ts'
import { LimiterEntry } from './connectionLimiter.ts'
import type { SubmissionOptions } from './options.ts'
import { createParts, steadyNow } from './parts.ts'
import { SubmissionListener } from './server.ts'

export type { SubmissionOptions, Tunables } from './options.ts'

export interface SubmissionServer {
  /** Opens every listener. Rejects, naming host and port, when one cannot be opened; then none is open. */
  start(): Promise<Listener[]>
  /**
   * Takes no more connections; messages being received may finish for at most `graceMs`, all other sessions end with
   * 421. Resolves when every connection is closed.
   */
  stop(graceMs: number): Promise<void>
  /** Shows this certificate (PEM) from now on; open connections keep theirs. Throws when key and certificate do not fit. */
  useCertificate(tls: SubmissionOptions['tls']): void
}

/** How often a stop looks whether the last session has ended, milliseconds. */
const STOP_POLL_MS = 20

/** Builds intake; nothing listens before its `start`. */
export function createSubmissionServer(options: SubmissionOptions): SubmissionServer {
  const { log } = options
  const parts = createParts(options)
  const { tunables, throttle } = parts
  const limiterEntry = new LimiterEntry(options.limits)
  const servers: SubmissionListener[] = []
  let { tls } = options
  let sweep: NodeJS.Timeout | undefined

  function sessions() {
    return servers.flatMap((server) => [...server.live])
  }

  async function open({ host, port }: ListenAddress, kind: Listener['kind']): Promise<Listener> {
    const server = new SubmissionListener(parts, limiterEntry, tls, kind === 'smtps')
    try {
      const actual = await server.open(host, port)
      servers.push(server)
      return { kind, host, port: actual }
    } catch (fault) {
      const { code, message } = fault as NodeJS.ErrnoException
      throw new ListenFailed(
        `cannot listen on ${host}:${port} (${code ?? message}): choose another address or stop what uses it`,
      )
    }
  }

  function inspect(): void {
    parts.time.now = steadyNow()
    for (const server of servers) for (const session of server.live) session.inspect(parts.time.now)
  }

  function shut(): void {
    clearInterval(sweep)
    for (const server of servers) server.shut()
  }

  return {
    async start() {
      // a faulty pair must not be found out by the first client
      checkPair(tls)
      await throttle.load()
      const listeners: Listener[] = []
      try {
        for (const address of options.smtp) listeners.push(await open(address, 'smtp'))
        for (const address of options.smtps) listeners.push(await open(address, 'smtps'))
      } catch (fault) {
        shut()
        throw fault
      }
      sweep = setInterval(inspect, tunables.sweepMs)
      sweep.unref()
      log.info({ listeners: listeners.length }, 'listening for mail')
      return listeners
    },
    async stop(graceMs) {
      parts.isStopping = true
      shut()
      for (const session of sessions()) session.retire()
      const end = steadyNow() + graceMs
      while (steadyNow() < end && sessions().length > 0)
        await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS))
      for (const session of sessions()) session.cut()
      await throttle.settled()
    },
    useCertificate(changed) {
      checkPair(changed)
      tls = changed
      for (const server of servers) server.updateSecureContext(changed)
    },
  }
}
