/** Trust in an account: how it stands, the figures behind it, and every decision so far. */

import { useQuery } from '@tanstack/react-query'
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { AccountView } from '../../../contract/accounts.ts'
import type { TrustView } from '../../../contract/trust.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { count, longDay, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Note } from '../../ui/note.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Figures } from './figures.tsx'
import { TrustForm } from './trust-form.tsx'
import { deciderOf, TrustHistory } from './trust-history.tsx'

const words = text.accounts.trust

const FIGURES_MS = 30_000

export function Trust({ account }: { account: AccountView }) {
  const { queries } = useApi()
  const trust = useQuery(queries.trust.get.queryOptions({ input: { name: account.name }, refetchInterval: FIGURES_MS }))
  if (trust.data) return <Loaded trust={trust.data} />
  if (trust.isPending) return <SkeletonLines lines={8} />
  const { what, change } = problemOf(trust.error)
  return <ProblemNote what={what || words.failed} change={change} onRetry={() => void trust.refetch()} />
}

function Loaded({ trust }: { trust: TrustView }) {
  const { role } = useUser()
  const [deciding, setDeciding] = useState(false)
  const { criteria, thresholds, crossed, history, requested } = trust
  return (
    <>
      <Now trust={trust} onDecide={role === 'admin' ? () => setDeciding(true) : undefined} />
      {requested ? (
        <Note tone="warning" title={words.requested(requested.by, longDay(requested.at))} className="mt-3">
          <p className="whitespace-pre-wrap break-words text-dim">{requested.reason}</p>
        </Note>
      ) : null}
      {crossed.length > 0 ? (
        <Note tone="warning" title={words.crossed} className="mt-3">
          <ul className="text-dim">
            {crossed.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Note>
      ) : null}
      <div className="mt-5 mb-2 flex items-baseline gap-2">
        <h3 className="section-title">{words.criteria}</h3>
        <span className="text-faint text-sm">
          {words.criteriaHelp} · {words.few(count(thresholds.leastMessages))}
        </span>
      </div>
      <Figures account={trust.account} criteria={criteria} thresholds={thresholds} linked />
      <h3 className="section-title mt-5 mb-2">{words.history}</h3>
      {history.length === 0 ? (
        <p className="text-dim">{words.noHistory}</p>
      ) : (
        <TrustHistory account={trust.account} history={history} />
      )}
      {deciding ? <TrustForm trust={trust} onClose={() => setDeciding(false)} /> : null}
    </>
  )
}

/** How it stands, since when, and when it is looked at again. */
function Now({ trust, onDecide }: { trust: TrustView; onDecide: (() => void) | undefined }) {
  const { trusted, reviewDue } = trust
  const [last] = trust.history
  const state = trusted ? 'on' : 'off'
  const Icon = reviewDue ? ShieldAlert : ShieldCheck
  const review = last?.reviewAt ?? undefined
  return (
    <div
      className={classes(
        'flex items-start gap-3 rounded-md px-3 py-2.5',
        reviewDue ? 'bg-wait-s' : trusted ? 'bg-info-s' : 'bg-sunken',
      )}
    >
      <Icon
        size={16}
        className={classes('mt-0.5 shrink-0', reviewDue ? 'text-wait' : trusted ? 'text-info' : 'text-faint')}
        aria-hidden
      />
      <div className="min-w-0 flex-1">
        <div>
          <b className="font-semibold">{words.now[state]}.</b> {words.nowHelp[state]}
        </div>
        {last ? (
          <div className="text-dim" title={utcTime(last.decidedAt)}>
            {words.since(longDay(last.decidedAt), deciderOf(last))}
          </div>
        ) : null}
        {trusted && review ? (
          <div className={reviewDue ? 'font-[550] text-wait' : 'text-dim'} title={utcTime(review)}>
            {reviewDue ? words.reviewDue(longDay(review)) : words.review(longDay(review))}
          </div>
        ) : null}
      </div>
      {onDecide ? (
        <Button small kind={reviewDue ? 'primary' : 'plain'} onClick={onDecide}>
          {reviewDue ? words.decide.due : words.decide[state]}
        </Button>
      ) : null}
    </div>
  )
}
