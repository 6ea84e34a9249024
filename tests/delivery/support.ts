/** What the tests of delivery share: an agent, jobs for it, and the clean-up of both and of their sinks. */

import { afterEach } from 'vitest'
import type { Delivery, Envelope, RecipientOptions } from '../../src/model/message.ts'
import type { AttemptReport, Outcome } from '../../src/model/outcome.ts'
import type { Route } from '../../src/model/route.ts'
import { createDeliveryAgent, type DeliveryOptions } from '../../src/mta/delivery/index.ts'
import { defaultLimits } from '../../src/mta/limits.ts'
import type { DeliveryAgent, DeliveryJob, Log } from '../../src/mta/ports.ts'
import { type Sink, type SinkOptions, startSink } from '../support/sink.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** Faults the agent logged: a test that expects none finds them here. */
export const faults: string[] = []

const log: Log = {
  debug() {},
  info() {},
  warn() {},
  error(_fields, message) {
    faults.push(message)
  },
}

/** Starts a sink that stops with the test. */
export async function sinkFor(options: SinkOptions = {}): Promise<Sink> {
  const sink = await startSink(options)
  stops.push(() => sink.stop())
  return sink
}

/** Makes an agent that stops with the test. */
export function agentFor(options: Partial<DeliveryOptions> = {}): DeliveryAgent {
  const agent = createDeliveryAgent({
    hostname: 'relay.test',
    limits: defaultLimits,
    log,
    clock: { now: () => Date.now() },
    ...options,
  })
  stops.push(() => agent.stop(0))
  return agent
}

/** The route to a sink as smarthost. */
export function routeTo(sink: Sink, more: Partial<Extract<Route, { kind: 'smarthost' }>> = {}): Route {
  return { kind: 'smarthost', host: sink.host, port: sink.port, tls: 'opportunistic', ...more }
}

export interface JobParts {
  route: Route
  to: string[]
  from?: string
  body?: string | Uint8Array
  domain?: string
  envelope?: Partial<Envelope>
  options?: Partial<RecipientOptions>
}

export const plainBody = 'Subject: hello\r\n\r\nFirst line\r\n'

/** A job as the queue hands it over. */
export function jobFor({ route, to, from = 'sender@acme.example', ...more }: JobParts): DeliveryJob {
  const body = Buffer.from(more.body ?? plainBody)
  const end = body.indexOf('\r\n\r\n')
  const envelope: Envelope = { from, smtputf8: false, body: '7bit', ret: undefined, envid: undefined, ...more.envelope }
  const deliveries = to.map(
    (recipient, ordinal): Delivery => ({
      ordinal,
      recipient,
      options: { notify: undefined, orcpt: undefined, ...more.options },
      destination: 'next-hop',
      state: 'sending',
      reason: '',
      nextAttemptAt: undefined,
      attempts: 1,
      inDoubt: false,
    }),
  )
  return {
    record: {
      id: 4096,
      account: 1,
      credential: 1,
      acceptedAt: Date.UTC(2026, 10, 23, 20, 0),
      envelope,
      subject: 'hello',
      messageId: '',
      size: body.length,
      headers: body.subarray(0, end < 0 ? body.length : end + 4),
      client: { address: '127.0.0.1', helo: 'client.test', tls: undefined },
      keepUntil: 0,
      sampled: false,
    },
    body,
    destination: 'next-hop',
    route,
    domain: more.domain ?? 'kestrel.example',
    deliveries,
  }
}

/** One word for each recipient: `delivered`, `failed`, `deferred` or `in doubt`. */
export function words(report: AttemptReport): string[] {
  return [...report.outcomes.entries()].sort(([a], [b]) => a - b).map(([, outcome]) => wordOf(outcome))
}

function wordOf(outcome: Outcome): string {
  return outcome.kind === 'deferred' && outcome.inDoubt ? 'in doubt' : outcome.kind
}

/** The reason of the first recipient's outcome, or its reply when it was delivered. */
export function reasonOf(report: AttemptReport): string {
  const [outcome] = report.outcomes.values()
  if (!outcome) return 'no outcome'
  return outcome.kind === 'delivered' ? outcome.reply.text : outcome.reason
}
