/** Carries out a claimed job by the route its domain has now. */

import type { AttemptReport, Outcome } from '../../model/outcome.ts'
import { routeFor } from '../../model/route.ts'
import type { ClaimedJob, Store } from '../../store/store.ts'
import type { Clock, DeliveryAgent, Log } from '../ports.ts'
import type { Running } from './attempts.ts'
import { domainOf, isDialled } from './destination.ts'

export interface CarryOptions {
  store: Store
  agent: DeliveryAgent
  clock: Clock
  log: Log
}

/** Makes one attempt. Never rejects: whatever goes wrong is an outcome. */
export async function carryOut(options: CarryOptions, { destination, job, progress }: Running): Promise<AttemptReport> {
  const { store, agent, clock, log } = options
  const domain = domainOf(job.deliveries[0]!.recipient)
  const route = routeFor(store.directory.routes(), domain)
  if (destination.isPaused(clock.now())) {
    const reason = `gave up without another try: ${destination.lastReason}`
    return without(job, { kind: 'deferred', reason, reply: undefined, inDoubt: false })
  }
  if (route.kind === 'reject') {
    const text = route.reason ?? `mail to ${domain} is not accepted here`
    const reply = { code: 550, enhancedCode: '5.7.1', text }
    return without(job, { kind: 'failed', reason: `the route for ${domain} is reject: ${text}`, reply })
  }
  if (!isDialled(route)) {
    const reason = `the route for ${domain} changed during the attempt`
    return without(job, { kind: 'deferred', reason, reply: undefined, inDoubt: false })
  }
  try {
    const { record, body, deliveries } = job
    return await agent.deliver({ record, body, destination: job.destination, route, domain, deliveries, progress })
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
