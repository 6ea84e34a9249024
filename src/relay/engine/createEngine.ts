/**
 * The mail engine is in charge of mail from the first byte a client sends to the last word a next hop says about it.
 * This file puts its parts together and starts and stops them in order.
 */

import { createAppeals } from '../../abuse/cases/appeals.ts'
import { createActionFollower } from '../../abuse/cases/followAction.ts'
import { createAbuseMailbox } from '../../abuse/complaints/abuseMailbox.ts'
import { createAutomaticHold } from '../../abuse/signals/automaticHold.ts'
import { createTrustJob } from '../../abuse/trust/trustJob.ts'
import { Rate } from '../../base/rate.ts'
import { IdClock } from '../../model/id.ts'
import { destinationOf } from '../../model/route.ts'
import { createDeliveryAgent } from '../../mta/delivery/index.ts'
import { isOwnListener } from '../../mta/delivery/route/self.ts'
import { recipientDomain } from '../../mta/domains/domain.ts'
import type { Listener } from '../../mta/listen.ts'
import { createMailboxes } from '../../mta/mailboxes/mailboxes.ts'
import type { Accept } from '../../mta/ports.ts'
import { type AcceptanceOptions, createAccept } from '../../mta/queue/acceptance.ts'
import { createNotify } from '../../mta/queue/notifications.ts'
import { createRecordResult } from '../../mta/queue/recordResult.ts'
import { Scheduler } from '../../mta/queue/scheduler.ts'
import { createSendSystemMail } from '../../mta/queue/systemMail.ts'
import { createSubmissionServer, type SubmissionServer } from '../../mta/submission/index.ts'
import { createConsents, createUnsubscribeMailbox } from '../../privacy/consents/consents.ts'
import { createPolicyChanges } from '../../privacy/policy/policyChanges.ts'
import { createPrivacyMailbox } from '../../privacy/requests/privacyMailbox.ts'
import { createRetentionJob } from '../../privacy/retention/retentionJob.ts'
import { createReading } from '../reading/reading.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { createSignalFinding, createSignalParts } from './signals.ts'

/** Waits for the longest grace a person would have patience for, after which settlements are cut off, milliseconds. */
const SETTLE_MS = 10_000

/** The setting that says how the queues on disk are named, and how they are now. */
const NAMING = 'queue.naming'
const NAMING_VERSION = 2

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
  const recordResult = createRecordResult(store, createNotify(hostname, ids))
  const scheduler = new Scheduler({
    store,
    agent,
    log,
    clock,
    deliveries: limits.deliveries,
    recordResult,
    lookMs: options.lookMs,
    onDelivered: (deliveries) => delivered.add(deliveries, clock.now()),
  })
  const reader = createReading(log)
  const appeals = createAppeals({ store, hostname, reader, clock })
  const finding = createSignalFinding({
    store,
    reader,
    connectScorer: options.connectScorer ?? (() => undefined),
    notice: options.notice ?? (() => undefined),
    clock,
    log,
  })
  const acceptance: AcceptanceOptions = { hostname, store, scheduler, ids, watch: finding.watch, log, clock }
  const acceptNow = createAccept(acceptance)
  const accept: Accept = async (submission) => {
    const answer = await acceptNow(submission)
    if (answer.kind === 'accepted') accepted.add(1, clock.now())
    return answer
  }
  const retention = createRetentionJob({ store, clock: options.retentionClock, log })

  const sendSystemMail = createSendSystemMail(hostname, acceptance)
  const act: Engine['act'] = async (action, filter, reason) => {
    const { deliveries, skipped, destinations } = await store.queue.act(action, filter, reason, clock.now())
    scheduler.wake(destinations)
    return { deliveries, skipped }
  }
  const actions = createActionFollower({ store, act, send: sendSystemMail, appealAddress: appeals.addressOf, log })
  const brake = createAutomaticHold({ store, follow: actions.follow, hostname, clock, log })
  store.on('signals added', () => void brake.poll())
  const trust = createTrustJob({ store, hostname, send: sendSystemMail, clock, log })
  store.on('complaint added', () => void trust.poll())
  const consents = createConsents({ store, hostname, send: sendSystemMail, act, clock })
  const policy = createPolicyChanges({
    store,
    hostname,
    send: sendSystemMail,
    clock,
    destroyBy: () => options.retentionClock.destroyBy(),
    runRetention: () => retention.run(),
    log,
  })

  const mailboxes = createMailboxes({
    store,
    hostname,
    mailboxes: [
      createAbuseMailbox({ store, hostname, reader, policy: finding.policy }),
      appeals.desk,
      createUnsubscribeMailbox(store.desk, reader, consents),
      createPrivacyMailbox({ store, hostname, reader, clock }),
    ],
    clock,
    log,
  })
  const signals = createSignalParts(finding, mailboxes)
  const submissionServer: SubmissionServer = createSubmissionServer({
    directory: store.directory,
    throttle: store.throttle,
    accept,
    mailboxes,
    isSuppressed: (account, address) => store.subjects.isSuppressed(account, address),
    hostname,
    smtp: options.smtp,
    smtps: options.smtps,
    tls: options.tls,
    limits,
    log,
    clock,
  })

  /** Puts what waits where its route leads: a rule that is new or gone can rename the queue of another. */
  const reroute = (): Promise<void> => {
    const rules = store.directory.routes()
    return store.queue.reroute((recipient) => destinationOf(rules, recipientDomain(recipient)).destination)
  }
  /** Once for a folder whose queues were named by an older version. */
  const rerouteOld = async (): Promise<void> => {
    if ((await store.settings.get<number>(NAMING)) === NAMING_VERSION) return
    await reroute()
    await store.settings.set(NAMING, NAMING_VERSION)
  }

  return {
    accept,
    sendSystemMail,
    followAction: actions.follow,
    pollTrust: () => trust.poll(),
    policy,
    consents,
    async start() {
      await retention.start()
      ids.raise(await store.lastId())
      const interrupted = await store.queue.recover(clock.now())
      if (interrupted > 0) log.warn({ messages: interrupted }, 'deliveries were interrupted by the last stop: in doubt')
      await rerouteOld()
      await actions.start()
      await scheduler.start()
      await policy.start()
      await trust.start()
      await signals.start()
      listeners = await submissionServer.start()
      return listeners
    },
    async stop(graceMs) {
      await trust.stop()
      await policy.stop()
      scheduler.pause()
      await Promise.all([submissionServer.stop(graceMs), agent.stop(graceMs)])
      await signals.stop()
      await reader.stop()
      await brake.poll()
      await actions.stop()
      await within(SETTLE_MS, scheduler.stop())
      await retention.stop()
    },
    act,
    async routesChanged() {
      await reroute()
      await scheduler.refresh()
    },
    setCertificate: (tls) => submissionServer.useCertificate(tls),
    signals,
    rate: () => ({ in: accepted.perSecond(clock.now()), out: delivered.perSecond(clock.now()) }),
    retention,
  }
}
