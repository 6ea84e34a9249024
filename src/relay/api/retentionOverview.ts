/** How the promise stands now: what is kept, what is over, what was found, and what is asked about the clock. */

import type { RetainedDay as RetainedDayView } from '../../contract/retention.ts'
import { BLOCK } from '../../model/sampling.ts'
import type { RetainedDay } from '../../store/retention.ts'
import type { Parts } from './context.ts'
import { checkPromise } from './retentionChecks.ts'
import { timeOrNull, timeView } from './views.ts'

function dayView({ day, headers, samples, bytes, held, oldestAt, youngestAt, goesAt }: RetainedDay): RetainedDayView {
  const times = { oldestAt: timeOrNull(oldestAt), youngestAt: timeOrNull(youngestAt), goesAt: timeView(goesAt) }
  return { day, headers, samples, bytes, held, ...times }
}

/** What the clock said that retention does not believe, and how much it would hide; null when all is well. */
async function clockQuestion({ engine, store: { retention } }: Parts) {
  const question = engine.retention.clockQuestion()
  if (!question) return null
  const { noticedAt, expected, found } = question
  const hidden = await retention.plan(Math.max(expected, found))
  return {
    noticedAt: timeView(noticedAt),
    expected: timeView(expected),
    found: timeView(found),
    headers: hidden.reduce((sum, { headers }) => sum + headers, 0),
  }
}

export async function retentionOverview(parts: Parts) {
  const { backups, clock, engine, store } = parts
  const { retention } = store
  const now = clock.now()
  const { keepDays: days } = store.directory.policy()
  const [state, findings, made, kept, alarms, asked, requests] = await Promise.all([
    retention.state(now),
    retention.findings(now),
    backups.list(),
    retention.days(),
    engine.retention.alarms(),
    clockQuestion(parts),
    store.requests.counts(now),
  ])
  return {
    policy: { days, samplePerBlock: BLOCK },
    lastRun: timeOrNull(state.lastRun),
    nextRun: timeOrNull(engine.retention.nextRun()),
    oldestHeader: timeOrNull(state.oldestHeader),
    oldestSample: timeOrNull(state.oldestSample),
    overdue: state.overdue,
    alarms,
    clock: asked,
    checks: checkPromise({
      now,
      days,
      state,
      findings,
      backups: made,
      requests,
      clockAsked: engine.retention.clockDoubted(),
    }),
    days: kept.map(dayView),
    held: findings.held,
  }
}
