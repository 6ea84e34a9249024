/** Carries out a claimed job by the route its domain has now. */

import type { AttemptReport, Outcome } from '../../model/outcome.ts'
import { destinationOf, type RouteRule } from '../../model/route.ts'
import type { ClaimedJob, Delivery, Store } from '../../store/store.ts'
import { recipientDomain } from '../domains/domain.ts'
import type { Clock, DeliveryAgent, Log } from '../ports.ts'
import type { Running } from './attempts.ts'
import { isDialled } from './destination.ts'

export interface CarryOptions {
  store: Store
  agent: DeliveryAgent
  clock: Clock
  log: Log
}

const notHere: Outcome = {
  kind: 'deferred',
  reason: 'the route changed before the attempt',
  reply: undefined,
  inDoubt: false,
}

/** Makes one attempt. Never rejects: whatever goes wrong is an outcome. */
export async function carryOut(options: CarryOptions, running: Running): Promise<AttemptReport> {
  const { destination, job } = running
  const { store, clock } = options
  if (destination.isPaused(clock.now())) {
    const reason = `gave up without another try: ${destination.lastReason}`
    return without(job, { kind: 'deferred', reason, reply: undefined, inDoubt: false })
  }
  const rules = store.directory.routes()
  // whoever has another route by now must not go by that of the others: it may say more about TLS, or another login
  const here = job.deliveries.filter(
    ({ recipient }) => destinationOf(rules, recipientDomain(recipient)).destination === job.destination,
  )
  const report = here.length > 0 ? await attempt(options, running, rules, here) : without(job, notHere)
  for (const { ordinal } of job.deliveries)
    if (!report.outcomes.has(ordinal) && !here.some((one) => one.ordinal === ordinal))
      report.outcomes.set(ordinal, notHere)
  return report
}

async function attempt(
  { agent, log }: CarryOptions,
  { job, progress }: Running,
  rules: readonly RouteRule[],
  deliveries: Delivery[],
): Promise<AttemptReport> {
  const domain = recipientDomain(deliveries[0]!.recipient)
  const { route } = destinationOf(rules, domain)
  if (route.kind === 'reject') {
    const text = route.reason ?? `mail to ${domain} is not accepted here`
    const reply = { code: 550, enhancedCode: '5.7.1', text }
    return without(job, { kind: 'failed', reason: `the route for ${domain} is reject: ${text}`, reply })
  }
  if (!isDialled(route)) return without(job, notHere)
  try {
    const { record, body, destination } = job
    return await agent.deliver({ record, body, destination, route, domain, deliveries, progress })
  } catch (error) {
    // A bug in the agent: nobody knows how far it got, so the deliveries are tried again and marked.
    log.error({ message: job.record.id, fault: (error as Error).stack }, 'the delivery agent failed')
    const reason = 'an internal fault interrupted the attempt; it may have been delivered'
    return without(job, { kind: 'deferred', reason, reply: undefined, inDoubt: true })
  }
}

/** Whether the next hop said what becomes of a recipient: a host that takes connections and then hangs does not. */
export function hasAnswered(report: AttemptReport): boolean {
  for (const { reply } of report.outcomes.values()) if (reply) return true
  return false
}

/** Why a destination could not be spoken to. */
export function reasonOf(report: AttemptReport): string {
  for (const outcome of report.outcomes.values()) if (outcome.kind === 'deferred') return outcome.reason
  return ''
}

/** A report of an attempt that spoke to nobody. */
export function without(job: ClaimedJob, outcome: Outcome): AttemptReport {
  const outcomes = new Map(job.deliveries.map((delivery) => [delivery.ordinal, outcome]))
  return { destination: job.destination, tls: undefined, transcript: '', outcomes }
}
