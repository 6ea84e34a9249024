/**
 * The mail engine is in charge of mail from the first byte a client sends to the last word a next hop says about it.
 * This file puts its parts together and starts and stops them in order.
 */

import { IdClock } from '../model/id.ts'
import { destinationKey, routeFor } from '../model/route.ts'
import { createActionCare } from './care/actions.ts'
import { createAppeals } from './care/appeals.ts'
import { createBrake } from './care/brake.ts'
import { type Consents, createConsents, createUnsubscribeDesk } from './care/consents.ts'
import { createPolicyCare } from './care/policy.ts'
import { createRetentionCare } from './care/retention.ts'
import { createTrustCare } from './care/trust.ts'
import { createDeliveryAgent } from './delivery/index.ts'
import { isOwnListener } from './delivery/route/self.ts'
import { createPrivacyDesk } from './desk/privacy.ts'
import type { Engine, EngineOptions, Listener } from './engine.ts'
import { createIntake, type Intake } from './intake/index.ts'
import { type AcceptanceOptions, createAccept } from './queue/acceptance.ts'
import { createNotify } from './queue/notices.ts'
import { createSendOwn } from './queue/own.ts'
import { Scheduler } from './queue/scheduler.ts'
import { createSettle } from './queue/settlement.ts'
import { Rate } from './rate.ts'
import type { Accept } from './seams.ts'
import { createSignalParts } from './signals.ts'

/** Waits for the longest grace a person would have patience for, after which settlements are cut off, milliseconds. */
const SETTLE_MS = 10_000

function within(ms: number, work: Promise<void>): Promise<void> {
  return Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())])
}

/** Builds the engine; nothing runs before its `start`. */
export function createEngine(options: EngineOptions): Engine {
  const { store, hostname, limits, log, clock } = options
  const ids = new IdClock(0)
  const accepted = new Rate()
  const delivered = new Rate()
  let listeners: Listener[] = []

  const agent = createDeliveryAgent({
    hostname,
    limits,
    log,
    clock,
    isSelf: (address, port) => isOwnListener(listeners, address, port),
  })
  const settle = createSettle((): AcceptanceOptions => acceptance, createNotify(hostname, ids))
  const scheduler = new Scheduler({
    store,
    agent,
    log,
    clock,
    deliveries: limits.deliveries,
    settle,
    onDelivered: (deliveries) => delivered.add(deliveries, clock.now()),
  })
  const appeals = createAppeals({ store, hostname, clock })
  const signals = createSignalParts({
    store,
    hostname,
    connectScorer: options.connectScorer ?? (() => undefined),
    notice: options.notice ?? (() => undefined),
    onComplaint: () => trust.look(),
    furtherDesks: [
      appeals.desk,
      createUnsubscribeDesk(store.desk, (): Consents => consents),
      createPrivacyDesk({ store, hostname, clock, onRequest: options.onRequest ?? (() => undefined) }),
    ],
    clock,
    log,
  })
  const acceptance: AcceptanceOptions = { store, scheduler, ids, watch: signals.watch, log, clock }
  const acceptNow = createAccept(acceptance)
  const accept: Accept = async (submission) => {
    const answer = await acceptNow(submission)
    if (answer.kind === 'accepted') accepted.add(1, clock.now())
    return answer
  }
  const intake: Intake = createIntake({
    directory: store.directory,
    throttle: store.throttle,
    accept,
    desks: signals.desks,
    isSuppressed: (account, address) => store.persons.isSuppressed(account, address),
    hostname,
    smtp: options.smtp,
    smtps: options.smtps,
    tls: options.tls,
    limits,
    log,
    clock,
  })
  const retention = createRetentionCare({ store, clock: options.clockCare, log })

  const sendOwn = createSendOwn(hostname, acceptance)
  const act: Engine['act'] = async (action, filter, reason) => {
    const { deliveries, skipped, destinations } = await store.queue.act(action, filter, reason, clock.now())
    scheduler.wake(destinations)
    return { deliveries, skipped }
  }
  const actions = createActionCare({ store, act, send: sendOwn, appealAddress: appeals.addressOf, log })
  const brake = createBrake({ store, follow: actions.follow, hostname, clock, log })
  store.signals.onAdded(() => void brake.look())
  const trust = createTrustCare({ store, hostname, send: sendOwn, clock, log })
  const consents = createConsents({ store, hostname, send: sendOwn, act, clock })
  const policy = createPolicyCare({
    store,
    hostname,
    send: sendOwn,
    clock,
    destroyBy: () => options.clockCare.destroyBy(),
    runRetention: () => retention.run(),
    log,
  })

  return {
    accept,
    sendOwn,
    followAction: actions.follow,
    lookAtTrust: () => trust.look(),
    policy,
    consents,
    async start() {
      await retention.start()
      ids.raise(await store.lastId())
      const interrupted = await store.queue.recover(clock.now())
      if (interrupted > 0) log.warn({ messages: interrupted }, 'deliveries were interrupted by the last stop: in doubt')
      await actions.start()
      await scheduler.start()
      await policy.start()
      await trust.start()
      await signals.start()
      listeners = await intake.start()
      return listeners
    },
    async stop(graceMs) {
      await trust.stop()
      await policy.stop()
      scheduler.pause()
      await Promise.all([intake.stop(graceMs), agent.stop(graceMs)])
      await signals.stop()
      await brake.look()
      await actions.stop()
      await within(SETTLE_MS, scheduler.stop())
      await retention.stop()
    },
    act,
    async routesChanged(domain) {
      const rules = store.directory.routes()
      const except = rules.map((rule) => rule.domain).filter((name) => name !== '*')
      await store.queue.reroute(domain, except, (own) => destinationKey(routeFor(rules, own), own))
      await scheduler.refresh()
    },
    setCertificate: (tls) => intake.useCertificate(tls),
    signals,
    rate: () => ({ in: accepted.perSecond(clock.now()), out: delivered.perSecond(clock.now()) }),
    retention,
  }
}
