/** Overview: what needs a person today, mail at this moment, what is deferred, who bounces, and what is kept. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight, CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import type { PolicyNotice } from '../../../contract/policy.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { text } from '../../text.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { useNow } from '../../ui/time.tsx'
import { Flow } from './flow.tsx'
import { Kept } from './kept.tsx'
import { type Need, needsOf, type RequestCounts } from './needs.ts'
import { AccountRates, Destinations } from './tables.tsx'

const words = text.overview

const EVERY_MS = 15_000
/** letters take their time */
const SLOW_MS = 60_000

export function OverviewScreen() {
  const { queries } = useApi()
  const { role } = useUser()
  const status = useQuery(queries.status.get.queryOptions())
  const works = role === 'admin' || role === 'operator'
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-[49px] items-center border-line border-b bg-panel px-4 py-[9px]">
        <h1 className="font-semibold">{words.title}</h1>
      </div>
      <ScrollRegion label={words.title} className="min-h-0 flex-1 overflow-y-auto px-6 py-5">
        <div className="mx-auto grid max-w-[1240px] gap-6">
          {status.isError && !status.data ? (
            <ProblemNote {...problemOf(status.error)} onRetry={() => void status.refetch()} />
          ) : null}
          <div className="grid grid-cols-[minmax(0,1fr)_400px] items-start gap-5">
            <Needs />
            {status.data ? <Flow status={status.data} /> : <div className="skeleton h-48" />}
          </div>
          <div className={works ? 'grid grid-cols-2 items-start gap-5' : 'grid'}>
            {works ? <Destinations /> : null}
            <AccountRates />
          </div>
          <Kept />
        </div>
      </ScrollRegion>
    </div>
  )
}

/** What waits at the review desk, for roles that see it. */
function useList(): { desk: RequestCounts | undefined; error: unknown; waiting: boolean } {
  const { queries } = useApi()
  const { role, email } = useUser()
  const sees = role !== 'operator'
  const { data, error } = useQuery(queries.cases.desk.queryOptions({ refetchInterval: EVERY_MS, enabled: sees }))
  const mine = data?.openings.filter(
    (one) => one.state === 'requested' && one.needsSecond && one.requestedBy !== email,
  ).length
  const desk = data ? { approvals: mine ?? 0, active: data.active, unowned: data.unowned } : undefined
  return { desk, error, waiting: sees && !data && !error }
}

/** The announced change of the policy, and how many accounts its letter did not reach. */
function useUntold(): { version: number; accounts: number } | undefined {
  const { queries } = useApi()
  const versions = useQuery(queries.policy.versions.queryOptions({ refetchInterval: SLOW_MS }))
  const version = versions.data?.find(({ state }) => state === 'announced')?.version
  const announced = useQuery(
    queries.policy.get.queryOptions({
      input: { version: version ?? 1 },
      enabled: version !== undefined,
      refetchInterval: SLOW_MS,
    }),
  )
  if (version === undefined || !announced.data) return undefined
  return { version, accounts: announced.data.notices.filter(isUndelivered).length }
}

function isUndelivered({ state }: PolicyNotice): boolean {
  return state === 'failed' || state === 'expired' || state === 'cancelled'
}

function Needs() {
  const { queries } = useApi()
  const { role } = useUser()
  const now = useNow()
  const status = useQuery(queries.status.get.queryOptions())
  const figures = useQuery(queries.accounts.figures.queryOptions({ staleTime: EVERY_MS }))
  const { desk, error, waiting } = useList()
  const untold = useUntold()
  const failed = error ?? figures.error
  const known = status.data !== undefined && !waiting && (figures.data !== undefined || figures.isError)
  const needs = status.data
    ? needsOf({ role, status: status.data, desk, figures: figures.data ?? [], untold, now })
    : []
  return (
    <section aria-labelledby="overview-needs">
      <h2 id="overview-needs" className="section-title mb-2">
        {words.needs}
      </h2>
      {failed ? <ProblemNote what={words.unread} change={problemOf(failed).what} className="mb-2" /> : null}
      <div className="overflow-hidden rounded-lg border border-line bg-panel" aria-live="polite">
        {!known ? (
          <div className="p-4">
            <SkeletonLines lines={4} />
          </div>
        ) : needs.length === 0 ? (
          <div className="flex gap-2.5 px-4 py-3">
            <CircleCheck size={15} aria-hidden className="mt-0.5 shrink-0 text-ok" />
            <div>
              <div className="font-[550]">{words.nothing}</div>
              <p className="text-dim">{words.nothingHelp}</p>
            </div>
          </div>
        ) : (
          <ul>
            {needs.map((need) => (
              <li key={need.what} className="border-line-soft border-t first:border-t-0">
                <NeedRow need={need} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function NeedRow({ need: { tone, what, help, address } }: { need: Need }) {
  const Icon = tone === 'bad' ? CircleAlert : TriangleAlert
  const inside = (
    <>
      <Icon size={15} aria-hidden className={`mt-0.5 shrink-0 ${tone === 'bad' ? 'text-bad' : 'text-wait'}`} />
      <span className="num min-w-0 flex-1">
        <span className="font-[550]">{what}</span>
        {help ? <span className="text-dim"> · {help}</span> : null}
      </span>
      {address ? <ChevronRight size={15} aria-hidden className="mt-0.5 shrink-0 text-faint" /> : null}
    </>
  )
  const look = 'flex items-start gap-2.5 px-4 py-2.5'
  return address ? (
    <Link {...address} className={`${look} hover:bg-row-hover focus-visible:outline-offset-[-2px]`}>
      {inside}
    </Link>
  ) : (
    <div className={look}>{inside}</div>
  )
}
