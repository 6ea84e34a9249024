/** Calls about the state of the relay. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { StatusReport } from '../../contract/status.ts'
import { describeCertificate } from '../../mta/submission/certificate.ts'
import { legalRequestAlarms } from '../../privacy/legalRequests/notify.ts'
import { storageProblem } from '../host/storageProblem.ts'
import { version } from '../host/version.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { unauthorized } from './errors.ts'
import { secondsSince, timeOrNull, timeView } from './views.ts'

/** Milliseconds between two reports of a watch. */
const INTERVAL = 2000

function certificateView(parts: Parts): StatusReport['certificate'] {
  const { tls, selfMade } = parts.certificate()
  const { subject, expiresAt, fingerprint } = describeCertificate(tls.cert)
  return { selfMade, subject, expiresAt: timeView(expiresAt), fingerprint }
}

/** What the clock of requests has to say. */
function requestAlarms({ dueSoon, overdue }: StatusReport['requests']): string[] {
  const said = (count: number, what: string) =>
    count === 0
      ? []
      : [`${count} ${count === 1 ? 'request' : 'requests'} of people ${count === 1 ? 'is' : 'are'} ${what}`]
  return [...said(overdue, 'overdue'), ...said(dueSoon, 'due within 7 days')]
}

/** Everything a person wants to know at a glance. */
export async function reportStatus(parts: Parts): Promise<StatusReport> {
  const { store, engine, clock } = parts
  const now = clock.now()
  const [counts, retention, audit, alarms, requests, demands] = await Promise.all([
    store.queue.counts(),
    store.retention.state(now),
    store.audit.head(),
    engine.retention.alarms(),
    store.requests.counts(now),
    legalRequestAlarms(parts),
  ])
  const { oldestAt, ...queue } = counts
  const storage = store.storage()
  const problem = storageProblem(storage)
  const storageAlarms = problem === undefined ? [] : [problem]
  return {
    version,
    startedAt: timeView(parts.startedAt),
    demo: parts.demo,
    listeners: [...parts.listeners()],
    hostname: parts.hostname,
    certificate: certificateView(parts),
    queue: { ...queue, oldestSeconds: secondsSince(oldestAt, now) },
    rate: engine.rate(),
    samples: { stored: retention.samples },
    retention: {
      lastRun: timeOrNull(retention.lastRun),
      nextRun: timeOrNull(engine.retention.nextRun()),
      oldestHeader: timeOrNull(retention.oldestHeader),
      oldestSample: timeOrNull(retention.oldestSample),
      overdue: retention.overdue,
      alarms: [...storageAlarms, ...alarms, ...requestAlarms(requests), ...demands],
    },
    storage,
    requests,
    audit,
    notices: [...store.notices, ...parts.notices, ...parts.checkpoints.notices()].map(({ at, text }) => ({
      at: timeView(at),
      text,
    })),
  }
}

export function statusCalls(os: Guarded, parts: Parts) {
  return {
    get: os.status.get.handler(() => reportStatus(parts)),

    watch: os.status.watch.handler(async function* ({ context, signal }) {
      while (!signal?.aborted) {
        if (!(await context.stillAllowed())) throw unauthorized()
        yield await reportStatus(parts)
        await sleep(INTERVAL, undefined, { signal, ref: false }).catch(() => undefined)
      }
    }),
  }
}
