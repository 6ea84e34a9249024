/** Calls about trust: the figures it is decided on, the decisions, the thresholds, complaints. */

import type { ComplaintView, TrustDecision as TrustDecisionView } from '../../contract/trust.ts'
import type { Account } from '../../model/account.ts'
import { formatId, parseId } from '../../model/id.ts'
import { crossed, reviewProblem, type Thresholds } from '../../model/trust.ts'
import type { Act, Complaint, TrustDecision } from '../../store/trust.ts'
import { type Actor, actorName } from '../auth/authorise.ts'
import type { Guarded } from './base.ts'
import type { Parts } from './context.ts'
import { conflict, notFound, refused } from './errors.ts'
import { accountNamed, timeOrNull, timeView } from './views.ts'

function decisionView(decision: TrustDecision, account: string): TrustDecisionView {
  const { id, requestedBy, reason, criteria, decidedBy, decidedAt, reviewAt, samples, receipt } = decision
  return {
    id,
    account,
    decision: decision.decision,
    requestedBy,
    reason,
    criteria,
    decidedBy,
    decidedAt: timeView(decidedAt),
    reviewAt: timeOrNull(reviewAt),
    samples,
    receipt: receipt ?? null,
    samplesDestroyed: decision.destroyed,
    samplesHeld: decision.held,
  }
}

function complaintView({ id, at, source, message, note }: Complaint): ComplaintView {
  return { id, at: timeView(at), source, message: message === undefined ? null : formatId(message), note }
}

interface DecisionInput {
  decision: 'on' | 'off'
  requestedBy: string
  reviewAt?: string | undefined
}

/** What has to be known before an account is trusted. */
function refuseIncomplete({ decision, requestedBy, reviewAt }: DecisionInput, now: number): void {
  if (decision === 'off') return
  if (requestedBy === '') throw refused('trust is decided on a request', 'say who asked for it')
  if (reviewAt === undefined) throw refused('trust needs a date on which it is looked at again', 'give a review date')
  const problem = reviewProblem(Date.parse(reviewAt), now)
  if (problem) throw refused(problem)
}

export function trustCalls(os: Guarded, parts: Parts) {
  const { store, clock, engine } = parts
  const { directory, trust } = store

  function act(actor: Actor, reason: string): Act {
    return { actor: actorName(actor), at: clock.now(), reason }
  }

  async function figuresOf(account: Account) {
    const [figures] = await trust.figures(clock.now(), account.id)
    return figures!
  }

  /** Trust that would end again at the next look is not given in the first place. */
  function refuseCrossed(reasons: readonly string[]): void {
    if (reasons.length === 0) return
    throw refused(`trust would end at once: ${reasons.join('; ')}`, 'wait until the figures are better')
  }

  return {
    get: os.trust.get.handler(async ({ input }) => {
      const account = accountNamed(directory, input.name)
      const [{ criteria, reviewAt }, thresholds, history, asked] = await Promise.all([
        figuresOf(account),
        trust.thresholds(),
        trust.history(account.id),
        store.trustRequests.of(account.id),
      ])
      return {
        account: account.name,
        trusted: account.trusted,
        reviewDue: reviewAt !== undefined && reviewAt <= clock.now(),
        criteria,
        thresholds,
        crossed: crossed(criteria, thresholds),
        requested: asked ? { by: asked.requestedBy, reason: asked.reason, at: timeView(asked.requestedAt) } : null,
        history: history.map((decision) => decisionView(decision, account.name)),
      }
    }),

    decide: os.trust.decide.handler(async ({ input, context }) => {
      const account = accountNamed(directory, input.name)
      const decidedAt = clock.now()
      refuseIncomplete(input, decidedAt)
      const { criteria } = await figuresOf(account)
      if (input.decision === 'on') refuseCrossed(crossed(criteria, await trust.thresholds()))
      const decided = await trust.decide({
        account: account.id,
        decision: input.decision,
        requestedBy: input.requestedBy,
        reason: input.reason,
        criteria,
        decidedBy: actorName(context.actor),
        decidedAt,
        reviewAt: input.decision === 'on' ? Date.parse(input.reviewAt!) : undefined,
        samples: input.samples,
        tell: false,
      })
      if (!decided) throw conflict(`account ${account.name} is not trusted: there is no trust to end`)
      return decisionView(decided, account.name)
    }),

    thresholds: os.trust.thresholds.handler(() => trust.thresholds()),

    setThresholds: os.trust.setThresholds.handler(async ({ input, context }) => {
      const { reason, ...thresholds } = input
      await trust.setThresholds(thresholds satisfies Thresholds, act(context.actor, reason))
      await engine.pollTrust()
      return thresholds
    }),

    complaints: os.trust.complaints.handler(async ({ input }) => {
      const account = accountNamed(directory, input.name)
      return (await trust.complaints(account.id)).map(complaintView)
    }),

    addComplaint: os.trust.addComplaint.handler(async ({ input, context }) => {
      const account = accountNamed(directory, input.name)
      const message = input.message === undefined ? undefined : await messageOf(account, input.message)
      const at = clock.now()
      const complaint = { account: account.id, message, at, source: 'person', note: input.note }
      const id = await trust.addComplaint(complaint, act(context.actor, input.note))
      await engine.pollTrust()
      return { id }
    }),
  }

  /** The id of a message of the account. */
  async function messageOf(account: Account, text: string): Promise<number> {
    const id = parseId(text)
    const [row] = id === undefined ? [] : await store.log.rows([id])
    if (!row) throw notFound(`message ${text}`, 'its 70 days may be over: enter the complaint without it')
    if (row.account !== account.id)
      throw refused(`message ${text} is not of account ${account.name}`, 'give a message of this account')
    return row.id
  }
}
