/** Calls about the promise: live checks, what goes when, receipts, the clock, the days of the policy. */

import type { ReceiptView, RetentionPlan } from '../../contract/retention.ts'
import type { Receipt, RetainedDay } from '../../store/retention.ts'
import type { Guarded } from './base.ts'
import { audit, entryOf, type Parts } from './context.ts'
import { conflict, refused, refuseStrangeCursor } from './errors.ts'
import { retentionOverview } from './retentionOverview.ts'
import { timeView } from './views.ts'

function receiptView({ at, ...receipt }: Receipt): ReceiptView {
  return { ...receipt, at: timeView(at) }
}

function planView(at: number, days: RetainedDay[]): RetentionPlan {
  const sum = (key: 'headers' | 'samples' | 'bytes') => days.reduce((total, day) => total + day[key], 0)
  return {
    at: timeView(at),
    days: days.map(({ day, headers, samples, bytes, held, live }) => ({
      day,
      headers,
      samples,
      bytes,
      stillHeld: held,
      stillLive: live,
    })),
    headers: sum('headers'),
    samples: sum('samples'),
    bytes: sum('bytes'),
  }
}

export function retentionCalls(os: Guarded, parts: Parts) {
  const { clock, engine, store } = parts
  const { retention } = store

  return {
    overview: os.retention.overview.handler(() => retentionOverview(parts)),

    plan: os.retention.plan.handler(async ({ input }) => {
      const at = input.at === undefined ? clock.now() : Date.parse(input.at)
      return planView(at, await retention.plan(at, input.days))
    }),

    run: os.retention.run.handler(async ({ context }) => {
      await audit(parts, context.actor, { action: 'retention.run', object: 'retention' })
      const receipts = await engine.retention.run().catch((error: Error) => {
        throw conflict(`not all that is over could be destroyed: ${error.message}`)
      })
      return { receipts: receipts.map(receiptView) }
    }),

    receipts: os.retention.receipts.handler(async ({ input }) => {
      refuseStrangeCursor(input.cursor, /^\d{1,15}$/)
      const before = input.cursor === undefined ? undefined : Number(input.cursor)
      const receipts = await retention.receipts(input.limit, before)
      const last = receipts.at(-1)
      const next = receipts.length === input.limit && last ? String(last.id) : null
      return { receipts: receipts.map(receiptView), next }
    }),

    answerClock: os.retention.answerClock.handler(async ({ input, context }) => {
      const { right, reason } = input
      const question = engine.retention.clockQuestion()
      const entry = entryOf(parts, context.actor, {
        action: 'retention.answerClock',
        object: 'clock',
        reason,
        facts: { right, expected: question?.expected ?? null, found: question?.found ?? null },
      })
      if (!(await engine.retention.answerClock(right, entry)))
        throw conflict('nothing is asked about the clock', 'look at the overview again')
      return { answered: true as const }
    }),

    setDays: os.retention.setDays.handler(async ({ input, context }) => {
      const { days, reason } = input
      if (days > store.directory.policy().keepDays && store.directory.accounts().length > 0)
        throw refused('accounts are told before anything is kept longer', 'prepare a change of the policy')
      const entry = entryOf(parts, context.actor, { action: 'retention.setDays', object: 'retention', reason })
      await retention.setDays(days, entry)
      // what is over by it goes at once; a run that fails raises its own alarm
      await engine.retention.run().catch(() => undefined)
      return { days }
    }),
  }
}
